"""Due times of scheduled jobs: whoever inserts the row first does the work."""

from sqlalchemy import func, select

from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.core.models import JobSlot

REMINDERS = "reminders"
"""The job whose slots are the mornings on which reminders are made."""


def is_claimed(job: str, slot: str) -> bool:
    """Whether the due time `slot` of `job` is done: a cheap look before the work is prepared."""
    row = select(JobSlot.id).where(JobSlot.job == job, JobSlot.slot == slot)
    return db.session.scalar(row) is not None


def claim(job: str, slot: str) -> bool:
    """Whether this caller got the due time `slot` of `job`; False when it has been done before.

    To be called inside the transaction that does the work: if that fails, the slot is free again.
    """
    with transaction():
        row = insert(JobSlot).values(job=job, slot=slot, claimed_at=real_now())
        claimed = db.session.scalar(
            row.on_conflict_do_nothing(index_elements=["job", "slot"]).returning(JobSlot.id)
        )
        return claimed is not None


def newest(job: str) -> str | None:
    """The last slot of `job` that was claimed, in the order of their names; None before the first."""
    return db.session.scalar(select(func.max(JobSlot.slot)).where(JobSlot.job == job))
