"""Cập nhật thay: the coordinator enters for an agency what came by document, call or mail."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.labels import NOT_TOLD, TOLD
from ntmtasks.accounts.queries.recipients import is_reached
from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import saved
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import EnterForm
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.limits import limited
from ntmtasks.desk.views.reporting import changed_meanwhile
from ntmtasks.progress.service import entering
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState, WrongState


@bp.route("/assignments/<id:assignment_id>/enter", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def enter(assignment_id: int) -> ResponseReturnValue:
    """Enter progress or completion for another agency, with its source."""
    assignment = access.assignment_to_enter(me(), assignment_id)
    form = limited(EnterForm(data={"version": assignment.version, "percent": assignment.percent}))
    form.issued_on = assignment.task.plan.issued_on
    if not form.is_submitted():
        return _page(assignment, form, 200)
    if not form.validate():
        return _page(assignment, form, 422)
    try:
        entering.enter_progress(
            me(),
            assignment,
            WorkState(form.state.data),
            form.percent.data or 0,
            form.body.data or "",
            form.source(),
            form.form_token.data,
            form.version.data,
            form.proof(),
            form.figure.data or "",
            form.product.data or "",
        )
    except (WrongState, ChangedMeanwhile):
        changed_meanwhile(form, assignment)
        return _page(assignment, form, 409)
    back = url_for("desk.task", task_id=assignment.task_id)
    told = TOLD if is_reached(assignment.agency_id, assignment.officer_id) else NOT_TOLD
    return saved(f"Đã nhập thay {assignment.agency.short_name}; {told}", back)


def _page(assignment: Assignment, form: EnterForm, status: int) -> ResponseReturnValue:
    reached = is_reached(assignment.agency_id, assignment.officer_id)
    return render_template("desk/enter.html", a=assignment, form=form, reached=reached), status
