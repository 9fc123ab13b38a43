"""Where a coordinator has it from who enters something for an agency (cập nhật thay)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SourceKind(StrEnum):
    """What it came by."""

    DOCUMENT = "document"
    CALL = "call"
    MAIL = "mail"


@dataclass(frozen=True)
class Source:
    """The document, call or mail behind an entry for an agency: its number or who spoke, its day."""

    kind: SourceKind
    ref: str
    on: date


class DayFault(StrEnum):
    """Why a source's day cannot be."""

    FUTURE = "future"
    BEFORE_ISSUE = "before_issue"


class BadDay(ValueError):
    """The day of a source cannot be; `fault` says why."""

    def __init__(self, fault: DayFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_day(on: date, issued_on: date | None, today: date) -> None:
    """Raise BadDay for a source's day that lies ahead, or before the plan was issued."""
    if on > today:
        raise BadDay(DayFault.FUTURE)
    if issued_on is not None and on < issued_on:
        raise BadDay(DayFault.BEFORE_ISSUE)
