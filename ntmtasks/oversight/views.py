"""The overview and what is overdue."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.tables import MOST_ROWS
from ntmtasks.core.web import taken_away
from ntmtasks.escalations.queries import held_up
from ntmtasks.progress.queries.silence import silences
from ntmtasks.progress.queries.waiting import count_waiting_for
from ntmtasks.reports.queries.owed import owed
from ntmtasks.tasks.labels import AGES
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import PAGE_ROWS, AgeClass, sum_of
from ntmtasks.tasks.service.tables import assignments_table

bp = Blueprint("oversight", __name__)


@bp.get("/overview")
@require(Permission.OVERVIEW)
def overview() -> ResponseReturnValue:
    """The counters, what is late by age and agency, what waits."""
    today = clock.today()
    agencies = counting.counters_by_agency(today)
    return render_template(
        "oversight/overview.html",
        counters=sum_of(counters for _, counters in agencies),
        routine=counting.not_counted(today),
        ages=counting.overdue_by_age(today),
        agencies=agencies,
        reports=[r for r in owed(today) if r.due_on < today],
        waiting=count_waiting_for(me()) if current_user.can(Permission.DECIDE) else 0,
    )


@bp.get("/overdue")
@require(Permission.READ_OWN, Permission.READ_ALL)
def overdue() -> ResponseReturnValue:
    """Late obligations, the oldest first, by age and agency."""
    today = clock.today()
    scope, age, agency_id = _asked()
    page = min(max(request.args.get("page", 1, type=int), 1), 200)
    ages = counting.overdue_by_age(today, agency_id)
    total = ages[age] if age else sum(ages.values())
    pages = max(1, -(-total // PAGE_ROWS))
    page = min(page, pages)
    agencies = counting.overdue_by_agency(today, scope)
    return render_template(
        "oversight/overdue.html",
        rows=counting.overdue_assignments(today, age, agency_id, PAGE_ROWS, (page - 1) * PAGE_ROWS),
        ages=ages,
        age=age,
        agencies=agencies,
        agency_id=agency_id,
        held_up=held_up(),
        shows=_said(age, agency_id, [agency for agency, _, _ in agencies]),
        total=total,
        page=page,
        pages=pages,
        at_page=lambda number: url_for(
            "oversight.overdue", age=age and age.value, agency=agency_id, page=number
        ),
    )


def _asked() -> tuple[int | None, AgeClass | None, int | None]:
    """The agency to which the reader is limited, and the age and agency that the address asks for."""
    scope = None if current_user.can(Permission.READ_ALL) else me().agency_id
    age = next((a for a in AgeClass if a.value == request.args.get("age")), None)
    return scope, age, scope or request.args.get("agency", type=int)


def _said(age: AgeClass | None, agency_id: int | None, known: Iterable[Agency]) -> str:
    parts = [f"quá hạn {AGES[age]}" if age else ""]
    parts += [f"cơ quan {a.name}" for a in known if a.id == agency_id]
    return "; ".join(filter(None, parts))


@bp.get("/overdue/export.<any(xlsx,csv):ending>")
@require(Permission.READ_OWN, Permission.READ_ALL)
def take_overdue(ending: str) -> ResponseReturnValue:
    """Late obligations as the address filters them, as a file."""
    today = clock.today()
    scope, age, agency_id = _asked()
    rows = counting.overdue_assignments(today, age, agency_id, MOST_ROWS + 1, 0)
    known = [agency for agency, _, _ in counting.overdue_by_agency(today, scope)]
    shows = _said(age, agency_id, known) or "tất cả đầu việc quá hạn"
    quiet = silences(rows, today)
    table = assignments_table(me(), "Quá hạn", shows, rows, held_up(), quiet)
    back = url_for("oversight.overdue", age=age and age.value, agency=agency_id)
    return taken_away(table, ending, "qua-han", back)
