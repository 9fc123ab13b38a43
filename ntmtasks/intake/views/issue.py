"""Issuing a reviewed plan: what will happen, and the act."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import require
from ntmtasks.core.web import moved, refused, wants_fragment
from ntmtasks.intake import access, queries
from ntmtasks.intake.service import issuing
from ntmtasks.intake.views.blueprint import bp
from ntmtasks.intake.views.review import READERS
from ntmtasks.plans import queries as plans
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import FindingState, PlanState


@bp.get("/plans/<id:plan_id>/issue")
@require(*READERS)
def issue(plan_id: int) -> ResponseReturnValue:
    """What issuing will do: how many tasks, to whom, and what is not clear yet."""
    plan = access.plan_to_review(me(), plan_id)
    if plan.state is not PlanState.DRAFT:
        return redirect(url_for("plans.show", plan_id=plan.id))
    return _dialog(plan) if wants_fragment() else _page(plan)


@bp.post("/plans/<id:plan_id>/issue")
@require(*READERS)
def issue_now(plan_id: int) -> ResponseReturnValue:
    """Make all rows work at once, or none."""
    plan = access.draft_to_change(me(), plan_id, issuing=True)
    try:
        done = issuing.issue_plan(me(), plan)
    except issuing.WithoutLead:
        return refused(422, lambda: _page(plan), lambda: _dialog(plan))
    return moved(
        f"Đã ban hành giao việc: {len(done.tasks)} nhiệm vụ cho {len(done.consignments)} cơ quan.",
        url_for("plans.show", plan_id=plan.id),
    )


def _page(plan: Plan) -> str:
    return render_template("intake/issue.html", **_context(plan))


def _dialog(plan: Plan) -> str:
    return render_template("intake/_issue_dialog.html", **_context(plan))


def _context(plan: Plan) -> dict[str, object]:
    rows = queries.rows_of(plan.id)
    return {
        "plan": plan,
        "dispatch": queries.dispatch_of(plan.id),
        "lacking": sum(bool(row.missing) for row in rows.kept),
        "open_findings": sum(f.state is FindingState.OPEN for f in plans.findings(plan.id)),
        "in_dialog": wants_fragment(),
    }
