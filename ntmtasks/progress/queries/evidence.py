"""Reading evidence."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from ntmtasks.core.db import db
from ntmtasks.history.queries import NEWEST
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.tasks.models import Assignment


@cache
def _with_file() -> Select[Evidence]:
    return select(Evidence).options(
        joinedload(Evidence.file),
        joinedload(Evidence.author),
        joinedload(Evidence.update),
        joinedload(Evidence.withdrawn_by),
        joinedload(Evidence.assignment).joinedload(Assignment.agency),
    )


def evidence_of(task_id: int, most: int | None = NEWEST) -> Sequence[Evidence]:
    """Evidence of a task, withdrawn pieces too, the newest first, at most `most` (None = all)."""
    query = _with_file().where(Evidence.task_id == task_id).order_by(Evidence.number.desc())
    return db.session.scalars(query.limit(most)).all()


def evidence(task_id: int, number: int) -> Evidence | None:
    """One piece of evidence by its number within the task."""
    return db.session.scalar(
        _with_file().where(Evidence.task_id == task_id, Evidence.number == number)
    )


def last_number(task_id: int) -> int:
    """The highest number in use on a task, 0 when there is none."""
    highest = select(func.max(Evidence.number)).where(Evidence.task_id == task_id)
    return int(db.session.scalar(highest) or 0)
