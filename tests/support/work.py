"""Finding work and people of the sample, and what was told about them."""

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import user_by_name
from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import NOTICES
from ntmtasks.tasks.models import Assignment, Task
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def of(path: str, agency: str) -> Assignment:
    """The assignment of an agency, by the short name; the sample's plan is the first."""
    found = select(Task).where(Task.path == path).order_by(Task.id).limit(1)
    task = db.session.scalars(found).one()
    return next(a for a in task.assignments if a.agency.short_name == agency)


def somebody(username: str) -> User:
    """A person of the sample."""
    found = user_by_name(username)
    assert found is not None
    return found


def verbs_of(task_id: int) -> list[str]:
    """The verbs on record about a task, newest first."""
    return list(
        db.session.scalars(
            select(HistoryEntry.verb)
            .where(HistoryEntry.subject == "task", HistoryEntry.subject_id == task_id)
            .order_by(HistoryEntry.id.desc())
        )
    )


def told(username: str, kind: str) -> list[str]:
    """The lines of the notices of one kind that a person got."""
    return list(
        db.session.scalars(
            select(Notice.line).where(Notice.user_id == somebody(username).id, Notice.kind == kind)
        )
    )


def a_minute_later() -> None:
    """What was news just now has become mails."""
    with transaction():
        db.session.execute(
            update(Notice)
            .where(Notice.mail_id.is_(None))
            .values(made_at=clock.real_now() - timedelta(seconds=61))
        )
    outbox.join_notices(addresses)


def office_letters() -> list[OutboxMail]:
    """The mails that mailboxes of offices get of the news, a minute later, in their order."""
    a_minute_later()
    wanted = select(OutboxMail).where(OutboxMail.kind == NOTICES, OutboxMail.user_id.is_(None))
    return list(db.session.scalars(wanted.order_by(OutboxMail.id)))
