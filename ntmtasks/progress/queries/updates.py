"""Reading progress, comments, and what waits for a decision."""

from collections.abc import Collection, Sequence
from functools import cache

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db
from ntmtasks.history.queries import NEWEST
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import SPEAKERS, Phase


def person(user: User) -> Person:
    """A user as the rules see one."""
    return Person(user.id, user.role, user.agency_id, user.stands_in)


def work(assignment: Assignment) -> Work:
    """An assignment (its agency loaded) as the rules see one."""
    return Work(
        assignment.agency_id,
        assignment.agency.kind,
        assignment.officer_id,
        assignment.submitted_by_id,
        assignment.entered_by_id,
        assignment.submitted_guest != "",
    )


def progress_of(task_id: int, most: int | None = NEWEST) -> Sequence[ProgressUpdate]:
    """Progress on a task, the newest first, at most `most` (None = all)."""
    return db.session.scalars(_updates().where(Assignment.task_id == task_id).limit(most)).all()


@cache
def _updates() -> Select[ProgressUpdate]:
    return (
        select(ProgressUpdate)
        .join(ProgressUpdate.assignment)
        .order_by(ProgressUpdate.id.desc())
        .options(
            joinedload(ProgressUpdate.author).joinedload(User.agency),
            joinedload(ProgressUpdate.guest_link).joinedload(GuestLink.agency),
            selectinload(ProgressUpdate.evidence).joinedload(Evidence.file),
            contains_eager(ProgressUpdate.assignment).joinedload(Assignment.agency),
        )
    )


def newest(assignment_id: int) -> ProgressUpdate | None:
    """The last progress of one agency, with its author."""
    return db.session.scalar(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment_id)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
        .options(joinedload(ProgressUpdate.author))
    )


def newest_of(assignment_ids: Collection[int]) -> dict[int, ProgressUpdate]:
    """The last progress of each of these assignments that has any, with its author."""
    if not assignment_ids:
        return {}
    last = (
        select(func.max(ProgressUpdate.id))
        .where(ProgressUpdate.assignment_id.in_(assignment_ids))
        .group_by(ProgressUpdate.assignment_id)
    )
    rows = db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.id.in_(last))
        .options(joinedload(ProgressUpdate.author))
    )
    return {each.assignment_id: each for each in rows}


def comments_of(task_id: int, most: int | None = NEWEST) -> Sequence[Comment]:
    """Comments on a task, the newest first, at most `most` (None = all)."""
    return db.session.scalars(_comments().where(Comment.task_id == task_id).limit(most)).all()


@cache
def _comments() -> Select[Comment]:
    return (
        select(Comment)
        .order_by(Comment.id.desc())
        .options(joinedload(Comment.author).joinedload(User.agency))
    )


def waiting_to_pass_on(user: User) -> Sequence[Assignment]:
    """What officers of the own agency did and waits for this person's one press, the oldest first."""
    if user.role not in SPEAKERS:
        return ()
    return db.session.scalars(
        assignment_with_task()
        .where(
            Assignment.agency_id == user.agency_id,
            Assignment.pending_act.is_not(None),
            Assignment.task.has(phase=Phase.ISSUED),
        )
        .order_by(Assignment.pending_since)
    ).all()
