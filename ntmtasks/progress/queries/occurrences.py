"""Reading slots of recurring work, each with the assignment that answers for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true
from sqlalchemy.orm import aliased, contains_eager, joinedload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.rules.occurrences import (
    AWAITED,
    OccurrenceState,
    Standing,
    Tally,
    standing,
    tally,
)
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole, Phase, TaskKind

MOST_AWAITED = 50
"""So many slots wait on one page; the next come up as these are recorded."""


@dataclass(frozen=True)
class Slot:
    """A slot and who answers for it now: the lead of a joint task, or the member of another one."""

    occurrence: Occurrence
    assignment: Assignment
    standing: Standing


@dataclass(frozen=True)
class Series:
    """All slots that one agency answers for, by their day."""

    assignment: Assignment
    slots: Sequence[Slot]
    tally: Tally

    @property
    def months(self) -> dict[tuple[int, int], list[Slot]]:
        """The slots by year and month."""
        found: dict[tuple[int, int], list[Slot]] = {}
        for slot in self.slots:
            on = slot.occurrence.on
            found.setdefault((on.year, on.month), []).append(slot)
        return found


def _answers() -> ColumnElement[bool]:
    """Whether an assignment answers for a slot."""
    return and_(
        Assignment.task_id == Occurrence.task_id,
        Assignment.role == AssignmentRole.LEAD,
        or_(Occurrence.assignment_id.is_(None), Occurrence.assignment_id == Assignment.id),
    )


@cache  # the same options again let SQLAlchemy find what it worked out for them before
def _slots() -> Select[Occurrence, Assignment]:
    return (
        select(Occurrence, Assignment)
        .join(Assignment, _answers())
        .join(Assignment.task)
        .options(
            contains_eager(Assignment.task),
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
            joinedload(Occurrence.area),
            joinedload(Occurrence.recorded_by),
        )
    )


def held_on() -> ColumnElement[date]:
    """Occurrence.on in SQL."""
    return func.coalesce(Occurrence.moved_to, Occurrence.day)


def _read(query: Select[Occurrence, Assignment], today: date) -> list[Slot]:
    return [
        Slot(occurrence, assignment, standing(occurrence.state, occurrence.on, today))
        for occurrence, assignment in db.session.execute(query)
    ]


def slot(occurrence_id: int, today: date) -> Slot | None:
    """One slot."""
    return next(iter(_read(_slots().where(Occurrence.id == occurrence_id), today)), None)


def series_of(task_id: int, today: date) -> list[Series]:
    """The slots of a task, for each agency that answers for some, in the order of the task."""
    query = _slots().where(Occurrence.task_id == task_id)
    slots = _read(query.order_by(Assignment.position, held_on(), Occurrence.id), today)
    found: dict[Assignment, list[Slot]] = {}
    for each in slots:
        found.setdefault(each.assignment, []).append(each)
    return [Series(a, own, _tally(own, today)) for a, own in found.items()]


def missed_of(task_id: int, today: date) -> list[Slot]:
    """The slots of a task that were not held, as far as anybody said, the newest first."""
    passed = and_(Occurrence.state.in_(AWAITED), held_on() < today)
    query = _slots().where(
        Occurrence.task_id == task_id,
        or_(passed, Occurrence.state == OccurrenceState.NOT_HELD),
    )
    newest = query.order_by(held_on().desc(), Assignment.position, Occurrence.id)
    return _read(newest.limit(MOST_AWAITED), today)


def tally_of(assignment: Assignment, today: date) -> Tally:
    """What became of the slots that one agency answers for."""
    query = _slots().where(Assignment.id == assignment.id)
    return _tally(_read(query, today), today)


def _tally(slots: Iterable[Slot], today: date) -> Tally:
    return tally(((s.occurrence.state, s.occurrence.on) for s in slots), today)


def awaited_by(user: User, today: date) -> list[Slot]:
    """The slots of recurring work under way that a person has to see to, by day: those whose day has come and of
    which nobody has said how they went, and of each agency and task the next one."""
    other = aliased(Occurrence)
    other_on = func.coalesce(other.moved_to, other.day)
    following = (
        select(func.min(other_on))
        .where(
            other.task_id == Occurrence.task_id,
            other.assignment_id.is_not_distinct_from(Occurrence.assignment_id),
            other.state.in_(AWAITED),
            other_on > today,
        )
        .scalar_subquery()
    )
    handed = or_(Assignment.officer_id == user.id, Assignment.officer_id.is_(None))
    query = _slots().where(
        Occurrence.state.in_(AWAITED),
        Assignment.agency_id == user.agency_id,
        Assignment.work_state.in_(OPEN_STATES),
        Task.phase == Phase.ISSUED,
        Task.kind == TaskKind.RECURRING,
        handed if user.role is Role.OFFICER else true(),
        or_(held_on() <= today, held_on() == following),
    )
    return _read(query.order_by(held_on(), Occurrence.id).limit(MOST_AWAITED), today)


def awaited_between(first: date, last: date, agency_id: int | None, today: date) -> list[Slot]:
    """The slots from `first` to `last`, both inclusive, of recurring work under way that have not been
    held yet, of one agency or of all, by day."""
    query = _slots().where(
        Occurrence.state.in_(AWAITED),
        Assignment.work_state.in_(OPEN_STATES),
        Task.phase == Phase.ISSUED,
        Task.kind == TaskKind.RECURRING,
        held_on().between(first, last),
    )
    if agency_id is not None:
        query = query.where(Assignment.agency_id == agency_id)
    return _read(query.order_by(held_on(), Occurrence.id), today)


def days_laid_out(task_id: int) -> set[tuple[int | None, date]]:
    """Member (None in joint tasks) and day of the schedule of each slot that a task has."""
    rows = db.session.execute(
        select(Occurrence.assignment_id, Occurrence.day).where(Occurrence.task_id == task_id)
    )
    return {(member, day) for member, day in rows}
