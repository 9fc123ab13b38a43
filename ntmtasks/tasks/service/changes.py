"""What changes on issued work: state, deadline, agency, officer."""

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm.attributes import set_committed_value

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import RecipientBook
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.rows import write_changes
from ntmtasks.history import service as history
from ntmtasks.history.service import Guest
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    TRANSITIONS,
    Act,
    AssignmentRole,
    DeadlineBasis,
    Ending,
    Mode,
    WorkState,
    check_act,
)
from ntmtasks.tasks.service.announcing import TOLD_OF, announce
from ntmtasks.tasks.service.endings import end
from ntmtasks.tasks.service.members import change_role
from ntmtasks.tasks.service.spans import renew_spans, touch_tasks, write_span, write_spans
from ntmtasks.tasks.service.telling import tell, tell_concerned


def act(
    actor: User | Guest,
    assignment: Assignment,
    what: Act,
    note: str = "",
    at: datetime | None = None,
    percent: int | None = None,
) -> None:
    """Carry out one step of tasks.rules.TRANSITIONS; raises rules.WrongState where it does not fit.

    `note` says why and stays beside the state. `at` is the moment of a submission, now by default;
    who submitted, or entered it for the agency, is kept with it until the work is open again. What
    an officer did and nobody passed on lapses where it no longer fits. 0–100 `percent` says how far the
    work is, if known.
    """
    with transaction():
        before = assignment.work_state
        check_act(before, what)
        after = TRANSITIONS[what].after
        if after is WorkState.SUBMITTED:
            _keep_submission(actor, assignment, before, at or clock.now())
        elif after in OPEN_STATES and assignment.submitted_at is not None:
            assignment.submitted_at = assignment.submitted_by = assignment.entered_by = None
            assignment.submitted_guest = ""
        values = {
            "state_note": note,
            "heard_at": clock.now(),
            **_reached(assignment, after, percent),
        }
        if after is before and what is not Act.REASSIGN:
            _keep(assignment, **values)
        else:
            write_span(assignment, **values)
        if what in TOLD_OF:
            announce(TOLD_OF[what], assignment)


def _keep_submission(
    actor: User | Guest, assignment: Assignment, before: WorkState, at: datetime
) -> None:
    """A correction keeps the day of what it corrects, and who entered that."""
    person = None if isinstance(actor, Guest) else actor
    outside = person is not None and person.agency_id != assignment.agency_id
    assignment.submitted_by = None if outside else person
    if before is not WorkState.SUBMITTED:
        assignment.submitted_at = at
        assignment.entered_by = person if outside else None
        assignment.submitted_guest = actor.written if isinstance(actor, Guest) else ""


def pend(actor: User | Guest, assignment: Assignment, what: Act, note: str = "") -> None:
    """Keep what an officer or a guest did until the focal point passes it on (chờ đầu mối)."""
    with transaction():
        check_act(assignment.work_state, what)
        assignment.pending_act, assignment.pending_note = what, note
        assignment.pending_since = clock.now()
        assignment.pending_by = None if isinstance(actor, Guest) else actor
        assignment.pending_guest = actor.written if isinstance(actor, Guest) else ""
        _keep(assignment, heard_at=clock.now())


def forget_pending(assignment: Assignment) -> None:
    """Nothing of this assignment waits for the focal point any more."""
    with transaction():
        assignment.pending_act = assignment.pending_since = assignment.pending_by = None
        assignment.pending_note = assignment.pending_guest = ""
        _keep(assignment)


def _keep(assignment: Assignment, **values: object) -> None:
    """Keep something about an assignment that no span tells, as a new version of it."""
    now = clock.now()
    write_changes(assignment, updated_at=now, **values)
    touch_tasks(now, assignment.task_id)


def _reached(
    assignment: Assignment, state: WorkState, percent: int | None = None
) -> dict[str, object]:
    """The columns of an assignment that comes into a state: what an officer did and nobody passed on
    lapses where it no longer fits."""
    values: dict[str, object] = {"work_state": state}
    if percent is not None:
        values["percent"] = percent
    pending = assignment.pending_act
    if pending is not None and state not in TRANSITIONS[pending].before:
        values |= dict.fromkeys(("pending_act", "pending_since", "pending_by_id"))
        values |= {"pending_note": "", "pending_guest": ""}
        set_committed_value(assignment, "pending_by", None)
    return values


def hear(*assignments: Assignment) -> None:
    """Note that these agencies wrote just now, or were just given the work: silence begins anew."""
    for assignment in assignments:
        assignment.heard_at = clock.now()


