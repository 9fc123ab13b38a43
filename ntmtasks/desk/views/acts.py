"""Acts on assignments and tasks: accept, refuse, pass on, decide, pause, reopen."""

from collections.abc import Callable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import refused as refuse_form
from ntmtasks.core.web import saved, target, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import ActForm, ReasonForm, ReassignForm
from ntmtasks.desk.queries.lists import agency_choices
from ntmtasks.desk.queries.waiting import reported_on
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.offers import Offers, Refused
from ntmtasks.desk.views.task import task_fragments, task_page
from ntmtasks.progress.service import answering, deciding
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, Phase, WrongState
from ntmtasks.tasks.service import phases

PENDING = "Đã gửi; chờ đầu mối cơ quan chuyển."


@bp.post("/assignments/<id:assignment_id>/accept")
@require(Permission.UPDATE_OWN)
def accept(assignment_id: int) -> ResponseReturnValue:
    """Take work on for the own agency."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.ACCEPT), ActForm()
    return _perform(it, form, lambda: answering.accept(me(), it, *form.seen), "Đã tiếp nhận.")


@bp.post("/assignments/<id:assignment_id>/refuse")
@require(Permission.UPDATE_OWN)
def refuse(assignment_id: int) -> ResponseReturnValue:
    """Refuse work for the own agency, with a reason."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.REFUSE), ReasonForm()
    return _perform(
        it, form, lambda: answering.refuse(me(), it, form.why, *form.seen), "Đã từ chối."
    )


@bp.post("/assignments/<id:assignment_id>/pass-on")
@require(Permission.SUBMIT_FOR_AGENCY)
def pass_on(assignment_id: int) -> ResponseReturnValue:
    """Make what an officer did the word of the agency."""
    it, form = access.assignment_to_pass_on(me(), assignment_id), ActForm()
    return _perform(it, form, lambda: answering.pass_on(me(), it, *form.seen), "Đã chuyển.")


@bp.post("/assignments/<id:assignment_id>/hold-back")
@require(Permission.SUBMIT_FOR_AGENCY)
def hold_back(assignment_id: int) -> ResponseReturnValue:
    """Give what an officer did back, with a reason."""
    it, form = access.assignment_to_pass_on(me(), assignment_id), ReasonForm()
    return _perform(
        it,
        form,
        lambda: answering.hold_back(me(), it, form.why, *form.seen),
        "Không chuyển; đã báo chuyên viên.",
    )


@bp.post("/assignments/<id:assignment_id>/confirm")
@require(Permission.DECIDE)
def confirm(assignment_id: int) -> ResponseReturnValue:
    """Accept a reported completion."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.CONFIRM), ActForm()
    return _perform(
        it, form, lambda: deciding.confirm(me(), it, *form.seen), "Đã xác nhận hoàn thành."
    )


@bp.post("/assignments/<id:assignment_id>/return")
@require(Permission.DECIDE)
def return_for_rework(assignment_id: int) -> ResponseReturnValue:
    """Send a reported completion back, with a reason."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.RETURN), ReasonForm()
    return _perform(
        it,
        form,
        lambda: deciding.return_for_rework(me(), it, form.why, *form.seen),
        "Đã trả lại để thực hiện lại.",
    )


@bp.post("/assignments/<id:assignment_id>/reopen")
@require(Permission.DECIDE)
def reopen(assignment_id: int) -> ResponseReturnValue:
    """Open confirmed work again, with a reason."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.REOPEN), ReasonForm()
    return _perform(it, form, lambda: deciding.reopen(me(), it, form.why, *form.seen), "Đã mở lại.")


@bp.post("/assignments/<id:assignment_id>/give-back")
@require(Permission.DECIDE)
def give_back(assignment_id: int) -> ResponseReturnValue:
    """Give refused work back to its agency, with a reason."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.GIVE_BACK), ReasonForm()
    return _perform(
        it, form, lambda: deciding.give_back(me(), it, form.why, *form.seen), "Đã giao lại."
    )


