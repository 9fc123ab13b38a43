"""The plan of a month: what falls due, agency by agency, as a list to agree on."""

import re
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.tables import MOST_ROWS
from ntmtasks.core.web import taken_away
from ntmtasks.reports.queries.coming import AgencyPlan, plan_of_month
from ntmtasks.reports.service.tables import coming_table
from ntmtasks.reports.views.blueprint import READERS, bp

SHOWN = 500
"""So much work the page shows; the file has all."""
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@bp.get("/reports/coming")
@require(*READERS)
def coming() -> ResponseReturnValue:
    """The month after this one, or the one that the address names (`month=2024-12`)."""
    first = _first()
    plans, has_more = _plans(first, SHOWN)
    return render_template(
        "reports/coming.html",
        plans=plans,
        has_more=has_more,
        month=_label(first),
        first=first,
        before=first - timedelta(days=1),
        after=_last(first) + timedelta(days=1),
        of_all=me().can(Permission.READ_ALL),
    )


@bp.get("/reports/coming/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_coming(ending: str) -> ResponseReturnValue:
    """The same as a file."""
    first = _first()
    plans, _ = _plans(first, MOST_ROWS + 1)
    back = url_for("reports.coming", month=f"{first:%Y-%m}")
    return taken_away(coming_table(me(), _label(first), plans), ending, "ke-hoach-thang", back)


def _plans(first: date, most: int) -> tuple[list[AgencyPlan], bool]:
    own = None if me().can(Permission.READ_ALL) else me().agency_id
    window = settings.number(settings.WARNING_DAYS)
    return plan_of_month(first, _last(first), own, clock.today(), window, most)


def _first() -> date:
    asked = _MONTH.fullmatch(request.args.get("month", ""))
    if asked:
        return date(int(asked[1]), int(asked[2]), 1)
    return _last(clock.today().replace(day=1)) + timedelta(days=1)


def _last(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _label(first: date) -> str:
    return f"Tháng {first.month}/{first.year}"
