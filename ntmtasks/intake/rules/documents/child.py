"""What the child process does once a reader has the text: understand it, answer as JSON."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.documents.extract import Extract
from ntmtasks.intake.rules.documents.kinds import EMPTY, Unreadable
from ntmtasks.intake.rules.reading import read_plan


def answer(reader: Callable[[bytes], Extract], arguments: dict[str, Any], content: bytes) -> bytes:
    """Return the reading of a file, or the sentence by which it is refused."""
    try:
        said = {"reading": _read(reader(content), arguments)}
    except Unreadable as refusal:
        said = {"refused": str(refusal)}
    return json.dumps(said).encode()


def _read(extract: Extract, arguments: dict[str, Any]) -> Any:
    if not extract.text.strip():
        raise Unreadable(EMPTY)
    directory = from_plain(Directory, arguments["directory"])
    reading = read_plan(extract.text, directory, arguments["year"], extract.tables)
    return to_plain(replace(reading, left_out=(*reading.left_out, *extract.left_out)))
