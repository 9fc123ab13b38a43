"""When to remind: ladders and their rungs, and what a morning's mail shows."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple

from ntmtasks.core.text import fold
from ntmtasks.tasks.rules import DeadlineBasis
from ntmtasks.workdays.rules import (
    Calendar,
    is_working_day,
    next_working_day,
    working_days_between,
)

ONE_DAY = timedelta(days=1)
REPORT_SIGHT = 5
"""Working days before its due day from which every mail shows a report."""
_QUARTER_FOUR = re.compile(r"\bqu[yi] (iv|4)\b")


class Ladder(StrEnum):
    """Which days before and after a deadline somebody is reminded of it."""

    REPORT = "report"
    QUARTER_FOUR = "quarter_four"
    DATED = "dated"
    PLAN_YEAR = "plan_year"
    SILENT = "silent"
    """Continuous work of which nothing was heard: its "deadline" is the first day of the month."""
    WAITING = "waiting"
    """What waits for a decision: its "deadline" is the day on which it came."""


@dataclass(frozen=True)
class Rungs:
    """Days from the deadline, in order: `before` it (≤ 0), `after` it, then every `step` days (0: not
    again). Without any day nobody is reminded."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    step: int
    in_working_days: bool = False


RUNGS: dict[Ladder, Rungs] = {
    Ladder.REPORT: Rungs((-5, -2, 0), (1, 3), 5, in_working_days=True),
    Ladder.QUARTER_FOUR: Rungs((-60, -30, -15, -7, -3, -1, 0), (1,), 7),
    Ladder.DATED: Rungs((-7, -3, -1, 0), (1,), 7),
    Ladder.PLAN_YEAR: Rungs((-30, -7), (1,), 7),
    Ladder.SILENT: Rungs((0,), (), 0),
    Ladder.WAITING: Rungs((), (3,), 5, in_working_days=True),
}
"""The ladders of an instance whose office has not set its own."""
QUIET = Rungs((), (), 0)
"""A ladder on which nobody is reminded."""
COUNTED_FROM_A_PAST_DAY = frozenset({Ladder.SILENT, Ladder.WAITING})
"""Ladders that know no day before; what stands there in RUNGS cannot be changed."""
Ladders = Mapping[Ladder, Rungs]
MOST_DAYS = 366
"""So far from the deadline a rung may lie, and from today a day on which rules are tried."""
MOST_RUNGS = 20
_BETWEEN_NUMBERS = re.compile(r"[\s,;.]+")


class BadDays(ValueError):
    """A list of days that is none; `args[0]` is the word that is no number of days, or empty where
    there are too many."""


def days_of(text: str) -> tuple[int, ...]:
    """The numbers of days in a list such as "60, 30, 15", each once, the smallest first; raises
    BadDays for anything but whole numbers from 0 to MOST_DAYS, and for more than MOST_RUNGS."""
    found = set()
    for word in filter(None, _BETWEEN_NUMBERS.split(text)):
        if not (word.isascii() and word.isdigit() and len(word) <= 3 and int(word) <= MOST_DAYS):
            raise BadDays(word)
        found.add(int(word))
    if len(found) > MOST_RUNGS:
        raise BadDays("")
    return tuple(sorted(found))


def latest_rung(rungs: Rungs, deadline: date, day: date, calendar: Calendar) -> int | None:
    """The last rung that the mornings up to the working day `day` have reached; None before the first.

    Calendar days: a rung up to the deadline that falls on a day off belongs to the working day before,
    so a morning reaches as far as the day before the next working day; a rung after the deadline waits
    for the next morning, since nothing is late before it is. Whoever remembers the rungs already used
    gets each once, and after a pause the latest alone.
    """
    if rungs.in_working_days:
        passed = reach = working_days_between(deadline, day, calendar)
    else:
        passed = (day - deadline).days
        reach = (next_working_day(day + ONE_DAY, calendar) - ONE_DAY - deadline).days
    if rungs.after and passed >= rungs.after[0]:
        last = rungs.after[-1]
        if passed >= last:
            return passed - (passed - last) % rungs.step if rungs.step else last
        return max(rung for rung in rungs.after if rung <= passed)
    return max((rung for rung in rungs.before if rung <= reach), default=None)


