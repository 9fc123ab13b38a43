"""Making mails, notices and events for other systems; `jobs` sends them."""

import secrets
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from uuid import uuid4

from sqlalchemy import and_, or_, select, update

from ntmtasks.core import clock, instance
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.core.rows import write_rows
from ntmtasks.history import service as history
from ntmtasks.history.service import Actor
from ntmtasks.outbox import mails
from ntmtasks.outbox.models import (
    Notice,
    OutboxMail,
    ServerState,
    Webhook,
    WebhookDelivery,
    WebhookEvent,
)
from ntmtasks.outbox.rules import (
    BELL_ONLY,
    FIRST_WAIT,
    NOTICES,
    PASSWORD_RESET,
    Event,
    MailState,
    can_be_sent_again,
)

JOIN_AFTER = timedelta(seconds=60)
REPLACED = "thay bằng thư mới hơn"
TOO_OLD = timedelta(days=7)  # whoever had no address then finds it in the bell alone

AddressBook = Callable[[Collection[int]], Mapping[int, tuple[str, str]]]
"""Names and addresses by id, of those people who have an address and are not locked."""


@dataclass(frozen=True)
class NewMail:
    """A mail to be made; `key` names kind, slot and recipient; it is due after `due_in`."""

    key: str
    kind: str
    to_address: str
    to_name: str
    letter: mails.Letter
    user_id: int | None = None
    due_in: timedelta = timedelta(0)


def post(
    key: str,
    kind: str,
    to_address: str,
    to_name: str,
    subject: str,
    text: str,
    html: str,
    user_id: int | None = None,
) -> OutboxMail | None:
    """Put a mail into the outbox; None when a mail with this `key` has been made before.

    `key` names kind, slot and recipient, so that a second run makes nothing twice. The Message-ID
    is fixed here: whatever is sent again can be recognised as the same mail. For a password's mail a
    server that rests is asked soon.
    """
    new = NewMail(key, kind, to_address, to_name, mails.Letter(subject, text, html), user_id)
    with transaction():
        if kind == PASSWORD_RESET:
            soon = clock.real_now() + FIRST_WAIT
            late = update(ServerState).where(ServerState.next_try_at > soon)
            db.session.execute(late.values(next_try_at=soon))
        mail = insert(OutboxMail).values(_columns(new, clock.real_now()))
        return db.session.scalar(
            mail.on_conflict_do_nothing(index_elements=["key"]).returning(OutboxMail)
        )


def post_all(wanted: Sequence[NewMail]) -> dict[str, int]:
    """Put many mails into the outbox at once; the numbers of those made now, by their keys. A mail
    with a key that has been used before is left out, as in `post`."""
    if not wanted:
        return {}
    with transaction():
        made_at = clock.real_now()
        new = insert(OutboxMail).on_conflict_do_nothing(index_elements=["key"])
        rows = db.session.connection().execute(
            new.returning(OutboxMail.key, OutboxMail.id),
            [_columns(each, made_at) for each in wanted],
        )
        return dict(rows.all())


def replace_waiting(kind: str, newer: Mapping[str, int]) -> int:
    """Cancel the mails of `kind` that still wait for an address that got a newer one; how many.

    `newer` gives the newer mail's number by address. A mail that is being handed over stays.
    """
    with transaction():
        waiting = select(OutboxMail.id, OutboxMail.to_address).where(
            OutboxMail.kind == kind,
            OutboxMail.state == MailState.QUEUED,
            OutboxMail.to_address.in_(newer),
        )
        old = [
            number for number, address in db.session.execute(waiting) if newer[address] != number
        ]
        if old:
            db.session.execute(
                update(OutboxMail)
                .where(OutboxMail.id.in_(old), OutboxMail.state == MailState.QUEUED)
                .values(
                    state=MailState.CANCELLED,
                    error=REPLACED,
                    claimed_by=None,
                    lease_until=None,
                )
            )
        return len(old)


