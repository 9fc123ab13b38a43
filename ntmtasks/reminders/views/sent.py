"""What was sent to whom, each mail as its recipient sees it, and sending again."""

from datetime import date
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import require
from ntmtasks.core.web import mail_body, safe_next, saved, with_frame
from ntmtasks.outbox.labels import STATES
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState, can_be_sent_again, without_keys
from ntmtasks.outbox.service import send_again as send_mail_again
from ntmtasks.reminders.access import mail_to_read
from ntmtasks.reminders.labels import KINDS
from ntmtasks.reminders.queries import sent as queries
from ntmtasks.reminders.views.blueprint import KEEPERS, bp


@bp.get("/sent")
@require(*KEEPERS)
def sent() -> ResponseReturnValue:
    """Mails, newest first; what is asked for stands in the address."""
    asked = _asked()
    found = queries.sent(asked, max(1, request.args.get("page", 1, type=int)))
    here: dict[str, Any] = {
        "q": asked.words or None,
        "agency": asked.agency.id if asked.agency else None,
        "state": asked.state.value if asked.state else None,
    }
    return render_template(
        "reminders/sent.html",
        found=found,
        asked=asked,
        agencies=agencies.all_agencies(),
        address=lambda page: url_for(".sent", **here, page=page),
        of_state=lambda state: url_for(".sent", **{**here, "state": state}),
        **_words(),
    )


def _asked() -> queries.Asked:
    """An unknown value asks for nothing."""
    name, number = request.args.get("state"), request.args.get("agency", type=int)
    agency = agencies.agency(number) if number is not None and 0 < number < 2**31 else None
    state = MailState(name) if name in set(MailState) else None
    return queries.Asked(request.args.get("q", "").strip()[:200], agency, state)


@bp.get("/sent/<id:mail_id>")
@require(*KEEPERS)
def show_mail(mail_id: int) -> ResponseReturnValue:
    """One mail, with a frame for its formatted body."""
    mail = mail_to_read(mail_id)
    page = render_template(
        "reminders/mail.html", mail=mail, text=without_keys(mail.text), **_words()
    )
    return with_frame(page)


@bp.get("/sent/<id:mail_id>/html")
@require(*KEEPERS)
def mail_html(mail_id: int) -> ResponseReturnValue:
    """The formatted body alone."""
    return mail_body(without_keys(mail_to_read(mail_id).html))


@bp.post("/sent/<id:mail_id>/send-again")
@require(*KEEPERS)
def send_again(mail_id: int) -> ResponseReturnValue:
    """Let a mail that failed or is in doubt go out once more."""
    mail = mail_to_read(mail_id)
    try:
        send_mail_again(current_user, mail)
        said = "Thư sẽ được gửi lại trong một phút."
    except ValueError:
        said = f"Thư này không gửi lại được: {STATES[mail.state].lower()}."
    back = safe_next(request.form.get("back")) or url_for(".sent")
    row = render_template("reminders/_sent_row.html", mail=mail, back=back, **_words())
    return saved(said, back, row)


def _office_day(mail: OutboxMail) -> date:
    return date.fromisoformat(mail.office_day)


def _words() -> dict[str, object]:
    return {
        "states": STATES,
        "kinds": KINDS,
        "office_day": _office_day,
        "can_be_sent_again": can_be_sent_again,
    }
