"""Which silence a reader knows of: all of it, or that of the own agency and of who supports it."""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select

from ntmtasks.progress.queries import silence
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, Mode


def silent_of(task: Task, scope: int | None, on: date) -> dict[int, int]:
    """Days of silence of each silent assignment of a task: of all of them, where `scope` is None or the
    agency that leads a joint task; else of the own agency's."""
    is_lead = task.mode is Mode.JOINT and any(
        a.agency_id == scope and a.role is AssignmentRole.LEAD for a in task.assignments
    )
    known = [a for a in task.assignments if scope is None or is_lead or a.agency_id == scope]
    found = {a.id: silence.days_of(a, task.phase, on) for a in known}
    return {number: days for number, days in found.items() if days is not None}


def has_silent(agency_id: int | None, scope: int | None, on: date) -> ColumnElement[bool]:
    """The tasks of which silent_of finds any, in SQL, but for their phase; of one agency alone where the
    reader asks for it."""
    silent = select(Assignment.task_id).where(silence.is_silent(on))
    if agency_id is not None:
        silent = silent.where(Assignment.agency_id == agency_id)
    if scope is None:
        return Task.id.in_(silent)
    own = Assignment.agency_id == scope
    led = select(Assignment.task_id).where(own, Assignment.role == AssignmentRole.LEAD)
    shared = and_(Task.mode == Mode.JOINT, Task.id.in_(led), Task.id.in_(silent))
    return or_(Task.id.in_(silent.where(own)), shared)
