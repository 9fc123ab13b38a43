"""The outbox as an administrator reads it: every mail, and each as its recipient sees it, but for keys."""

from dataclasses import dataclass
from datetime import date

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.core import health, instance
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import mail_body, wants_fragment, with_frame
from ntmtasks.outbox import queries, service
from ntmtasks.outbox.access import mail_to_read
from ntmtasks.outbox.labels import (
    STATES,
    STEP_FAILS,
    STEPS,
    TROUBLES,
    WORKER_SILENT,
    lost_words,
    waiting_since,
)
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import KEYS, MailState, can_be_sent_again, without_keys

bp = Blueprint("outbox", __name__, url_prefix="/outbox")


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
        alarm=_alarm(),
        office_day=_office_day,
        address=lambda page: url_for(".index", state=state, page=page),
    )


@bp.get("/alarm")
@require(Permission.ADMINISTER, Permission.COORDINATE)
def alarm() -> ResponseReturnValue:
    """The banner of the frame: why mails do not go out; 204 while it says what the page knows."""
    if not wants_fragment():
        return redirect("/", 303)
    found = _alarm()
    if request.args.get("since") == found.since:
        return "", 204
    return render_template("outbox/_alarm.html", alarm=found)


@bp.post("/<id:mail_id>/send-again")
@require(Permission.ADMINISTER)
def send_again(mail_id: int) -> ResponseReturnValue:
    """Let a mail that failed or is in doubt go out once more."""
    mail = mail_to_read(mail_id)
    try:
        service.send_again(current_user, mail)
    except ValueError:
        flash(f"Thư này không gửi lại được: {STATES[mail.state].lower()}.")
    else:
        flash("Thư sẽ được gửi lại trong một phút.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


@bp.get("/<id:mail_id>")
@require(Permission.ADMINISTER)
def show(mail_id: int) -> ResponseReturnValue:
    """One mail: its headers, its text, and a frame with its formatted body."""
    mail = mail_to_read(mail_id)
    page = render_template(
        "outbox/mail.html",
        mail=mail,
        text=without_keys(mail.text),
        has_key=mail.kind in KEYS,
        sender=instance.config().mail_from,
        states=STATES,
        again=can_be_sent_again(mail.state),
        office_day=_office_day,
    )
    return with_frame(page)


@bp.get("/<id:mail_id>/html")
@require(Permission.ADMINISTER)
def body(mail_id: int) -> ResponseReturnValue:
    """The formatted body alone, for the frame of the mail's page."""
    return mail_body(without_keys(mail_to_read(mail_id).html))


@dataclass(frozen=True)
class Alarm:
    """What the banner says, whether also of other systems, and the state that it stands for."""

    lines: list[str]
    lost: bool
    since: str


def _alarm() -> Alarm:
    found, silent, failing = queries.delivery(), health.worker_is_silent(), health.failing_steps()
    lines = [WORKER_SILENT] if silent else []
    lines += [STEP_FAILS.format(STEPS.get(step, step)) for step in failing]
    if found.trouble:
        lines.append(TROUBLES[found.trouble] + (f" ({found.error})" if found.error else ""))
    if lines and found.oldest:
        lines.append(
            f"{found.queued} thư chưa gửi, thư lâu nhất đã chờ {waiting_since(found.oldest)}."
        )
    lost = queries.lost_events()
    if lost.is_told:
        lines.append(lost_words(lost.waiting, lost.lately))
    state = [str(int(silent)), found.trouble or "", *failing, *(["lost"] if lost.is_told else [])]
    return Alarm(lines, lost.is_told, "-".join(state))


def _office_day(mail: OutboxMail) -> date:
    """The office's day on which a mail was made; `made_at` follows the true clock."""
    return date.fromisoformat(mail.office_day)


def _page(text: str) -> int:
    """The page of the address; 1 for anything that is no page."""
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
