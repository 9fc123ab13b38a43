"""States, deadline classes and what is counted: wording.md as pure functions.

Two axes: the work state is stored, the deadline class is computed from dates and today. The same
definition stands in SQL in tasks/queries/counting.py; tests/tasks/test_counting.py proves that they agree.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from ntmtasks.accounts.rules import Role


class Phase(StrEnum):
    """Phase of a task as a whole; `dropped`: left out while the plan was reviewed, never work."""

    DRAFT = "draft"
    DROPPED = "dropped"
    ISSUED = "issued"
    PAUSED = "paused"
    CANCELLED = "cancelled"


UNISSUED = frozenset({Phase.DRAFT, Phase.DROPPED})
"""Phases of what is no work (yet): only those who review plans see it."""


class TaskKind(StrEnum):
    """Only concrete work is counted on time or late."""

    CONCRETE = "concrete"
    CONTINUOUS = "continuous"
    RECURRING = "recurring"


class Mode(StrEnum):
    """`joint`: one lead and its supporters; `each`: every agency named does its own, counted n/N."""

    JOINT = "joint"
    EACH = "each"


class AssignmentRole(StrEnum):
    """What an agency is to a task."""

    LEAD = "lead"
    SUPPORTING = "supporting"
    APPRAISING = "appraising"
    CONSOLIDATING = "consolidating"
    RECEIVING = "receiving"


class DeadlineBasis(StrEnum):
    """Where a deadline comes from."""

    EXPLICIT = "explicit"
    PERIOD_END = "period_end"
    PLAN_YEAR = "plan_year"
    BY_HAND = "by_hand"


class WorkState(StrEnum):
    """How far an agency is with its assignment."""

    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    REFUSED = "refused"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    DONE = "done"


class DeadlineClass(StrEnum):
    """The badge of an obligation; the order is that of the counters of wording.md."""

    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    IN_TIME = "in_time"
    SUBMITTED = "submitted"
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    NO_DEADLINE = "no_deadline"


class AgeClass(StrEnum):
    """How long overdue, in calendar days."""

    WEEK = "1-7"
    MONTH = "8-30"
    QUARTER = "31-120"
    OLDER = "121-"


AGE_BOUNDS: dict[AgeClass, tuple[int, int | None]] = {
    AgeClass.WEEK: (1, 7),
    AgeClass.MONTH: (8, 30),
    AgeClass.QUARTER: (31, 120),
    AgeClass.OLDER: (121, None),
}

OPEN_STATES = frozenset(
    {WorkState.UNASSIGNED, WorkState.ASSIGNED, WorkState.IN_PROGRESS, WorkState.RETURNED}
)
COUNTED_STATES = OPEN_STATES | {WorkState.SUBMITTED, WorkState.DONE}


class Act(StrEnum):
    """What people do to an assignment on its way."""

    ISSUE = "issue"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PROGRESS = "progress"
    SUBMIT = "submit"
    CORRECT = "correct"
    """Mend a completion that others reported for the agency; its day stays."""
    WITHDRAW = "withdraw"
    """Say that a completion that others reported for the agency is none."""
    CONFIRM = "confirm"
    RETURN = "return"
    REOPEN = "reopen"
    GIVE_BACK = "give_back"
    """Answer a refusal: the same agency does it after all."""
    REASSIGN = "reassign"


@dataclass(frozen=True)
class Step:
    """From which work states an act leads where, and who may take it.

    `own`: roles that may on work of their own agency (an officer on what was handed to them or to
    nobody); `other`: on work of another agency; `office`: on work of the coordinating office, seen
    from outside, where whoever the city leader named stands in for the leader.
    """

    before: frozenset[WorkState]
    after: WorkState
    own: frozenset[Role] = frozenset()
    other: frozenset[Role] = frozenset()
    office: frozenset[Role] = frozenset()


SPEAKERS = frozenset({Role.FOCAL_POINT, Role.AGENCY_LEADER, Role.COORDINATOR})
"""Who speaks for the own agency; the coordinator does for the coordinating office."""
_AGENCY = SPEAKERS | {Role.OFFICER}
_COORDINATOR = frozenset({Role.COORDINATOR})
_LEADER = frozenset({Role.CITY_LEADER})
_DECIDED = {"other": _COORDINATOR, "office": _LEADER}
_TO_DO = frozenset({WorkState.ASSIGNED, WorkState.IN_PROGRESS, WorkState.RETURNED})


def _from(*states: WorkState) -> frozenset[WorkState]:
    return frozenset(states)


TRANSITIONS: dict[Act, Step] = {
    Act.ISSUE: Step(_from(WorkState.UNASSIGNED), WorkState.ASSIGNED, _COORDINATOR, _COORDINATOR),
    Act.ACCEPT: Step(_from(WorkState.ASSIGNED), WorkState.IN_PROGRESS, _AGENCY),
    Act.REFUSE: Step(_from(WorkState.ASSIGNED), WorkState.REFUSED, _AGENCY),
    Act.PROGRESS: Step(_TO_DO, WorkState.IN_PROGRESS, _AGENCY, _COORDINATOR),
    Act.SUBMIT: Step(_TO_DO, WorkState.SUBMITTED, _AGENCY, _COORDINATOR),
    Act.CORRECT: Step(_from(WorkState.SUBMITTED), WorkState.SUBMITTED, _AGENCY),
    Act.WITHDRAW: Step(_from(WorkState.SUBMITTED), WorkState.IN_PROGRESS, _AGENCY),
    Act.CONFIRM: Step(_from(WorkState.SUBMITTED), WorkState.DONE, **_DECIDED),
    Act.RETURN: Step(_from(WorkState.SUBMITTED), WorkState.RETURNED, **_DECIDED),
    Act.REOPEN: Step(_from(WorkState.DONE), WorkState.RETURNED, **_DECIDED),
    Act.GIVE_BACK: Step(_from(WorkState.REFUSED), WorkState.ASSIGNED, **_DECIDED),
    Act.REASSIGN: Step(
        _TO_DO | {WorkState.REFUSED}, WorkState.ASSIGNED, own=_COORDINATOR, **_DECIDED
    ),
}
"""The way of an assignment; the picture is docs/states.md."""

WAITING_ACTS = frozenset({Act.ACCEPT, Act.REFUSE, Act.SUBMIT, Act.CORRECT, Act.WITHDRAW})
"""Acts of an officer that wait for the focal point's one press (chờ đầu mối)."""
DECISIONS = frozenset({Act.CONFIRM, Act.RETURN})
"""What nobody does about work that they or their own agency submitted."""
ENTERED_ACTS = frozenset({Act.CORRECT, Act.WITHDRAW})
"""Possible only where the completion was entered for the agency (cập nhật thay) or came from a guest."""

