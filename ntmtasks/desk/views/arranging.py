"""Deadline, agency and officer of an assignment."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.queries import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved
from ntmtasks.desk import access
from ntmtasks.desk.forms import (
    ArrangeForm,
    OfficerForm,
)
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.service import changes


@bp.route("/assignments/<id:assignment_id>/edit", methods=["GET", "POST"])
@require(Permission.COORDINATE, Permission.HAND_OUT)
def arrange(assignment_id: int) -> ResponseReturnValue:
    """Deadline, agency and officer for the coordinator; the officer alone for a focal point."""
    user = me()
    assignment = access.assignment_to_arrange(user, assignment_id)
    full = user.can(Permission.COORDINATE)
    form = (ArrangeForm if full else OfficerForm)(obj=None, data=_arranged(assignment))
    officers = officers_of(assignment.agency_id)
    form.officer.choices = [(0, "Chưa giao cho ai"), *((o.id, o.name) for o in officers)]
    if full:
        form.agency.choices = queries.agency_choices(agencies.all_agencies())
    status = 200
    if form.is_submitted():
        problem = _arrange_problem(form, assignment, full)
        if form.validate() and problem is None:
            _arrange(form, assignment, full)
            return saved("Đã lưu.", url_for("desk.task", task_id=assignment.task_id))
        status = 409 if form.version.data != assignment.version else 422
        form.form_errors.extend([problem] if problem else [])
    return render_template("desk/arrange.html", a=assignment, form=form, full=full), status


def _arranged(assignment: Assignment) -> dict[str, object]:
    return {
        "version": assignment.version,
        "officer": assignment.officer_id or 0,
        "agency": assignment.agency_id,
        "deadline": assignment.deadline,
    }


def _arrange_problem(
    form: ArrangeForm | OfficerForm, assignment: Assignment, full: bool
) -> str | None:
    if form.version.data != assignment.version:
        return "Việc này đã được người khác sửa; hãy xem lại rồi lưu lần nữa."
    if full and form.deadline.data is None and assignment.deadline is not None:
        return "Hãy ghi thời hạn theo dạng ngày/tháng/năm; thời hạn không bỏ trống được."
    if full and form.deadline.data != assignment.deadline and not form.note.data:
        return "Đổi thời hạn thì phải ghi căn cứ, lý do."
    taken = {a.agency_id for a in assignment.task.assignments if a is not assignment}
    if full and form.agency.data in taken:
        return "Cơ quan này đã có trong nhiệm vụ."
    return None


def _arrange(form: ArrangeForm | OfficerForm, assignment: Assignment, full: bool) -> None:
    officers = {o.id: o for o in officers_of(assignment.agency_id)}
    changes.rearrange(
        me(),
        assignment,
        officer=officers.get(form.officer.data),
        agency=agencies.agency(form.agency.data) if full else None,
        deadline=form.deadline.data if full else None,
        note=(form.note.data or "") if full else "",
    )
