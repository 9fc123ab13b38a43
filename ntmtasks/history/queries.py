"""Reading the record."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, bindparam, select

from ntmtasks.core.db import db
from ntmtasks.core.kept import objects
from ntmtasks.history.models import HistoryEntry

NEWEST = 50
"""So many entries of a kind a page shows; the printed whole of a task has them all."""


FEW = 50
"""So many stand under a page whose record is short anyway."""


def of(subject: str, subject_id: int, most: int | None = NEWEST) -> Sequence[HistoryEntry]:
    """The newest entries about one row, at most `most` (None = all), newest first."""
    asked = {"subject": subject, "subject_id": subject_id}
    return [entry for (entry,) in objects(_of(most), asked)]


@cache
def _of(most: int | None) -> Select[HistoryEntry]:
    return (
        select(HistoryEntry)
        .where(
            HistoryEntry.subject == bindparam("subject"),
            HistoryEntry.subject_id == bindparam("subject_id"),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(most)
    )


def of_all(subject: str, most: int = FEW) -> Sequence[HistoryEntry]:
    """The newest entries about all rows of a kind, also those that are gone, newest first."""
    return db.session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == subject)
        .order_by(HistoryEntry.id.desc())
        .limit(most)
    ).all()
