"""*Việc của tôi*: what one person has to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db
from ntmtasks.desk.queries.lists import WorkRow, by_urgency, work_rows
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import OPEN_STATES, PAGE_ROWS, Phase, WorkState


@dataclass(frozen=True)
class WorkPage:
    """One page of a person's work, 50 rows each."""

    rows: Sequence[WorkRow]
    page: int
    pages: int


def my_work(user: User, on: date, page: int) -> WorkPage:
    """A page of what the person has to do, red first; past the end: the last."""
    counted = select(func.count(Assignment.id)).join(Assignment.task).where(_mine(user))
    pages = max(1, -(-(db.session.scalar(counted) or 0) // PAGE_ROWS))
    page = max(1, min(page, pages))
    shown = db.session.scalars(
        assignment_with_task()
        .where(_mine(user))
        .order_by(*by_urgency(on))
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    ).all()
    return WorkPage(work_rows(shown, user, on), page, pages)


def all_my_work(user: User, on: date) -> Sequence[Assignment]:
    """Everything that the person has to do, in the order of the page."""
    return db.session.scalars(
        assignment_with_task().where(_mine(user)).order_by(*by_urgency(on))
    ).all()


def _mine(user: User) -> ColumnElement[bool]:
    handed = or_(Assignment.officer_id == user.id, Assignment.officer_id.is_(None))
    return and_(
        Assignment.agency_id == user.agency_id,
        Assignment.work_state.in_(OPEN_STATES | {WorkState.SUBMITTED}),
        Task.phase == Phase.ISSUED,
        handed if user.role is Role.OFFICER else true(),
    )
