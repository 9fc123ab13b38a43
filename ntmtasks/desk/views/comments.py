"""Comments on a task: written, mended, taken back, and whom they may mention."""

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.addresses import url_for
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.formats import shorten
from ntmtasks.core.forms import VersionedForm
from ntmtasks.core.web import drawn, refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import CommentForm, EditCommentForm, WithdrawCommentForm
from ntmtasks.desk.queries.stream import Entry
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.panels import Refusal, entry_fragment, forms_of
from ntmtasks.desk.views.task import entry_context, task_page
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries.readers import mentionable
from ntmtasks.progress.rules.mentions import suggest
from ntmtasks.progress.service import commenting
from ntmtasks.progress.service.commenting import Told
from ntmtasks.progress.service.directing import OnRecord
from ntmtasks.tasks.models import Task

ON_RECORD = "Đã quá 15 phút nên không sửa, không rút được nữa; hãy ghi ý kiến mới."
CHANGED = "Ý kiến này đã được sửa hoặc rút ở nơi khác; bản đang lưu ở trên, lời bạn gõ ở dưới."
MOST_SAID = 300  # characters; the line travels in a cookie to the next page
WRITERS = (Permission.UPDATE_OWN, Permission.COMMENT_ALL)


@bp.post("/tasks/<id:task_id>/comments")
@require(*WRITERS)
def post_comment(task_id: int) -> ResponseReturnValue:
    """Add a comment."""
    user = me()
    task = access.task_to_comment(user, task_id)
    form = CommentForm()
    if not form.validate_on_submit():
        return refused(422, lambda: task_page(task, comment_form=form), lambda: _box(task, form))
    posted = commenting.post(user, task, form.body.data or "", form.form_token.data)
    fragments: tuple[str, ...] = ()
    if wants_fragment():
        fragments = (_posted(user, task, form.shown_anew(), posted.comment),)
    back = url_for("desk.task", task_id=task.id)
    return saved(f"Đã gửi ý kiến{_found(posted.told)}.", back, *fragments)


@bp.post("/comments/<id:comment_id>")
@require(*WRITERS)
def edit_comment(comment_id: int) -> ResponseReturnValue:
    """Other words, within 15 minutes."""
    comment = access.comment_to_change(me(), comment_id)
    form = EditCommentForm()
    if not form.validate_on_submit():
        return _refused(422, comment, "edit", form)
    try:
        found = commenting.edit(me(), comment, form.body.data or "", form.version.data)
    except (OnRecord, ChangedMeanwhile) as problem:
        form.form_errors.append(ON_RECORD if isinstance(problem, OnRecord) else CHANGED)
        return _refused(409, comment, "edit", form)
    return _saved(comment, f"Đã sửa ý kiến{_found(found)}.")


@bp.post("/comments/<id:comment_id>/withdraw")
@require(*WRITERS)
def withdraw_comment(comment_id: int) -> ResponseReturnValue:
    """Take a comment back, within 15 minutes."""
    comment = access.comment_to_change(me(), comment_id)
    form = WithdrawCommentForm()
    if not form.validate_on_submit():
        return _refused(422, comment, "withdraw", form)
    try:
        commenting.withdraw(me(), comment, form.version.data)
    except (OnRecord, ChangedMeanwhile) as problem:
        form.form_errors.append(ON_RECORD if isinstance(problem, OnRecord) else CHANGED)
        return _refused(409, comment, "withdraw", form)
    return _saved(comment, "Đã rút ý kiến.")


@bp.get("/tasks/<id:task_id>/mentions")
@require(*WRITERS)
def mentions(task_id: int) -> ResponseReturnValue:
    """Agencies and people that a comment may mention and whose name has a word that begins with `q`."""
    task = access.task_to_comment(me(), task_id)
    if not wants_fragment():
        return redirect(url_for("desk.task", task_id=task.id) + "#comments", 303)
    found = suggest(mentionable(task), request.args.get("q", "")[:60])
    return render_template("desk/_mentions.html", found=found)


def _box(task: Task, form: CommentForm) -> str:
    return render_template("desk/_comments.html", task=task, comment_form=form)


def _posted(user: User, task: Task, form: CommentForm, comment: Comment | None) -> str:
    """The empty box, and the comment on top of the stream, if there is a new one."""
    if comment is None:
        return _box(task, form)
    return drawn(
        "desk/_comments.html",
        "desk/_new_entry.html",
        task=task,
        comment_form=form,
        **entry_context(user, Entry("comment", comment.made_at, comment)),
    )


def _found(found: Told) -> str:
    """Who was told because of the comment, where nobody is to be told, and which words mean nobody."""
    lost = ", ".join(f"“@{word}”" for word in found.unknown)
    said = (
        ("đã báo {}", ", ".join(found.labels)),
        ("chưa báo được {} vì chưa có người nhận", ", ".join(found.unreached)),
        ("không có ai tên {} trong số người xem được nhiệm vụ", lost),
    )
    return "".join(f"; {words.format(shorten(who, MOST_SAID))}" for words, who in said if who)


def _saved(comment: Comment, message: str) -> ResponseReturnValue:
    address = url_for("desk.task", task_id=comment.task_id)
    if not wants_fragment():
        return saved(message, f"{address}#entry-comment-{comment.id}")
    forms = forms_of(me(), comment, clock.today())
    return saved(message, address, entry_fragment("comment", comment, forms, ""))


def _refused(status: int, comment: Comment, act: str, form: VersionedForm) -> ResponseReturnValue:
    user = me()
    form.see_version(comment.version)
    refusal = Refusal(f"comment-{comment.id}", act, form)
    forms = {**forms_of(user, comment, clock.today()), act: form}
    return refused(
        status,
        lambda: task_page(access.task_to_read(user, comment.task_id), refusal=refusal),
        lambda: entry_fragment("comment", comment, forms, ""),
    )
