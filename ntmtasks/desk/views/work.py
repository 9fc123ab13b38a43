"""The home page, and reporting progress on the page of a task."""

from flask import redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.core.addresses import url_for
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import drawn, refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import ProgressForm
from ntmtasks.desk.queries.stream import Entry, story
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.evidence import evidence_section
from ntmtasks.desk.views.limits import limited
from ntmtasks.desk.views.reporting import changed_meanwhile, done_words
from ntmtasks.desk.views.task import (
    WORK,
    entry_context,
    present_state,
    task_fragments,
    task_page,
    work_context,
)
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.service import posting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState, WrongState


@bp.get("/")
@require()
def home() -> ResponseReturnValue:
    """The overview for those who have it, else *Việc của tôi*."""
    if current_user.can(Permission.OVERVIEW):
        return redirect(url_for("oversight.overview"))
    return redirect(url_for("desk.my_work"))


@bp.post("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def post_progress(assignment_id: int) -> ResponseReturnValue:
    """Report progress or completion."""
    user = me()
    shows_task = wants_fragment()
    assignment = access.assignment_to_update(user, assignment_id, whole_task=shows_task)
    form = limited(ProgressForm())
    if not form.validate_on_submit():
        return _refused(422, assignment, form)
    try:
        posted = posting.post_progress(
            user,
            assignment,
            WorkState(form.state.data),
            form.percent.data or 0,
            form.body.data or "",
            form.form_token.data,
            form.proof(),
            form.version.data,
            form.figure.data or "",
            form.product.data or "",
        )
    except (WrongState, ChangedMeanwhile):
        changed_meanwhile(form, assignment)
        return _refused(409, assignment, form)
    message = " ".join(filter(None, (done_words(user, [assignment]), form.hint)))
    return saved(
        message,
        url_for("desk.task", task_id=assignment.task_id),
        *([_fragments(user, assignment, form, posted)] if shows_task else []),
    )


def _fragments(
    user: User, assignment: Assignment, form: ProgressForm, posted: ProgressUpdate | None
) -> str:
    if posted is not None and posted.state is WorkState.IN_PROGRESS and not posted.evidence:
        entry = Entry("progress", posted.made_at, posted)
        case = Case(user, assignment.task)
        own = case.reportable
        work = work_context(case, form.shown_anew(**present_state(own)) if own else None)
        return drawn(*WORK, "desk/_new_entry.html", **work, **entry_context(user, entry), oob=True)
    task = access.task_to_read(user, assignment.task_id)
    told = story(task.id)
    return f"{task_fragments(task, told=told)}\n{evidence_section(task, told.evidence, oob=True)}"


def _refused(status: int, assignment: Assignment, form: ProgressForm) -> ResponseReturnValue:
    user = me()
    task = access.task_to_read(user, assignment.task_id)
    return refused(
        status,
        lambda: task_page(task, form=form),
        lambda: drawn(WORK[0], **work_context(Case(user, task), form)),
    )
