"""From a draft to work: add tasks, issue them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.text import search_text
from ntmtasks.history import service as history
from ntmtasks.outbox.rules import Event
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.tasks.labels import ROLES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import (
    TRANSITIONS,
    Act,
    AssignmentRole,
    DeadlineBasis,
    Mode,
    Phase,
    TaskKind,
    WorkState,
    check_act,
    check_leads,
)
from ntmtasks.tasks.service.announcing import announce
from ntmtasks.tasks.service.spans import open_spans, write_spans
from ntmtasks.tasks.service.telling import tell_concerned


@dataclass(frozen=True)
class NewTask:
    """What a new task says."""

    path: str
    section: str
    text: str
    kind: TaskKind = TaskKind.CONCRETE
    mode: Mode = Mode.JOINT
    product: str = ""
    source_note: str = ""
    deadline: date | None = None
    deadline_text: str = ""
    deadline_basis: DeadlineBasis = DeadlineBasis.BY_HAND
    deadline_note: str = ""
    quarter_four: bool = False
    recurrence: Sequence[str] = ()
    clauses: Sequence[Clause] = ()


@dataclass(frozen=True)
class NewAssignment:
    """Who gets a new task, in which role; `reason` is empty where the plan names the agency."""

    agency: Agency
    role: AssignmentRole
    reason: str = ""
    officer: User | None = None


def add_draft(plan: Plan, new: NewTask, owners: Iterable[NewAssignment]) -> Task:
    """Add a draft task with its assignments; nobody sees it as work before `issue`."""
    with transaction():
        position = db.session.scalar(
            select(func.coalesce(func.max(Task.position), 0)).where(Task.plan_id == plan.id)
        )
        task = Task(
            plan_id=plan.id,
            path=new.path,
            section=new.section,
            position=int(position or 0) + 1,
            text=new.text,
            product=new.product,
            source_note=new.source_note,
            kind=new.kind,
            mode=new.mode,
            phase=Phase.DRAFT,
            deadline=new.deadline,
            deadline_text=new.deadline_text,
            deadline_basis=new.deadline_basis,
            deadline_note=new.deadline_note,
            quarter_four=new.quarter_four,
            recurrence=list(new.recurrence),
            search_text=search_text(new.path, new.text, new.product, new.source_note),
            updated_at=clock.now(),
            clauses=list(new.clauses),
        )
        db.session.add(task)
        for order, owner in enumerate(owners, 1):
            task.assignments.append(new_assignment(task, owner, order))
        db.session.flush()
        open_spans(task.assignments, task.updated_at)
        return task


def add_by_hand(actor: User, plan: Plan, new: NewTask, owners: Iterable[NewAssignment]) -> Task:
    """Add a task outside the plan's text and issue it at once; its agencies are told."""
    with transaction():
        task = add_draft(plan, new, owners)
        issue([task])
        history.record(actor, "task", task.id, "task.add", after={"Căn cứ": new.source_note})
        due = f" (hạn {day(task.deadline)})" if task.deadline else ""
        tell_concerned(
            actor,
            "assigned",
            [
                (a, "Được giao nhiệm vụ", f"{ROLES[a.role]} nhiệm vụ bổ sung{due}:")
                for a in task.assignments
            ],
        )
        return task


def new_assignment(task: Task, owner: NewAssignment, position: int) -> Assignment:
    """The assignment of a draft to one agency, not yet stored."""
    return Assignment(
        agency=owner.agency,
        role=owner.role,
        position=position,
        reason=owner.reason,
        work_state=WorkState.UNASSIGNED,
        officer=owner.officer,
        deadline=task.deadline,
        original_deadline=task.deadline,
        updated_at=clock.now(),
    )


def issue(tasks: Iterable[Task]) -> None:
    """Make drafts into work: every assignment is assigned, every span says issued.

    Raises rules.WrongState for what is work already, LeadFault for a joint task with two leads.
    """
    with transaction():
        changed = []
        for task in tasks:
            leads = sum(a.role is AssignmentRole.LEAD for a in task.assignments)
            check_leads(task.mode, max(leads, 1))  # who leads may still be found out later
            task.phase = Phase.ISSUED
            for assignment in task.assignments:
                check_act(assignment.work_state, Act.ISSUE)
                assignment.work_state = TRANSITIONS[Act.ISSUE].after
                assignment.heard_at = clock.now()
                changed.append(assignment)
        write_spans(*changed)
        announce(Event.ASSIGNED, *changed)
