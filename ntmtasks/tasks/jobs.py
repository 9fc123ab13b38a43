"""What the worker does about work: other systems hear of what has become overdue."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from ntmtasks.core import clock, slots
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.queries import has_webhooks
from ntmtasks.outbox.rules import Event
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.queries.counting import is_overdue
from ntmtasks.tasks.service.announcing import said

JOB = "overdue"


def run(now: datetime) -> int:
    """Announce what is overdue on the office's day of `now`, each assignment once for each deadline; how
    much is overdue, 0 where the day is done or nobody listens."""
    day = clock.local(now).date()
    if not has_webhooks() or slots.is_claimed(JOB, day.isoformat()):
        return 0
    with transaction():
        if not slots.claim(JOB, day.isoformat()):
            return 0
        late = db.session.scalars(
            select(Assignment)
            .join(AssignmentSpan, AssignmentSpan.assignment_id == Assignment.id)
            .join(Assignment.task)
            .where(AssignmentSpan.to_at.is_(None), is_overdue(day))
            .order_by(Assignment.deadline, Assignment.id)
            .options(contains_eager(Assignment.task), joinedload(Assignment.agency))
        ).all()
        news = ((f"{JOB}:{a.id}:{a.deadline}", a.agency_id, said(a)) for a in late)
        outbox.announce_once(Event.OVERDUE, news)
        return len(late)