PHASE_CHANGES: dict[Phase, frozenset[Phase]] = {
    Phase.ISSUED: frozenset({Phase.PAUSED, Phase.CANCELLED}),
    Phase.PAUSED: frozenset({Phase.ISSUED}),
    Phase.CANCELLED: frozenset({Phase.ISSUED, Phase.PAUSED}),
}
"""Into which phase of a task from which, by the coordinator with a reason (Mở lại, Tạm dừng, Hủy)."""


class Ending(StrEnum):
    """What takes the sense from what somebody asked about a piece of work: another agency gets it, it has
    no deadline any more, its task is cancelled. Work that is done may still get more time or be
    explained: both say whether it was in time."""

    MOVED = "moved"
    ROUTINE = "routine"
    CANCELLED = "cancelled"


class WrongState(Exception):
    """The act does not fit the state that the assignment or the task has by now."""


def check_act(state: WorkState, act: Act) -> None:
    """Raise WrongState unless `act` may be done to work in `state`."""
    if state not in TRANSITIONS[act].before:
        raise WrongState(state, act)


class LeadFault(Exception):
    """A joint task has exactly one lead, and every other one at least one."""


def check_leads(mode: Mode, leads: int) -> None:
    """Raise LeadFault unless a task of this mode may have so many leads."""
    if leads < 1 or (mode is Mode.JOINT and leads > 1):
        raise LeadFault(mode, leads)


@dataclass(frozen=True)
class Windows:
    """Calendar days before a deadline from which it counts as due soon."""

    ordinary: int = 3
    quarter_four: int = 30

    def of(self, quarter_four: bool) -> int:
        """The window of a task; the wide one where the plan itself says Quý IV."""
        return self.quarter_four if quarter_four else self.ordinary


def deadline_class(
    state: WorkState,
    deadline: date | None,
    submitted_on: date | None,
    today: date,
    window: int,
) -> DeadlineClass:
    """The class of one obligation; the first that fits wins (wording.md, "What is counted").

    `submitted_on` is the submission day of the accepted version; `window` counts calendar days.
    """
    if state is WorkState.DONE:
        late = deadline is not None and submitted_on is not None and submitted_on > deadline
        return DeadlineClass.DONE_LATE if late else DeadlineClass.DONE_ON_TIME
    if state is WorkState.SUBMITTED:
        return DeadlineClass.SUBMITTED
    if deadline is None:
        return DeadlineClass.NO_DEADLINE
    days_left = (deadline - today).days
    if days_left < 0:
        return DeadlineClass.OVERDUE
    return DeadlineClass.DUE_SOON if days_left <= window else DeadlineClass.IN_TIME


