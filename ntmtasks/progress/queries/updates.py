"""Reading progress, comments, and what waits for a decision."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import assignment_with_task
from ntmtasks.tasks.rules import SPEAKERS, AssignmentRole, Phase, TaskKind, WorkState


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
    )


def progress_of(task_id: int) -> Sequence[ProgressUpdate]:
    """All progress on a task, the newest first."""
    return db.session.scalars(_UPDATES.where(Assignment.task_id == task_id)).all()


_UPDATES = (
    select(ProgressUpdate)
    .join(ProgressUpdate.assignment)
    .order_by(ProgressUpdate.id.desc())
    .limit(200)
    .options(
        joinedload(ProgressUpdate.author),
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


def comments_of(task_id: int) -> Sequence[Comment]:
    """All comments on a task, the newest first."""
    return db.session.scalars(_COMMENTS.where(Comment.task_id == task_id)).all()


_COMMENTS = (
    select(Comment)
    .order_by(Comment.id.desc())
    .limit(200)
    .options(joinedload(Comment.author).joinedload(User.agency))
)


TO_DECIDE = (WorkState.SUBMITTED, WorkState.REFUSED)


def waiting_for(user: User) -> Sequence[Assignment]:
    """Completions and refusals that this person may decide, the oldest first."""
    decides = _decided_by(user)
    if decides is None:
        return ()
    query = (
        assignment_with_task()
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(
            Assignment.work_state.in_(TO_DECIDE),
            Assignment.agency_id != user.agency_id,
            Task.phase == Phase.ISSUED,
            decides,
        )
        .order_by(func.coalesce(Assignment.submitted_at, Assignment.updated_at))
        .limit(200)
    )
    return db.session.scalars(query).all()


def count_waiting_for(user: User) -> int:
    """How many completions and refusals this person may decide."""
    decides = _decided_by(user)
    if decides is None:
        return 0
    found = db.session.scalar(
        select(func.count())
        .select_from(AssignmentSpan)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .join(Agency, Agency.id == AssignmentSpan.agency_id)
        .where(
            AssignmentSpan.to_at.is_(None),
            AssignmentSpan.role.in_(AssignmentRole),  # any: the index begins with role and kind
            AssignmentSpan.kind.in_(TaskKind),
            AssignmentSpan.phase == Phase.ISSUED,
            AssignmentSpan.work_state.in_(TO_DECIDE),
            AssignmentSpan.agency_id != user.agency_id,
            decides,
        )
    )
    return found or 0


def _decided_by(user: User) -> ColumnElement[bool] | None:
    """progress.rules.may of the decisions in SQL, without the own agency; None for nothing at all."""
    office = Agency.kind == AgencyKind.OFFICE
    not_entered_by_me = or_(Assignment.entered_by_id.is_(None), Assignment.entered_by_id != user.id)
    if user.role is Role.CITY_LEADER:
        return or_(office, Assignment.entered_by_id.is_not(None))
    if user.role is Role.COORDINATOR:
        return and_(Agency.kind != AgencyKind.OFFICE, not_entered_by_me)
    return office if user.stands_in else None


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
