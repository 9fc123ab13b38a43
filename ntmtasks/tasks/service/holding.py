"""Letting others wait: work is held before its task, always, or two who hold both wait for each other."""

from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.tasks.models import Assignment


def hold(*assignments: Assignment) -> None:
    """Let other acts that hold the same assignments wait until this transaction ends."""
    ids = [a.id for a in assignments]
    held = select(Assignment.id).where(Assignment.id.in_(ids)).order_by(Assignment.id)
    db.session.execute(held.with_for_update())
