"""The outbox as an administrator reads it: every mail, and each as its recipient sees it."""

from datetime import date

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.core import instance
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import CSP
from ntmtasks.outbox import queries
from ntmtasks.outbox.access import mail_to_read
from ntmtasks.outbox.labels import STATES
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState

bp = Blueprint("outbox", __name__, url_prefix="/outbox")
# Nothing but the mail's own inline style: what a mail quotes must not run, load or send anything.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)


@bp.get("/")
@require(Permission.ADMINISTER)
def index() -> ResponseReturnValue:
    """All mails, newest first; state and page stand in the address."""
    name = request.args.get("state")
    state = MailState(name) if name in set(MailState) else None
    counts = queries.counts()
    total = sum(counts.values()) if state is None else counts.get(state, 0)
    found = queries.mails(state, _page(request.args.get("page", "")), total)
    return render_template(
        "outbox/index.html",
        found=found,
        state=state,
        states=STATES,
        counts=counts,
        office_day=_office_day,
        address=lambda page: url_for(".index", state=state, page=page),
    )


@bp.get("/<id:mail_id>")
@require(Permission.ADMINISTER)
def show(mail_id: int) -> ResponseReturnValue:
    """One mail: its headers, its text, and a frame with its formatted body."""
    mail = mail_to_read(mail_id)
    page = render_template(
        "outbox/mail.html",
        mail=mail,
        sender=instance.config().mail_from,
        states=STATES,
        office_day=_office_day,
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return response


@bp.get("/<id:mail_id>/html")
@require(Permission.ADMINISTER)
def body(mail_id: int) -> ResponseReturnValue:
    """The formatted body alone, for the frame of the mail's page."""
    response = Response(mail_to_read(mail_id).html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_CSP
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


def _office_day(mail: OutboxMail) -> date:
    """The office's day on which a mail was made; `made_at` follows the true clock."""
    return date.fromisoformat(mail.office_day)


def _page(text: str) -> int:
    """The page of the address; 1 for anything that is no page."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
