"""Which agencies have a part in issued work, and in which role."""

from sqlalchemy import func, select

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.outbox.rules import Event
from ntmtasks.tasks.labels import ROLES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    AssignmentRole,
    Mode,
    Phase,
    WorkState,
    WrongState,
    check_leads,
)
from ntmtasks.tasks.service.announcing import announce
from ntmtasks.tasks.service.holding import hold
from ntmtasks.tasks.service.spans import write_spans
from ntmtasks.tasks.service.telling import tell_concerned

LEAD = AssignmentRole.LEAD


def add_agency(
    actor: User,
    task: Task,
    agency: Agency,
    role: AssignmentRole,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Give another agency a part in a task under way, with the deadline of the task.

    Raises LeadFault for a second lead of a joint task, WrongState, ChangedMeanwhile.
    """
    with transaction():
        if not use_once(form_token):
            return
        _lock(task)
        check_version(task, version)
        if task.phase is not Phase.ISSUED:
            raise WrongState(task.phase)
        check_leads(task.mode, _leads_of(task) + (role is LEAD))
        added = Assignment(
            agency=agency,
            role=role,
            position=max((a.position for a in task.assignments), default=0) + 1,
            work_state=WorkState.ASSIGNED,
            deadline=task.deadline,
            original_deadline=task.deadline,
            updated_at=clock.now(),
        )
        task.assignments.append(added)
        db.session.flush()
        write_spans(added)
        announce(Event.ASSIGNED, added)
        after = {"Cơ quan": agency.short_name, "Vai trò": ROLES[role]}
        history.record(actor, "task", task.id, "task.member", after=after)
        news = (added, "Được giao nhiệm vụ", f"{ROLES[role]} nhiệm vụ:")
        tell_concerned(actor, "assigned", [news])


def change_role(actor: User, assignment: Assignment, role: AssignmentRole) -> None:
    """Give an agency another role. Who becomes the lead of a joint task takes the place of the lead,
    which supports from then on.

    Raises LeadFault when nobody would lead, WrongState where what changes hands is reported or done.
    """
    with transaction():
        task = assignment.task
        _lock(task)
        changed = [assignment]
        before = {a.id: ROLES[a.role] for a in task.assignments}
        if task.mode is Mode.JOINT and role is LEAD:
            changed += [_step_back(a, assignment) for a in task.assignments if a.role is LEAD]
        assignment.role = role
        check_leads(task.mode, _leads_of(task))
        if any(a.work_state not in OPEN_STATES | {WorkState.REFUSED} for a in changed):
            raise WrongState(assignment.work_state)
        write_spans(*changed)
        news = []
        for each in changed:
            name, new = each.agency.short_name, ROLES[each.role]
            history.record(
                actor,
                "task",
                task.id,
                "task.role",
                {"Vai trò": before[each.id]},
                {"Cơ quan": name, "Vai trò": new},
            )
            news.append((each, f"Vai trò mới: {new}", f"{name} là đơn vị {new.lower()}:"))
        tell_concerned(actor, "role", news)


def _step_back(lead: Assignment, heir: Assignment) -> Assignment:
    lead.role = AssignmentRole.SUPPORTING
    lead.position, heir.position = heir.position, lead.position
    return lead


def _lock(task: Task) -> None:
    """Let nobody else change who leads until this is through."""
    hold(*task.assignments)
    db.session.execute(select(Task.id).where(Task.id == task.id).with_for_update())


def _leads_of(task: Task) -> int:
    """How many agencies lead a task in the database, whatever was loaded before."""
    leads = select(func.count()).where(Assignment.task_id == task.id, Assignment.role == LEAD)
    return db.session.scalar(leads) or 0
