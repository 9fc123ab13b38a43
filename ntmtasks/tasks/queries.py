"""The shared questions about obligations: the counters on a day, what is overdue, what is open."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
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


def counted() -> ColumnElement[bool]:
    """The spans that are obligations (rules.is_counted in SQL)."""
    return and_(
        Span.role == AssignmentRole.LEAD,
        Span.kind == TaskKind.CONCRETE,
        Span.phase == Phase.ISSUED,
        Span.work_state.in_(COUNTED_STATES),
    )


def class_sql(on: date) -> ColumnElement[str]:
    """rules.deadline_class in SQL, as the code name."""
    window = windows()
    soon = case(
        (Span.quarter_four, on + timedelta(days=window.quarter_four)),
        else_=on + timedelta(days=window.ordinary),
    )
    late = and_(Span.deadline.is_not(None), Span.submitted_on > Span.deadline)
    done = Span.work_state == WorkState.DONE
    return case(
        (and_(done, late), DeadlineClass.DONE_LATE.value),
        (done, DeadlineClass.DONE_ON_TIME.value),
        (Span.work_state == WorkState.SUBMITTED, DeadlineClass.SUBMITTED.value),
        (Span.deadline.is_(None), DeadlineClass.NO_DEADLINE.value),
        (Span.deadline < on, DeadlineClass.OVERDUE.value),
        (Span.deadline <= soon, DeadlineClass.DUE_SOON.value),
        else_=DeadlineClass.IN_TIME.value,
    )


def is_overdue(on: date) -> ColumnElement[bool]:
    """Obligations that are late on that day and not submitted."""
    return and_(
        Span.role == AssignmentRole.LEAD,
        Span.kind == TaskKind.CONCRETE,
        Span.phase == Phase.ISSUED,
        Span.work_state.in_(OPEN_STATES),
        Span.deadline < on,
    )


def counters(on: date, agency_id: int | None = None) -> Counters:
    """The eight counters at the end of a day, of everything or of one agency."""
    klass = class_sql(on).label("klass")
    query = select(klass, func.count()).where(standing_on(on), counted()).group_by(klass)
    if agency_id is not None:
        query = query.where(Span.agency_id == agency_id)
    numbers = {name: int(count) for name, count in db.session.execute(query)}
    return Counters(total=sum(numbers.values()), **numbers)


def counters_by_agency(on: date) -> list[tuple[Agency, Counters]]:
    """The counters of every agency that has obligations, in protocol order."""
    klass = class_sql(on).label("klass")
    found: dict[int, dict[str, int]] = {}
    for agency_id, name, count in db.session.execute(
        select(Span.agency_id, klass, func.count())
        .where(standing_on(on), counted())
        .group_by(Span.agency_id, klass)
    ):
        found.setdefault(agency_id, {})[name] = int(count)
    agencies = db.session.scalars(
        select(Agency).where(Agency.id.in_(found)).order_by(Agency.position)
    )
    return [(a, Counters(total=sum(found[a.id].values()), **found[a.id])) for a in agencies]


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


def overdue_by_age(on: date, agency_id: int | None = None) -> dict[AgeClass, int]:
    """How many obligations are late, by age class."""
    columns = []
    for low, high in AGE_BOUNDS.values():
        inside = Span.deadline <= on - timedelta(days=low)
        if high is not None:
            inside = and_(inside, Span.deadline >= on - timedelta(days=high))
        columns.append(func.sum(case((inside, 1), else_=0)))
    query = select(*columns).where(standing_on(on), is_overdue(on))
    if agency_id is not None:
        query = query.where(Span.agency_id == agency_id)
    row = db.session.execute(query).one()
    return {age: int(row[i] or 0) for i, age in enumerate(AGE_BOUNDS)}


def overdue_by_agency(on: date, agency_id: int | None = None) -> list[tuple[Agency, int, date]]:
    """Agencies with late obligations: how many and the oldest deadline, in protocol order."""
    query = (
        select(Agency, func.count(), func.min(Span.deadline))
        .join(Agency, Agency.id == Span.agency_id)
        .where(standing_on(on), is_overdue(on))
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
    query = (
        select(Assignment)
        .join(Span, and_(Span.assignment_id == Assignment.id, Span.to_at.is_(None)))
        .where(is_overdue(on))
        .order_by(Span.deadline, Assignment.id)
        .limit(limit)
        .offset(offset)
        .options(
            joinedload(Assignment.task),
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
        )
    )
    if age is not None:
        low, high = AGE_BOUNDS[age]
        query = query.where(Span.deadline <= on - timedelta(days=low))
        if high is not None:
            query = query.where(Span.deadline >= on - timedelta(days=high))
    if agency_id is not None:
        query = query.where(Span.agency_id == agency_id)
    return db.session.scalars(query).all()


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
