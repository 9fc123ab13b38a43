"""The plan of a month: what falls due, agency by agency, as a list to agree on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.tables import MOST_ROWS
from ntmtasks.core.web import taken_away
from ntmtasks.reports.queries.coming import AgencyPlan, plan_of_month
from ntmtasks.reports.rules.periods import asked_month, last_of_month, month_label
from ntmtasks.reports.service.tables import coming_table
from ntmtasks.reports.views.blueprint import READERS, bp

SHOWN = 500
"""So much work the page shows; the file has all."""
ALL = "all"


@dataclass(frozen=True)
class Asked:
    """The month that an address asks for, by its first day, and of whom: of an agency, the own one by
    default, or of all (None). `known` are the agencies among which one may choose."""

    first: date
    agency: Agency | None
    known: Sequence[Agency]

    @property
    def month(self) -> str:
        """The month as addresses name it."""
        return f"{self.first:%Y-%m}"

    @property
    def of(self) -> str | int | None:
        """Whose it is, as addresses name it; None for those who may not choose."""
        if not self.known:
            return None
        return self.agency.id if self.agency else ALL


@bp.get("/reports/coming")
@require(*READERS)
def coming() -> ResponseReturnValue:
    """The month after this one, or the one that the address names (`month=2024-12`)."""
    asked = _asked()
    plans, has_more = _plans(asked, SHOWN)
    return render_template(
        "reports/coming.html",
        asked=asked,
        plans=plans,
        has_more=has_more,
        month=month_label(asked.first),
        before=asked.first - timedelta(days=1),
        after=last_of_month(asked.first) + timedelta(days=1),
    )


@bp.get("/reports/coming/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_coming(ending: str) -> ResponseReturnValue:
    """The same as a file."""
    asked = _asked()
    plans, _ = _plans(asked, MOST_ROWS + 1)
    back = url_for("reports.coming", month=asked.month, agency=asked.of)
    table = coming_table(me(), month_label(asked.first), plans)
    return taken_away(table, ending, "ke-hoach-thang", back)


def _asked() -> Asked:
    first = asked_month(request.args.get("month", ""), clock.today())
    if not me().can(Permission.READ_ALL):
        return Asked(first, me().agency, ())
    known = agencies.all_agencies()
    of = request.args.get("agency", "")
    named = next((each for each in known if str(each.id) == of), me().agency)
    return Asked(first, None if of == ALL else named, known)


def _plans(asked: Asked, most: int) -> tuple[list[AgencyPlan], bool]:
    of = asked.agency.id if asked.agency else None
    window, last = settings.number(settings.WARNING_DAYS), last_of_month(asked.first)
    return plan_of_month(asked.first, last, of, clock.today(), window, most)
