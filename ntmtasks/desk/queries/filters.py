"""Reading the saved filters of an agency."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ntmtasks.core.db import db
from ntmtasks.desk.models import SavedFilter


def filters_of(agency_id: int) -> Sequence[SavedFilter]:
    """The saved filters of an agency with who made them, in the order in which they were made."""
    return db.session.scalars(
        select(SavedFilter)
        .where(SavedFilter.agency_id == agency_id)
        .order_by(SavedFilter.id)
        .options(joinedload(SavedFilter.author))
    ).all()


def filter_of(agency_id: int, filter_id: int) -> SavedFilter | None:
    """One saved filter of an agency with who made it."""
    return db.session.scalar(
        select(SavedFilter)
        .where(SavedFilter.agency_id == agency_id, SavedFilter.id == filter_id)
        .options(joinedload(SavedFilter.author))
    )
