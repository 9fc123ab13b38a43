"""The geometry of our pictures: percent of a width, so that they fit any screen and any paper."""

from calendar import Calendar
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from ntmtasks.tasks.rules import Counters, DeadlineClass

ORDER = (
    DeadlineClass.OVERDUE,
    DeadlineClass.DUE_SOON,
    DeadlineClass.IN_TIME,
    DeadlineClass.NO_DEADLINE,
    DeadlineClass.SUBMITTED,
    DeadlineClass.DONE_ON_TIME,
    DeadlineClass.DONE_LATE,
)
"""From left to right: what is late first, what is done last."""


@dataclass(frozen=True)
class Part:
    """A piece of a bar, in percent of the width of its picture."""

    name: str
    number: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 2)


def stacked(counters: Counters, most: int) -> list[Part]:
    """The boxes of some counters as one bar, as long as their total is of `most` ≥ 1; empty boxes are
    left out."""
    parts, before = [], 0
    for name in ORDER:
        number = counters[name.value]
        if number:
            x, width = 100 * before / most, 100 * number / most
            parts.append(Part(name.value, number, round(x, 2), round(width, 2)))
        before += number
    return parts


def place_of(day: date, year: int) -> float:
    """Where the morning of a day stands on the line of a year: 0 is its first, 100 its last midnight;
    days of other years stand at the ends."""
    new_year, end = date(year, 1, 1), date(year + 1, 1, 1)
    passed = min(max((day - new_year).days, 0), (end - new_year).days)
    return round(100 * passed / (end - new_year).days, 2)


def months_of(year: int) -> list[tuple[int, float, float]]:
    """The months of a year: number, where it begins, and where its middle stands."""
    firsts = [place_of(date(year, month, 1), year) for month in range(1, 13)]
    ends = [*firsts[1:], 100.0]
    return [
        (month, first, round((first + end) / 2, 2))
        for month, first, end in zip(range(1, 13), firsts, ends, strict=True)
    ]


@dataclass(frozen=True)
class BurnUp:
    """What the plan asks for and what is done over a year, as two stairs in a field of 100 × 100 with its
    origin at the top left, and as a table: the end of each month with both sums, None for days to come."""

    plan: str
    done: str
    area: str
    now: float
    asked_now: int
    done_now: int
    total: int
    months: list[tuple[date, int, int | None]]


def burn_up(
    planned: Mapping[date | None, int], done: Mapping[date, int], year: int, on: date
) -> BurnUp:
    """The picture of a year on a day. Work without a deadline is in the total alone."""
    due = {day: number for day, number in planned.items() if day is not None}
    total = sum(planned.values())
    last, tomorrow = date(year, 12, 31), on + timedelta(days=1)
    until_now = _stair(done, year, min(on, last), total)
    return BurnUp(
        plan=_stair(due, year, last, total),
        done=until_now,
        area=f"{until_now} V100 H0 Z",
        now=place_of(tomorrow, year),
        asked_now=_until(due, on),
        done_now=_until(done, on),
        total=total,
        months=[
            (
                end,
                _until(due, end),
                _until(done, min(end, on)) if end.replace(day=1) <= on else None,
            )
            for end in _month_ends(year)
        ],
    )


def _month_ends(year: int) -> Iterator[date]:
    for month in range(1, 13):
        following = date(year + month // 12, month % 12 + 1, 1)
        yield following - timedelta(days=1)


def _until(numbers: Mapping[date, int], day: date) -> int:
    return sum(number for each, number in numbers.items() if each <= day)


def _stair(numbers: Mapping[date, int], year: int, last: date, total: int) -> str:
    """The sums of a year up to the end of a day as a path; what was before the year is there from the
    beginning."""
    sum_so_far = _until(numbers, date(year - 1, 12, 31))
    steps = [f"M0 {_height(sum_so_far, total)}"]
    for day in sorted(day for day in numbers if day.year == year and day <= last):
        sum_so_far += numbers[day]
        steps.append(f"H{place_of(day, year)} V{_height(sum_so_far, total)}")
    return " ".join([*steps, f"H{place_of(last + timedelta(days=1), year)}"])


def _height(number: int, total: int) -> float:
    return round(100 - 100 * number / max(total, 1), 2)


@dataclass(frozen=True)
class Span:
    """The time of a task on the line of a year, in percent; None where it has no deadline."""

    x: float
    width: float


def span_of(begun: date | None, last: date | None, year: int) -> Span | None:
    """From the day on which a task was given to the end of its last deadline, at least a day wide."""
    if last is None:
        return None
    x = place_of(min(begun or last, last), year)
    end = place_of(last + timedelta(days=1), year)
    return Span(x, round(max(end - x, 0.3), 2))


@dataclass(frozen=True)
class Day:
    """A day in a small calendar: its column (Monday = 0) and row, and how the reports due on it stand,
    "" where none is."""

    number: int
    column: int
    row: int
    mark: str


def calendar_of(year: int, month: int, marks: Mapping[date, str]) -> list[Day]:
    """The days of a month."""
    weeks = Calendar().monthdatescalendar(year, month)
    return [
        Day(day.day, column, row, marks.get(day, ""))
        for row, week in enumerate(weeks)
        for column, day in enumerate(week)
        if day.month == month
    ]
