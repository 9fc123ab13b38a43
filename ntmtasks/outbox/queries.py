"""Reading the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased, defer, joinedload

from ntmtasks.core import clock, instance, settings
from ntmtasks.core.db import db
from ntmtasks.core.health import Finding
from ntmtasks.core.kept import columns
from ntmtasks.outbox.models import (
    Notice,
    OutboxMail,
    ServerState,
    Webhook,
    WebhookDelivery,
)
from ntmtasks.outbox.rules import (
    BARRED_LATELY,
    GIVEN_UP_LATELY,
    REFUSED_AFTER,
    TROUBLE_AFTER,
    MailState,
    Trouble,
    is_barred,
    trouble,
)

PAGE_SIZE = 50
SERVER = 1
"""The number of the one row about the mail server."""
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True)
class MailPage:
    """One page of mails; `page` is the last one where a later one was asked for."""

    mails: Sequence[OutboxMail]
    page: int
    pages: int
    total: int


@dataclass(frozen=True)
class Delivery:
    """How the sending of mails stands: how many wait, for how long the oldest has, how many failed or
    are in doubt and wait for a person, and what is the matter, with the server's words."""

    queued: int
    oldest: timedelta | None
    failed: int
    doubtful: int
    trouble: Trouble | None
    error: str


@dataclass(frozen=True)
class LostEvents:
    """Events that other systems did not take, but for the paused ones: how many wait to be tried again, or
    behind one that does; how many were given up and how many of those lately; `is_told`: people have to
    know."""

    waiting: int
    given_up: int
    lately: int
    is_told: bool


@dataclass(frozen=True)
class Bell:
    """How many notices a person has not read, and the newest one's number (0 = none)."""

    unread: int
    newest: int

    @property
    def since(self) -> str:
        """What a page knows of the bell; another value means that there is something new."""
        return f"{self.newest}-{self.unread}"


def bell(user_id: int) -> Bell:
    """The bell of one person."""
    ((unread, newest),) = columns(_bell(), {"person": user_id})
    return Bell(int(unread), int(newest or 0))


@cache  # every page asks, and building the query takes longer than running it
def _bell() -> Select[int, int]:
    unread = func.count(case((Notice.read_at.is_(None), 1)))
    return select(unread, func.max(Notice.id)).where(Notice.user_id == bindparam("person"))


def notices_of(user_id: int, limit: int = 100) -> Sequence[Notice]:
    """The newest notices of a person, newest first."""
    return db.session.scalars(
        select(Notice).where(Notice.user_id == user_id).order_by(Notice.id.desc()).limit(limit)
    ).all()


def notice(user_id: int, notice_id: int) -> Notice | None:
    """One notice of a person; None for another one's."""
    return db.session.scalar(
        select(Notice).where(Notice.id == notice_id, Notice.user_id == user_id)
    )


def counts(*states: MailState) -> dict[MailState, int]:
    """How many mails stand in each of these states, without any in all; a state without mails is absent."""
    asked = select(OutboxMail.state, func.count()).group_by(OutboxMail.state)
    if states:
        asked = asked.where(OutboxMail.state.in_(states))
    rows = db.session.execute(asked)
    return {row[0]: row[1] for row in rows}


def smtp_url() -> str | None:
    """Where to send; None without a server, or when the sample would reach into the world."""
    url = instance.config().smtp_url
    if url and settings.sample_date() and urlsplit(url).hostname not in THIS_MACHINE:
        return None
    return url


def server() -> ServerState | None:
    """What is known of the mail server as it is now; None while it never failed."""
    return db.session.get(ServerState, SERVER, populate_existing=True)


def delivery() -> Delivery:
    """How the sending of mails stands; without a mail server nothing is ever the matter.

    A mail that somebody has claimed is due like any other: a worker that fails over each batch claims
    it again and again. Those behind thousands that are being sent are no trouble. A server that failed
    while nothing is due is asked by the next mail; what waits for another day is not refused now.
    """
    moment = clock.real_now()
    waits = OutboxMail.state.in_((MailState.QUEUED, MailState.DATA))
    tried = (
        OutboxMail.attempts > 0,
        OutboxMail.error != "",
        OutboxMail.made_at < moment - REFUSED_AFTER,
    )
    counted = select(
        func.count(),
        func.min(OutboxMail.made_at),
        func.min(OutboxMail.next_attempt_at),
        func.count(case((and_(*tried), 1))),
    ).where(waits)
    queued, oldest, due_since, refused = db.session.execute(counted).one()
    last_sent = db.session.scalar(
        select(func.max(OutboxMail.next_attempt_at)).where(OutboxMail.state == MailState.SENT)
    )
    idle_since = max(filter(None, (due_since, last_sent)), default=None)
    state, numbers = server(), counts(MailState.FAILED, MailState.DOUBTFUL)
    is_due = due_since is not None and due_since <= moment
    failing = state.failing_since if state and is_due else None
    barred = _barred_since(max(filter(None, (last_sent, moment - BARRED_LATELY))))
    matter = trouble(
        moment - max(failing, due_since) if failing else None,
        moment - idle_since if due_since and idle_since and not failing else None,
        refused,
        len(barred),
    )
    return Delivery(
        queued=queued,
        oldest=moment - oldest if oldest else None,
        failed=numbers.get(MailState.FAILED, 0),
        doubtful=numbers.get(MailState.DOUBTFUL, 0),
        trouble=matter if smtp_url() else None,
        error=state.error if state and failing else next(iter(barred), ""),
    )


