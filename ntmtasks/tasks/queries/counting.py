"""The shared questions about obligations: the counters on a day, and what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import joinedload

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment, AssignmentSpan
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

    def standing(self) -> ColumnElement[bool]:
        """The spans that stood at this moment."""
        if self.is_now:
            return Span.to_at.is_(None)
        end = clock.end_of_day(self.on)
        return and_(Span.from_at < end, or_(Span.to_at.is_(None), Span.to_at >= end))


def moment(on: date) -> Moment:
    """The end of a day."""
    return Moment(on, on >= clock.today(), windows())


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


def _boxes(at: Moment) -> dict[str, ColumnElement[bool]]:
    """What each counter but the total counts, by its name."""
    classes = classes_sql(at.on, at.window)
    extended = and_(classes[DeadlineClass.DONE_ON_TIME], Span.extended)
    return {**{klass.value: classes[klass] for klass in DeadlineClass}, "extended": extended}


def _sum_up(numbers: dict[str, int]) -> Counters:
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


@_kept
def _count_boxes_by_agency(at: Moment) -> CompoundSelect[str, int, int]:
    return union_all(
        *(
            select(literal(name), Span.agency_id, func.count())
            .where(at.standing(), condition)
            .group_by(Span.agency_id)
            for name, condition in _boxes(at).items()
        )
    )


def counters_by_agency(on: date) -> list[tuple[Agency, Counters]]:
    """The counters of every agency that has obligations, in protocol order."""
    found: dict[int, dict[str, int]] = {}
    for name, agency_id, count in db.session.execute(_count_boxes_by_agency(moment(on))):
        found.setdefault(agency_id, {})[name] = count
    agencies = db.session.scalars(
        select(Agency).where(Agency.id.in_(found)).order_by(Agency.position)
    )
    return [(a, _sum_up(found[a.id])) for a in agencies]


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
            Span.kind != TaskKind.CONCRETE,
            Span.work_state.in_(COUNTED_STATES),
            _of_agency(own),
        )
        .group_by(Span.kind)
    )


def _of_age(age: AgeClass, on: date) -> ColumnElement[bool]:
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
                at.standing(), _is_open(), _of_age(age, at.on), _of_agency(own)
            )
            for age in AgeClass
        )
    )


def overdue_by_agency(on: date, agency_id: int | None = None) -> list[tuple[Agency, int, date]]:
    """Agencies with late obligations: how many and the oldest deadline, in protocol order."""
    query = (
        select(Agency, func.count(), func.min(Span.deadline))
        .join(Agency, Agency.id == Span.agency_id)
        .where(moment(on).standing(), _is_overdue(on))
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
