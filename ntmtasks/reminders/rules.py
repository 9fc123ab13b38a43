"""When to remind: ladders and their rungs, and what a morning's mail shows."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ntmtasks.core.text import fold
from ntmtasks.tasks.rules import DeadlineBasis
from ntmtasks.workdays.rules import Calendar, next_working_day, working_days_between

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


@dataclass(frozen=True)
class Rungs:
    """Days from the deadline, in order: `before` it (≤ 0), `after` it, then every `step` days."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    step: int
    in_working_days: bool = False


RUNGS: dict[Ladder, Rungs] = {
    Ladder.REPORT: Rungs((-5, -2, 0), (1, 3), 5, in_working_days=True),
    Ladder.QUARTER_FOUR: Rungs((-60, -30, -15, -7, -3, -1, 0), (1,), 7),
    Ladder.DATED: Rungs((-7, -3, -1, 0), (1,), 7),
    Ladder.PLAN_YEAR: Rungs((-30, -7), (1,), 7),
}


def latest_rung(ladder: Ladder, deadline: date, day: date, calendar: Calendar) -> int | None:
    """The last rung that the mornings up to the working day `day` have reached; None before the first.

    Calendar days: a rung up to the deadline that falls on a day off belongs to the working day before,
    so a morning reaches as far as the day before the next working day; a rung after the deadline waits
    for the next morning, since nothing is late before it is. Whoever remembers the rungs already used
    gets each once, and after a pause the latest alone.
    """
    rungs = RUNGS[ladder]
    if rungs.in_working_days:
        passed = reach = working_days_between(deadline, day, calendar)
    else:
        passed = (day - deadline).days
        reach = (next_working_day(day + ONE_DAY, calendar) - ONE_DAY - deadline).days
    last = rungs.after[-1]
    if passed >= last:
        return passed - (passed - last) % rungs.step
    if passed >= rungs.after[0]:
        return max(rung for rung in rungs.after if rung <= passed)
    return max((rung for rung in rungs.before if rung <= reach), default=None)


def task_ladder(quarter_four: bool, basis: DeadlineBasis) -> Ladder:
    """The most specific ladder of a task."""
    if quarter_four:
        return Ladder.QUARTER_FOUR
    return Ladder.PLAN_YEAR if basis is DeadlineBasis.PLAN_YEAR else Ladder.DATED


def says_quarter_four(written: str) -> bool:
    """Whether the words of a deadline name the fourth quarter ("Quý IV/2024", "Quí IV-2025")."""
    return _QUARTER_FOUR.search(fold(written)) is not None


@dataclass(frozen=True, slots=True)
class Item:
    """Something that an agency owes.

    `subject` names its row ("assignment:17"), `written` the words behind the deadline, `url` a path of
    this site, `tag` the short name of a report's periods. `window` counts the calendar days before the
    deadline from which it is due soon and any mail of the recipient shows it; what is only supported
    shows on the days of its rungs alone.
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
    window: int
    supporting: bool = False
    tag: str = ""


class Section(StrEnum):
    """Parts of a mail, in their order."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    IN_TIME = "in_time"
    REPORTS = "reports"


def section_of(item: Item, day: date) -> Section:
    """The part of the mail in which an item stands."""
    if item.ladder is Ladder.REPORT:
        return Section.REPORTS
    days_left = (item.deadline - day).days
    if days_left < 0:
        return Section.OVERDUE
    if days_left == 0:
        return Section.TODAY
    return Section.SOON if days_left <= item.window else Section.IN_TIME


@dataclass(frozen=True, slots=True)
class Line:
    """An item in somebody's mail. `rung` is the one that this mail uses up, None where the item only
    stands beside others; `note` says why it comes to this person."""

    item: Item
    section: Section
    rung: int | None
    note: str
