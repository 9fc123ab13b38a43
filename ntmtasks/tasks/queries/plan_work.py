"""How the work on a plan stood at the end of a day, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.counting import moment, windows
from ntmtasks.tasks.rules import (
    UNISSUED,
    AssignmentRole,
    DeadlineClass,
    Phase,
    TaskKind,
    Windows,
    WorkState,
    deadline_class,
    is_counted,
)


@dataclass(frozen=True)
class PlanWork:
    """An assignment as it stood; `klass` is None for what the counters do not count. `percent` is 100
    for what was done and today's otherwise: spans do not keep it."""

    assignment_id: int
    task_id: int
    agency_id: int
    agency: str
    path: str
    task: str
    deadline_text: str
    role: AssignmentRole
    kind: TaskKind
    state: WorkState
    deadline: date | None
    submitted_on: date | None
    percent: int
    klass: DeadlineClass | None = None


def work_on(plan_id: int, on: date, agency_id: int | None = None) -> Sequence[PlanWork]:
    """All work on the issued tasks of a plan at the end of a day, of one agency or of all, in the order
    of the plan and of the agencies of each task."""
    span = AssignmentSpan
    query = (
        select(
            span.assignment_id,
            span.task_id,
            span.agency_id,
            Agency.short_name,
            Task.path,
            Task.text,
            Task.deadline_text,
            span.role,
            span.kind,
            span.work_state,
            span.deadline,
            span.submitted_on,
            Assignment.percent,
            span.quarter_four,
        )
        .join(Task, Task.id == span.task_id)
        .join(Assignment, Assignment.id == span.assignment_id)
        .join(Agency, Agency.id == span.agency_id)
        .where(
            moment(on).standing(),
            Task.plan_id == plan_id,
            Task.phase.not_in(UNISSUED),
            span.phase == Phase.ISSUED,
        )
        .order_by(Task.position, Task.id, Assignment.position, Assignment.id)
    )
    if agency_id is not None:
        query = query.where(span.agency_id == agency_id)
    window = windows()
    return [_read(tuple(row), on, window) for row in db.session.execute(query)]


def _read(row: tuple[Any, ...], on: date, window: Windows) -> PlanWork:
    found = PlanWork(*row[:-1])
    if is_counted(Phase.ISSUED, found.kind, found.role, found.state):
        days = window.of(row[-1])
        klass = deadline_class(found.state, found.deadline, found.submitted_on, on, days)
        found = replace(found, klass=klass)
    is_in = found.state in (WorkState.DONE, WorkState.SUBMITTED)
    return replace(found, percent=100) if is_in else found
