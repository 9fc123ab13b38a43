"""The course of a year: what the plan asks for by when, what is confirmed since when, task by task."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, case, func, literal, select

from ntmtasks.core import clock
from ntmtasks.core.db import UTCDateTime, db
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import Phase, WorkState

Span = AssignmentSpan


@dataclass(frozen=True)
class Course:
    """Obligations at the end of a day: how many are due on each day (None = without a deadline), and how
    many of those done were reported on each day, or confirmed where no report is known."""

    planned: dict[date | None, int]
    done: dict[date, int]

    @property
    def total(self) -> int:
        """All obligations."""
        return sum(self.planned.values())


def course(on: date) -> Course:
    """The obligations at the end of a day, by deadline and by when they were done."""
    stood = counting.moment(on).standing(), counting.counted()
    planned = db.session.execute(
        select(Span.deadline, func.count()).where(*stood).group_by(Span.deadline)
    )
    # Only work carried over from elsewhere lacks a report; it has one moment for a whole list.
    confirmed_at = case(
        (Span.submitted_on.is_(None), Span.from_at), else_=literal(None, UTCDateTime())
    ).label("confirmed_at")
    each = (
        select(Span.submitted_on, confirmed_at)
        .where(*stood, Span.work_state == WorkState.DONE)
        .subquery()
    )
    done: dict[date, int] = {}
    days = select(each.c.submitted_on, each.c.confirmed_at, func.count()).group_by(
        each.c.submitted_on, each.c.confirmed_at
    )
    for submitted_on, moment, number in db.session.execute(days):
        day = submitted_on or clock.local(moment).date()
        done[day] = done.get(day, 0) + number
    return Course(dict(planned.all()), done)


class Line(NamedTuple):
    """A task on the timeline: given on `begun`, its obligations due from `first` to `last` (None = no
    deadline), `done` of `number` are done, `late` of them are overdue."""

    task_id: int
    path: str
    text: str
    begun: date | None
    first: date | None
    last: date | None
    number: int
    done: int
    late: int


def count_lines(on: date, agency_id: int | None = None) -> int:
    """How many tasks have obligations, of all or of one agency."""
    number = select(func.count(Span.task_id.distinct())).where(*_of(on, agency_id))
    return db.session.scalar(number) or 0


def lines(on: date, agency_id: int | None, limit: int, offset: int) -> list[Line]:
    """The tasks with obligations at the end of a day, the earliest deadline first."""
    overdue = counting.is_overdue(on)
    page = (
        select(
            Span.task_id,
            func.min(Span.deadline).label("first"),
            func.max(Span.deadline).label("last"),
            func.count().label("number"),
            func.count().filter(Span.work_state == WorkState.DONE).label("done"),
            func.count().filter(overdue).label("late"),
        )
        .where(*_of(on, agency_id))
        .group_by(Span.task_id)
        .order_by(func.min(Span.deadline).asc().nulls_last(), Span.task_id)
        .limit(limit)
        .offset(offset)
        .subquery()
    )
    begun = (
        select(func.min(Span.from_at))
        .join(Assignment, Assignment.id == Span.assignment_id)
        .where(Assignment.task_id == page.c.task_id, Span.phase == Phase.ISSUED)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Task.id, Task.path, Task.text, begun, *list(page.c)[1:])
        .join(page, page.c.task_id == Task.id)
        .order_by(page.c.first.asc().nulls_last(), Task.id)
    )
    return [
        Line(task_id, path, text, clock.local(at).date() if at else None, *rest)
        for task_id, path, text, at, *rest in rows
    ]


def _of(on: date, agency_id: int | None) -> list[ColumnElement[bool]]:
    wanted = [counting.moment(on).standing(), counting.counted()]
    return [*wanted, Span.agency_id == agency_id] if agency_id is not None else wanted
