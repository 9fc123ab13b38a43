"""Who reports in time: every due day with its mark, the rate and the streak of each agency."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import taken_away
from ntmtasks.reports.queries import lists
from ntmtasks.reports.queries.lists import ReportRow
from ntmtasks.reports.queries.timeliness import mark, tallies
from ntmtasks.reports.service.tables import timeliness_table
from ntmtasks.reports.views.blueprint import READERS, bp


@bp.get("/reports/timeliness")
@require(*READERS)
def timeliness() -> ResponseReturnValue:
    """The table of agencies and due days, for agency people of their own alone."""
    rows = _rows()
    return render_template(
        "reports/timeliness.html",
        tallies=tallies(rows),
        grids=lists.grids(rows),
        mark=mark,
    )


@bp.get("/reports/timeliness/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_timeliness(ending: str) -> ResponseReturnValue:
    """The same as a file, a line for each due day."""
    rows = sorted(_rows(), key=lambda row: (row.agency.position, row.due_on, row.requirement.id))
    sums = {each.agency.id: each.sums for each in tallies(rows)}
    table = timeliness_table(me(), rows, sums, clock.today())
    return taken_away(table, ending, "nop-bao-cao", url_for("reports.timeliness"))


def _rows() -> list[ReportRow]:
    own = None if me().can(Permission.READ_ALL) else me().agency_id
    return lists.listed(own, clock.today(), settings.number(settings.WARNING_DAYS))
