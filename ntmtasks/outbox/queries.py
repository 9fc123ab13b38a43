"""Reading the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import defer

from ntmtasks.core.db import db
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import MailState

PAGE_SIZE = 50


@dataclass(frozen=True)
class MailPage:
    """One page of mails; `page` is the last one where a later one was asked for."""

    mails: Sequence[OutboxMail]
    page: int
    pages: int
    total: int


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
    unread = func.count(case((Notice.read_at.is_(None), 1)))
    row = db.session.execute(
        select(unread, func.max(Notice.id)).where(Notice.user_id == user_id)
    ).one()
    return Bell(int(row[0]), int(row[1] or 0))


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


def counts() -> dict[MailState, int]:
    """How many mails stand in each state; a state without mails is absent."""
    rows = db.session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state))
    return {row[0]: row[1] for row in rows}


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