def note_word(*assignments: Assignment, percent: int | None = None) -> None:
    """Note that agencies wrote of their work just now, elsewhere than in an update of progress; 0–100
    `percent` says how far it is, if known."""
    values = {"heard_at": clock.now()}
    touch(*assignments, **(values if percent is None else {**values, "percent": percent}))


def begin(assignment: Assignment) -> None:
    """Let given work be under way by what its agency said elsewhere than in its own forms: those that are
    open stay valid, as there is no new version by it. Raises rules.WrongState where it does not fit."""
    with transaction():
        check_act(assignment.work_state, Act.PROGRESS)
        touch(assignment, state_note="", **_reached(assignment, WorkState.IN_PROGRESS))
        renew_spans(assignment)


def touch(*assignments: Assignment, **values: object) -> None:
    """Note that something about assignments changed that no span tells (percent, evidence), and keep
    `values`. There is no new version by it, so that open forms stay valid."""
    with transaction():
        now = clock.now()
        db.session.execute(
            update(Assignment)
            .where(Assignment.id.in_([a.id for a in assignments]))
            .values(updated_at=now, **values)
            .execution_options(synchronize_session="evaluate")
        )
        touch_tasks(now, *(a.task_id for a in assignments))


def change_deadline(
    actor: User,
    assignment: Assignment,
    deadline: date,
    note: str,
    by_extension: bool = False,
    book: RecipientBook | None = None,
) -> None:
    """Give an assignment another deadline; the original one stays beside it.

    On a joint task everybody follows its lead. Whom it concerns is told. `by_extension`: the agency had
    asked for it, which is kept and shown as *GH*, and gets its answer elsewhere. `book` is that of an
    act on many.
    """
    with transaction():
        task = assignment.task
        before = {"Thời hạn": day(assignment.deadline)}
        line = f"Thời hạn đổi từ {day(assignment.deadline)} thành {day(deadline)} ({note}):"
        joint = task.mode is Mode.JOINT and assignment.role is AssignmentRole.LEAD
        moved = task.assignments if joint else [assignment]
        for each in moved:
            each.deadline = deadline
            each.extended = each.extended or by_extension
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
        answered = assignment if by_extension else None
        concerned = [a for a in moved if a is not answered and a.work_state is not WorkState.DONE]
        subject = f"Thời hạn mới {day(deadline)}"
        tell_concerned(actor, "deadline", [(a, subject, line) for a in concerned], book)


def change_agency(actor: User, assignment: Assignment, agency: Agency, note: str = "") -> None:
    """Give an assignment to another agency, which begins anew; raises WrongState when it is done or
    reported as done."""
    with transaction():
        before = assignment.agency.short_name
        line = f"Nhiệm vụ được giao {agency.short_name}, {before} không còn thực hiện:"
        lost = (assignment, "Đã giao cơ quan khác", line)
        tell_concerned(actor, "moved", [lost], url="/my-work/")
        end(actor, [assignment], Ending.MOVED)
        assignment.agency = agency
        assignment.officer = None
        assignment.reason = ""
        assignment.percent = 0
        forget_pending(assignment)
        act(actor, assignment, Act.REASSIGN, note)
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.agency",
            {"Cơ quan": before},
            {"Cơ quan": agency.short_name} | ({"Lý do": note} if note else {}),
        )
        news = (assignment, "Được giao nhiệm vụ", "Cơ quan được giao nhiệm vụ:")
        tell_concerned(actor, "assigned", [news])


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
        if officer is not None and officer is not actor:
            tell([officer.id], assignment.task, "handed", "Giao việc cho bạn", "Bạn phụ trách:")


def rearrange(
    actor: User,
    assignment: Assignment,
    officer: User | None,
    agency: Agency | None = None,
    deadline: date | None = None,
    note: str = "",
    version: int | None = None,
    role: AssignmentRole | None = None,
) -> None:
    """Change whatever differs of officer, agency, role and deadline, all or nothing.

    None for `agency`, `deadline` and `role` leaves them as they are; a new agency chooses its officer
    itself. Raises ChangedMeanwhile, LeadFault when nobody would lead, and WrongState for another
    agency or role where the work is reported or done.
    """
    with transaction():
        check_version(assignment, version)
        if deadline is not None and deadline != assignment.deadline:
            change_deadline(actor, assignment, deadline, note)
        if role is not None and role is not assignment.role:
            change_role(actor, assignment, role)
        if agency is not None and agency is not assignment.agency:
            change_agency(actor, assignment, agency)
        elif officer is not assignment.officer:
            hand_to(actor, assignment, officer)
