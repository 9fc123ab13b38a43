"""The overview and what is overdue."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.progress.queries.waiting import count_waiting_for
from ntmtasks.reports.queries import owed
from ntmtasks.tasks import queries
from ntmtasks.tasks.rules import PAGE_ROWS, AgeClass, sum_of

bp = Blueprint("oversight", __name__)


@bp.get("/overview")
@require(Permission.OVERVIEW)
def overview() -> ResponseReturnValue:
    """The counters, what is late by age and agency, what waits."""
    today = clock.today()
    agencies = queries.counters_by_agency(today)
    return render_template(
        "oversight/overview.html",
        counters=sum_of(counters for _, counters in agencies),
        routine=queries.not_counted(today),
        ages=queries.overdue_by_age(today),
        agencies=agencies,
        reports=[r for r in owed(today) if r.due_on < today],
        waiting=count_waiting_for(me()) if current_user.can(Permission.DECIDE) else 0,
    )


@bp.get("/overdue")
@require(Permission.READ_OWN, Permission.READ_ALL)
def overdue() -> ResponseReturnValue:
    """Late obligations, the oldest first, by age and agency."""
    today = clock.today()
    scope = None if current_user.can(Permission.READ_ALL) else me().agency_id
    age = next((a for a in AgeClass if a.value == request.args.get("age")), None)
    agency_id = scope or request.args.get("agency", type=int)
    page = min(max(request.args.get("page", 1, type=int), 1), 200)
    ages = queries.overdue_by_age(today, agency_id)
    total = ages[age] if age else sum(ages.values())
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(page, pages)
    return render_template(
        "oversight/overdue.html",
        rows=queries.overdue_assignments(today, age, agency_id, PAGE_ROWS, (page - 1) * PAGE_ROWS),
        ages=ages,
        age=age,
        agencies=queries.overdue_by_agency(today, scope),
        agency_id=agency_id,
        total=total,
        page=page,
        pages=pages,
        at_page=lambda number: url_for(
            "oversight.overdue", age=age and age.value, agency=agency_id, page=number
        ),
    )
