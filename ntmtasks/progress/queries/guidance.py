"""Reading directives and urgings."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.history.queries import NEWEST
from ntmtasks.progress.models.guidance import Directive, Urging
from ntmtasks.tasks.models import Assignment


@cache
def _directives() -> Select[Directive]:
    return select(Directive).options(joinedload(Directive.author).joinedload(User.agency))


def directive(directive_id: int) -> Directive | None:
    """One directive with its author."""
    return db.session.scalar(_directives().where(Directive.id == directive_id))


def directives_of(task_id: int, most: int | None = NEWEST) -> Sequence[Directive]:
    """Directives on a task, the newest first, those withdrawn among them; at most `most` (None = all)."""
    query = _directives().where(Directive.task_id == task_id).order_by(Directive.id.desc())
    return db.session.scalars(query.limit(most)).all()


def directed(task_ids: Collection[int]) -> set[int]:
    """Those of the tasks that have a directive which holds."""
    query = select(Directive.task_id).where(
        Directive.task_id.in_(task_ids), Directive.withdrawn_at.is_(None)
    )
    return set(db.session.scalars(query))


@cache
def _urgings() -> Select[Urging]:
    return (
        select(Urging)
        .join(Urging.assignment)
        .options(
            joinedload(Urging.author),
            joinedload(Urging.assignment).joinedload(Assignment.agency),
        )
    )


def urgings_of(task_id: int, most: int | None = NEWEST) -> Sequence[Urging]:
    """Urgings on a task, the newest first, at most `most` (None = all)."""
    query = _urgings().where(Assignment.task_id == task_id).order_by(Urging.id.desc())
    return db.session.scalars(query.limit(most)).all()


def urged_today(assignment_ids: Collection[int]) -> Sequence[Urging]:
    """The urgings of today on these assignments, in the order of the day."""
    return db.session.scalars(
        _urgings()
        .where(
            Urging.assignment_id.in_(assignment_ids),
            Urging.made_at >= clock.start_of_day(clock.today()),
        )
        .order_by(Urging.id)
    ).all()
