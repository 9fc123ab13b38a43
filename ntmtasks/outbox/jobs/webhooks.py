"""Telling other systems: events become deliveries, which wait, go out and come back like mails.

What is promised: each event reaches each receiver that wants it at least once while it answers within a
day, always with the same id, so that a receiver can leave out what it had. A receiver that fails rests for
the others' sake: one attempt at it in each run.
"""

import json
import random
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import selectinload

from ntmtasks.core import clock, instance, outbound, settings
from ntmtasks.core.db import db, insert, let_go, transaction
from ntmtasks.outbox.jobs import queue
from ntmtasks.outbox.models import Webhook, WebhookDelivery, WebhookEvent
from ntmtasks.outbox.rules import MAX_ATTEMPTS, MailState, signature, wait_after
from ntmtasks.outbox.service import hold_webhook

BATCH = 20
LEASE = timedelta(minutes=15)
"""Longer than a whole batch of receivers that keep silent."""
SPREAD_AT_ONCE = 500
KEPT = timedelta(days=90)
TRIED = timedelta(hours=24)
"""So long a delivery is tried, however few the attempts that its receiver's rests leave it."""
GONE = 410
NONE = timedelta(0)
log = structlog.get_logger()


def spread() -> int:
    """Make deliveries of new events for the webhooks that want them and were there before; how many
    events."""
    with transaction():
        moment = clock.real_now()
        events = db.session.scalars(
            select(WebhookEvent)
            .where(WebhookEvent.spread_at.is_(None))
            .order_by(WebhookEvent.id)
            .limit(SPREAD_AT_ONCE)
            .with_for_update(skip_locked=True)
        ).all()
        hooks = db.session.scalars(select(Webhook).where(Webhook.removed_at.is_(None))).all()
        rows = [
            {
                "webhook_id": hook.id,
                "event_id": event.id,
                "state": MailState.QUEUED,
                "attempts": 0,
                "error": "",
                "next_attempt_at": moment,
                "made_at": moment,
            }
            for event in events
            for hook in hooks
            if _wants(hook, event)
        ]
        if rows:
            new = insert(WebhookDelivery)
            db.session.connection().execute(
                new.on_conflict_do_nothing(index_elements=["webhook_id", "event_id"]), rows
            )
        for event in events:
            event.spread_at = moment
        return len(events)


def _wants(hook: Webhook, event: WebhookEvent) -> bool:
    is_about = hook.agency_id is None or hook.agency_id == event.agency_id
    return is_about and event.event in hook.events and hook.made_at <= event.made_at


def run(at_most: timedelta) -> Counter[MailState]:
    """Send the deliveries that are due; how many came to which state. No new one is begun after `at_most`.
    Not to be called inside a transaction."""
    me, results = secrets.token_hex(8), Counter[MailState]()
    until, resting = clock.real_now() + at_most, set[int]()
    while clock.real_now() < until and (batch := _claim(me)):
        for each in batch:
            if clock.real_now() >= until:
                break
            if each.webhook_id in resting or not _is_told(each.webhook_id):
                continue
            try:
                error, status = _send(each)
            except Exception as fault:  # one that cannot be sent must not keep back the others
                log.exception("webhook_not_sent", delivery=each.id)
                error, status = repr(fault), 0
            results[_settle(each, me, error, status)] += 1
            if error:
                resting.add(each.webhook_id)
        queue.put_back(WebhookDelivery, me)
    return results


def _claim(me: str) -> Sequence[WebhookDelivery]:
    """Those of receivers that never failed first: a bad one with a thousand keeps nobody waiting."""
    with transaction():
        awake = select(Webhook.id).where(Webhook.paused_at.is_(None))
        due = (
            select(WebhookDelivery)
            .where(queue.is_due(WebhookDelivery), WebhookDelivery.webhook_id.in_(awake))
            .order_by(WebhookDelivery.attempts, WebhookDelivery.next_attempt_at, WebhookDelivery.id)
            .limit(BATCH)
            .options(selectinload(WebhookDelivery.webhook), selectinload(WebhookDelivery.event))
        )
        return queue.claim(due, me, LEASE)


def _is_told(webhook_id: int) -> bool:
    """Whether a receiver has been neither paused nor removed since its deliveries were claimed."""
    let_go()
    is_told = Webhook.paused_at.is_(None), Webhook.removed_at.is_(None)
    found = db.session.scalar(select(Webhook.id).where(Webhook.id == webhook_id, *is_told))
    return found is not None


def _send(delivery: WebhookDelivery) -> tuple[str, int]:
    """Send one: what went wrong, "" for nothing, and the status of the answer, 0 without one."""
    hook, body = delivery.webhook, body_of(delivery.event)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "ntmtasks",
        "Connection": "close",
        "X-Ntmtasks-Event": delivery.event.event.value,
        "X-Ntmtasks-Signature": signature(hook.secret, int(clock.real_now().timestamp()), body),
    }
    url, is_sample = hook.url, settings.sample_date() is not None
    let_go()  # hook is not to be read from here on: that would begin another transaction
    try:
        private = instance.config().webhook_private
        status = outbound.post(url, body, headers, private, only_here=is_sample)
    except (outbound.NotAllowed, outbound.NoAnswer) as fault:
        return str(fault), 0
    return ("", status) if 200 <= status < 300 else (f"trả lời {status}", status)


def body_of(event: WebhookEvent) -> bytes:
    """What is sent of an event, the same each time."""
    told = {
        "id": event.uid,
        "event": event.event.value,
        "time": clock.local(event.at).isoformat(timespec="seconds"),
        "data": event.data,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _settle(delivery: WebhookDelivery, me: str, error: str, status: int) -> MailState:
    """End an attempt; after one that failed, all that is for the same receiver waits as long. None is
    the last one of a receiver that has been paused meanwhile."""
    values = {"error": error, "attempts": delivery.attempts + 1}
    if not error:
        at = clock.now()
        queue.settle(
            WebhookDelivery, delivery.id, me, NONE, state=MailState.SENT, sent_at=at, **values
        )
        return MailState.SENT
    is_old = clock.real_now() - delivery.made_at > TRIED
    is_last = status == GONE or is_old or delivery.attempts + 1 >= MAX_ATTEMPTS
    wait = wait_after(delivery.attempts + 1, random.random())
    with transaction():
        is_last &= hold_webhook(delivery.webhook_id).paused_at is None
        state = MailState.FAILED if is_last else MailState.QUEUED
        queue.settle(
            WebhookDelivery, delivery.id, me, NONE if is_last else wait, state=state, **values
        )
        until = clock.real_now() + wait
        db.session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == delivery.webhook_id,
                WebhookDelivery.state == MailState.QUEUED,
                WebhookDelivery.next_attempt_at < until,
            )
            .values(next_attempt_at=until)
        )
    return state


def forget() -> int:
    """Remove events that every receiver has had, or that failed, long ago; those that a job would find
    again stay. How many."""
    with transaction():
        waiting = exists().where(
            WebhookDelivery.event_id == WebhookEvent.id,
            WebhookDelivery.state == MailState.QUEUED,
        )
        done = db.session.scalars(
            select(WebhookEvent.id)
            .where(
                WebhookEvent.spread_at < clock.real_now() - KEPT,
                WebhookEvent.key.is_(None),
                ~waiting,
            )
            .limit(SPREAD_AT_ONCE)
        ).all()
        if done:
            old = WebhookDelivery.event_id.in_(done)
            db.session.execute(delete(WebhookDelivery).where(old))
            db.session.execute(delete(WebhookEvent).where(WebhookEvent.id.in_(done)))
        return len(done)
