"""Another kind or rhythm for a task under way."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import saved
from ntmtasks.desk import access
from ntmtasks.desk.forms.habits import HabitForm
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.progress.rules.occurrences import read_schedule
from ntmtasks.progress.service import scheduling
from ntmtasks.reports.queries.owed import clauses_of_duties
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import WrongState


@bp.route("/tasks/<id:task_id>/schedule", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def schedule(task_id: int) -> ResponseReturnValue:
    """Make a task concrete, continuous or recurring; what reports are asked for keeps its periods."""
    task = access.task_to_guide(me(), task_id)
    form = HabitForm(data=_standing(task))
    has_duty = bool(clauses_of_duties(task.plan_id) & {c.id for c in task.clauses})
    if has_duty or not form.is_submitted():
        return _page(task, form, has_duty, 409 if form.is_submitted() else 200)
    if not form.validate():
        return _page(task, form, has_duty, 422)
    try:
        scheduling.reschedule(
            me(),
            task,
            form.habit(),
            form.schedule(),
            form.reason.data or "",
            form.version.data,
            form.form_token.data,
        )
    except (ChangedMeanwhile, WrongState):
        form.form_errors.append(CONFLICT)
        form.see_version(task.version)
        return _page(task, form, has_duty, 409)
    return saved("Đã đổi loại việc, lịch thực hiện.", url_for("desk.task", task_id=task.id))


def _standing(task: Task) -> dict[str, object]:
    """How the task comes now, as the fields show it."""
    found = read_schedule(task.recurrence, task.deadline_note or task.deadline_text)
    standing = {"version": task.version, "kind": task.kind, "deadline": task.deadline}
    return standing | (vars(found) if found else {})


def _page(task: Task, form: HabitForm, has_duty: bool, status: int) -> ResponseReturnValue:
    return render_template("desk/schedule.html", task=task, form=form, has_duty=has_duty), status
