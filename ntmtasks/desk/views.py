"""Việc của tôi, the board, the task page, what waits for a decision."""

from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.queries import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, target, wants_fragment
from ntmtasks.desk import access, queries
from ntmtasks.desk.forms import (
    ArrangeForm,
    CommentForm,
    NewTaskForm,
    OfficerForm,
    ProgressForm,
    ReturnForm,
)
from ntmtasks.history import labels as history_labels
from ntmtasks.history import queries as history
from ntmtasks.plans.queries import current_plan, plans
from ntmtasks.progress import queries as progress_queries
from ntmtasks.progress import service as progress
from ntmtasks.progress.rules import may_decide, may_update
from ntmtasks.tasks import queries as task_queries
from ntmtasks.tasks import service as tasks
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import (
    AssignmentRole,
    BoardFilter,
    Mode,
    Phase,
    WorkState,
    WrongState,
    read_filter,
)

bp = Blueprint("desk", __name__)
READERS = (Permission.READ_OWN, Permission.READ_ALL)
CONFLICT = "Việc này vừa được người khác đổi trạng thái; hãy xem lại trạng thái mới bên dưới."


@bp.get("/")
@require()
def home() -> ResponseReturnValue:
    """The overview for those who have it, else *Việc của tôi*."""
    if current_user.can(Permission.OVERVIEW):
        return redirect(url_for("oversight.overview"))
    return redirect(url_for("desk.my_work"))


@bp.get("/my-work/")
@require()
def my_work() -> ResponseReturnValue:
    """What the person has to do, red first."""
    user = me()
    today = clock.today()
    return render_template(
        "desk/my_work.html",
        rows=queries.my_work(user, today),
        counters=task_queries.counters(today, user.agency_id),
        agency_id=user.agency_id,
    )


@bp.get("/tasks/")
@require(*READERS)
def board() -> ResponseReturnValue:
    """All tasks one may read, filtered by the address."""
    user = me()
    chosen, ignored = read_filter(request.args.items(multi=True))
    scope = None if user.can(Permission.READ_ALL) else user.agency_id
    today = clock.today()
    return render_template(
        "desk/board.html",
        chosen=chosen,
        ignored=ignored,
        page=queries.board(chosen, scope, today),
        counters=task_queries.counters(today, scope),
        agencies=agencies.all_agencies(),
        plans=plans(with_drafts=False),
        scope=scope,
        at_page=lambda number: _address(chosen, page=number),
    )


def _address(chosen: BoardFilter, **changes: object) -> str:
    return f"{url_for('desk.board')}?{urlencode(chosen.pairs(**changes))}".rstrip("?")


@bp.get("/tasks/<id:task_id>")
@require(*READERS)
def task(task_id: int) -> ResponseReturnValue:
    """One task with everything about it."""
    return _task_page(access.task_to_read(me(), task_id))


def _task_page(
    task: Task, form: ProgressForm | None = None, comment_form: CommentForm | None = None
) -> str:
    return render_template(
        "desk/task.html",
        **_work_context(task, form),
        comments=progress_queries.comments_of(task.id),
        comment_form=comment_form or CommentForm(formdata=None),
        can_comment=current_user.can(Permission.UPDATE_OWN)
        or current_user.can(Permission.COMMENT_ALL),
        entries=history.of("task", task.id),
        verbs=history_labels.VERBS,
    )


def _work_context(task: Task, form: ProgressForm | None = None) -> dict[str, object]:
    """What the facts and the work of a task need; an own form is filled with the present state."""
    user = me()
    person = progress_queries.person(user)
    window = task_queries.windows()
    today = clock.today()
    issued = task.phase is Phase.ISSUED
    own = next((a for a in task.assignments if may_update(person, progress_queries.work(a))), None)
    open_own = own if own and issued and own.work_state in _UPDATABLE else None
    if form is None and open_own is not None:
        form = _progress_form(open_own)
    return {
        "task": task,
        "classes": {a.id: task_queries.class_of(a, today, window) for a in task.assignments},
        "own": open_own,
        "form": form,
        "updates": progress_queries.progress_of(task.id),
        "decidable": [
            a
            for a in task.assignments
            if issued
            and a.work_state is WorkState.SUBMITTED
            and may_decide(person, progress_queries.work(a))
        ],
        "return_form": ReturnForm(formdata=None),
        "may_arrange": {
            a.id
            for a in task.assignments
            if user.can(Permission.COORDINATE)
            or (user.can(Permission.HAND_OUT) and a.agency_id == user.agency_id)
        },
    }


_UPDATABLE = (WorkState.ASSIGNED, WorkState.IN_PROGRESS, WorkState.RETURNED)


def _progress_form(assignment: Assignment) -> ProgressForm:
    return ProgressForm(
        formdata=None,
        data={"state": WorkState.IN_PROGRESS.value, "percent": assignment.percent},
    )


