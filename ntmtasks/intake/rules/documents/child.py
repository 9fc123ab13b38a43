"""What runs in the child process: bytes in, a reading or a refusal out, as JSON."""

import json
from collections.abc import Callable
from typing import Any

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.documents.kinds import Unreadable
from ntmtasks.intake.rules.documents.plain_text import decode
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.rules.reading import read_plan


def read_text(arguments: dict[str, Any], content: bytes) -> bytes:
    """Read a plan from the bytes of a text file."""
    return answer(
        lambda: read_plan(
            decode(content), from_plain(Directory, arguments["directory"]), arguments["year"]
        )
    )


def answer(read: Callable[[], PlanReading]) -> bytes:
    """Return the reading, or the sentence by which it was refused."""
    try:
        said = {"reading": to_plain(read())}
    except Unreadable as refusal:
        said = {"refused": str(refusal)}
    return json.dumps(said).encode()
