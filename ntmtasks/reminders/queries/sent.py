"""What was sent to whom, as whoever coordinates may read it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import defer

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.queries import all_agencies
from ntmtasks.core.db import db
from ntmtasks.core.text import fold
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.queries import PAGE_SIZE, MailPage
from ntmtasks.outbox.rules import GUEST_LINK, ISSUED, NOTICES, REMINDER, MailState

SHOWN = (REMINDER, NOTICES, ISSUED, GUEST_LINK)
"""Kinds of mail that others than their recipient may read: no secret that opens an account."""


@dataclass(frozen=True)
class Asked:
    """Which mails: words of a name or an address, an agency, a state; empty or None for all."""

    words: str = ""
    agency: Agency | None = None
    state: MailState | None = None


@dataclass(frozen=True)
class Sent:
    """One page of mails, newest first, and how many of those asked for stand in each state."""

    page: MailPage
    counts: dict[MailState, int]


def sent(asked: Asked, page: int) -> Sent:
    """The mails asked for; past the end the last page."""
    wanted = [OutboxMail.kind.in_(SHOWN), *_conditions(asked)]
    per_state = select(OutboxMail.state, func.count()).where(*wanted).group_by(OutboxMail.state)
    counts = {row[0]: row[1] for row in db.session.execute(per_state)}
    if asked.state is not None:
        wanted.append(OutboxMail.state == asked.state)
    total = counts.get(asked.state, 0) if asked.state else sum(counts.values())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page, pages)
    rows = db.session.scalars(
        select(OutboxMail)
        .where(*wanted)
        .order_by(OutboxMail.id.desc())
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
        .options(defer(OutboxMail.text), defer(OutboxMail.html))
    ).all()
    return Sent(MailPage(rows, page, pages, total), counts)


def mail(mail_id: int) -> OutboxMail | None:
    """One mail of these kinds, with all that its recipient gets."""
    return db.session.scalar(
        select(OutboxMail).where(OutboxMail.id == mail_id, OutboxMail.kind.in_(SHOWN))
    )


def _conditions(asked: Asked) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.agency is not None:
        people = select(User.id).where(User.agency_id == asked.agency.id)
        found.append(_to(OutboxMail.user_id.in_(people), [asked.agency.mailbox]))
    if asked.words:
        ids = [person.id for person in accounts.people(asked.words)]
        wanted = fold(asked.words).split()
        offices = [
            agency.mailbox
            for agency in all_agencies()
            if all(word in fold(f"{agency.name} {agency.short_name}") for word in wanted)
        ]
        found.append(_to(OutboxMail.user_id.in_(ids), [*offices, asked.words.lower()]))
    return found


def _to(people: ColumnElement[bool], mailboxes: Sequence[str]) -> ColumnElement[bool]:
    """To one of these people, or to an address where nobody signs in."""
    to_office = and_(
        OutboxMail.user_id.is_(None), OutboxMail.to_address.in_([box for box in mailboxes if box])
    )
    return or_(people, to_office)