def _columns(new: NewMail, made_at: datetime) -> dict[str, Any]:
    domain = parseaddr(instance.config().mail_from)[1].rpartition("@")[2]
    return {
        "key": new.key,
        "kind": new.kind,
        "user_id": new.user_id,
        "to_address": new.to_address,
        "to_name": new.to_name,
        "subject": new.letter.subject,
        "text": new.letter.text,
        "html": new.letter.html,
        "message_id": f"<{secrets.token_hex(16)}@{domain}>",
        "state": MailState.QUEUED,
        "attempts": 0,
        "doubts": 0,
        "error": "",
        "next_attempt_at": made_at + new.due_in,
        "made_at": made_at,
        "office_day": clock.today().isoformat(),
    }


def notify(
    user_id: int, kind: str, subject: str, line: str, url: str, mail: OutboxMail | None = None
) -> None:
    """Tell a person something new: the bell shows it at once, the worker mails it within minutes unless
    the kind is one of outbox.rules.BELL_ONLY.

    `url` is a path of this site; `mail` is a letter that says it already, so that none follows.
    """
    notify_all([user_id], kind, subject, line, url, mail)


def notify_all(
    user_ids: Iterable[int],
    kind: str,
    subject: str,
    line: str,
    url: str,
    mail: OutboxMail | None = None,
) -> None:
    """The same for several people."""
    said = {"kind": kind, "subject": subject, "line": line, "url": url}
    said_at = {"made_at": clock.real_now(), "mail_id": mail.id if mail else None}
    with transaction():
        write_rows(Notice, *({"user_id": each, **said, **said_at} for each in user_ids))


def announce(event: Event, agency_id: int, data: dict[str, Any]) -> None:
    """Keep that something happened to an agency's work; the worker tells the webhooks that want it.
    `data` is JSON and names no people."""
    with transaction():
        db.session.add(
            WebhookEvent(
                uid=uuid4().hex,
                event=event,
                agency_id=agency_id,
                data=data,
                at=clock.now(),
                made_at=clock.real_now(),
            )
        )


def announce_once(event: Event, news: Iterable[tuple[str, int, dict[str, Any]]]) -> None:
    """The same for what a job finds again each day: key, agency and data of each; a key that was
    announced before is left out."""
    with transaction():
        moment, at = clock.real_now(), clock.now()
        rows = [
            {
                "uid": uuid4().hex,
                "key": key,
                "event": event,
                "agency_id": agency_id,
                "data": data,
                "at": at,
                "made_at": moment,
            }
            for key, agency_id, data in news
        ]
        if rows:
            new = insert(WebhookEvent).on_conflict_do_nothing(index_elements=["key"])
            db.session.connection().execute(new, rows)


def send_webhook_again(actor: Actor, delivery: WebhookDelivery) -> None:
    """Let a delivery that failed go out once more, with the id that it had. Raises ValueError for one in
    any other state."""
    with transaction():
        if not can_be_sent_again(delivery.state):
            raise ValueError(delivery.state)
        after = {"Đến": delivery.webhook.name, "Sự kiện": delivery.event.uid}
        history.record(actor, "webhook", delivery.webhook_id, "webhook.retry", after=after)
        delivery.state, delivery.attempts, delivery.error = MailState.QUEUED, 0, ""
        delivery.made_at = delivery.next_attempt_at = clock.real_now()


def hold_webhook(webhook_id: int) -> Webhook:
    """A webhook as it is now, held until the transaction ends. Whoever changes several of its deliveries
    holds it first: two who take the same rows in another order would wait for each other."""
    return db.session.scalars(
        select(Webhook)
        .where(Webhook.id == webhook_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


def begin_anew(webhook_id: int) -> None:
    """Let what waits for a webhook go out now, as if it had just happened: its day of tries begins."""
    with transaction():
        hold_webhook(webhook_id)
        moment = clock.real_now()
        db.session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == webhook_id,
                WebhookDelivery.state == MailState.QUEUED,
            )
            .values(attempts=0, error="", made_at=moment, next_attempt_at=moment)
        )


def cancel_webhook(webhook_id: int) -> None:
    """Let what waits for a webhook go nowhere any more."""
    with transaction():
        hold_webhook(webhook_id)
        db.session.execute(
            update(WebhookDelivery)
            .where(
                WebhookDelivery.webhook_id == webhook_id,
                WebhookDelivery.state == MailState.QUEUED,
            )
            .values(state=MailState.CANCELLED, claimed_by=None, lease_until=None)
        )


