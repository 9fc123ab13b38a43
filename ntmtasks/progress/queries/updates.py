"""Reading progress, comments, and what waits for a decision."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries import assignment_with_task
from ntmtasks.tasks.rules import Phase, WorkState


def person(user: User) -> Person:
    """A user as the rules see one."""
    return Person(user.id, user.role, user.agency_id)


def work(assignment: Assignment) -> Work:
    """An assignment (its agency loaded) as the rules see one."""
    return Work(
        assignment.agency_id,
        assignment.agency.kind,
        assignment.officer_id,
        assignment.submitted_by_id,
    )


def progress_of(task_id: int) -> Sequence[ProgressUpdate]:
    """All progress on a task, the newest first."""
    return db.session.scalars(
        select(ProgressUpdate)
        .join(ProgressUpdate.assignment)
        .where(Assignment.task_id == task_id)
        .order_by(ProgressUpdate.id.desc())
        .limit(200)
        .options(
            joinedload(ProgressUpdate.author),
            selectinload(ProgressUpdate.evidence).joinedload(Evidence.file),
            joinedload(ProgressUpdate.assignment).joinedload(Assignment.agency),
        )
    ).all()


def comments_of(task_id: int) -> Sequence[Comment]:
    """All comments on a task, the newest first."""
    return db.session.scalars(
        select(Comment)
        .where(Comment.task_id == task_id)
        .order_by(Comment.id.desc())
        .limit(200)
        .options(joinedload(Comment.author).joinedload(User.agency))
    ).all()


def waiting_for(user: User) -> Sequence[Assignment]:
    """Reported completions that this person may confirm or return, the oldest first."""
    query = (
        assignment_with_task()
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(
            Assignment.work_state == WorkState.SUBMITTED,
            Assignment.agency_id != user.agency_id,
            Assignment.task.has(phase=Phase.ISSUED),
        )
        .order_by(Assignment.submitted_at)
        .limit(200)
    )
    if user.role is Role.CITY_LEADER:
        query = query.where(Agency.kind == AgencyKind.OFFICE)
    elif user.role is Role.COORDINATOR:
        query = query.where(Agency.kind != AgencyKind.OFFICE)
    else:
        return ()
    return db.session.scalars(query).all()