@bp.post("/assignments/<id:assignment_id>/reassign")
@require(Permission.DECIDE)
def reassign(assignment_id: int) -> ResponseReturnValue:
    """Give refused work to another agency, with a reason."""
    it, form = access.assignment_to_act(me(), assignment_id, Act.REASSIGN), ReassignForm()
    known = {a.id: a for a in agencies.all_agencies()}
    form.agency.choices = [(0, "– chọn –"), *agency_choices(list(known.values()))]
    form.taken = {a.agency_id for a in it.task.assignments}
    return _perform(
        it,
        form,
        lambda: deciding.reassign(me(), it, known[form.agency.data], form.why, *form.seen),
        "Đã giao cơ quan khác.",
    )


@bp.post("/tasks/<id:task_id>/pause")
@require(Permission.COORDINATE)
def pause(task_id: int) -> ResponseReturnValue:
    """Pause a task, with a reason."""
    return _change_phase(task_id, Phase.PAUSED, "Đã tạm dừng nhiệm vụ.")


@bp.post("/tasks/<id:task_id>/cancel")
@require(Permission.COORDINATE)
def cancel(task_id: int) -> ResponseReturnValue:
    """Cancel a task, with a reason."""
    return _change_phase(task_id, Phase.CANCELLED, "Đã hủy nhiệm vụ.")


@bp.post("/tasks/<id:task_id>/resume")
@require(Permission.COORDINATE)
def resume(task_id: int) -> ResponseReturnValue:
    """Reopen a paused or cancelled task, with a reason."""
    return _change_phase(task_id, Phase.ISSUED, "Đã mở lại nhiệm vụ.")


def _change_phase(task_id: int, phase: Phase, message: str) -> ResponseReturnValue:
    task, form = access.task_to_read(me(), task_id), ReasonForm()

    def show(status: int) -> ResponseReturnValue:
        again = Refused(request.path, form)
        return refuse_form(
            status,
            lambda: task_page(task, refused=again),
            lambda: task_fragments(task, refused=again),
        )

    if not form.validate_on_submit():
        return show(422)
    try:
        phases.change_phase(me(), task, phase, form.why, *form.seen)
    except (WrongState, ChangedMeanwhile):
        form.form_errors.append(CONFLICT)
        return show(409)
    back = url_for("desk.task", task_id=task.id)
    return saved(message, back, *([task_fragments(task)] if wants_fragment() else []))


def _perform(
    assignment: Assignment, form: ActForm, verb: Callable[[], None], message: str
) -> ResponseReturnValue:
    """Carry an act out and answer with what was pressed on; a form that fails keeps its words."""
    if not form.validate_on_submit():
        return _not_done(422, assignment, form)
    try:
        verb()
    except (WrongState, ChangedMeanwhile):
        form.form_errors.append(CONFLICT)
        return _not_done(409, assignment, form)
    if assignment.pending_act is not None:
        message = PENDING
    back = {"waiting": "desk.waiting", "agency": "desk.agency_work"}.get(form.back.data or "")
    address = url_for(back) if back else url_for("desk.task", task_id=assignment.task_id)
    return saved(message, address, *([_fragments(assignment)] if wants_fragment() else []))


def _not_done(status: int, assignment: Assignment, form: ActForm) -> ResponseReturnValue:
    again = Refused(request.path, form)
    return refuse_form(
        status,
        lambda: task_page(access.task_to_read(me(), assignment.task_id), refused=again),
        lambda: _fragments(assignment, again),
    )


def _fragments(assignment: Assignment, again: Refused | None = None) -> str:
    """The piece of the page that was pressed on, as it is now."""
    if target() == f"waiting-row-{assignment.id}":
        offers = Offers(me(), again)
        given = offers.of(assignment)
        row, back = "desk/_waiting_row.html", request.form.get("back", "")
        told = reported_on([assignment]).get(assignment.id)
        return render_template(
            row, a=assignment, offers=given, lost=offers.lost, back=back, told=told
        )
    return task_fragments(access.task_to_read(me(), assignment.task_id), refused=again)
