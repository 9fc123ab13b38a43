"""What waits for a decision: confirm, return."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms import (
    ReturnForm,
)
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.progress.queries import updates as progress_queries
from ntmtasks.progress.service import deciding
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import (
    WrongState,
)


@bp.get("/waiting/")
@require(Permission.DECIDE)
def waiting() -> ResponseReturnValue:
    """What waits for my decision."""
    return render_template(
        "desk/waiting.html",
        rows=progress_queries.waiting_for(me()),
        return_form=ReturnForm(formdata=None),
    )


@bp.post("/assignments/<id:assignment_id>/confirm")
@require(Permission.DECIDE)
def confirm(assignment_id: int) -> ResponseReturnValue:
    """Accept a reported completion."""
    user = me()
    assignment = access.assignment_to_decide(user, assignment_id)
    try:
        deciding.confirm(user, assignment)
    except WrongState:
        return _decided(assignment, CONFLICT, 409)
    return _decided(assignment, "Đã xác nhận hoàn thành.")


@bp.post("/assignments/<id:assignment_id>/return")
@require(Permission.DECIDE)
def return_for_rework(assignment_id: int) -> ResponseReturnValue:
    """Send a reported completion back, with a reason."""
    user = me()
    assignment = access.assignment_to_decide(user, assignment_id)
    form = ReturnForm()
    if not form.validate_on_submit():
        return refused(
            422,
            lambda: render_template(
                "desk/waiting.html", rows=progress_queries.waiting_for(user), return_form=form
            ),
            lambda: render_template("desk/_waiting_row.html", a=assignment, return_form=form),
        )
    try:
        deciding.return_for_rework(user, assignment, form.reason.data or "")
    except WrongState:
        return _decided(assignment, CONFLICT, 409)
    return _decided(assignment, "Đã trả lại để thực hiện lại.")


def _decided(assignment: Assignment, message: str, status: int = 200) -> ResponseReturnValue:
    back = request.form.get("back") or ""
    address = url_for("desk.task", task_id=assignment.task_id)
    if back == "waiting":
        address = url_for("desk.waiting")
    fragments = (
        (render_template("desk/_waiting_row.html", a=assignment, return_form=None),)
        if wants_fragment()
        else ()
    )
    return saved(message, address, *fragments, status=status)
