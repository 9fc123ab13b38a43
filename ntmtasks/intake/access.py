"""The one door to what is reviewed: the object, or 404 (may not read), 403 (may not do), 409."""

from flask import abort
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.plans.access import plan_to_read
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.queries.loading import task_with_assignments
from ntmtasks.tasks.rules import UNISSUED


def plan_to_review(user: User, plan_id: int) -> Plan:
    """A plan that one may review while it is a draft, or 404 or 403."""
    plan = plan_to_read(user, plan_id)
    if not user.can(Permission.COORDINATE):
        abort(403)
    return plan


def draft_to_change(user: User, plan_id: int, issuing: bool = False) -> Plan:
    """A draft plan, or 404 or 403; 409 where it has been issued. Nobody issues it meanwhile, and
    who issues it waits for those who still change it."""
    plan = plan_to_review(user, plan_id)
    db.session.refresh(plan, with_for_update={"read": not issuing})
    if plan.state is not PlanState.DRAFT:
        abort(409)
    return plan


def task_to_review(user: User, plan_id: int, task_id: int) -> Task:
    """A draft or dropped task of a draft plan, held until the end of the transaction."""
    plan = draft_to_change(user, plan_id)
    asked = task_with_assignments().where(
        Task.id == task_id, Task.plan_id == plan.id, Task.phase.in_(UNISSUED)
    )
    task = db.session.scalar(asked.with_for_update(of=Task))
    if task is None:
        abort(404)
    return task


def finding_to_settle(user: User, plan_id: int, finding_id: int) -> Finding:
    """A finding of a draft plan, held until the end of the transaction."""
    plan = draft_to_change(user, plan_id)
    asked = select(Finding).where(Finding.id == finding_id, Finding.plan_id == plan.id)
    finding = db.session.scalar(asked.with_for_update())
    if finding is None:
        abort(404)
    return finding
