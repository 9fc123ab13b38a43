"""Mails waiting or sent, and notices to people."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ntmtasks.core.db import Base, enum_column
from ntmtasks.outbox.rules import MailState


class OutboxMail(Base):
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
    state: Mapped[MailState] = mapped_column(enum_column(MailState))
    attempts: Mapped[int] = mapped_column(default=0)
    doubts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    claimed_by: Mapped[str | None]
    lease_until: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime]
    office_day: Mapped[str]
    sent_at: Mapped[datetime | None]


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
