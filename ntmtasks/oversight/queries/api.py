"""What other systems read, in pages: within what an agency may read, or everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.oversight.rules.api import Asked
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.rules.states import ReportState, Standing
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.counting import classes_sql, windows
from ntmtasks.tasks.queries.filtering import shown
from ntmtasks.tasks.rules import UNISSUED, BoardFilter


@dataclass(frozen=True)
class Page:
    """One page of rows, and how many there are in all."""

    rows: Sequence[Any]
    total: int


def _page(query: Select[Any], asked: Asked) -> Page:
    """The page that was asked for, empty past the end; the query's order is total."""
    counted = query.with_only_columns(func.count()).order_by(None)
    start = (asked.page - 1) * asked.per_page
    rows = db.session.scalars(query.limit(asked.per_page).offset(start)).unique().all()
    return Page(rows, db.session.scalar(counted) or 0)


def plans(asked: Asked) -> Page:
    """Issued plans, which everybody reads, the oldest first."""
    return _page(select(Plan).where(Plan.state != PlanState.DRAFT).order_by(Plan.id), asked)


def plan(plan_id: int) -> Plan | None:
    """One issued plan with its clauses."""
    found = select(Plan).where(Plan.id == plan_id, Plan.state != PlanState.DRAFT)
    return db.session.scalar(found.options(selectinload(Plan.clauses)))


def _tasks() -> Select[Task]:
    return select(Task).options(
        defer(Task.search_text),
        selectinload(Task.assignments).joinedload(Assignment.agency),
    )


def tasks(asked: Asked, scope: int | None, on: date) -> Page:
    """Tasks under the board's filter, in the order in which they were made."""
    chosen = BoardFilter(
        q=asked["q"] or "",
        plan=asked["plan"],
        agency=asked["agency"],
        section=asked["section"] or "",
        states=asked["state"],
        deadlines=asked["deadline"],
        phase=asked["phase"],
    )
    more = [Task.updated_at >= asked["updated_since"]] if asked["updated_since"] else []
    return _page(_tasks().where(shown(chosen, scope, on, *more)).order_by(Task.id), asked)


def task(task_id: int, scope: int | None) -> Task | None:
    """One issued task; None for one in which the agency `scope` has no part."""
    return db.session.scalar(_tasks().where(Task.id == task_id, _is_readable(scope)))


def _is_readable(scope: int | None) -> ColumnElement[bool]:
    """Of a task; all agencies of a task that one has a part in are read with it."""
    if scope is None:
        return Task.phase.not_in(UNISSUED)
    own = exists().where(AssignmentSpan.task_id == Task.id, AssignmentSpan.agency_id == scope)
    return and_(Task.phase.not_in(UNISSUED), own.where(AssignmentSpan.to_at.is_(None)))


def _assignments() -> Select[Assignment]:
    return (
        select(Assignment)
        .join(Assignment.task)
        .options(
            contains_eager(Assignment.task).defer(Task.search_text),
            joinedload(Assignment.agency),
        )
    )


def assignments(asked: Asked, scope: int | None, on: date) -> Page:
    """Assignments in the order in which they were made."""
    parts = [_is_readable(scope)]
    for name, column in (
        ("task", Assignment.task_id),
        ("plan", Task.plan_id),
        ("agency", Assignment.agency_id),
        ("section", Task.section),
    ):
        if asked[name] is not None:
            parts.append(column == asked[name])
    for name, column in (("state", Assignment.work_state), ("role", Assignment.role)):
        if asked[name]:
            parts.append(column.in_(asked[name]))
    if asked["deadline"]:
        classes = classes_sql(on, windows())
        span = exists().where(
            AssignmentSpan.assignment_id == Assignment.id,
            AssignmentSpan.to_at.is_(None),
            or_(*(classes[klass] for klass in asked["deadline"])),
        )
        parts.append(span)
    if asked["updated_since"]:
        parts.append(Assignment.updated_at >= asked["updated_since"])
    return _page(_assignments().where(*parts).order_by(Assignment.id), asked)


def assignment(assignment_id: int, scope: int | None) -> Assignment | None:
    """One assignment of a task that the agency `scope` reads."""
    return db.session.scalar(
        _assignments().where(Assignment.id == assignment_id, _is_readable(scope))
    )


def periods(asked: Asked, scope: int | None) -> Page:
    """Reporting periods, of the agency `scope` alone where there is one; by their due day."""
    parts: list[ColumnElement[bool]] = [
        or_(ReportingPeriod.report_id.is_(None), Report.state != ReportState.DROPPED)
    ]
    for agency in {scope, asked["agency"]} - {None}:
        parts.append(ReportingPeriod.agency_id == agency)
    if asked["plan"] is not None:
        parts.append(ReportRequirement.plan_id == asked["plan"])
    if asked["due_from"]:
        parts.append(ReportingPeriod.due_on >= asked["due_from"])
    if asked["due_until"]:
        parts.append(ReportingPeriod.due_on <= asked["due_until"])
    if asked["state"]:
        states = [ReportState(s.value) for s in asked["state"] if s is not Standing.NOT_REQUIRED]
        is_one: ColumnElement[bool] = Report.state.in_(states)
        if Standing.NOT_REQUIRED in asked["state"]:
            is_one = or_(is_one, ReportingPeriod.report_id.is_(None))
        parts.append(is_one)
    query = (
        select(ReportingPeriod)
        .join(ReportingPeriod.requirement)
        .join(ReportingPeriod.agency)
        .outerjoin(ReportingPeriod.report)
        .where(*parts)
        .options(
            contains_eager(ReportingPeriod.requirement),
            contains_eager(ReportingPeriod.agency),
            contains_eager(ReportingPeriod.report),
        )
        .order_by(ReportingPeriod.due_on, Agency.position, ReportingPeriod.id)
    )
    return _page(query, asked)
