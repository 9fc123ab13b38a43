"""The bell: what is new for me."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import public, require
from ntmtasks.core.web import safe_next, saved, wants_fragment
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.outbox import queries, service


@bp.get("/bell")
@require()
def bell() -> ResponseReturnValue:
    """The newest notices."""
    return render_template("desk/bell.html", notices=queries.notices_of(me().id))


@bp.get("/bell/new")
@public
def bell_now() -> ResponseReturnValue:
    """The bell as it stands; 204 when the page knows already (`since`), or when the session has
    ended: this question comes by itself, and leading to the login would take away what is typed."""
    if not current_user.is_authenticated:
        return "", 204
    if not wants_fragment():
        return redirect(url_for("desk.bell"), 303)
    now = queries.bell(me().id)
    if request.args.get("since") == now.since:
        return "", 204
    return render_template("desk/_bell.html", bell=now)


@bp.post("/bell/<id:notice_id>")
@require()
def open_notice(notice_id: int) -> ResponseReturnValue:
    """Mark one notice as read and go to what it is about."""
    notice = queries.notice(me().id, notice_id)
    if notice is None:
        abort(404)
    service.mark_read(me().id, notice.id, first=notice.id)
    return redirect(safe_next(notice.url) or url_for("desk.home"), 303)


@bp.post("/bell/read")
@require()
def read_all() -> ResponseReturnValue:
    """Mark everything as read that the page showed."""
    newest = request.form.get("newest", "")
    if newest.isascii() and newest.isdigit() and len(newest) <= 10:
        service.mark_read(me().id, int(newest))
    return saved("Đã đánh dấu đã đọc.", url_for("desk.bell"))
