"""Ý kiến chỉ đạo and đôn đốc."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import VersionedForm
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.asks import EditDirectiveForm, WithdrawDirectiveForm
from ntmtasks.desk.views.asks import asks_refused, asks_saved
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.panels import (
    Refusal,
    asks_of,
    forms_of,
    is_elsewhere,
    urgeable,
    urging_form,
)
from ntmtasks.desk.views.task import new_stream, task_page
from ntmtasks.progress.forms import DirectiveForm
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.service import directing, urging
from ntmtasks.tasks.rules import WrongState

ON_RECORD = "Đã quá 15 phút nên không sửa được nữa; hãy rút ý kiến này và ghi ý kiến mới."
CHANGED = "Ý kiến này đã được sửa hoặc rút ở nơi khác; hãy tải lại trang để xem bản mới."


@bp.post("/tasks/<id:task_id>/directives")
@require(Permission.DECIDE)
def direct(task_id: int) -> ResponseReturnValue:
    """Pin a directive."""
    user = me()
    task = access.task_to_direct(user, task_id)
    form = DirectiveForm()
    if not form.validate_on_submit():
        return asks_refused(422, task_id, "directive", form)
    directing.direct(user, task, form.body.data or "", form.form_token.data)
    message, address = "Đã ghi ý kiến chỉ đạo.", url_for("desk.task", task_id=task_id)
    if not wants_fragment() or is_elsewhere():
        return asks_saved(task_id, message)
    panel = render_template("desk/_task_asks.html", task=task, asks=asks_of(Case(user, task)))
    return saved(message, address, panel, new_stream(task, with_directives=True))


@bp.post("/directives/<id:directive_id>")
@require(Permission.DECIDE)
def edit_directive(directive_id: int) -> ResponseReturnValue:
    """Other words, within 15 minutes."""
    user = me()
    directive = access.directive_to_change(user, directive_id)
    form = EditDirectiveForm()
    if not form.validate_on_submit():
        return _refused(422, directive, "edit", form)
    try:
        directing.edit(user, directive, form.body.data or "", form.version.data)
    except directing.OnRecord:
        form.form_errors.append(ON_RECORD)
        return _refused(409, directive, "edit", form)
    except ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        return _refused(409, directive, "edit", form)
    return _saved(directive, "Đã sửa ý kiến chỉ đạo.")


@bp.post("/directives/<id:directive_id>/withdraw")
@require(Permission.DECIDE)
def withdraw_directive(directive_id: int) -> ResponseReturnValue:
    """Take a directive back."""
    user = me()
    directive = access.directive_to_change(user, directive_id)
    form = WithdrawDirectiveForm()
    if not form.validate_on_submit():
        return _refused(422, directive, "withdraw", form)
    try:
        directing.withdraw(user, directive, form.reason.data or "", form.version.data)
    except ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        return _refused(409, directive, "withdraw", form)
    return _saved(directive, "Đã rút ý kiến chỉ đạo.")


def _saved(directive: Directive, message: str) -> ResponseReturnValue:
    address = url_for("desk.task", task_id=directive.task_id)
    if not wants_fragment():
        return saved(message, address)
    user = me()
    forms = forms_of(user, directive, clock.today())
    pinned = render_template("progress/_directive.html", item=directive, forms=forms)
    return saved(message, address, pinned, new_stream(access.task_to_read(user, directive.task_id)))


def _refused(
    status: int, directive: Directive, act: str, form: VersionedForm
) -> ResponseReturnValue:
    user = me()
    form.see_version(directive.version)
    refusal = Refusal(f"directive-{directive.id}", act, form)
    forms = {**forms_of(user, directive, clock.today()), act: form}
    return refused(
        status,
        lambda: task_page(access.task_to_read(user, directive.task_id), refusal=refusal),
        lambda: render_template("progress/_directive.html", item=directive, forms=forms),
    )


@bp.post("/tasks/<id:task_id>/urgings")
@require(Permission.DECIDE)
def urge(task_id: int) -> ResponseReturnValue:
    """Push one agency or several."""
    user = me()
    task = access.task_to_guide(user, task_id)
    form = urging_form(urgeable(Case(user, task)), sent=True)
    if not form.validate_on_submit():
        return asks_refused(422, task_id, "urging", form)
    chosen = [a for a in task.assignments if a.id in (form.assignments.data or ())]
    try:
        unreached = urging.urge(
            user, chosen, form.body.data or "", bool(form.again.data), form.form_token.data
        )
    except urging.AlreadyUrged as problem:
        names = ", ".join(dict.fromkeys(u.assignment.agency.short_name for u in problem.urgings))
        form.form_errors.append(
            f"Hôm nay đã đôn đốc {names}. Nếu vẫn muốn gửi, hãy đánh dấu vào ô bên dưới."
        )
        return asks_refused(422, task_id, "urging", form)
    except WrongState:
        form.form_errors.append(CONFLICT)
        return asks_refused(409, task_id, "urging", form)
    message = "Đã đôn đốc."
    if unreached:
        names = ", ".join(a.agency.short_name for a in unreached)
        message = f"Đã ghi đôn đốc; chưa có người nhận thư ở {names}, hãy gọi điện."
    return asks_saved(task_id, message)
