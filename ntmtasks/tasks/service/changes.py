"""What changes on issued work: state, deadline, agency, officer."""

from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import day
from ntmtasks.history import service as history
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, WorkState, check_transition
from ntmtasks.tasks.service.spans import write_spans


def change_state(assignment: Assignment, state: WorkState) -> None:
    """Move an assignment to `state`; raises rules.WrongState where that is no way to go."""
    with transaction():
        check_transition(assignment.work_state, state)
        assignment.work_state = state
        write_spans(assignment)


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
        write_spans(*moved)
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
        write_spans(assignment)
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
        write_spans(assignment)
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
