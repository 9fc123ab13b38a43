"""Slots of recurring work that is no report: on which days, and how each stands."""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ntmtasks.core.formats import WEEKDAYS


class Rhythm(StrEnum):
    """How often a slot comes. Daily work has none: it is continuous, and 220 rows a year say nothing."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half-yearly"
    YEARLY = "yearly"


MONTHS: dict[Rhythm, int] = {
    Rhythm.MONTHLY: 1,
    Rhythm.QUARTERLY: 3,
    Rhythm.HALF_YEARLY: 6,
    Rhythm.YEARLY: 12,
}
FRIDAY = 4
LAST_DAY = 31


@dataclass(frozen=True)
class Schedule:
    """On which days slots fall: weekly on `weekday` (0 = Monday), else on `month_day` of the last month
    of each period (31 = its last day), or on the `dates` (day, month) that the plan names."""

    rhythm: Rhythm
    weekday: int = FRIDAY
    month_day: int = LAST_DAY
    dates: tuple[tuple[int, int], ...] = ()


_WEEKDAY = re.compile(r"\bthứ\s+(hai|ba|tư|năm|sáu|bảy|[2-7])\b|\bchủ\s+nhật\b")
_MONTH_DAY = re.compile(r"\bngày\s+(\d{1,2})(?![\d/])")
_DATE = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?![\d/])")


def read_schedule(recurrence: Iterable[str], written: str) -> Schedule | None:
    """The schedule of a recurrence that was read and the words of the plan about it; None without a
    rhythm. Of several rhythms the most frequent one, whose slots hold those of the others."""
    found = set(recurrence)
    rhythm = next((r for r in Rhythm if r in found), None)
    if rhythm is None:
        return None
    words = written.casefold()
    month_day = next((int(d) for d in _MONTH_DAY.findall(words) if 1 <= int(d) <= 31), LAST_DAY)
    dates = tuple((int(d), int(m)) for d, m in _DATE.findall(words) if _is_date(int(d), int(m)))
    is_rare = rhythm in (Rhythm.HALF_YEARLY, Rhythm.YEARLY)
    return Schedule(rhythm, _weekday(words), month_day, dates if is_rare else ())


def _weekday(words: str) -> int:
    found = _WEEKDAY.search(words)
    if found is None:
        return FRIDAY
    name = " ".join(found.group().split())
    return WEEKDAYS.index(name) if name in WEEKDAYS else int(name[-1]) - 2


def _is_date(day: int, month: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def days_of(schedule: Schedule, first: date, last: date) -> list[date]:
    """The days of the slots from `first` to `last`, both inclusive. Days off do not move them: a
    broadcast is on air on a holiday too, and people move what is not."""
    return [day for day in _days(schedule, first, last) if first <= day <= last]


def _days(schedule: Schedule, first: date, last: date) -> Iterator[date]:
    if schedule.rhythm is Rhythm.WEEKLY:
        day = first + timedelta(days=(schedule.weekday - first.weekday()) % 7)
        while day <= last:
            yield day
            day += timedelta(days=7)
        return
    step = MONTHS[schedule.rhythm]
    regular = [(schedule.month_day, month) for month in range(step, 13, step)]
    named = sorted(schedule.dates, key=lambda each: (each[1], each[0]))
    for year in range(first.year, last.year + 1):
        for month_day, month in named or regular:
            yield date(year, month, min(month_day, monthrange(year, month)[1]))


class OccurrenceState(StrEnum):
    """What people said of a slot; that it was missed is computed, never stored."""

    PLANNED = "planned"
    MOVED = "moved"
    DONE = "done"
    NOT_HELD = "not_held"


AWAITED = frozenset({OccurrenceState.PLANNED, OccurrenceState.MOVED})
"""States of slots about which nobody has said yet how they went."""


class Standing(StrEnum):
    """How a slot stands on a day."""

    DONE = "done"
    NOT_HELD = "not_held"
    UNRECORDED = "unrecorded"
    """Its day passed without a word."""
    TODAY = "today"
    COMING = "coming"


MISSED = frozenset({Standing.UNRECORDED, Standing.NOT_HELD})
"""Standings of slots that were not held, as far as anybody said."""


def standing(state: OccurrenceState, on: date, today: date) -> Standing:
    """How a slot of the day `on` (moved ones: the day they were moved to) stands."""
    if state is OccurrenceState.DONE:
        return Standing.DONE
    if state is OccurrenceState.NOT_HELD:
        return Standing.NOT_HELD
    if on == today:
        return Standing.TODAY
    return Standing.UNRECORDED if on < today else Standing.COMING


@dataclass(frozen=True)
class Tally:
    """What became of the slots of one agency: `missed` is what was not held or passed unrecorded, and
    `awaited` the first day on which one is still to come."""

    total: int
    done: int
    not_held: int
    unrecorded: int
    awaited: date | None

    @property
    def missed(self) -> int:
        """Slots that were not held, as far as anybody said."""
        return self.not_held + self.unrecorded

    @property
    def percent(self) -> int:
        """Which part of the slots is done, 0–100."""
        return self.done * 100 // self.total if self.total else 0


def tally(slots: Iterable[tuple[OccurrenceState, date]], today: date) -> Tally:
    """Count slots, each with the day on which it is (to be) held."""
    all_slots = list(slots)
    found = [standing(state, on, today) for state, on in all_slots]
    coming = [on for state, on in all_slots if state in AWAITED and on >= today]
    return Tally(
        total=len(found),
        done=found.count(Standing.DONE),
        not_held=found.count(Standing.NOT_HELD),
        unrecorded=found.count(Standing.UNRECORDED),
        awaited=min(coming, default=None),
    )


class SlotFault(StrEnum):
    """Why something cannot be said of a slot."""

    NOT_YET = "not_yet"
    SAME_DAY = "same_day"
    BEFORE_ISSUE = "before_issue"
    BEYOND_YEAR = "beyond_year"


class BadSlot(ValueError):
    """Something cannot be said of a slot; `fault` says why."""

    def __init__(self, fault: SlotFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_held(on: date, today: date) -> None:
    """Raise BadSlot for a slot that is still to come: nobody knows yet how it went."""
    if on > today:
        raise BadSlot(SlotFault.NOT_YET)


def check_move(on: date, to: date, year: int, issued_on: date | None) -> None:
    """Raise BadSlot unless a slot of the day `on` may be moved `to` another day of the plan's `year`."""
    if to == on:
        raise BadSlot(SlotFault.SAME_DAY)
    if issued_on is not None and to < issued_on:
        raise BadSlot(SlotFault.BEFORE_ISSUE)
    if to.year != year:
        raise BadSlot(SlotFault.BEYOND_YEAR)
