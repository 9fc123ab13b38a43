"""Accepting and refusing work; the focal point's one press on what officers did."""

from ntmtasks.accounts.models import User
from ntmtasks.core.db import check_version, transaction
from ntmtasks.core.formats import moment
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.history.labels import by_guest
from ntmtasks.progress.queries.updates import person, waiting_report, work
from ntmtasks.progress.rules.rights import may_pass_on
from ntmtasks.progress.service import acting, posting
from ntmtasks.tasks.labels import ACTS
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, WorkState, WrongState, check_act
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell

PASSED = "Chuyển báo cáo của chuyên viên"
PASSED_GUEST = "Chuyển báo cáo {}"
_REPORTED = {
    Act.SUBMIT: WorkState.SUBMITTED,
    Act.CORRECT: WorkState.SUBMITTED,
    Act.WITHDRAW: WorkState.IN_PROGRESS,
}


def accept(
    actor: User,
    assignment: Assignment,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Take work on for the agency (Tiếp nhận). Raises WrongState, ChangedMeanwhile, NotYours."""
    _answer(actor, assignment, Act.ACCEPT, "", version, form_token)


def refuse(
    actor: User,
    assignment: Assignment,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Refuse work for the agency (Từ chối): the coordinator reassigns it or gives it back.

    Raises WrongState, ChangedMeanwhile, NotYours.
    """
    _answer(actor, assignment, Act.REFUSE, reason, version, form_token)


def _answer(
    actor: User,
    assignment: Assignment,
    act: Act,
    note: str,
    version: int | None,
    form_token: str | None,
) -> None:
    """The word of an officer waits for the focal point where the agency has one."""
    with transaction():
        if not use_once(form_token):
            return
        check_version(assignment, version)
        check_act(assignment.work_state, act)
        acting.check(actor, assignment, act)
        if acting.waits(actor, assignment, act):
            acting.pend(actor, assignment, act, note)
        else:
            acting.carry_out(actor, assignment, act, note)


def pass_on(
    actor: User,
    assignment: Assignment,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Make what an officer did the agency's word (Chuyển); the day that counts is today.

    Raises WrongState when nothing waits any more, ChangedMeanwhile, NotYours.
    """
    with transaction():
        if not use_once(form_token):
            return
        guest, officer_id = assignment.pending_guest, assignment.pending_by_id
        act, officer, note = _taken(actor, assignment, version, "task.pass")
        state = _REPORTED.get(act)
        if state is None:
            acting.carry_out(actor, assignment, act, note)
        else:
            passed = PASSED_GUEST.format(by_guest(guest)) if guest else PASSED
            said = waiting_report(assignment.id, officer_id)
            posting.post_progress(
                actor,
                assignment,
                state,
                assignment.percent,
                f"{passed}: {note}",
                figure=said.figure if said else "",
                product=said.product if said else "",
            )
        what = f"Đầu mối đã chuyển “{ACTS[act]}” của bạn."
        tell(officer, assignment.task, "passed", f"Đã chuyển: {ACTS[act]}", what)


def hold_back(
    actor: User,
    assignment: Assignment,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Give what an officer did back to the officer with a reason (Không chuyển).

    Raises WrongState when nothing waits any more, ChangedMeanwhile, NotYours.
    """
    with transaction():
        if not use_once(form_token):
            return
        act, officer, _ = _taken(actor, assignment, version, "task.hold", reason)
        what = f"Đầu mối không chuyển “{ACTS[act]}”: {reason}."
        tell(officer, assignment.task, "held", f"Không chuyển: {ACTS[act]}", what)


def _taken(
    actor: User, assignment: Assignment, version: int | None, verb: str, reason: str = ""
) -> tuple[Act, list[int], str]:
    """What waited, who is told of it (nobody where a guest did it) and with which words; on record, and
    no longer waiting."""
    check_version(assignment, version)
    act, officer, note = assignment.pending_act, assignment.pending_by, assignment.pending_note
    if act is None:
        raise WrongState(assignment.work_state)
    if not may_pass_on(person(actor), work(assignment)):
        raise acting.NotYours
    acting.check(actor, assignment, act)
    after = {
        "Việc": ACTS[act],
        "Người gửi": assignment.pending_name,
        "Gửi lúc": moment(assignment.pending_since),
    }
    after |= {"Lý do": reason} if reason else {}
    history.record(actor, "task", assignment.task_id, verb, after=after)
    changes.forget_pending(assignment)
    return act, [officer.id] if officer else [], note
