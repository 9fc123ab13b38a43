"""Tasks and assignments with what belongs to them, and all work that is open."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple
from zlib import crc32

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.core.kept import objects
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.tasks.models import Assignment, Task, TaskClause
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    AssignmentRole,
    DeadlineBasis,
    Phase,
    TaskKind,
    WorkState,
)

_NOT_OPEN = set(WorkState) - OPEN_STATES
"""Open work is said by the states that are not open: SQLite would else walk through all that is."""


def first_due_sql() -> ScalarSelect[date | None]:
    """What Task.first_due is of: the earliest deadline among the open lead assignments of a task. Without
    a list, so that it may stand in a statement for many."""
    return (
        select(func.min(Assignment.deadline))
        .where(
            Assignment.task_id == Task.id,
            Assignment.role == AssignmentRole.LEAD,
            *(Assignment.work_state != state for state in _NOT_OPEN),
        )
        .scalar_subquery()
    )


class OpenWork(NamedTuple):
    """An open assignment with a deadline, as reminders need it; plain, there may be 100,000."""

    assignment_id: int
    task_id: int
    agency_id: int
    officer_id: int | None
    role: AssignmentRole
    deadline: date


class OpenTask(NamedTuple):
    """What a line about a concrete task under way says: where it stands, its text, the plan's words on
    its deadline, and what that is."""

    path: str
    text: str
    deadline_text: str
    deadline: date | None
    basis: DeadlineBasis
    quarter_four: bool


_IS_OPEN = and_(Assignment.work_state.not_in(_NOT_OPEN), Assignment.deadline.is_not(None))


_OF_WORK = ("id", *OpenWork._fields[1:])


def open_work(which: ColumnElement[bool] | None = None) -> list[OpenWork]:
    """All open assignments with a deadline, whatever their role and task, by deadline; or those of them
    for `which` this holds."""
    return _open_work(_IS_OPEN if which is None else and_(_IS_OPEN, which))


def leads_of_supported(which: ColumnElement[bool]) -> list[OpenWork]:
    """The open leads of the tasks that the open work of `which` only supports, by deadline."""
    supported = select(Assignment.task_id).where(
        _IS_OPEN, which, Assignment.role != AssignmentRole.LEAD
    )
    is_lead = Assignment.role == AssignmentRole.LEAD
    return _open_work(and_(_IS_OPEN, is_lead, Assignment.task_id.in_(supported.correlate(None))))


def _open_work(condition: ColumnElement[bool]) -> list[OpenWork]:
    columns: tuple[Any, ...] = tuple(getattr(Assignment, name) for name in _OF_WORK)
    asked = select(*columns).where(condition).order_by(Assignment.deadline, Assignment.id)
    return [OpenWork(*row) for row in db.session.execute(asked)]


def open_tasks(which: ColumnElement[bool] | None = None) -> dict[int, OpenTask]:
    """The concrete tasks under way by their numbers; or those with open work of `which`.

    A question of its own, not one with that of the work: PostgreSQL takes a table that was filled a moment
    ago for an empty one, and joins 100,000 rows one by one.
    """
    asked = select(
        Task.id,
        Task.path,
        Task.text,
        Task.deadline_text,
        Task.deadline,
        Task.deadline_basis,
        Task.quarter_four,
    ).where(Task.kind == TaskKind.CONCRETE, Task.phase == Phase.ISSUED)
    if which is not None:
        asked = asked.where(Task.id.in_(select(Assignment.task_id).where(_IS_OPEN, which)))
    return {row[0]: OpenTask(*row[1:]) for row in db.session.execute(asked)}


class TaskWords(NamedTuple):
    """What a line about a task says: where it stands, its text, the plan's words on its deadline."""

    path: str
    text: str
    deadline_text: str


def words_of(task_ids: Collection[int]) -> dict[int, TaskWords]:
    """The words of these tasks, by number."""
    query = select(Task.id, Task.path, Task.text, Task.deadline_text).where(Task.id.in_(task_ids))
    return {row[0]: TaskWords(*row[1:]) for row in db.session.execute(query)}


def by_deadline(wanted: Select[int]) -> Sequence[Assignment]:
    """The assignments whose numbers a query gives, the earliest deadline first, with task, agency and
    officer."""
    page = wanted.subquery()
    (number,) = page.c
    return db.session.scalars(
        select(Assignment)
        .join(page, number == Assignment.id)
        .order_by(Assignment.deadline, Assignment.id)
        .options(
            joinedload(Assignment.task),
            joinedload(Assignment.agency),
            joinedload(Assignment.officer),
        )
    ).all()


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


