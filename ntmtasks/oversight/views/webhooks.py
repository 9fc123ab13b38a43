"""Kết nối: other systems that are told of events, and what became of each delivery."""

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import moved, refused, saved, wants_fragment
from ntmtasks.history import queries as history
from ntmtasks.outbox import queries
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.labels import EVENTS, STATES
from ntmtasks.outbox.models import Webhook
from ntmtasks.outbox.rules import Event, MailState, can_be_sent_again
from ntmtasks.oversight.forms import WebhookForm
from ntmtasks.oversight.service import webhooks as service
from ntmtasks.oversight.service.webhooks import NewWebhook
from ntmtasks.oversight.views.blueprint import bp

MADE_BEFORE = (
    "Nơi nhận này đã được thêm; khóa ký chỉ hiện một lần, nếu chưa chép hãy gỡ và thêm lại."
)

SENT_ONCE_RESUMED = "Nơi nhận đang tạm dừng: sự kiện sẽ được gửi lại khi bấm Gửi tiếp."


@bp.get("/webhooks/")
@require(Permission.ADMINISTER)
def webhooks() -> ResponseReturnValue:
    """Who is told, how the sending goes, and a form to add one."""
    return _whole(_form())


@bp.post("/webhooks/")
@require(Permission.ADMINISTER)
def make_webhook() -> ResponseReturnValue:
    """Add a receiver; the answer shows its secret this once."""
    form = WebhookForm().offer(agencies.all_agencies())
    if not form.validate():
        return refused(422, lambda: _whole(form), lambda: _piece(form))
    agency = agencies.agency(form.agency_id.data) or abort(404)
    events = [Event(value) for value in form.events.data or ()]
    new = NewWebhook(form.name.data or "", form.url.data or "", agency, events)
    secret = service.make(me(), new, form.form_token.data)
    if not secret:
        pieces = (_piece(_form()),) if wants_fragment() else ()
        return saved(MADE_BEFORE, url_for("oversight.webhooks"), *pieces)
    if wants_fragment():
        return saved("Đã thêm nơi nhận.", "", _piece(_form(), secret))
    return _whole(_form(), secret)


@bp.get("/webhooks/<id:webhook_id>")
@require(Permission.ADMINISTER)
def webhook(webhook_id: int) -> ResponseReturnValue:
    """One receiver: what went out, what waits, what failed and why."""
    hook = _hook(webhook_id)
    numbers = {s: n for (number, s), n in queries.delivery_counts().items() if number == hook.id}
    state = next((s for s in MailState if s.value == request.args.get("state")), None)
    total = numbers.get(state, 0) if state else sum(numbers.values())
    pages = max(1, -(-total // queries.PAGE_SIZE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "oversight/webhook.html",
        hook=hook,
        agency=agencies.agency(hook.agency_id) if hook.agency_id else None,
        events=EVENTS,
        states=STATES,
        numbers=numbers,
        state=state,
        found=queries.deliveries(hook.id, state, page),
        again=can_be_sent_again,
        page=page,
        pages=pages,
        at_page=lambda n: url_for("oversight.webhook", webhook_id=hook.id, state=state, page=n),
        record=history.of("webhook", hook.id, history.FEW),
    )


@bp.post("/webhooks/<id:webhook_id>/pause")
@require(Permission.ADMINISTER)
def pause_webhook(webhook_id: int) -> ResponseReturnValue:
    """Let what happens wait for a receiver."""
    hook = _hook(webhook_id)
    service.pause(me(), hook)
    return moved(f"Đã tạm dừng gửi đến {hook.name}.", _address(hook))


@bp.post("/webhooks/<id:webhook_id>/resume")
@require(Permission.ADMINISTER)
def resume_webhook(webhook_id: int) -> ResponseReturnValue:
    """Send a receiver what has waited for it."""
    hook = _hook(webhook_id)
    service.resume(me(), hook)
    return moved(f"Gửi tiếp đến {hook.name}; sự kiện đã chờ đi trong một phút.", _address(hook))


@bp.post("/webhooks/<id:webhook_id>/remove")
@require(Permission.ADMINISTER)
def remove_webhook(webhook_id: int) -> ResponseReturnValue:
    """Tell a receiver nothing any more."""
    hook = _hook(webhook_id)
    service.remove(me(), hook)
    return moved(f"Đã gỡ {hook.name}.", url_for("oversight.webhooks"))


@bp.post("/deliveries/<id:delivery_id>/send-again")
@require(Permission.ADMINISTER)
def send_webhook_again(delivery_id: int) -> ResponseReturnValue:
    """Let a delivery that failed go out once more."""
    delivery = queries.delivery_of(delivery_id) or abort(404)
    hook = _hook(delivery.webhook_id)
    try:
        outbox.send_webhook_again(me(), delivery)
    except ValueError:
        flash(f"Sự kiện này không gửi lại được: {STATES[delivery.state].lower()}.")
    else:
        flash(SENT_ONCE_RESUMED if hook.paused_at else "Sự kiện sẽ được gửi lại trong một phút.")
    return redirect(_address(hook), 303)


def _hook(webhook_id: int) -> Webhook:
    return queries.webhook(webhook_id) or abort(404)


def _address(hook: Webhook) -> str:
    return url_for("oversight.webhook", webhook_id=hook.id)


def _form() -> WebhookForm:
    return WebhookForm(formdata=None).offer(agencies.all_agencies())


def _whole(form: WebhookForm, secret: str = "") -> str:
    return _drawn("oversight/webhooks.html", form, secret)


def _piece(form: WebhookForm, secret: str = "") -> str:
    return _drawn("oversight/_webhooks.html", form, secret)


def _drawn(template: str, form: WebhookForm, secret: str) -> str:
    return render_template(
        template,
        found=queries.webhooks(),
        numbers=queries.delivery_counts(),
        agencies={each.id: each for each in agencies.all_agencies()},
        events=EVENTS,
        MailState=MailState,
        form=form,
        secret=secret,
    )
