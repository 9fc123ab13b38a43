"""Reading the record."""

from collections.abc import Sequence

from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.history.models import HistoryEntry


def of(subject: str, subject_id: int, limit: int = 200) -> Sequence[HistoryEntry]:
    """The newest entries about one row, newest first."""
    return db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == subject, HistoryEntry.subject_id == subject_id)
        .order_by(HistoryEntry.id.desc())
        .limit(limit)
    ).all()