def _barred_since(moment: datetime) -> list[str]:
    """What the server said to the last mails that it barred, the newest first."""
    failed = select(OutboxMail.error).where(
        OutboxMail.state == MailState.FAILED, OutboxMail.next_attempt_at > moment
    )
    newest = failed.order_by(OutboxMail.next_attempt_at.desc()).limit(PAGE_SIZE)
    pairs = ((error, error.partition(" ")) for error in db.session.scalars(newest))
    return [
        error for error, (code, _, said) in pairs if code.isdigit() and is_barred(int(code), said)
    ]


def check() -> Finding:
    """What /readyz says of the mails: seconds that the oldest has waited, how many wait, failed or are
    in doubt, and "mail" when they do not go out; and how many events other systems did not take."""
    found, lost = delivery(), lost_events()
    return Finding(
        "mail" if found.trouble else "",
        {
            "queued": found.queued,
            "oldest_queued_seconds": int(found.oldest.total_seconds()) if found.oldest else 0,
            "failed": found.failed,
            "doubtful": found.doubtful,
            "webhooks_waiting": lost.waiting,
            "webhooks_failed": lost.given_up,
        },
    )


def mails(state: MailState | None, page: int, total: int) -> MailPage:
    """Mails newest first, those of one state if given; `total` is how many there are of it."""
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    wanted = select(OutboxMail).order_by(OutboxMail.id.desc())
    if state is not None:
        wanted = wanted.where(OutboxMail.state == state)
    rows = db.session.scalars(
        wanted.limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .options(defer(OutboxMail.text), defer(OutboxMail.html))
    ).all()
    return MailPage(rows, page, pages, total)


def mail(mail_id: int) -> OutboxMail | None:
    """One mail with all that its recipient gets."""
    return db.session.get(OutboxMail, mail_id)


def has_webhooks() -> bool:
    """Whether any other system is told of events."""
    return db.session.scalar(_living_webhooks().limit(1)) is not None


def _living_webhooks() -> Select[Webhook]:
    return select(Webhook).where(Webhook.removed_at.is_(None)).order_by(Webhook.id)


def webhooks() -> Sequence[Webhook]:
    """The webhooks that are told of events."""
    return db.session.scalars(_living_webhooks()).all()


def webhook(webhook_id: int) -> Webhook | None:
    """One webhook; None for a removed one."""
    return db.session.scalar(_living_webhooks().where(Webhook.id == webhook_id))


def lost_events() -> LostEvents:
    """How the telling of other systems stands. One that fails for some minutes is told, as with mails."""
    moment, row = clock.real_now(), WebhookDelivery
    told = Webhook.id == row.webhook_id, Webhook.removed_at.is_(None), Webhook.paused_at.is_(None)
    is_given_up, other = row.state == MailState.FAILED, aliased(row)
    failing = select(other.webhook_id).where(other.state == MailState.QUEUED, other.attempts > 0)
    is_late = and_(is_given_up, row.next_attempt_at > moment - GIVEN_UP_LATELY)
    counted = (
        select(
            func.count(case((~is_given_up, 1))),
            func.min(case((~is_given_up & (row.attempts > 0), row.made_at))),
            func.count(case((is_given_up, 1))),
            func.count(case((is_late, 1))),
        )
        .select_from(row)
        .where(
            exists().where(*told),
            or_(is_given_up, and_(row.state == MailState.QUEUED, row.webhook_id.in_(failing))),
        )
    )
    waiting, oldest, given_up, lately = db.session.execute(counted).one()
    is_stuck = oldest is not None and oldest <= moment - TROUBLE_AFTER
    return LostEvents(waiting, given_up, lately, is_stuck or lately > 0)


def delivery_counts() -> dict[tuple[int, MailState], int]:
    """How many deliveries stand in each state, by webhook; what there is none of is absent."""
    rows = db.session.execute(
        select(WebhookDelivery.webhook_id, WebhookDelivery.state, func.count()).group_by(
            WebhookDelivery.webhook_id, WebhookDelivery.state
        )
    )
    return {(number, state): count for number, state, count in rows}


def deliveries(webhook_id: int, state: MailState | None, page: int) -> Sequence[WebhookDelivery]:
    """A page of a webhook's deliveries with their events, the newest first, of one state if given."""
    wanted = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if state is not None:
        wanted = wanted.where(WebhookDelivery.state == state)
    newest = wanted.order_by(WebhookDelivery.id.desc()).options(joinedload(WebhookDelivery.event))
    return db.session.scalars(newest.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)).all()


def delivery_of(delivery_id: int) -> WebhookDelivery | None:
    """One delivery with its webhook and event."""
    return db.session.scalar(
        select(WebhookDelivery)
        .where(WebhookDelivery.id == delivery_id)
        .options(joinedload(WebhookDelivery.webhook), joinedload(WebhookDelivery.event))
    )
