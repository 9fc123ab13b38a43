"""Lịch: the address with which a calendar program shows deadlines, reports and slots."""

from urllib.parse import urlsplit

from flask import Response, abort, after_this_request, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, instance
from ntmtasks.core.access import Permission, public, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.oversight.forms import CalendarForm
from ntmtasks.oversight.models import AccessToken
from ntmtasks.oversight.queries import calendar as queries
from ntmtasks.oversight.queries import keys
from ntmtasks.oversight.rules.calendar import KEPT, mark_of, written
from ntmtasks.oversight.rules.keys import TokenUse
from ntmtasks.oversight.service import keys as service
from ntmtasks.oversight.views.blueprint import bp

READERS = (Permission.READ_OWN, Permission.READ_ALL)
MADE_BEFORE = (
    "Địa chỉ lịch này đã được tạo và chỉ hiện một lần; nếu chưa chép, hãy đổi địa chỉ khác."
)


@bp.get("/calendar/")
@require(*READERS)
def calendar() -> ResponseReturnValue:
    """Which calendars there are, and forms to make, renew and revoke them."""
    return render_template("oversight/calendar.html", **_context())


def _context(address: str = "", is_own: bool = True) -> dict[str, object]:
    user = me()
    keeps_agency = user.can(Permission.SUBMIT_FOR_AGENCY)
    return {
        "own": next(iter(keys.calendars(user.agency_id, user.id)), None),
        "common": next(iter(keys.calendars(user.agency_id, None)), None) if keeps_agency else None,
        "keeps_agency": keeps_agency,
        "address": address,
        "is_own": is_own,
        "kept_days": KEPT.days,
    }


@bp.post("/calendar/")
@require(*READERS)
def make_calendar() -> ResponseReturnValue:
    """Make an address, or another one in its place; the answer shows it this once."""
    form = _asked()
    if form is None:
        return _refused()
    token = service.make_calendar(me(), form.is_own, form.form_token.data)
    if not token:
        return saved(MADE_BEFORE, url_for("oversight.calendar"), *_fragments())
    address = instance.config().base_url + url_for("oversight.feed", token=token)
    shown = _context(address, form.is_own)
    if wants_fragment():
        return saved(
            "Đã tạo địa chỉ lịch.", "", render_template("oversight/_calendar.html", **shown)
        )
    return render_template("oversight/calendar.html", **shown)


@bp.post("/calendar/revoke")
@require(*READERS)
def revoke_calendar() -> ResponseReturnValue:
    """Let an address open nothing any more."""
    form = _asked()
    if form is None:
        return _refused()
    service.revoke_calendar(me(), form.is_own)
    return saved("Đã thu hồi địa chỉ lịch.", url_for("oversight.calendar"), *_fragments())


def _asked() -> CalendarForm | None:
    """The form that was sent, None where it does not say whose calendar; 403 for the agency's of somebody
    who does not speak for it."""
    form = CalendarForm()
    if not form.validate():
        return None
    if not form.is_own and not current_user.can(Permission.SUBMIT_FOR_AGENCY):
        abort(403)
    return form


def _refused() -> ResponseReturnValue:
    shown = _context()
    return refused(
        422,
        lambda: render_template("oversight/calendar.html", **shown),
        lambda: render_template("oversight/_calendar.html", **shown),
    )


def _fragments() -> tuple[str, ...]:
    if not wants_fragment():
        return ()
    return (render_template("oversight/_calendar.html", **_context()),)


@bp.get("/calendar/<token>.ics")
@public
def feed(token: str) -> ResponseReturnValue:
    """The calendar of a token; one that opens nothing does not say why."""
    try:
        key = service.opened(TokenUse.CALENDAR, token, request.remote_addr or "")
    except service.TooManyAttempts:
        abort(429)
    if key is None:
        abort(404)
    after_this_request(lambda response: _note(key, response))
    return _file(queries.whose(key))


def _file(found: queries.Whose) -> Response:
    """The calendar, or 304 where the program has it already; it is written for nobody else."""
    shown = queries.entries(found, clock.today())
    answer = Response(mimetype="text/calendar")
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    answer.set_etag(mark_of(found.name, shown))
    if not request.if_none_match.contains(answer.get_etag()[0] or ""):
        base_url = instance.config().base_url
        answer.set_data(written(found.name, shown, base_url, urlsplit(base_url).hostname or ""))
    answer.make_conditional(request)
    return answer


def _note(key: AccessToken, response: Response) -> Response:
    service.note_use(key)
    return response
