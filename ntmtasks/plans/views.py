"""The plan as issued: clauses, communes, money, findings."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.files.access import send
from ntmtasks.history import queries as history
from ntmtasks.plans import access, labels, queries

bp = Blueprint("plans", __name__)


@bp.get("/plans/")
@require(Permission.READ_OWN, Permission.READ_ALL)
def index() -> ResponseReturnValue:
    """All plans that one may read."""
    found = queries.plans(with_drafts=me().can(Permission.COORDINATE))
    return render_template("plans/index.html", plans=found, labels=labels)


@bp.get("/plans/<id:plan_id>")
@require(Permission.READ_OWN, Permission.READ_ALL)
def show(plan_id: int) -> ResponseReturnValue:
    """One plan; every clause of an issued plan is readable by everybody who is signed in."""
    plan = access.plan_to_read(me(), plan_id)
    return render_template(
        "plans/show.html",
        plan=plan,
        clauses=queries.clauses(plan.id),
        findings=queries.findings(plan.id),
        entries=history.of("plan", plan.id, history.FEW),
        labels=labels,
    )


@bp.get("/plans/<id:plan_id>/source")
@require(Permission.READ_OWN, Permission.READ_ALL)
def source(plan_id: int) -> ResponseReturnValue:
    """The file as it was brought in."""
    return send(access.plan_to_read(me(), plan_id).source_file)
