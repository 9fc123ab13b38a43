"""The shared questions about obligations: the counters on a day, and what is overdue."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.loading import by_deadline
from ntmtasks.tasks.rules import (
    AGE_BOUNDS,
    COUNTED_STATES,
    OPEN_STATES,
    AgeClass,
    AssignmentRole,
    Counters,
    DeadlineClass,
    Phase,
    TaskKind,
    Windows,
    WorkState,
    deadline_class,
)

Span = AssignmentSpan
ROUTINE = (TaskKind.CONTINUOUS, TaskKind.RECURRING)


def windows() -> Windows:
    """The warning windows as set by the admin."""
    return Windows(
        settings.number(settings.WARNING_DAYS),
        settings.number(settings.QUARTER_FOUR_WARNING_DAYS),
    )


@dataclass(frozen=True)
class Moment:
    """The end of a day as the queries of counters see it: `is_now` for today and later, when the open
    spans stand; with the warning windows that hold."""

    on: date
    is_now: bool
    window: Windows

    def standing(self, span: type[Span] = Span) -> ColumnElement[bool]:
        """The spans that stood at this moment; `span` may be an alias."""
        if self.is_now:
            return span.to_at.is_(None)
        return stood_at(clock.end_of_day(self.on), span)


def stood_at(
    end: datetime | ColumnElement[datetime], span: type[Span] = Span
) -> ColumnElement[bool]:
    """The spans that stood just before a moment."""
    return and_(span.from_at < end, or_(span.to_at.is_(None), span.to_at >= end))


def moment(on: date) -> Moment:
    """The end of a day."""
    return Moment(on, on >= clock.today(), windows())


@dataclass(frozen=True)
class Scope:
    """Whose obligations are counted: those of a plan, of an agency; all where nothing is said."""

    plan_id: int | None = None
    agency_id: int | None = None

    def within(self) -> list[ColumnElement[bool]]:
        """What holds of the spans in it."""
        parts: list[ColumnElement[bool]] = []
        if self.agency_id is not None:
            parts.append(Span.agency_id == self.agency_id)
        if self.plan_id is not None:
            # A look at each task by its number: every part of a count would list the plan's tasks anew.
            of_plan = exists().where(Task.id == Span.task_id, Task.plan_id == self.plan_id)
            parts.append(of_plan.correlate(Span))
        return parts


EVERYTHING = Scope()


def _obligation() -> ColumnElement[bool]:
    """Lead spans of concrete issued work, whatever their state."""
    return and_(
        Span.role == AssignmentRole.LEAD,
        Span.kind == TaskKind.CONCRETE,
        Span.phase == Phase.ISSUED,
    )


def counted() -> ColumnElement[bool]:
    """The spans that are obligations (rules.is_counted in SQL)."""
    return and_(_obligation(), Span.work_state.in_(COUNTED_STATES))


def is_open() -> ColumnElement[bool]:
    """The obligations that somebody still has to do."""
    return and_(_obligation(), Span.work_state.in_(OPEN_STATES))


def is_overdue(on: date) -> ColumnElement[bool]:
    """Open obligations whose deadline has gone by."""
    return and_(is_open(), Span.deadline < on)


@lru_cache(maxsize=16)  # building the expressions takes as long as counting a thousand tasks
def classes_sql(on: date, window: Windows) -> dict[DeadlineClass, ColumnElement[bool]]:
    """rules.deadline_class in SQL: the obligations of each class on a day.

    The conditions exclude each other and are ranges of the index of open spans, so that counting all
    classes one by one walks through it once.
    """
    narrow, wide = on + timedelta(days=window.ordinary), on + timedelta(days=window.quarter_four)
    soon = case((Span.quarter_four, wide), else_=narrow)
    is_done = and_(_obligation(), Span.work_state == WorkState.DONE)
    to_do = is_open()
    return {
        DeadlineClass.OVERDUE: is_overdue(on),
        DeadlineClass.DUE_SOON: and_(
            to_do, Span.deadline.between(on, max(narrow, wide)), Span.deadline <= soon
        ),
        DeadlineClass.IN_TIME: and_(to_do, Span.deadline > min(narrow, wide), Span.deadline > soon),
        DeadlineClass.SUBMITTED: and_(_obligation(), Span.work_state == WorkState.SUBMITTED),
        DeadlineClass.DONE_ON_TIME: and_(
            is_done, func.coalesce(Span.submitted_on <= Span.deadline, true())
        ),
        DeadlineClass.DONE_LATE: and_(is_done, Span.submitted_on > Span.deadline),
        DeadlineClass.NO_DEADLINE: and_(to_do, Span.deadline.is_(None)),
    }


def _boxes(at: Moment) -> dict[str, ColumnElement[bool]]:
    """What each counter but the total counts, by its name."""
    classes = classes_sql(at.on, at.window)
    extended = and_(classes[DeadlineClass.DONE_ON_TIME], Span.extended)
    return {**{klass.value: classes[klass] for klass in DeadlineClass}, "extended": extended}


def _sum_up(numbers: Mapping[str, int]) -> Counters:
    return Counters(total=sum(numbers.get(klass.value, 0) for klass in DeadlineClass), **numbers)


# Below, building a query takes as long as running it: each is kept for its day, `own` says whether
# it asks for one agency, whose number is given when it runs.
_kept = lru_cache(maxsize=32)


def _of_agency(own: bool) -> ColumnElement[bool]:
    return Span.agency_id == bindparam("agency_id", type_=Integer) if own else true()


def _numbers(agency_id: int | None) -> dict[str, int]:
    return {} if agency_id is None else {"agency_id": agency_id}


@_kept
def _count_boxes(at: Moment, own: bool) -> CompoundSelect[str, int]:
    return union_all(
        *(
            select(literal(name), func.count()).where(at.standing(), condition, _of_agency(own))
            for name, condition in _boxes(at).items()
        )
    )


def counters(on: date, agency_id: int | None = None) -> Counters:
    """The eight counters at the end of a day, of everything or of one agency."""
    query = _count_boxes(moment(on), agency_id is not None)
    return _sum_up(dict(db.session.execute(query, _numbers(agency_id)).all()))


@dataclass(frozen=True)
class Tally:
    """The counters of a day: of everything, of each agency that has obligations in protocol order, and
    of each section of the plans ("" = added by hand) in the order of their numerals. `ages` are those
    of `not_counted` and `overdue_by_age`, `late_since` is the oldest missed deadline by agency;
    `known` are all agencies in protocol order."""

    whole: Counters
    by_agency: list[tuple[Agency, Counters]]
    by_section: dict[str, Counters]
    ages: dict[AgeClass, int]
    routine: dict[TaskKind, int]
    late_since: dict[int, date]
    known: Sequence[Agency]


def tally(on: date, scope: Scope = EVERYTHING) -> Tally:
    """The counters of what is in a scope at the end of a day, taken apart, in two queries."""
    by_agency: dict[int, Counter[str]] = {}
    by_section: dict[str, Counter[str]] = {}
    beside: Counter[str] = Counter()
    late_since: dict[int, date] = {}
    for name, agency_id, section, count, first in db.session.execute(_apart(moment(on), scope)):
        box = name
        if name in _AGES or name in _ROUTINE:
            beside[name] += count
            box = DeadlineClass.OVERDUE.value
        if name in _ROUTINE:
            continue
        if name in _AGES:
            late_since[agency_id] = min(first, late_since.get(agency_id, first))
        by_agency.setdefault(agency_id, Counter())[box] += count
        by_section.setdefault(section, Counter())[box] += count
    known = db.session.scalars(select(Agency).order_by(Agency.position, Agency.id)).all()
    return Tally(
        whole=_sum_up(sum(by_section.values(), Counter())),
        by_agency=[(a, _sum_up(by_agency[a.id])) for a in known if a.id in by_agency],
        by_section={name: _sum_up(by_section[name]) for name in sorted(by_section, key=_place)},
        ages={age: beside[age.value] for age in AgeClass},
        routine={kind: beside[kind.value] for kind in ROUTINE},
        late_since=late_since,
        known=known,
    )


_AGES = frozenset(age.value for age in AgeClass)
_ROUTINE = frozenset(kind.value for kind in ROUTINE)


def _place(section: str) -> tuple[bool, str]:
    return not section, section


def counters_by_agency(on: date) -> list[tuple[Agency, Counters]]:
    """The counters of every agency that has obligations, in protocol order."""
    return tally(on).by_agency


@_kept
def _apart(at: Moment, scope: Scope) -> CompoundSelect[str, int, str, int, date]:
    """Every box by agency and section, what is overdue by its age, and the first deadline in each."""
    boxes = _boxes(at)
    del boxes[DeadlineClass.OVERDUE.value]
    ages = {age.value: and_(is_open(), of_age(age, at.on)) for age in AgeClass}
    routine = {kind.value: _is_routine(kind) for kind in ROUTINE}
    if at.is_now:
        return union_all(
            *(
                select(
                    literal(name),
                    Span.agency_id,
                    Span.section,
                    func.count(),
                    func.min(Span.deadline),
                )
                .where(at.standing(), condition, *scope.within())
                .group_by(Span.agency_id, Span.section)
                for name, condition in (boxes | ages | routine).items()
            )
        )
    # No index helps: two walks through all spans instead of one for each box.
    extended = boxes.pop("extended")
    named = boxes | ages | routine
    name = case(*((condition, literal(name)) for name, condition in named.items()))
    apart = (
        select(box.label("box"), Span.agency_id, Span.section, Span.deadline)
        .where(at.standing(), condition, *scope.within())
        .subquery()
        for box, condition in ((name, _is_lead_work()), (literal("extended"), extended))
    )
    return union_all(
        *(
            select(
                box.c.box, box.c.agency_id, box.c.section, func.count(), func.min(box.c.deadline)
            ).group_by(box.c.box, box.c.agency_id, box.c.section)
            for box in apart
        )
    )


def _is_routine(kind: TaskKind) -> ColumnElement[bool]:
    return and_(_is_lead_work(), Span.kind == kind)


def _is_lead_work() -> ColumnElement[bool]:
    """Lead spans of issued work of any kind that is not refused."""
    return and_(
        Span.role == AssignmentRole.LEAD,
        Span.kind.in_(TaskKind),  # any: the index begins with role and kind
        Span.phase == Phase.ISSUED,
        Span.work_state.in_(COUNTED_STATES),
    )


def not_counted(on: date, agency_id: int | None = None) -> dict[TaskKind, int]:
    """Recurring and continuous lead assignments, which stand beside the counters."""
    query = _count_others(moment(on), agency_id is not None)
    return dict(db.session.execute(query, _numbers(agency_id)).all())


@_kept
def _count_others(at: Moment, own: bool) -> Select[TaskKind, int]:
    return (
        select(Span.kind, func.count())
        .where(
            at.standing(),
            Span.role == AssignmentRole.LEAD,
            Span.phase == Phase.ISSUED,
            Span.kind.in_(ROUTINE),  # so that the index is of use
            Span.work_state.in_(COUNTED_STATES),
            _of_agency(own),
        )
        .group_by(Span.kind)
    )


def of_age(age: AgeClass, on: date) -> ColumnElement[bool]:
    """The deadlines that make open work late by an age on a day."""
    low, high = AGE_BOUNDS[age]
    latest = Span.deadline <= on - timedelta(days=low)
    if high is None:
        return latest
    return and_(latest, Span.deadline >= on - timedelta(days=high))


def overdue_by_age(on: date, agency_id: int | None = None) -> dict[AgeClass, int]:
    """How many obligations are late, by age class."""
    query = _count_ages(moment(on), agency_id is not None)
    return {AgeClass(age): count for age, count in db.session.execute(query, _numbers(agency_id))}


@_kept
def _count_ages(at: Moment, own: bool) -> CompoundSelect[str, int]:
    return union_all(
        *(
            select(literal(age.value), func.count()).where(
                at.standing(), is_open(), of_age(age, at.on), _of_agency(own)
            )
            for age in AgeClass
        )
    )


def overdue_by_agency(on: date, agency_id: int | None = None) -> list[tuple[Agency, int, date]]:
    """Agencies with late obligations: how many and the oldest deadline, in protocol order."""
    late = select(
        Span.agency_id, func.count().label("late"), func.min(Span.deadline).label("oldest")
    ).where(moment(on).standing(), is_overdue(on))
    if agency_id is not None:
        late = late.where(Span.agency_id == agency_id)
    found = late.group_by(Span.agency_id).subquery()
    rows = db.session.execute(
        select(Agency, found.c.late, found.c.oldest)
        .join(found, found.c.agency_id == Agency.id)
        .order_by(Agency.position, Agency.id)
    )
    return [(agency, late, oldest) for agency, late, oldest in rows]


def overdue_assignments(
    on: date, age: AgeClass | None, agency_id: int | None, limit: int, offset: int
) -> Sequence[Assignment]:
    """Late obligations, the oldest first, with task, agency and officer."""
    late = (
        select(Span.assignment_id)
        .where(Span.to_at.is_(None), is_overdue(on))
        .order_by(Span.deadline, Span.assignment_id)
        .limit(limit)
        .offset(offset)
    )
    if age is not None:
        late = late.where(of_age(age, on))
    if agency_id is not None:
        late = late.where(Span.agency_id == agency_id)
    return by_deadline(late)


def class_of(assignment: Assignment, on: date, window: Windows) -> DeadlineClass:
    """The class of one loaded assignment (its task must be loaded too)."""
    submitted = assignment.submitted_at
    return deadline_class(
        assignment.work_state,
        assignment.deadline,
        clock.local(submitted).date() if submitted else None,
        on,
        window.of(assignment.task.quarter_four),
    )


def class_of_span(span: AssignmentSpan, at: Moment) -> DeadlineClass:
    """The class of an obligation as it stood at a moment."""
    window = at.window.of(span.quarter_four)
    return deadline_class(span.work_state, span.deadline, span.submitted_on, at.on, window)
