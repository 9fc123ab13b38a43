"""Reading the outbox."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import defer

from ntmtasks.core.db import db
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState

PAGE_SIZE = 50


@dataclass(frozen=True)
class MailPage:
    """One page of mails; `page` is the last one where a later one was asked for."""

    mails: Sequence[OutboxMail]
    page: int
    pages: int
    total: int


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
