"""Reading which files wait for a decision."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.files.models import StoredFile


def held(file_id: int, owner_id: int, now: datetime) -> StoredFile | None:
    """A file that this person brought and that waits at `now` (true time) for a decision."""
    return db.session.scalar(
        select(StoredFile).where(
            StoredFile.id == file_id,
            StoredFile.uploaded_by_id == owner_id,
            StoredFile.keep_until > now,
        )
    )


def expired(now: datetime) -> Sequence[StoredFile]:
    """Files about which nobody has decided in time."""
    return db.session.scalars(select(StoredFile).where(StoredFile.keep_until <= now)).all()
