"""Việc của tôi: the home page, the list, reporting progress."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.formats import moment
from ntmtasks.core.web import refused, saved, taken_away, target, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import ProgressForm
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.evidence import evidence_section
from ntmtasks.desk.views.panels import answer_forms
from ntmtasks.desk.views.task import progress_form, task_fragments, task_page
from ntmtasks.escalations.queries import held_up
from ntmtasks.progress.queries import updates as progress_queries
from ntmtasks.progress.queries.asks import owed_by
from ntmtasks.progress.service import posting
from ntmtasks.tasks import queries as task_queries
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import (
    WorkState,
    WrongState,
)
from ntmtasks.tasks.service.tables import assignments_table


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
    owed = owed_by(user)
    return render_template(
        "desk/my_work.html",
        owed=[(asked, answer_forms(user, asked)) for asked in owed],
        rows=queries.my_work(user, today),
        counters=task_queries.counters(today, user.agency_id),
        agency_id=user.agency_id,
    )


@bp.get("/my-work/export.<any(xlsx,csv):ending>")
@require()
def take_my_work(ending: str) -> ResponseReturnValue:
    """*Việc của tôi* as a file."""
    user = me()
    rows = [row.assignment for row in queries.my_work(user, clock.today())]
    table = assignments_table(user, "Việc của tôi", f"Việc của {user.name}", rows, held_up())
    return taken_away(table, ending, "viec-cua-toi", url_for("desk.my_work"))


@bp.get("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def progress_row(assignment_id: int) -> ResponseReturnValue:
    """The row of *Việc của tôi*, opened for an update; `?closed=1` closes it again."""
    assignment = access.assignment_to_update(me(), assignment_id)
    if not wants_fragment():
        return redirect(url_for("desk.task", task_id=assignment.task_id) + "#cap-nhat", 303)
    form = None if request.args.get("closed") else progress_form(assignment)
    return _row(assignment, form)


def _row(assignment: Assignment, form: ProgressForm | None) -> str:
    row = queries.work_rows([assignment], me(), clock.today())[0]
    return render_template("desk/_work_row.html", row=row, form=form)


@bp.post("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def post_progress(assignment_id: int) -> ResponseReturnValue:
    """Report progress or completion."""
    user = me()
    assignment = access.assignment_to_update(user, assignment_id)
    form = ProgressForm()
    form.megabytes = settings.number(settings.UPLOAD_MEGABYTES)
    if not form.validate_on_submit():
        return _progress_refused(422, assignment, form)
    try:
        posting.post_progress(
            user,
            assignment,
            WorkState(form.state.data),
            form.percent.data or 0,
            form.body.data or "",
            form.form_token.data,
            form.proof(),
            form.version.data,
        )
    except (WrongState, ChangedMeanwhile):
        form.form_errors.extend(_newest(assignment))
        form.see_version(assignment.version)
        return _progress_refused(409, assignment, form)
    message = "Đã lưu cập nhật tiến độ."
    if assignment.pending_by_id == user.id:
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
    task = access.task_to_read(user, assignment.task_id)
    return (*task_fragments(task), evidence_section(task, oob=True))


def _newest(assignment: Assignment) -> list[str]:
    """What to compare the typed text with, which is kept."""
    newest = progress_queries.newest(assignment.id)
    if newest is None:
        return [CONFLICT]
    when, who = moment(newest.made_at), newest.author.name
    return [CONFLICT, f"Bản đang lưu ({who}, {when}): {newest.body}"]


def _progress_refused(
    status: int, assignment: Assignment, form: ProgressForm
) -> ResponseReturnValue:
    def fragment() -> str:
        if target() == f"work-row-{assignment.id}":
            return _row(assignment, form)
        return task_fragments(access.task_to_read(me(), assignment.task_id), form)[0]

    def page() -> str:
        return task_page(access.task_to_read(me(), assignment.task_id), form=form)

    return refused(status, page, fragment)
