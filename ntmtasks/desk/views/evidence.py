"""Evidence: putting files on a task, handing them out, taking them back."""

from collections.abc import Sequence

from flask import Response, abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import EvidenceForm, WithdrawForm
from ntmtasks.desk.queries.stream import story
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.limits import limited
from ntmtasks.desk.views.task import evidence_context, new_stream, task_page
from ntmtasks.files.access import send
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.queries import evidence as queries
from ntmtasks.progress.queries.updates import person
from ntmtasks.progress.rules.evidence import may_withdraw, needs_reason
from ntmtasks.progress.service import evidence as service
from ntmtasks.tasks.models import Task


def evidence_section(
    task: Task,
    evidence: Sequence[Evidence],
    form: EvidenceForm | None = None,
    oob: bool = False,
) -> str:
    """The list of evidence as it is now; a refused form keeps what was typed."""
    context = evidence_context(Case(me(), task), evidence, form)
    return render_template("progress/_evidence.html", **context, oob=oob)


@bp.post("/assignments/<id:assignment_id>/evidence")
@require(Permission.UPDATE_OWN)
def attach(assignment_id: int) -> ResponseReturnValue:
    """Put files on a task."""
    user = me()
    assignment = access.assignment_to_update(user, assignment_id)
    form = limited(EvidenceForm())
    task = access.task_to_read(user, assignment.task_id)
    if not form.validate_on_submit():
        return refused(
            422,
            lambda: task_page(task, evidence_form=form),
            lambda: evidence_section(task, queries.evidence_of(task.id), form),
        )
    service.attach(user, assignment, form.proof(), form_token=form.form_token.data)
    fragments: tuple[str, ...] = ()
    if wants_fragment():
        told = story(task.id)
        fragments = (evidence_section(task, told.evidence), new_stream(task, told))
    return saved(
        "Đã đính minh chứng.", url_for("desk.task", task_id=task.id) + "#evidence", *fragments
    )


@bp.get("/tasks/<id:task_id>/files/<id:number>")
@require(*READERS)
def download(task_id: int, number: int) -> Response:
    """A file of a task; a withdrawn one for the coordinator alone."""
    user = me()
    piece = _piece(access.task_to_read(user, task_id), number)
    if piece.file is None or (piece.withdrawn_at and not user.can(Permission.COORDINATE)):
        abort(404)
    return send(piece.file)


def _piece(task: Task, number: int) -> Evidence:
    piece = queries.evidence(task.id, number)
    if piece is None:
        abort(404)
    return piece


@bp.route("/tasks/<id:task_id>/files/<id:number>/withdraw", methods=["GET", "POST"])
@require(Permission.UPDATE_OWN)
def withdraw(task_id: int, number: int) -> ResponseReturnValue:
    """Take evidence back; after its first 15 minutes with a reason."""
    user = me()
    task = access.task_to_read(user, task_id)
    piece = _piece(task, number)
    who = person(user)
    if not may_withdraw(who, piece.author_id, piece.agency_id):
        abort(403)
    form = WithdrawForm()
    explain = needs_reason(who, piece.author_id, piece.made_at, clock.now())
    if form.validate_on_submit():
        if form.reason.data or not explain:
            service.withdraw(user, piece, form.reason.data or "")
            return saved("Đã rút minh chứng.", url_for("desk.task", task_id=task.id) + "#evidence")
        form.reason.errors = ["Hãy ghi lý do rút minh chứng."]
    status = 422 if form.is_submitted() else 200
    return (
        render_template("desk/withdraw.html", task=task, piece=piece, form=form, explain=explain),
        status,
    )
