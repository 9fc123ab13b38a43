"""Deadline, agency and officer of an assignment."""

from collections.abc import Mapping

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import Difference, words_of
from ntmtasks.core.web import saved
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import ArrangeForm, MemberForm, OfficerForm
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.progress.service import scheduling
from ntmtasks.tasks.labels import ROLES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import LeadFault, WrongState
from ntmtasks.tasks.service import changes

ONE_LEAD = (
    "Nhiệm vụ phải có đúng một đơn vị chủ trì. Hãy mở cơ quan sẽ chủ trì và chọn vai trò Chủ trì; "
    "đơn vị chủ trì hiện nay khi đó thành đơn vị phối hợp."
)
REPORTED = (
    "Việc đã báo cáo hoàn thành hoặc đã xác nhận thì không đổi cơ quan, vai trò; hãy trả lại hoặc mở "
    "lại trước."
)


@bp.route("/assignments/<id:assignment_id>/edit", methods=["GET", "POST"])
@require(Permission.COORDINATE, Permission.HAND_OUT)
def arrange(assignment_id: int) -> ResponseReturnValue:
    """Deadline, agency, role and officer for the coordinator; the officer alone for a focal point."""
    user = me()
    assignment = access.assignment_to_arrange(user, assignment_id)
    full = user.can(Permission.COORDINATE)
    form = _form(assignment, full)
    status = 200
    if form.is_submitted():
        status, problem = _arrange(form, assignment, full)
        if status == 303:
            return saved("Đã lưu.", url_for("desk.task", task_id=assignment.task_id))
        if status == 409:
            form.collide(_stored(assignment, full), CONFLICT)
        form.form_errors.extend([problem] if problem else [])
        form.see_version(assignment.version)
    return render_template("desk/arrange.html", a=assignment, form=form, full=full), status


def _form(assignment: Assignment, full: bool, **options: None) -> ArrangeForm | OfficerForm:
    form = (ArrangeForm if full else OfficerForm)(**options, data=_arranged(assignment))
    officers = officers_of(assignment.agency_id)
    form.officer.choices = [(0, "Chưa giao cho ai"), *((o.id, o.name) for o in officers)]
    if full:
        form.agency.choices = queries.agency_choices(agencies.all_agencies())
    return form


def _stored(assignment: Assignment, full: bool) -> ArrangeForm | OfficerForm:
    """The form as the assignment stands, the reason of its deadline included."""
    form = _form(assignment, full, formdata=None)
    if full:
        form.note.data = assignment.task.deadline_note
    return form


def _arranged(assignment: Assignment) -> dict[str, object]:
    return {
        "version": assignment.version,
        "officer": assignment.officer_id or 0,
        "agency": assignment.agency_id,
        "role": assignment.role,
        "deadline": assignment.deadline,
    }


def _arrange(
    form: ArrangeForm | OfficerForm, assignment: Assignment, full: bool
) -> tuple[int, str | None]:
    """The status to answer with, 303 when it is saved, and what was wrong."""
    if form.version.data != assignment.version:
        return 409, None
    problem = _problem(form, assignment, full)
    if not form.validate() or problem is not None:
        return 422, problem
    try:
        _save(form, assignment, full)
    except ChangedMeanwhile:
        return 409, None
    except LeadFault:
        return 422, ONE_LEAD
    except WrongState:
        return 422, REPORTED
    return 303, None


def _problem(form: ArrangeForm | OfficerForm, assignment: Assignment, full: bool) -> str | None:
    if full and form.deadline.data is None and assignment.deadline is not None:
        return "Hãy ghi thời hạn theo dạng ngày/tháng/năm; thời hạn không bỏ trống được."
    if full and form.deadline.data != assignment.deadline and not form.note.data:
        return "Đổi thời hạn thì phải ghi căn cứ, lý do."
    taken = {a.agency_id for a in assignment.task.assignments if a is not assignment}
    if full and form.agency.data in taken:
        return TAKEN
    return None


TAKEN = "Cơ quan này đã có trong nhiệm vụ."


def _save(form: ArrangeForm | OfficerForm, assignment: Assignment, full: bool) -> None:
    officers = {o.id: o for o in officers_of(assignment.agency_id)}
    changes.rearrange(
        me(),
        assignment,
        officer=officers.get(form.officer.data),
        agency=agencies.agency(form.agency.data) if full else None,
        deadline=form.deadline.data if full else None,
        note=(form.note.data or "") if full else "",
        version=form.version.data,
        role=form.role.data if full else None,
    )


@bp.route("/tasks/<id:task_id>/agencies", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def add_agency(task_id: int) -> ResponseReturnValue:
    """Give another agency a part in a task under way."""
    task = access.task_to_read(me(), task_id)
    form = MemberForm(data={"version": task.version})
    known = {a.id: a for a in agencies.all_agencies()}
    form.agency.choices = [(0, "– chọn –"), *queries.agency_choices(list(known.values()))]
    status = 200
    if form.is_submitted():
        status, problem = _add(task, form, known)
        if status == 303:
            return saved("Đã thêm cơ quan.", url_for("desk.task", task_id=task.id))
        form.form_errors.extend([problem] if problem else [])
        if status == 409:
            form.conflict = [_members(form, task)]
        form.see_version(task.version)
    return render_template("desk/add_agency.html", task=task, form=form), status


def _members(form: MemberForm, task: Task) -> Difference:
    stored = (f"{a.agency.short_name} ({ROLES[a.role].lower()})" for a in task.assignments)
    typed = f"thêm {words_of(form.agency)} ({words_of(form.role).lower()})"
    return Difference("Cơ quan trong nhiệm vụ", "; ".join(stored), typed)


def _add(task: Task, form: MemberForm, known: Mapping[int, Agency]) -> tuple[int, str | None]:
    if not form.validate():
        return 422, None
    if form.agency.data in {a.agency_id for a in task.assignments}:
        return 422, TAKEN
    try:
        scheduling.add_agency(me(), task, known[form.agency.data], form.role.data, *form.seen)
    except LeadFault:
        return 422, ONE_LEAD
    except (ChangedMeanwhile, WrongState):
        return 409, CONFLICT
    return 303, None
