"""States of reports: one table of what may be done, and where a due day stands."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from ntmtasks.accounts.rules import Role
from ntmtasks.progress.rules.rights import Person, Work, is_let
from ntmtasks.tasks.rules import SPEAKERS, DeadlineClass, WorkState, deadline_class


class ReportState(StrEnum):
    """chưa nộp, đã nộp, trả lại, đã tiếp nhận; `dropped`: no longer asked for before it was sent."""

    MISSING = "missing"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DROPPED = "dropped"


OWED = frozenset({ReportState.MISSING, ReportState.RETURNED})
"""States in which an agency still has to send something."""


class Standing(StrEnum):
    """Where a due day of an agency stands, in the order of the list."""

    RETURNED = "returned"
    MISSING = "missing"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    NOT_REQUIRED = "not_required"


class Act(StrEnum):
    """What people do to a report on its way."""

    SUBMIT = "submit"
    ENTER = "enter"
    """Send for another agency what came by document, call or mail (nộp thay)."""
    CORRECT = "correct"
    """Put the agency's own text in place of what was entered for it; the day stays."""
    ACCEPT = "accept"
    RETURN = "return"
    UNLOCK = "unlock"
    """Open an accepted report again: the agency sends it once more."""
    LET_IN = "let_in"
    """Let a report come in that its period's last day has shut out."""


@dataclass(frozen=True)
class Step:
    """From which states an act leads where (None: the state stays), and who may take it: `own` roles on
    reports of their own agency, `other` on those of another, `office` on the coordinating office's,
    seen from outside."""

    before: frozenset[ReportState]
    after: ReportState | None
    own: frozenset[Role] = frozenset()
    other: frozenset[Role] = frozenset()
    office: frozenset[Role] = frozenset()


_COORDINATOR = frozenset({Role.COORDINATOR})
_AGENCY = SPEAKERS | {Role.OFFICER}
_DECIDED = {"other": _COORDINATOR, "office": frozenset({Role.CITY_LEADER})}
_SENT = frozenset({ReportState.SUBMITTED})
_CLOSED = frozenset({ReportState.ACCEPTED})

TRANSITIONS: dict[Act, Step] = {
    Act.SUBMIT: Step(OWED, ReportState.SUBMITTED, own=_AGENCY),
    Act.ENTER: Step(OWED, ReportState.SUBMITTED, other=_COORDINATOR, office=_COORDINATOR),
    Act.CORRECT: Step(_SENT, ReportState.SUBMITTED, own=_AGENCY),
    Act.ACCEPT: Step(_SENT, ReportState.ACCEPTED, **_DECIDED),
    Act.RETURN: Step(_SENT, ReportState.RETURNED, **_DECIDED),
    Act.UNLOCK: Step(_CLOSED, ReportState.RETURNED, **_DECIDED),
    Act.LET_IN: Step(OWED, None, **_DECIDED),
}
"""The way of a report. An officer's word counts only where nobody else speaks for the agency."""

DECISIONS = frozenset({Act.ACCEPT, Act.RETURN})
"""What nobody does about a report that they or their own agency sent."""


class Locked(Exception):
    """The last day of the report's period has passed: nothing comes in until somebody unlocks it."""


def may(act: Act, person: Person, sent: Work) -> bool:
    """Whether the person may do this to a report in a fitting state; the rights are those of tasks: what
    a coordinator entered for an agency is decided by another one or by the city leader."""
    return is_let(TRANSITIONS[act], act in DECISIONS, person, sent)


def locks_on(due_on: date, lock_days: int) -> date | None:
    """The last day on which a report may come in, `lock_days` calendar days after its due day; None
    where its period stays open until it is accepted (0)."""
    return due_on + timedelta(days=lock_days) if lock_days else None


def is_shut(state: ReportState, last_day: date | None, is_let_in: bool, today: date) -> bool:
    """Whether a report that is still owed comes too late to be taken."""
    return state in OWED and not is_let_in and last_day is not None and today > last_day


def judged_due(due_on: date, due_time: time | None, moment: datetime) -> date:
    """The due day by which a report is judged: where its hour has passed at `moment` (of sending, or of
    looking; the office's local time) on the due day itself, the day before."""
    is_over = due_time is not None and moment.date() == due_on and moment.time() > due_time
    return due_on - timedelta(days=1) if is_over else due_on


def report_class(
    state: ReportState, due_on: date, submitted_on: date | None, today: date, window: int
) -> DeadlineClass:
    """The class of a report, by the definition that tasks have: what was returned is owed again, what
    came in is judged by its day, what is asked for no longer by none; `window` in calendar days."""
    if state is ReportState.DROPPED:
        return DeadlineClass.NO_DEADLINE
    work = WorkState.ASSIGNED if state in OWED else WorkState.DONE
    return deadline_class(work, due_on, submitted_on, today, window)
