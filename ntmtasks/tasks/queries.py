"""The shared questions about obligations: the counters on a day, what is overdue, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, lru_cache

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import (
    AGE_BOUNDS,
    COUNTED_STATES,
    OPEN_STATES,
    AgeClass,
    AssignmentRole,
    Counters,
    DeadlineBasis,
    DeadlineClass,
    Phase,
    TaskKind,
    Windows,
    WorkState,
    deadline_class,
)

Span = AssignmentSpan


def windows() -> Windows:
    """The warning windows as set by the admin."""
    return Windows(
        settings.number(settings.WARNING_DAYS),
        settings.number(settings.QUARTER_FOUR_WARNING_DAYS),
    )


def standing_on(on: date) -> ColumnElement[bool]:
    """The spans that stood at the end of the day `on`; the open ones for today and later."""
    if on >= clock.today():
        return Span.to_at.is_(None)
    end = clock.end_of_day(on)
    return and_(Span.from_at < end, or_(Span.to_at.is_(None), Span.to_at >= end))


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


def _is_open() -> ColumnElement[bool]:
    return and_(_obligation(), Span.work_state.in_(OPEN_STATES))


def _is_overdue(on: date) -> ColumnElement[bool]:
    return and_(_is_open(), Span.deadline < on)


@lru_cache(maxsize=16)  # building the expressions takes as long as counting a thousand tasks
def classes_sql(on: date, window: Windows) -> dict[DeadlineClass, ColumnElement[bool]]:
    """rules.deadline_class in SQL: the obligations of each class on a day.

    The conditions exclude each other and are ranges of the index of open spans, so that counting all
    classes one by one walks through it once.
    """
    narrow, wide = on + timedelta(days=window.ordinary), on + timedelta(days=window.quarter_four)
    soon = case((Span.quarter_four, wide), else_=narrow)
    is_done = and_(_obligation(), Span.work_state == WorkState.DONE)
    is_open = _is_open()
    return {
        DeadlineClass.OVERDUE: _is_overdue(on),
        DeadlineClass.DUE_SOON: and_(
            is_open, Span.deadline.between(on, max(narrow, wide)), Span.deadline <= soon
        ),
        DeadlineClass.IN_TIME: and_(
            is_open, Span.deadline > min(narrow, wide), Span.deadline > soon
        ),
        DeadlineClass.SUBMITTED: and_(_obligation(), Span.work_state == WorkState.SUBMITTED),
        DeadlineClass.DONE_ON_TIME: and_(
            is_done, func.coalesce(Span.submitted_on <= Span.deadline, true())
        ),
        DeadlineClass.DONE_LATE: and_(is_done, Span.submitted_on > Span.deadline),
        DeadlineClass.NO_DEADLINE: and_(is_open, Span.deadline.is_(None)),
    }


def _boxes(on: date) -> dict[str, ColumnElement[bool]]:
    """What each counter but the total counts, by its name."""
    classes = classes_sql(on, windows())
    extended = and_(classes[DeadlineClass.DONE_ON_TIME], Span.extended)
    return {**{klass.value: classes[klass] for klass in DeadlineClass}, "extended": extended}


def _sum_up(numbers: dict[str, int]) -> Counters:
    return Counters(total=sum(numbers.get(klass.value, 0) for klass in DeadlineClass), **numbers)


def counters(on: date, agency_id: int | None = None) -> Counters:
    """The eight counters at the end of a day, of everything or of one agency."""
    own = true() if agency_id is None else Span.agency_id == agency_id
    parts = [
        select(literal(name), func.count()).where(standing_on(on), condition, own)
        for name, condition in _boxes(on).items()
    ]
    return _sum_up({row[0]: row[1] for row in db.session.execute(union_all(*parts))})


def counters_by_agency(on: date) -> list[tuple[Agency, Counters]]:
    """The counters of every agency that has obligations, in protocol order."""
    parts = [
        select(literal(name), Span.agency_id, func.count())
        .where(standing_on(on), condition)
        .group_by(Span.agency_id)
        for name, condition in _boxes(on).items()
    ]
    found: dict[int, dict[str, int]] = {}
    for name, agency_id, count in db.session.execute(union_all(*parts)):
        found.setdefault(agency_id, {})[name] = count
    agencies = db.session.scalars(
        select(Agency).where(Agency.id.in_(found)).order_by(Agency.position)
    )
    return [(a, _sum_up(found[a.id])) for a in agencies]


def not_counted(on: date, agency_id: int | None = None) -> dict[TaskKind, int]:
    """Recurring and continuous lead assignments, which stand beside the counters."""
    query = (
        select(Span.kind, func.count())
        .where(
            standing_on(on),
            Span.role == AssignmentRole.LEAD,
            Span.phase == Phase.ISSUED,
            Span.kind != TaskKind.CONCRETE,
            Span.work_state.in_(COUNTED_STATES),
        )
        .group_by(Span.kind)
    )
    if agency_id is not None:
        query = query.where(Span.agency_id == agency_id)
    return {kind: int(count) for kind, count in db.session.execute(query)}


def _of_age(age: AgeClass, on: date) -> ColumnElement[bool]:
    low, high = AGE_BOUNDS[age]
    latest = Span.deadline <= on - timedelta(days=low)
    if high is None:
        return latest
    return and_(latest, Span.deadline >= on - timedelta(days=high))


def overdue_by_age(on: date, agency_id: int | None = None) -> dict[AgeClass, int]:
    """How many obligations are late, by age class."""
    own = true() if agency_id is None else Span.agency_id == agency_id
    parts = [
        select(literal(age.value), func.count()).where(
            standing_on(on), _is_open(), _of_age(age, on), own
        )
        for age in AgeClass
    ]
    return {AgeClass(age): int(count) for age, count in db.session.execute(union_all(*parts))}


def overdue_by_agency(on: date, agency_id: int | None = None) -> list[tuple[Agency, int, date]]:
    """Agencies with late obligations: how many and the oldest deadline, in protocol order."""
    query = (
        select(Agency, func.count(), func.min(Span.deadline))
        .join(Agency, Agency.id == Span.agency_id)
        .where(standing_on(on), _is_overdue(on))
        .group_by(Agency.id)
        .order_by(Agency.position)
    )
    if agency_id is not None:
        query = query.where(Span.agency_id == agency_id)
    rows = db.session.execute(query)
    return [(agency, int(count), oldest) for agency, count, oldest in rows if oldest]


def overdue_assignments(
    on: date, age: AgeClass | None, agency_id: int | None, limit: int, offset: int
) -> Sequence[Assignment]:
    """Late obligations, the oldest first, with task, agency and officer."""
    late = (
        select(Span.assignment_id)
        .where(Span.to_at.is_(None), _is_overdue(on))
        .order_by(Span.deadline, Span.assignment_id)
        .limit(limit)
        .offset(offset)
    )
    if age is not None:
        late = late.where(_of_age(age, on))
    if agency_id is not None:
        late = late.where(Span.agency_id == agency_id)
    page = late.subquery()
    return db.session.scalars(
        select(Assignment)
        .join(page, page.c.assignment_id == Assignment.id)
        .order_by(Assignment.deadline, Assignment.id)
        .options(
            joinedload(Assignment.task),
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
        )
    ).all()


def first_due_sql() -> ScalarSelect[date | None]:
    """What Task.first_due is of: the earliest deadline among the open lead assignments of a task.

    The states are said by those that are not open: SQLite would else walk through all open work.
    """
    return (
        select(func.min(Assignment.deadline))
        .where(
            Assignment.task_id == Task.id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.work_state.not_in(set(WorkState) - OPEN_STATES),
        )
        .scalar_subquery()
    )


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


@dataclass(frozen=True)
class OpenWork:
    """An open assignment with a deadline, as reminders need it."""

    assignment_id: int
    task_id: int
    agency_id: int
    officer_id: int | None
    role: AssignmentRole
    path: str
    text: str
    deadline: date
    deadline_text: str
    basis: DeadlineBasis
    quarter_four: bool
    work_state: WorkState


def open_work() -> list[OpenWork]:
    """All open lead and supporting assignments of concrete issued tasks that have a deadline.

    A date of its own that an assignment got apart from its task was set by hand.
    """
    by_hand = literal(DeadlineBasis.BY_HAND, Task.deadline_basis.type)
    rows = db.session.execute(
        select(
            Assignment.id,
            Task.id,
            Assignment.agency_id,
            Assignment.officer_id,
            Assignment.role,
            Task.path,
            Task.text,
            Assignment.deadline,
            Task.deadline_text,
            case(
                (Assignment.deadline != Task.deadline, by_hand),
                else_=Task.deadline_basis,
            ),
            Task.quarter_four,
            Assignment.work_state,
        )
        .join(Assignment.task)
        .where(
            Assignment.role.in_([AssignmentRole.LEAD, AssignmentRole.SUPPORTING]),
            Assignment.work_state.in_(OPEN_STATES),
            Assignment.deadline.is_not(None),
            Task.kind == TaskKind.CONCRETE,
            Task.phase == Phase.ISSUED,
        )
        .order_by(Assignment.deadline, Assignment.id)
    )
    return [OpenWork(*row) for row in rows]


def open_of_officer(officer_id: int) -> Sequence[Assignment]:
    """What an officer is in charge of and is not done, also where the task is paused."""
    return db.session.scalars(
        assignment_with_task()
        .where(
            Assignment.officer_id == officer_id,
            Assignment.work_state != WorkState.DONE,
            Task.phase.in_((Phase.ISSUED, Phase.PAUSED)),
        )
        .order_by(Assignment.id)
    ).all()


@cache  # the same options again let SQLAlchemy find what it worked out for them before
def task_with_assignments() -> Select[Task]:
    """A query of tasks that brings plan, clauses, assignments, agencies and officers along."""
    return select(Task).options(
        joinedload(Task.plan),
        selectinload(Task.clauses),
        selectinload(Task.assignments).options(
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
            joinedload(Assignment.submitted_by),
            joinedload(Assignment.entered_by),
            joinedload(Assignment.pending_by),
        ),
    )


def of_plan(plan_id: int) -> Sequence[Task]:
    """The tasks of a plan with their assignments, in the order of the document."""
    return db.session.scalars(
        task_with_assignments().where(Task.plan_id == plan_id).order_by(Task.position)
    ).all()


@cache
def assignment_with_task() -> Select[Assignment]:
    """A query of assignments that brings task, agency and officer along."""
    return (
        select(Assignment)
        .join(Assignment.task)
        .options(
            contains_eager(Assignment.task),
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
            joinedload(Assignment.submitted_by),
            joinedload(Assignment.entered_by),
            joinedload(Assignment.pending_by),
        )
    )