def age_class(days_overdue: int) -> AgeClass:
    """The age class of something `days_overdue` ≥ 1 calendar days late."""
    for age, (low, high) in AGE_BOUNDS.items():
        if days_overdue >= low and (high is None or days_overdue <= high):
            return age
    raise ValueError(f"{days_overdue} days is not overdue")


def is_counted(phase: Phase, kind: TaskKind, role: AssignmentRole, state: WorkState) -> bool:
    """Whether an assignment is an obligation that the counters count."""
    return (
        phase is Phase.ISSUED
        and kind is TaskKind.CONCRETE
        and role is AssignmentRole.LEAD
        and state in COUNTED_STATES
    )


@dataclass(frozen=True)
class Counters:
    """The eight counters; the boxes after `total` are disjoint and sum to it.

    `extended`: so many of `done_on_time` after more time had been granted (GH).
    """

    total: int = 0
    overdue: int = 0
    due_soon: int = 0
    in_time: int = 0
    submitted: int = 0
    done_on_time: int = 0
    done_late: int = 0
    no_deadline: int = 0
    extended: int = 0

    def __getitem__(self, name: str) -> int:
        """A counter by its name, as labels.COUNTERS lists them."""
        value: int = getattr(self, name)
        return value


def sum_of(parts: Iterable[Counters]) -> Counters:
    """The counters of several agencies together."""
    found = [tuple(vars(part).values()) for part in parts]
    return Counters(*map(sum, zip(*found, strict=True)))


SORTS = ("deadline", "-deadline", "agency", "updated")
MAX_PAGE = 200
PAGE_ROWS = 50


@dataclass(frozen=True)
class BoardFilter:
    """What the board shows; its address is its state. Ids are rows, names are code names; `silent`
    leaves work of which nothing was heard for a month (progress.rules.silence)."""

    q: str = ""
    plan: int | None = None
    agency: int | None = None
    section: str = ""
    states: tuple[WorkState, ...] = ()
    deadlines: tuple[DeadlineClass, ...] = ()
    phase: Phase | None = None
    silent: bool = False
    sort: str = "deadline"
    page: int = 1

    def pairs(self, **changes: object) -> list[tuple[str, str]]:
        """The filter as the pairs of an address, with some values changed; defaults left out."""
        new = replace(self, **changes)  # type: ignore[arg-type]  # names are checked by replace
        pairs = [("q", new.q), ("section", new.section)]
        pairs += [("plan", str(new.plan or "")), ("agency", str(new.agency or ""))]
        pairs += [("state", s.value) for s in new.states]
        pairs += [("deadline", d.value) for d in new.deadlines]
        pairs += [("phase", new.phase.value if new.phase else "")]
        pairs += [("silent", "1" if new.silent else "")]
        pairs += [("sort", new.sort if new.sort != "deadline" else "")]
        pairs += [("page", str(new.page) if new.page > 1 else "")]
        return [(name, value) for name, value in pairs if value]


def read_filter(pairs: Iterable[tuple[str, str]]) -> tuple[BoardFilter, list[str]]:
    """The filter that an address states, and the names of parts that mean nothing and are ignored."""
    found: dict[str, object] = {}
    states: list[WorkState] = []
    deadlines: list[DeadlineClass] = []
    ignored: list[str] = []
    for name, raw in pairs:
        value = raw.strip()
        if not value:
            continue
        try:
            if name == "q":
                found["q"] = value[:200]
            elif name in ("plan", "agency"):
                found[name] = _number(value, 2**31 - 1)
            elif name == "page":
                found["page"] = min(_number(value, 10**9), MAX_PAGE)
            elif name == "section" and value in ("III", "IV"):
                found["section"] = value
            elif name == "state":
                states.append(WorkState(value))
            elif name == "deadline":
                deadlines.append(DeadlineClass(value))
            elif name == "phase" and value not in UNISSUED:
                found["phase"] = Phase(value)
            elif name == "silent" and value == "1":
                found["silent"] = True
            elif name == "sort" and value in SORTS:
                found["sort"] = value
            else:
                ignored.append(name)
        except ValueError:
            ignored.append(name)
    chosen = BoardFilter(
        states=tuple(dict.fromkeys(states)),
        deadlines=tuple(dict.fromkeys(deadlines)),
        **found,  # type: ignore[arg-type]  # each value was checked above
    )
    return chosen, ignored


def _number(value: str, high: int) -> int:
    if not (value.isascii() and value.isdigit()) or not 1 <= int(value) <= high:
        raise ValueError(value)
    return int(value)


def read_ids(values: Iterable[str]) -> list[int]:
    """The row numbers in an address, each once; what is none is left out."""
    numbers = (int(v) for v in values if v.isascii() and v.isdigit() and len(v) <= 10)
    return list(dict.fromkeys(n for n in numbers if 1 <= n <= 2**31 - 1))
