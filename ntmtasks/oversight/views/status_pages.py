"""The coordinator's status pages: which there are, making, changing and revoking them."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import instance
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import moved, refused, saved, wants_fragment
from ntmtasks.history import queries as history
from ntmtasks.oversight import access
from ntmtasks.oversight.forms import ChangeStatusPageForm, NewStatusPageForm
from ntmtasks.oversight.labels import BLOCKS
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.queries import status_pages as queries
from ntmtasks.oversight.rules.status import Block, qr_code
from ntmtasks.oversight.service import status_pages as service
from ntmtasks.oversight.views.blueprint import bp

MADE_BEFORE = (
    "Trang này đã được lập và liên kết chỉ hiện một lần; nếu chưa chép, hãy thu hồi và lập lại."
)
STALE = "Trang này vừa được người khác sửa. Nội dung bạn nhập còn nguyên; hãy xem lại rồi lưu lại."


@bp.get("/status-pages/")
@require(Permission.COORDINATE)
def status_pages() -> ResponseReturnValue:
    """All status pages, and the form for another one."""
    return _list_page(_new_form())


@bp.post("/status-pages/")
@require(Permission.COORDINATE)
def make_status_page() -> ResponseReturnValue:
    """Make a page; the answer shows its link this once."""
    form = _new_form()
    if not form.validate_on_submit():
        return refused(422, lambda: _list_page(form), lambda: _list(form))
    token = service.make(me(), form.key, form.showing, form.form_token.data)
    if not token:
        return saved(MADE_BEFORE, url_for("oversight.status_pages"), *_fragments())
    address = instance.config().base_url + url_for("oversight.status", token=token)
    name = form.title.data or (form.about.name if form.about else "")
    message = f"Đã lập trang “{name}”."
    if wants_fragment():
        return saved(message, "", _list(_new_form(fresh=True), address, name))
    # No redirect, for the link is kept nowhere.
    return _list_page(_new_form(fresh=True), address, name, message)


@bp.get("/status-pages/<id:page_id>")
@require(Permission.COORDINATE)
def status_page(page_id: int) -> ResponseReturnValue:
    """One page: what it shows, and its history."""
    return _page(access.status_page_to_change(page_id))


@bp.post("/status-pages/<id:page_id>")
@require(Permission.COORDINATE)
def change_status_page(page_id: int) -> ResponseReturnValue:
    """Change what a page shows, or until when."""
    page = access.status_page_to_change(page_id)
    form = ChangeStatusPageForm(page)
    if not form.validate_on_submit():
        return _refused(422, page, form)
    try:
        service.change(me(), page, form.showing, form.version.data, form.form_token.data)
    except ChangedMeanwhile:
        page = access.status_page_to_change(page_id)
        form.collide(ChangeStatusPageForm(page, formdata=None), STALE)
        return _refused(409, page, form)
    return moved("Đã lưu; liên kết giữ nguyên.", url_for("oversight.status_pages"))


@bp.post("/status-pages/<id:page_id>/revoke")
@require(Permission.COORDINATE)
def revoke_status_page(page_id: int) -> ResponseReturnValue:
    """Let a page's link open nothing any more."""
    page = access.status_page(page_id)
    service.revoke(me(), page)
    return saved("Đã thu hồi.", url_for("oversight.status_pages"), *_fragments())


def _new_form(fresh: bool = False) -> NewStatusPageForm:
    """The form for another page; `fresh` forgets what was sent."""
    options = {"formdata": None} if fresh else {}
    return NewStatusPageForm(queries.subjects(), **options)


def _list_page(
    form: NewStatusPageForm, address: str = "", name: str = "", message: str = ""
) -> str:
    shown = _shown(form, address, name)
    return render_template("oversight/status_pages.html", message=message, **shown)


def _list(form: NewStatusPageForm, address: str = "", name: str = "") -> str:
    return render_template("oversight/_status_pages.html", **_shown(form, address, name))


def _shown(form: NewStatusPageForm, address: str, name: str) -> dict[str, object]:
    """What the list shows; `address` and `name` are those of a new page, shown this once."""
    return {
        "pages": queries.pages(),
        "form": form,
        "address": address,
        "name": name,
        "qr": qr_code(address) if address else None,
        "shows": lambda page: ", ".join(BLOCKS[Block(block)] for block in page.blocks),
    }


def _fragments() -> tuple[str, ...]:
    return (_list(_new_form(fresh=True)),) if wants_fragment() else ()


def _page(page: StatusPage, form: ChangeStatusPageForm | None = None) -> str:
    entries = history.of("status_page", page.id, history.FEW)
    return render_template(
        "oversight/status_page.html",
        page=page,
        form=form or ChangeStatusPageForm(page),
        entries=entries,
    )


def _refused(status: int, page: StatusPage, form: ChangeStatusPageForm) -> ResponseReturnValue:
    return refused(
        status,
        lambda: _page(page, form),
        lambda: render_template("oversight/_status_page_form.html", page=page, form=form),
    )
