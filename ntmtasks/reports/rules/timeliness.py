"""Who reports in time: the mark of each due day, the rate and the streak of an agency."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ntmtasks.reports.rules.states import Standing
from ntmtasks.tasks.rules import DeadlineClass


class Mark(StrEnum):
    """What a due day says about an agency."""

    IN_TIME = "in_time"
    LATE = "late"
    RETURNED = "returned"
    MISSING = "missing"
    AWAITED = "awaited"
    """Not yet due and not yet sent."""
    NOT_REQUIRED = "not_required"


_OF_CLASS = {
    DeadlineClass.DONE_ON_TIME: Mark.IN_TIME,
    DeadlineClass.DONE_LATE: Mark.LATE,
    DeadlineClass.OVERDUE: Mark.MISSING,
}


def mark_of(standing: Standing, klass: DeadlineClass) -> Mark:
    """The mark of one due day: what came in by its day, what was returned as such, what nobody sent as
    missing once it is overdue."""
    if standing is Standing.NOT_REQUIRED:
        return Mark.NOT_REQUIRED
    if standing is Standing.RETURNED:
        return Mark.RETURNED
    return _OF_CLASS.get(klass, Mark.AWAITED)


@dataclass(frozen=True)
class Entry:
    """One due day of an agency; `is_over`: it has passed, or its hour where it had one."""

    due_on: date
    mark: Mark
    is_over: bool

    @property
    def is_counted(self) -> bool:
        """What came in counts at once, what is owed once it is overdue."""
        if self.mark in (Mark.IN_TIME, Mark.LATE):
            return True
        return self.is_over and self.mark in (Mark.MISSING, Mark.RETURNED)


@dataclass(frozen=True)
class Tally:
    """What an agency's due days come to; `streak`: so many of the last ones in a row came in time."""

    counted: int
    in_time: int
    late: int
    returned: int
    missing: int
    streak: int

    @property
    def percent(self) -> int | None:
        """The share that came in time, rounded down, so that 100 means all; None where nothing counts."""
        return self.in_time * 100 // self.counted if self.counted else None


def tally(entries: Iterable[Entry]) -> Tally:
    """Sum up the due days of one agency. A form counts once, however many periods it settles."""
    counted = sorted((e for e in entries if e.is_counted), key=lambda each: each.due_on)
    marks = [each.mark for each in counted]
    streak = 0
    for mark in reversed(marks):
        if mark is not Mark.IN_TIME:
            break
        streak += 1
    return Tally(
        counted=len(marks),
        in_time=marks.count(Mark.IN_TIME),
        late=marks.count(Mark.LATE),
        returned=marks.count(Mark.RETURNED),
        missing=marks.count(Mark.MISSING),
        streak=streak,
    )
