"""Evidence: what is put on a task, and who may take it back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ntmtasks.accounts.rules import Role
from ntmtasks.progress.rules.rights import Person
from ntmtasks.tasks.rules import SPEAKERS

MOST_FILES = 10
FREE_TO_WITHDRAW = timedelta(minutes=15)


@dataclass(frozen=True)
class NewFile:
    """One file as it came: the name that it is shown by, its bytes, its type by content."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class NewEvidence:
    """Files that belong to one paper: its số/ký hiệu and day, both may be missing."""

    files: tuple[NewFile, ...] = ()
    document: str = ""
    document_date: date | None = None


NO_EVIDENCE = NewEvidence()


def may_withdraw(person: Person, author_id: int | None, agency_id: int) -> bool:
    """Its author, whoever speaks for the author's agency, and the coordinator."""
    if person.id == author_id or person.role is Role.COORDINATOR:
        return True
    return person.agency_id == agency_id and person.role in SPEAKERS


def needs_reason(person: Person, author_id: int | None, made_at: datetime, now: datetime) -> bool:
    """Whether taking it back must be explained: always but for the author's first 15 minutes."""
    return person.id != author_id or now - made_at > FREE_TO_WITHDRAW
