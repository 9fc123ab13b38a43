"""Guest links on the task page: who has one, making one, taking it back."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import instance
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.guests import GuestLinkForm
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.task import guest_context, guest_link_form, task_page
from ntmtasks.progress.queries import guests as queries
from ntmtasks.progress.rules.guests import MOST_ACTIVE
from ntmtasks.progress.service import guests as service
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import WrongState

FULL = f"Việc của cơ quan này đã có {MOST_ACTIVE} liên kết đang dùng được; hãy thu hồi bớt rồi cấp thêm."
MADE_BEFORE = "Liên kết này đã được cấp và chỉ hiện một lần; nếu chưa chép, hãy thu hồi và cấp lại."


@bp.post("/tasks/<id:task_id>/guest-links")
@require(Permission.HAND_OUT)
def make_guest_link(task_id: int) -> ResponseReturnValue:
    """Make a link; the answer shows it this once."""
    user = me()
    task, assignments = access.task_to_link(user, task_id)
    form = guest_link_form(assignments, sent=True)
    if not form.validate_on_submit():
        return _refused(422, task, form)
    assignment = next(a for a in assignments if a.id == form.assignment.data)
    try:
        address = service.make(
            user,
            assignment,
            form.name.data or "",
            form.days.data,
            _address,
            form.by_mail.data,
            form.form_token.data,
        )
    except service.TooManyLinks:
        form.form_errors.append(FULL)
        return _refused(409, task, form)
    except WrongState:
        form.form_errors.append(CONFLICT)
        return _refused(409, task, form)
    if not address:
        return saved(MADE_BEFORE, _back(task), *_fragments(task))
    return _show_once(task, address, by_mail=form.by_mail.data)


def _address(token: str) -> str:
    return instance.config().base_url + url_for("progress.guest", token=token)


def _show_once(task: Task, address: str, by_mail: bool) -> ResponseReturnValue:
    """No redirect, for the link is kept nowhere."""
    message = "Đã cấp liên kết khách" + (" và gửi đến hộp thư của cơ quan." if by_mail else ".")
    if wants_fragment():
        return saved(message, "", guest_section(task, address))
    return render_template("desk/guest_link.html", task=task, address=address, message=message)


@bp.post("/guest-links/<id:link_id>/revoke")
@require(Permission.HAND_OUT)
def revoke_guest_link(link_id: int) -> ResponseReturnValue:
    """Let a link open nothing any more."""
    found = access.guest_link_to_revoke(me(), link_id)
    service.revoke(me(), found)
    task = access.task_to_read(me(), found.assignment.task_id)
    return saved(f"Đã thu hồi liên kết cấp cho {found.name}.", _back(task), *_fragments(task))


def guest_section(
    task: Task, address: str = "", form: GuestLinkForm | None = None, wanted: str = ""
) -> str:
    """The links as they are now, open; `address` is that of a new one, shown this once. 409 where they
    are `wanted` and not offered any more."""
    links = queries.links_of(task.id)
    context = guest_context(Case(me(), task), links, form, address, wanted, is_open=True)
    if wanted and not context["keeps_links"]:
        abort(409)
    return render_template("desk/_guest_links.html", task=task, **context)


def _fragments(task: Task) -> tuple[str, ...]:
    return (guest_section(task),) if wants_fragment() else ()


def _refused(status: int, task: Task, form: GuestLinkForm) -> ResponseReturnValue:
    return refused(
        status,
        lambda: task_page(task, guest_form=form),
        lambda: guest_section(task, form=form),
    )


def _back(task: Task) -> str:
    return url_for("desk.task", task_id=task.id) + f"#guest-links-{task.id}"
