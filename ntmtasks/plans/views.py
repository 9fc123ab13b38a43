"""The plan as issued: clauses, communes, money, findings."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import db
from ntmtasks.plans import labels, queries
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState

bp = Blueprint("plans", __name__)


@bp.get("/plans/")
@require(Permission.READ_OWN, Permission.READ_ALL)
def index() -> ResponseReturnValue:
    """All plans that one may read."""
    found = queries.plans(with_drafts=current_user.can(Permission.COORDINATE))
    return render_template("plans/index.html", plans=found, labels=labels)


@bp.get("/plans/<id:plan_id>")
@require(Permission.READ_OWN, Permission.READ_ALL)
def show(plan_id: int) -> ResponseReturnValue:
    """One plan; every clause of an issued plan is readable by everybody who is signed in."""
    plan = db.session.get(Plan, plan_id)
    if plan is None or (
        plan.state is PlanState.DRAFT and not current_user.can(Permission.COORDINATE)
    ):
        abort(404)
    return render_template(
        "plans/show.html", plan=plan, clauses=queries.clauses(plan.id), labels=labels
    )
