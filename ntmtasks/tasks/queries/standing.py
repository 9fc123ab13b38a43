"""Obligations one by one, as they stood at the end of a day: what is behind a counter."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.tasks.models import AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.queries.counting import EVERYTHING, Moment, Scope
from ntmtasks.tasks.rules import AgeClass, DeadlineClass, WorkState

Span = AssignmentSpan
NEXT_DAYS = 14
"""So many days, today's not counted, the overview looks ahead."""


@dataclass(frozen=True)
class Choice:
    """Which obligations: of a class, of an age of lateness, due within the next days, of an agency, of
    a section, in a scope; all that is said holds."""

    klass: DeadlineClass | None = None
    age: AgeClass | None = None
    is_next: bool = False
    agency_id: int | None = None
    section: str | None = None
    scope: Scope = EVERYTHING


class Stood(NamedTuple):
    """An obligation as it stood; text and names are today's."""

    assignment_id: int
    task_id: int
    path: str
    text: str
    agency: Agency
    deadline: date | None
    work_state: WorkState
    klass: DeadlineClass
    extended: bool
    officer: str | None


def _wanted(choice: Choice, at: Moment) -> ColumnElement[bool]:
    parts = [at.standing()]
    classes = counting.classes_sql(at.on, at.window)
    parts.append(classes[choice.klass] if choice.klass else counting.counted())
    if choice.age:
        parts += [classes[DeadlineClass.OVERDUE], counting.of_age(choice.age, at.on)]
    if choice.is_next:
        parts += [counting.is_open(), Span.deadline.between(at.on, last_of_next(at.on))]
    if choice.agency_id is not None:
        parts.append(Span.agency_id == choice.agency_id)
    parts += choice.scope.within()
    if choice.section is not None:
        parts.append(Span.section == choice.section)
    return and_(*parts)


def last_of_next(on: date) -> date:
    """The last of the next days."""
    return on + timedelta(days=NEXT_DAYS)


def count(on: date, choice: Choice) -> int:
    """How many obligations there were."""
    return db.session.scalar(select(func.count()).where(_wanted(choice, counting.moment(on)))) or 0


def listed(on: date, choice: Choice, limit: int, offset: int = 0) -> list[Stood]:
    """The obligations, the earliest deadline first."""
    at = counting.moment(on)
    return _loaded(at, _listed(at, (choice,), limit, offset))[0]


def first_of(on: date, choices: tuple[Choice, ...], limit: int) -> list[list[Stood]]:
    """The first obligations of each of several choices, in one query."""
    at = counting.moment(on)
    return _loaded(at, _listed(at, choices, limit, 0), len(choices))


@lru_cache(maxsize=64)  # building it takes longer than running it
def _listed(
    at: Moment, choices: tuple[Choice, ...], limit: int, offset: int
) -> Select[int, AssignmentSpan, str, str, Agency, str]:
    order = Span.deadline.asc().nulls_last(), Span.assignment_id
    pages = (
        select(literal(number).label("choice"), Span.id.label("span_id"))
        .where(_wanted(choice, at))
        .order_by(*order)
        .limit(limit)
        .offset(offset)
        .subquery()
        for number, choice in enumerate(choices)
    )
    page = union_all(*(select(each) for each in pages)).subquery()
    return (
        select(page.c.choice, Span, Task.path, Task.text, Agency, User.name)
        .join(page, page.c.span_id == Span.id)
        .join(Task, Task.id == Span.task_id)
        .join(Agency, Agency.id == Span.agency_id)
        .outerjoin(User, User.id == Span.officer_id)
        .order_by(page.c.choice, *order)
    )


def _loaded(
    at: Moment, asked: Select[int, AssignmentSpan, str, str, Agency, str], choices: int = 1
) -> list[list[Stood]]:
    found: list[list[Stood]] = [[] for _ in range(choices)]
    for number, span, path, text, agency, officer in db.session.execute(asked):
        stood = Stood(
            assignment_id=span.assignment_id,
            task_id=span.task_id,
            path=path,
            text=text,
            agency=agency,
            deadline=span.deadline,
            work_state=span.work_state,
            klass=counting.class_of_span(span, at),
            extended=span.extended,
            officer=officer,
        )
        found[number].append(stood)
    return found


def due_next(on: date, scope: Scope = EVERYTHING) -> dict[date, int]:
    """How many open obligations are due on each of the next days that has any, by day."""
    rows = db.session.execute(_due_next(counting.moment(on), scope)).all()
    return {day: number for day, number in sorted(rows) if day}


@lru_cache(maxsize=16)
def _due_next(at: Moment, scope: Scope) -> Select[date | None, int]:
    wanted = _wanted(Choice(is_next=True, scope=scope), at)
    return select(Span.deadline, func.count()).where(wanted).group_by(Span.deadline)