HIGHEST_RANK = 4


def rank_reached(rungs: Rungs, rung: int) -> int:
    """How high lateness climbs with a rung: 0 up to the first day after the deadline (the officer, or
    whoever stands for one), then with each further rung one rank: focal point, leaders of the agency,
    coordinators, leaders of the city. Whom it reached before keeps being told."""
    if rung <= 0:
        return 0
    steps = sum(rung > each for each in rungs.after)
    if rung > rungs.after[-1]:
        steps += (rung - rungs.after[-1]) // rungs.step - 1
    return min(steps, HIGHEST_RANK)


def task_ladder(quarter_four: bool, basis: DeadlineBasis) -> Ladder:
    """The most specific ladder of a task."""
    if quarter_four:
        return Ladder.QUARTER_FOUR
    return Ladder.PLAN_YEAR if basis is DeadlineBasis.PLAN_YEAR else Ladder.DATED


def says_quarter_four(written: str) -> bool:
    """Whether the words of a deadline name the fourth quarter ("Quý IV/2024", "Quí IV-2025")."""
    return _QUARTER_FOUR.search(fold(written)) is not None


class Item(NamedTuple):
    """Something that an agency owes, or that waits for somebody's decision.

    `subject` names its row ("assignment:17"), `written` the words behind the deadline, `url` a path of
    this site, `tag` the short name of a report's periods or of a commune. `window` counts the calendar
    days before the deadline from which it is due soon and any mail of the recipient shows it; without
    one (what is only supported, silent work) it shows on the days of its rungs alone. Only what is
    `owned` climbs when it is late and is counted when it is far off.
    """

    subject: str
    ladder: Ladder
    deadline: date
    agency_id: int | None
    agency: str
    officer_id: int | None
    path: str
    title: str
    written: str
    url: str
    window: int | None
    owned: bool = True
    supporting: bool = False
    tag: str = ""


class Section(StrEnum):
    """Parts of a mail, in their order."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    REPORTS = "reports"
    WAITING = "waiting"
    SILENT = "silent"


_OF_LADDER = {
    Ladder.REPORT: Section.REPORTS,
    Ladder.WAITING: Section.WAITING,
    Ladder.SILENT: Section.SILENT,
}


def section_of(item: Item, day: date) -> Section:
    """The part of the mail in which an item stands; what is told ahead stands with what is due soon."""
    section = _OF_LADDER.get(item.ladder)
    if section is not None:
        return section
    if item.deadline < day:
        return Section.OVERDUE
    return Section.TODAY if item.deadline == day else Section.SOON


class Line(NamedTuple):
    """An item in somebody's mail. `rung` is the one that this mail uses up, None where the item only
    stands beside others; `note` says why it comes to this person."""

    item: Item
    section: Section
    rung: int | None
    note: str


NIGHT_FALLS = time(18, 0)
STILL_FRESH = timedelta(hours=1)
"""How old a reminder may be that goes out at any hour: somebody has just asked for it."""


def wait_for_day(now: datetime, start: time, calendar: Calendar) -> timedelta:
    """How long a reminder left over from earlier has to wait, so that it comes on a working day from the
    hour `start` on and not at night; zero when it may go. `now` is the office's local time."""
    is_on = is_working_day(now.date(), calendar)
    if is_on and start <= now.time() < NIGHT_FALLS:
        return timedelta(0)
    day = now.date() if now.time() < start else now.date() + ONE_DAY
    morning = datetime.combine(next_working_day(day, calendar), start, now.tzinfo)
    return morning - now
