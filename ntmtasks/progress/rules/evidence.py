"""Evidence: what is put on a task, and who may take it back."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ntmtasks.accounts.rules import Role
from ntmtasks.core.formats import day
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
    """Files that belong to one paper, its số/ký hiệu and day, which may be missing; or the paper alone,
    named by its số/ký hiệu."""

    files: tuple[NewFile, ...] = ()
    document: str = ""
    document_date: date | None = None

    def __bool__(self) -> bool:
        return bool(self.files or self.document)

    @property
    def names(self) -> list[str]:
        """What the record calls each piece."""
        return [f.name for f in self.files] or [paper_words(self.document, self.document_date)]


NO_EVIDENCE = NewEvidence()


def paper_words(document: str, on: date | None) -> str:
    """A paper as people name it: "12/BC-SNN ngày 12/11/2024"; its day may be missing."""
    return f"{document} ngày {day(on)}".strip() if on else document


def may_withdraw(person: Person, author_id: int | None, agency_id: int) -> bool:
    """Its author, whoever speaks for the agency that had the work then, and the coordinator."""
    if person.id == author_id or person.role is Role.COORDINATOR:
        return True
    return person.agency_id == agency_id and person.role in SPEAKERS


def needs_reason(person: Person, author_id: int | None, made_at: datetime, now: datetime) -> bool:
    """Whether taking it back must be explained: always but for the author's first 15 minutes."""
    return person.id != author_id or now - made_at > FREE_TO_WITHDRAW
