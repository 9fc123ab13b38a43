"""The verbs that change tasks and assignments; each change also closes one span and opens the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.text import search_text
from ntmtasks.history import service as history
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import (
    AssignmentRole,
    DeadlineBasis,
    Mode,
    Phase,
    TaskKind,
    WorkState,
    check_transition,
)


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
            task.assignments.append(_assignment(task, owner, order))
        db.session.flush()
        for assignment in task.assignments:
            _open_span(assignment, task.updated_at)
        return task


def add_by_hand(actor: User, plan: Plan, new: NewTask, owners: Iterable[NewAssignment]) -> Task:
    """Add a task outside the plan's text and issue it at once."""
    with transaction():
        task = add_draft(plan, new, owners)
        issue([task])
        history.record(actor, "task", task.id, "task.add", after={"Căn cứ": new.source_note})
        return task


def _assignment(task: Task, owner: NewAssignment, position: int) -> Assignment:
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
    """Make drafts into work: every assignment is assigned, every span says issued."""
    with transaction():
        changed = []
        for task in tasks:
            task.phase = Phase.ISSUED
            for assignment in task.assignments:
                assignment.work_state = WorkState.ASSIGNED
                changed.append(assignment)
        _changed(*changed)


def change_state(assignment: Assignment, state: WorkState) -> None:
    """Move an assignment to `state`; raises rules.WrongState where that is no way to go."""
    with transaction():
        check_transition(assignment.work_state, state)
        assignment.work_state = state
        _changed(assignment)


def touch(assignment: Assignment) -> None:
    """Note that something about an assignment changed that no span tells (percent, text)."""
    with transaction():
        assignment.updated_at = assignment.task.updated_at = clock.now()


def change_deadline(actor: User, assignment: Assignment, deadline: date, note: str) -> None:
    """Give an assignment another deadline; the original one stays beside it.

    On a joint task everybody follows its lead.
    """
    with transaction():
        task = assignment.task
        before = {"Thời hạn": day(assignment.deadline)}
        joint = task.mode is Mode.JOINT and assignment.role is AssignmentRole.LEAD
        moved = task.assignments if joint else [assignment]
        for each in moved:
            each.deadline = deadline
        _changed(*moved)
        if joint:
            task.deadline = deadline
            task.deadline_basis = DeadlineBasis.BY_HAND
            task.deadline_note = note
        history.record(
            actor,
            "task",
            task.id,
            "task.deadline",
            before,
            {"Thời hạn": day(deadline), "Cơ quan": assignment.agency.short_name, "Lý do": note},
        )


def change_agency(actor: User, assignment: Assignment, agency: Agency) -> None:
    """Give an assignment to another agency; whoever was in charge there is no longer."""
    with transaction():
        before = assignment.agency.short_name
        assignment.agency = agency
        assignment.officer = None
        assignment.reason = ""
        assignment.pending_since = None
        if assignment.work_state is WorkState.REFUSED:
            assignment.work_state = WorkState.ASSIGNED
        db.session.flush()
        _changed(assignment)
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.agency",
            {"Cơ quan": before},
            {"Cơ quan": agency.short_name},
        )


def hand_to(actor: User, assignment: Assignment, officer: User | None) -> None:
    """Put an officer in charge, or nobody."""
    with transaction():
        before = assignment.officer.name if assignment.officer else "–"
        assignment.officer = officer
        _changed(assignment)
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.officer",
            {"Người phụ trách": before},
            {"Người phụ trách": officer.name if officer else "–"},
        )


def rearrange(
    actor: User,
    assignment: Assignment,
    officer: User | None,
    agency: Agency | None = None,
    deadline: date | None = None,
    note: str = "",
) -> None:
    """Change whatever differs of officer, agency and deadline, all or nothing.

    `agency` and `deadline` None leave them as they are; a new agency chooses its officer itself.
    """
    with transaction():
        if deadline is not None and deadline != assignment.deadline:
            change_deadline(actor, assignment, deadline, note)
        if agency is not None and agency is not assignment.agency:
            change_agency(actor, assignment, agency)
        elif officer is not assignment.officer:
            hand_to(actor, assignment, officer)


def _changed(*assignments: Assignment) -> None:
    """Close the open spans and open the next, at this moment; the tasks were touched as well."""
    now = clock.now()
    for assignment in assignments:
        assignment.updated_at = assignment.task.updated_at = now
    db.session.flush()
    db.session.execute(
        update(AssignmentSpan)
        .where(
            AssignmentSpan.assignment_id.in_([a.id for a in assignments]),
            AssignmentSpan.to_at.is_(None),
        )
        .values(to_at=now)
        .execution_options(synchronize_session=False)
    )
    for assignment in assignments:
        _open_span(assignment, now)
    db.session.flush()


def _open_span(assignment: Assignment, since: datetime) -> None:
    submitted = assignment.submitted_at
    db.session.add(
        AssignmentSpan(
            assignment_id=assignment.id,
            task_id=assignment.task.id,
            agency_id=assignment.agency.id,
            role=assignment.role,
            phase=assignment.task.phase,
            kind=assignment.task.kind,
            quarter_four=assignment.task.quarter_four,
            work_state=assignment.work_state,
            deadline=assignment.deadline,
            submitted_on=clock.local(submitted).date() if submitted else None,
            officer_id=assignment.officer.id if assignment.officer else None,
            from_at=since,
            to_at=None,
        )
    )
