"""The queue that mails and webhooks share: rows are leased, tried, and settled by whoever leased them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_, update

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox.models import OutboxMail, WebhookDelivery
from ntmtasks.outbox.rules import MailState

Row = TypeVar("Row", OutboxMail, WebhookDelivery)


def is_due(table: type[Row]) -> ColumnElement[bool]:
    """The rows whose turn has come and that nobody has leased."""
    moment = clock.real_now()
    return and_(
        table.state == MailState.QUEUED,
        table.next_attempt_at <= moment,
        or_(table.lease_until.is_(None), table.lease_until < moment),
    )


def claim(due: Select[Row], me: str, lease: timedelta) -> Sequence[Row]:
    """Lease these rows to `me`; they are copies that no session follows."""
    with transaction():
        found = locked(due)
        until = clock.real_now() + lease
        for row in found:
            row.claimed_by, row.lease_until = me, until
        db.session.flush()
        for row in found:
            db.session.expunge(row)
    return found


def locked(wanted: Select[Row]) -> Sequence[Row]:
    """The rows as they are now, without those that another worker holds (SQLite has one writer)."""
    return db.session.scalars(
        wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).all()


def settle(table: type[Row], number: int, me: str, wait: timedelta, **values: Any) -> bool:
    """End the attempt of `me` at a row, which may be tried again after `wait`; False when somebody else
    has judged it since the lease ran out."""
    with transaction():
        settled = (
            update(table)
            .where(table.id == number, table.claimed_by == me)
            .values(
                next_attempt_at=clock.real_now() + wait,
                claimed_by=None,
                lease_until=None,
                **values,
            )
        )
        return db.session.scalar(settled.returning(table.id)) is not None


def put_off(table: type[Row], number: int, me: str, wait: timedelta) -> None:
    """Give a row back whose hour has not come; that is no attempt, and nothing is the matter with it until
    then."""
    with transaction():
        db.session.execute(
            update(table)
            .where(
                table.id == number,
                table.claimed_by == me,
                table.state == MailState.QUEUED,
            )
            .values(
                claimed_by=None,
                lease_until=None,
                next_attempt_at=clock.real_now() + wait,
                error="",
            )
        )


def put_back(table: type[Row], me: str, error: str = "") -> int:
    """Give back what `me` still has leased and did not try, with the reason if there is one; how many."""
    with transaction():
        left = (
            update(table)
            .where(table.claimed_by == me, table.state == MailState.QUEUED)
            .values(claimed_by=None, lease_until=None, **({"error": error} if error else {}))
        )
        return len(db.session.scalars(left.returning(table.id)).all())
