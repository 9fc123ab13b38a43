"""What a report can be written from, as it stood at its cut-off."""

from dataclasses import dataclass
from datetime import date

from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.tasks.rules import DeadlineClass, TaskKind, WorkState


@dataclass(frozen=True)
class Said:
    """What an agency wrote about its work on a day."""

    on: date
    text: str


@dataclass(frozen=True)
class Work:
    """The work of one agency on one task at the cut-off.

    `section` is the result under which it stands; `klass` is None for what is not counted: supporting,
    recurring and continuous work. `said` is what came in the period, the oldest first, `last` the
    newest up to the cut-off, `percent` 0–100, `days_late` how old the delay of overdue work is, else 0.
    """

    task: str
    path: str
    section: SectionKind
    agency: str
    lead: str
    supporting: str
    is_lead: bool
    kind: TaskKind
    state: WorkState
    klass: DeadlineClass | None
    deadline: date | None
    deadline_text: str
    submitted_on: date | None
    percent: int
    days_late: int = 0
    said: tuple[Said, ...] = ()
    last: str = ""


@dataclass(frozen=True)
class Difficulty:
    """A difficulty that was open in the period: the problem, its effect, the decision asked for."""

    problem: str
    effect: str
    decision: str


@dataclass(frozen=True)
class Slots:
    """The days of the next period on which a recurring task comes."""

    task: str
    path: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class Facts:
    """All of it. Data runs from `starts_on` to `cut_off`, the next period to `next_end`, inclusive; `on`
    is the day as of which work stands: the cut-off, or today before it."""

    starts_on: date
    cut_off: date
    next_end: date
    on: date
    works: tuple[Work, ...] = ()
    difficulties: tuple[Difficulty, ...] = ()
    slots: tuple[Slots, ...] = ()
