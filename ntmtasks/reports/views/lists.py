"""Who owes which report."""

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import taken_away
from ntmtasks.reports import access
from ntmtasks.reports.labels import STANDINGS
from ntmtasks.reports.queries import lists as queries
from ntmtasks.reports.queries.asked import all_asked
from ntmtasks.reports.queries.lists import ReportRow
from ntmtasks.reports.rules.states import Standing
from ntmtasks.reports.service.tables import reports_table
from ntmtasks.reports.views.blueprint import ASKERS, READERS, bp


@dataclass(frozen=True)
class Filters:
    """What the address asks for; '' = all. `unknown`: a value was ignored."""

    agency: str
    state: str
    unknown: bool

    def fits(self, row: ReportRow) -> bool:
        """Whether the list shows `row`."""
        return self.agency in ("", str(row.agency.id)) and self.state in ("", row.standing.value)


def _filters(rows: list[ReportRow]) -> Filters:
    agency, state = request.args.get("agency", ""), request.args.get("state", "")
    knows_agency = agency in {"", *(str(row.agency.id) for row in rows)}
    knows_state = state in {"", *Standing}
    return Filters(
        agency=agency if knows_agency else "",
        state=state if knows_state else "",
        unknown=not (knows_agency and knows_state),
    )


def _listed() -> tuple[list[ReportRow], Filters]:
    """All due days that one may see, and which of them the address asks for."""
    scope = None if me().can(Permission.READ_ALL) else me().agency_id
    rows = queries.listed(scope, clock.today(), settings.number(settings.WARNING_DAYS))
    return rows, _filters(rows)


@bp.get("/reports/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_list(ending: str) -> ResponseReturnValue:
    """The list as its address filters it, as a file."""
    rows, filters = _listed()
    shown = [row for row in rows if filters.fits(row)]
    agency = next((row.agency.name for row in shown if filters.agency), "")
    state = STANDINGS[Standing(filters.state)] if filters.state else ""
    said = "; ".join(filter(None, (agency, state)))
    back = url_for("reports.index", agency=filters.agency or None, state=filters.state or None)
    return taken_away(reports_table(me(), said, shown), ending, "bao-cao", back)


@bp.get("/reports/")
@require(*READERS)
def index() -> ResponseReturnValue:
    """Who owes which report: the overview for readers of everything, and the list."""
    reads_all = me().can(Permission.READ_ALL)
    rows, filters = _listed()
    return render_template(
        "reports/index.html",
        rows=[row for row in rows if filters.fits(row)],
        grids=queries.grids(rows) if reads_all else [],
        agencies=sorted({row.agency for row in rows}, key=lambda agency: agency.position),
        reads_all=reads_all,
        filters=filters,
        standings=STANDINGS,
        asked=all_asked() if reads_all else (),
        may_ask=any(me().can(permission) for permission in ASKERS),
        can_keep_templates=access.may_keep_templates(),
    )