def task(task_id: int, papers: bool = True, people: bool = True) -> Task | None:
    """One task with its assignments and their agencies; `papers` brings plan and clauses along as well,
    `people` who has to do with the assignments. Step by step, as the page of a task is what is asked for
    most: most have no people, and loading them all at once costs as much as the rest of the page."""
    asked = {"task_id": task_id}
    rows = objects(_task(papers), asked)
    if not rows:
        return None
    found: Task = rows[0][0]
    assignments = []
    for assignment, agency in objects(_assignments(), asked):
        set_committed_value(assignment, "task", found)
        set_committed_value(assignment, "agency", agency)
        assignments.append(assignment)
    set_committed_value(found, "assignments", assignments)
    if papers:
        set_committed_value(found, "plan", rows[0][1])
        clauses = [clause for (clause,) in objects(_clauses(), asked)]
        set_committed_value(found, "clauses", clauses)
    if people:
        load_people(assignments)
    return found


def load_people(assignments: Collection[Assignment]) -> None:
    """Bring along the officers, and who reported, entered or asked for what waits, if there is one."""
    ids = {
        number
        for a in assignments
        for number in (a.officer_id, a.submitted_by_id, a.entered_by_id, a.pending_by_id)
        if number is not None
    }
    if not ids:
        return
    people = {u.id: u for u in db.session.scalars(_people(), {"ids": sorted(ids)})}
    for a in assignments:
        for name in ("officer", "submitted_by", "entered_by", "pending_by"):
            number = getattr(a, f"{name}_id")
            if number is not None:
                set_committed_value(a, name, people[number])


@cache
def _task(with_plan: bool) -> Select[*tuple[Any, ...]]:
    asked = Task.id == bindparam("task_id")
    if not with_plan:
        return select(Task).where(asked)
    return select(Task, Plan).join_from(Task, Plan, Task.plan_id == Plan.id).where(asked)


@cache
def _assignments() -> Select[Assignment, Agency]:
    return (
        select(Assignment, Agency)
        .join_from(Assignment, Agency, Assignment.agency_id == Agency.id)
        .where(Assignment.task_id == bindparam("task_id"))
        .order_by(Assignment.position)
    )


@cache
def _clauses() -> Select[Clause]:
    return (
        select(Clause)
        .join_from(Clause, TaskClause, TaskClause.clause_id == Clause.id)
        .where(TaskClause.task_id == bindparam("task_id"))
        .order_by(Clause.position)
    )


@cache
def _people() -> Select[User]:
    return select(User).where(User.id.in_(bindparam("ids", expanding=True)))


def assignment(assignment_id: int, whole_task: bool = False) -> Assignment | None:
    """One assignment with its task, agency and people; `whole_task` brings the others of the task."""
    rows = objects(_assignment(whole_task), {"assignment_id": assignment_id})
    for each, task, agency in rows:
        set_committed_value(each, "task", task)
        set_committed_value(each, "agency", agency)
    loaded: list[Assignment] = [row[0] for row in rows]
    found = next((each for each in loaded if each.id == assignment_id), None)
    if found is not None:
        load_people(loaded)
        if whole_task:
            set_committed_value(found.task, "assignments", loaded)
    return found


@cache
def _assignment(whole_task: bool) -> Select[Assignment, Task, Agency]:
    asked = Assignment.id == bindparam("assignment_id")
    if whole_task:
        asked = Assignment.task_id == select(Assignment.task_id).where(asked).scalar_subquery()
    return (
        select(Assignment, Task, Agency)
        .join_from(Assignment, Task, Assignment.task_id == Task.id)
        .join(Agency, Assignment.agency_id == Agency.id)
        .where(asked)
        .order_by(Assignment.position)
    )


def of_plan(plan_id: int) -> Sequence[Task]:
    """The tasks of a plan with their assignments, in the order of the document."""
    return db.session.scalars(
        task_with_assignments().where(Task.plan_id == plan_id).order_by(Task.position)
    ).all()


def seen_mark(task: Task, agency_id: int) -> int:
    """A number that differs once a task, one of its leads or the part of this agency has changed: what
    a person of the agency sees of it in a list."""
    seen = [
        f"{a.id}.{a.version}"
        for a in task.assignments
        if a.role is AssignmentRole.LEAD or a.agency_id == agency_id
    ]
    return crc32(" ".join((str(task.version), *sorted(seen))).encode()) & 0x7FFFFFFF


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
