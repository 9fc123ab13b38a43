"""From a draft plan to work: tasks, reporting duties, and everybody told."""

from collections.abc import Sequence

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import recipient_book
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.db import db, transaction
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.reports import service as reports
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole
from ntmtasks.tasks.service import drafts

REPORT_RHYTHMS = {"monthly", "quarterly", "yearly"}


def issue_plan(actor: User | None, plan: Plan) -> None:
    """Make all drafts of a plan into work, its reporting duties into periods, and tell the people."""
    with transaction():
        found = db.session.scalars(
            select(Task).where(Task.plan_id == plan.id).order_by(Task.position)
        ).all()
        drafts.issue(found)
        plan.state = PlanState.ISSUED
        _require_reports(actor, plan, found)
        _tell_people(plan, found)
        history.record(actor, "plan", plan.id, "plan.issue", after={"Số nhiệm vụ": str(len(found))})


def _require_reports(actor: User | None, plan: Plan, found: Sequence[Task]) -> None:
    """One requirement for all items by which the same agencies report in the same rhythm."""
    duties: dict[tuple[int, ...], list[Task]] = {}
    for task in found:
        if set(task.recurrence) >= REPORT_RHYTHMS:
            key = tuple(a.agency_id for a in task.assignments if a.role is AssignmentRole.LEAD)
            duties.setdefault(key, []).append(task)
    office = agencies.by_short_name().get(agencies.directory().office or "") if duties else None
    for group in duties.values():
        owing = [a.agency for a in group[0].assignments if a.role is AssignmentRole.LEAD]
        reports.create_requirement(
            plan,
            [clause for task in group for clause in task.clauses],
            "Báo cáo định kỳ tình hình thực hiện",
            [office.name, plan.issuer] if office else [plan.issuer],
            owing,
            actor,
        )


def _tell_people(plan: Plan, found: Sequence[Task]) -> None:
    """One notice for each person: how many tasks the agency got."""
    owed: dict[int, int] = {}
    for task in found:
        for assignment in task.assignments:
            owed[assignment.agency_id] = owed.get(assignment.agency_id, 0) + 1
    book = recipient_book()
    for agency_id, count in owed.items():
        for recipient in book.of(agency_id, None):
            if recipient.user_id is not None and not recipient.note:
                outbox.notify(
                    recipient.user_id,
                    "issued",
                    f"Giao nhiệm vụ theo Kế hoạch {plan.number}",
                    f"Cơ quan của bạn được giao {count} nhiệm vụ theo Kế hoạch {plan.number}.",
                    "/my-work/",
                )
