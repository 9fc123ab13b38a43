"""Writing the record."""

from dataclasses import dataclass
from typing import Any, Protocol

from ntmtasks.core import clock
from ntmtasks.core.db import transaction
from ntmtasks.core.rows import write_rows
from ntmtasks.history.labels import by_guest
from ntmtasks.history.models import HistoryEntry


class Actor(Protocol):
    """Whoever acts: a person, as far as the record needs one."""

    @property
    def id(self) -> int: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Guest:
    """Whoever acts through a guest link and is nobody's user: the record keeps the name and title that
    they gave, marked as such, and no number."""

    written: str

    @property
    def id(self) -> None:
        """A guest has no row."""

    @property
    def name(self) -> str:
        """As the record names them."""
        return by_guest(self.written)


SYSTEM_NAME = "Hệ thống"


def record(
    actor: Actor | Guest | None,
    subject: str,
    subject_id: int,
    verb: str,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Add one entry about the row `subject_id` of `subject` ("task", "user", "agency", "report" …).

    `verb` is a key of history/labels.py; `before` and `after` hold the changed values in the words of
    the screen. `actor` None means the program itself.
    """
    with transaction():
        entry = {
            "at": clock.now(),
            "actor_id": actor.id if actor else None,
            "actor_name": actor.name if actor else SYSTEM_NAME,
            "subject": subject,
            "subject_id": subject_id,
            "verb": verb,
            "before": before or {},
            "after": after or {},
        }
        write_rows(HistoryEntry, entry)