@bp.get("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def progress_row(assignment_id: int) -> ResponseReturnValue:
    """The row of *Việc của tôi*, opened for an update; `?closed=1` closes it again."""
    assignment = access.assignment_to_update(me(), assignment_id)
    if not wants_fragment():
        return redirect(url_for("desk.task", task_id=assignment.task_id) + "#cap-nhat", 303)
    form = None if request.args.get("closed") else _progress_form(assignment)
    return _row(assignment, form)


def _row(assignment: Assignment, form: ProgressForm | None) -> str:
    row = queries.work_row(assignment, me(), clock.today())
    return render_template("desk/_work_row.html", row=row, form=form)


@bp.post("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def post_progress(assignment_id: int) -> ResponseReturnValue:
    """Report progress or completion."""
    user = me()
    assignment = access.assignment_to_update(user, assignment_id)
    form = ProgressForm()
    if not form.validate_on_submit():
        return _progress_refused(422, assignment, form)
    try:
        progress.post_progress(
            user,
            assignment,
            WorkState(form.state.data),
            form.percent.data or 0,
            form.body.data or "",
            form.form_token.data,
        )
    except WrongState:
        form.form_errors.append(CONFLICT)
        return _progress_refused(409, assignment, form)
    message = "Đã lưu cập nhật tiến độ."
    if assignment.pending_since is not None:
        message = "Đã lưu; chờ đầu mối cơ quan báo cáo hoàn thành."
    return saved(
        message,
        url_for("desk.task", task_id=assignment.task_id),
        *(_progress_fragments(assignment) if wants_fragment() else ()),
    )


def _progress_fragments(assignment: Assignment) -> tuple[str, ...]:
    user = me()
    if target() == f"work-row-{assignment.id}":
        counters = task_queries.counters(clock.today(), user.agency_id)
        return (
            _row(assignment, None),
            render_template(
                "tasks/_counters.html", counters=counters, agency_id=user.agency_id, oob=True
            ),
        )
    context = _work_context(access.task_to_read(user, assignment.task_id))
    return (
        render_template("desk/_task_work.html", **context),
        render_template("desk/_task_facts.html", **context, oob=True),
    )


def _progress_refused(
    status: int, assignment: Assignment, form: ProgressForm
) -> ResponseReturnValue:
    def fragment() -> str:
        if target() == f"work-row-{assignment.id}":
            return _row(assignment, form)
        task = access.task_to_read(me(), assignment.task_id)
        return render_template("desk/_task_work.html", **_work_context(task, form))

    def page() -> str:
        return _task_page(access.task_to_read(me(), assignment.task_id), form=form)

    return refused(status, page, fragment)


@bp.post("/tasks/<id:task_id>/comments")
@require(Permission.UPDATE_OWN, Permission.COMMENT_ALL)
def post_comment(task_id: int) -> ResponseReturnValue:
    """Add a comment."""
    user = me()
    task = access.task_to_comment(user, task_id)
    form = CommentForm()

    def fragment(shown: CommentForm) -> str:
        return render_template(
            "desk/_comments.html",
            task=task,
            comments=progress_queries.comments_of(task.id),
            comment_form=shown,
            can_comment=True,
        )

    if not form.validate_on_submit():
        return refused(422, lambda: _task_page(task, comment_form=form), lambda: fragment(form))
    progress.post_comment(user, task, form.body.data or "", form.form_token.data)
    fragments = (fragment(CommentForm(formdata=None)),) if wants_fragment() else ()
    return saved("Đã gửi ý kiến.", url_for("desk.task", task_id=task.id), *fragments)


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
        progress.confirm(user, assignment)
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
        progress.return_for_rework(user, assignment, form.reason.data or "")
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
    tasks.rearrange(
        me(),
        assignment,
        officer=officers.get(form.officer.data),
        agency=agencies.agency(form.agency.data) if full else None,
        deadline=form.deadline.data if full else None,
        note=(form.note.data or "") if full else "",
    )


@bp.route("/tasks/new", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def new_task() -> ResponseReturnValue:
    """A task outside the plan's text."""
    form = NewTaskForm()
    known = agencies.all_agencies()
    form.lead.choices = [(0, "– chọn –"), *queries.agency_choices(known)]
    form.supporting.choices = queries.agency_choices(known)
    plan = current_plan()
    if plan is None:
        form.form_errors.append("Chưa có kế hoạch nào được ban hành giao việc.")
    elif form.validate_on_submit():
        by_id = {a.id: a for a in known}
        owners = [tasks.NewAssignment(by_id[form.lead.data], AssignmentRole.LEAD)]
        owners += [
            tasks.NewAssignment(by_id[i], AssignmentRole.SUPPORTING)
            for i in form.supporting.data or ()
            if i != form.lead.data
        ]
        new = tasks.NewTask(
            path="",
            section="",
            text=form.text.data or "",
            source_note=form.source_note.data or "",
            product=form.product.data or "",
            mode=Mode.JOINT,
            deadline=form.deadline.data,
        )
        added = tasks.add_by_hand(me(), plan, new, owners)
        return saved("Đã thêm và giao nhiệm vụ.", url_for("desk.task", task_id=added.id))
    status = 422 if form.is_submitted() else 200
    return render_template("desk/new_task.html", form=form), status
