"""Mails and webhooks waiting or sent, and notices to people."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ntmtasks.core.db import Base, enum_column
from ntmtasks.outbox.rules import Event, MailState


class Queued:
    """What waits to go out, whatever it is: leased, tried and settled by outbox.jobs.queue."""

    state: Mapped[MailState] = mapped_column(enum_column(MailState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class OutboxMail(Queued, Base):
    """One mail to one recipient; `key` (kind, slot, recipient) keeps it from being made twice.

    `doubts` counts how often the line broke while the text was handed over: each may be a double.
    `next_attempt_at` of a mail that was settled is the true moment at which it was; `sent_at` is the
    office's.
    """

    __tablename__ = "outbox_mail"
    __table_args__ = (
        Index("ix_outbox_mail_state_next_attempt_at", "state", "next_attempt_at"),
        Index("ix_outbox_mail_kind_state", "kind", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    to_address: Mapped[str]
    to_name: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str]
    html: Mapped[str]
    message_id: Mapped[str] = mapped_column(unique=True)
    doubts: Mapped[int] = mapped_column(default=0)
    office_day: Mapped[str]


class ServerState(Base):
    """How the mail server did when it was last asked: one row, the first.

    `failing_since` (None = fine) and `failures`: it could not be reached, let nobody in or took no
    sender; nobody asks it again before `next_try_at`.
    """

    __tablename__ = "mail_server"

    id: Mapped[int] = mapped_column(primary_key=True)
    failing_since: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime]
    error: Mapped[str] = mapped_column(default="")


class Notice(Base):
    """Something new for one person: the bell shows it, the worker joins a minute's in a mail; or, without
    a person, for the mailbox `to_address` of an office where nobody signs in."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_user_id_id", "user_id", "id"),
        Index("ix_notice_mail_id_made_at", "mail_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    to_address: Mapped[str] = mapped_column(default="")
    to_name: Mapped[str] = mapped_column(default="")
    kind: Mapped[str]
    subject: Mapped[str]
    line: Mapped[str]
    url: Mapped[str]
    made_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    mail_id: Mapped[int | None] = mapped_column(ForeignKey("outbox_mail.id"))


class Webhook(Base):
    """Another system that is told of events: of one agency's work, or of everything (`agency_id` NULL).

    `secret` signs what is sent, so it is kept as it is; `events` are code names of outbox.rules.Event.
    While it is paused (`paused_at` is set) what happens waits for it. All its moments are true time.
    """

    __tablename__ = "webhook"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    url: Mapped[str]
    secret: Mapped[str]
    events: Mapped[list[str]]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agency.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]


class WebhookEvent(Base):
    """Something that happened to an agency's work, as other systems are told of it.

    `uid` is its id for them. `key` keeps what a job finds every day from being told twice. `at` is the
    office's moment, `made_at` true time; until `spread_at` the worker has not yet made deliveries of it.
    """

    __tablename__ = "webhook_event"
    __table_args__ = (
        Index(
            "ix_webhook_event_waiting",
            "id",
            sqlite_where=text("spread_at IS NULL"),
            postgresql_where=text("spread_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    key: Mapped[str | None] = mapped_column(unique=True)
    event: Mapped[Event] = mapped_column(enum_column(Event))
    agency_id: Mapped[int] = mapped_column(ForeignKey("agency.id"))
    data: Mapped[dict[str, Any]]
    at: Mapped[datetime]
    made_at: Mapped[datetime]
    spread_at: Mapped[datetime | None] = mapped_column(index=True)


class WebhookDelivery(Queued, Base):
    """One event for one webhook. A receiver may get it twice, always with the same id in it."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_state_next_attempt_at", "state", "next_attempt_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("webhook_event.id"), index=True)

    webhook: Mapped[Webhook] = relationship()
    event: Mapped[WebhookEvent] = relationship()
