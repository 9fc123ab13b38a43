"""The one door to a plan: the object, or 404."""

from flask import abort

from ntmtasks.accounts.models import User
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState


def plan_to_read(user: User, plan_id: int) -> Plan:
    """The plan, or 404; a draft is there for those who review it alone."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or (plan.state is PlanState.DRAFT and not user.can(Permission.COORDINATE)):
        abort(404)
    return plan
