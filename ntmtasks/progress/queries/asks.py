"""Reading requests for more time and explanations."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cache

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db
from ntmtasks.core.kept import columns
from ntmtasks.history.queries import NEWEST
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.rules.asks import ANSWER_WORKING_DAYS, ExplanationState, ExtensionState
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import Phase
from ntmtasks.workdays.queries import calendar
from ntmtasks.workdays.rules import add_working_days


@cache
def extensions() -> Select[DeadlineExtension]:
    """A query of requests for more time that brings task, agency and people along."""
    return (
        select(DeadlineExtension)
        .join(DeadlineExtension.assignment)
        .join(Assignment.task)
        .options(
            contains_eager(DeadlineExtension.assignment).options(
                contains_eager(Assignment.task).joinedload(Task.plan),
                joinedload(Assignment.agency),
            ),
            joinedload(DeadlineExtension.asked_by),
            joinedload(DeadlineExtension.decided_by),
        )
    )


def extension(extension_id: int) -> DeadlineExtension | None:
    """One request for more time."""
    return db.session.scalar(extensions().where(DeadlineExtension.id == extension_id))


def extensions_of(task_id: int, most: int | None = NEWEST) -> Sequence[DeadlineExtension]:
    """The requests on a task, the newest first, at most `most` (None = all)."""
    query = extensions().where(Assignment.task_id == task_id).order_by(DeadlineExtension.id.desc())
    return db.session.scalars(query.limit(most)).all()


@cache
def explanations() -> Select[ExplanationRequest]:
    """A query of explanations that brings task, agency and people along."""
    return (
        select(ExplanationRequest)
        .join(ExplanationRequest.assignment)
        .join(Assignment.task)
        .options(
            contains_eager(ExplanationRequest.assignment).options(
                contains_eager(Assignment.task).joinedload(Task.plan),
                joinedload(Assignment.agency),
            ),
            joinedload(ExplanationRequest.asked_by),
            joinedload(ExplanationRequest.answered_by),
            joinedload(ExplanationRequest.judged_by),
        )
    )


def explanation(explanation_id: int) -> ExplanationRequest | None:
    """One demand for an explanation."""
    return db.session.scalar(explanations().where(ExplanationRequest.id == explanation_id))


def explanations_of(task_id: int, most: int | None = NEWEST) -> Sequence[ExplanationRequest]:
    """The demands on a task, the newest first, at most `most` (None = all)."""
    query = (
        explanations().where(Assignment.task_id == task_id).order_by(ExplanationRequest.id.desc())
    )
    return db.session.scalars(query.limit(most)).all()


def explanations_about(url: str) -> Sequence[ExplanationRequest]:
    """The demands about what stands on a page of its own, the newest first."""
    query = explanations().where(ExplanationRequest.about_url == url)
    return db.session.scalars(query.order_by(ExplanationRequest.id.desc()).limit(NEWEST)).all()


def answer_day(today: date) -> date:
    """Until when an explanation is asked for, unless somebody says otherwise."""
    return add_working_days(today, ANSWER_WORKING_DAYS, calendar())


def owed_by(user: User) -> Sequence[ExplanationRequest]:
    """What this person's agency still has to explain, of work that the person may update; the first
    to be answered first."""
    query = explanations().where(
        ExplanationRequest.state == ExplanationState.ASKED,
        Assignment.agency_id == user.agency_id,
        Task.phase == Phase.ISSUED,
    )
    if user.role is Role.OFFICER:
        query = query.where(or_(Assignment.officer_id == user.id, Assignment.officer_id.is_(None)))
    order = (ExplanationRequest.answer_by, ExplanationRequest.id)
    return db.session.scalars(query.order_by(*order).limit(200)).all()


def to_explain(assignment_ids: Collection[int]) -> set[int]:
    """Those of the assignments whose agency still owes an explanation."""
    query = select(ExplanationRequest.assignment_id).where(
        ExplanationRequest.assignment_id.in_(assignment_ids),
        ExplanationRequest.state == ExplanationState.ASKED,
    )
    return set(db.session.scalars(query))


def awaits_more_time(assignment_id: int) -> bool:
    """Whether more time was asked for this work and not yet decided."""
    return columns(_asked_of(), {"assignment_id": assignment_id}) != []


@cache
def _asked_of() -> Select[int]:
    return select(DeadlineExtension.id).where(
        DeadlineExtension.assignment_id == bindparam("assignment_id"),
        DeadlineExtension.state == ExtensionState.ASKED,
    )


def awaiting_more_time(assignment_ids: Collection[int]) -> set[int]:
    """Those of the assignments for which more time was asked and not yet decided."""
    query = select(DeadlineExtension.assignment_id).where(
        DeadlineExtension.assignment_id.in_(assignment_ids),
        DeadlineExtension.state == ExtensionState.ASKED,
    )
    return set(db.session.scalars(query))
