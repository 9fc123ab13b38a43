"""Which other systems are told of events."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.labels import EVENTS
from ntmtasks.outbox.models import Webhook
from ntmtasks.outbox.rules import Event


@dataclass(frozen=True)
class NewWebhook:
    """A system to be told of some events of an agency's work; of everything for the coordinating office.
    `url` has been found allowed."""

    name: str
    url: str
    agency: Agency
    events: Sequence[Event]


def make(actor: User, new: NewWebhook, form_token: str | None = None) -> str:
    """Tell a system of events from now on; returns the secret with which they are signed, which is shown
    to nobody again, and '' when the same form was sent before."""
    with transaction():
        if not use_once(form_token):
            return ""
        secret = secrets.token_urlsafe(32)
        made = Webhook(
            name=new.name,
            url=new.url,
            secret=secret,
            events=[event.value for event in new.events],
            agency_id=None if new.agency.kind is AgencyKind.OFFICE else new.agency.id,
            made_by_id=actor.id,
            made_at=clock.real_now(),
        )
        db.session.add(made)
        db.session.flush()
        after = {
            "Tên": new.name,
            "Địa chỉ": new.url,
            "Cơ quan": new.agency.short_name,
            "Sự kiện": ", ".join(EVENTS[event] for event in new.events),
        }
        history.record(actor, "webhook", made.id, "webhook.make", after=after)
        return secret


def pause(actor: User, hook: Webhook) -> None:
    """Send a system nothing for now; what happens waits for it. A second press changes nothing."""
    with transaction():
        if hook.paused_at is None:
            hook.paused_at = clock.real_now()
            history.record(actor, "webhook", hook.id, "webhook.pause", after={"Tên": hook.name})


def resume(actor: User, hook: Webhook) -> None:
    """Send a system what has waited, and what happens from now on. A second press changes nothing."""
    with transaction():
        if hook.paused_at is not None:
            hook.paused_at = None
            outbox.begin_anew(hook.id)
            history.record(actor, "webhook", hook.id, "webhook.resume", after={"Tên": hook.name})


def remove(actor: User, hook: Webhook) -> None:
    """Tell a system nothing any more; what still waits for it is cancelled."""
    with transaction():
        hook.removed_at = clock.real_now()
        outbox.cancel_webhook(hook.id)
        before = {"Tên": hook.name, "Địa chỉ": hook.url}
        history.record(actor, "webhook", hook.id, "webhook.remove", before=before)