def send_again(actor: Actor, mail: OutboxMail) -> None:
    """Let a mail that failed, or may not have arrived, go out once more under its old Message-ID.

    Raises ValueError for a mail in any other state.
    """
    with transaction():
        if not can_be_sent_again(mail.state):
            raise ValueError(mail.state)
        history.record(
            actor,
            "mail",
            mail.id,
            "mail.retry",
            after={"Thư": mail.subject, "Đến": mail.to_address},
        )
        mail.state, mail.attempts, mail.error = MailState.QUEUED, 0, ""
        mail.next_attempt_at = clock.real_now()


def mark_read(user_id: int, up_to: int, first: int = 0) -> None:
    """Note that a person has read the notices numbered `first` to `up_to`, both inclusive."""
    with transaction():
        db.session.execute(
            update(Notice)
            .where(
                Notice.user_id == user_id,
                Notice.id.between(first, up_to),
                Notice.read_at.is_(None),
            )
            .values(read_at=clock.now())
        )


def write_to_office(address: str, name: str, kind: str, subject: str, line: str, url: str) -> None:
    """Tell an office where nobody signs in something new: the worker mails it within minutes. `url` is a
    path of this site."""
    with transaction():
        said = {"kind": kind, "subject": subject, "line": line, "url": url}
        to = {"to_address": address, "to_name": name}
        write_rows(Notice, {**to, **said, "made_at": clock.real_now()})


def join_notices(address_book: AddressBook) -> int:
    """Make one mail for each person or office whose oldest notice waited a minute, out of all that there
    is for them by then; how many mails."""
    with transaction():
        return _join_all(_waiting_notices(), address_book)


def _waiting_notices() -> Sequence[Notice]:
    """Unmailed notices of whoever has waited long enough; locked, so that two workers never join
    the same one."""
    moment = clock.real_now()
    new = (
        Notice.mail_id.is_(None),
        Notice.kind.not_in(BELL_ONLY),
        Notice.made_at > moment - TOO_OLD,
    )
    ready = (*new, Notice.made_at <= moment - JOIN_AFTER)
    people = select(Notice.user_id).where(*ready, Notice.user_id.is_not(None))
    offices = select(Notice.to_address).where(*ready, Notice.user_id.is_(None))
    of_office = and_(Notice.user_id.is_(None), Notice.to_address.in_(offices))
    found = select(Notice).where(*new, or_(Notice.user_id.in_(people), of_office))
    return db.session.scalars(found.order_by(Notice.id).with_for_update(skip_locked=True)).all()


def _join_all(notices: Sequence[Notice], address_book: AddressBook) -> int:
    groups: dict[tuple[int | None, str], list[Notice]] = defaultdict(list)
    for notice in notices:
        groups[notice.user_id, notice.to_address].append(notice)
    people = {user_id for user_id, _ in groups if user_id is not None}
    book = address_book(people) if people else {}
    made = 0
    for (user_id, address), group in groups.items():
        if user_id is None:
            made += _join(None, group[0].to_name, address, group)
        elif user_id in book:
            made += _join(user_id, *book[user_id], group)
    return made


def _join(user_id: int | None, name: str, address: str, notices: list[Notice]) -> bool:
    letter = mails.notices(name, notices)
    key = f"{NOTICES}:{user_id or address}:{notices[0].id}"
    mail = post(key, NOTICES, address, name, letter.subject, letter.text, letter.html, user_id)
    if mail is None:
        return False
    for notice in notices:
        notice.mail_id = mail.id
    return True


def record_as_sent(address_book: AddressBook) -> None:
    """Join all notices and record every waiting mail as sent, without sending: for the sample."""
    with transaction():
        unmailed = select(Notice).where(Notice.mail_id.is_(None), Notice.kind.not_in(BELL_ONLY))
        _join_all(db.session.scalars(unmailed.order_by(Notice.id)).all(), address_book)
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.state == MailState.QUEUED)
            .values(state=MailState.SENT, sent_at=clock.now(), attempts=1)
        )
