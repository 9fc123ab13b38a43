"""Pages of the reports: the overview, one report, sending it."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings, web
from ntmtasks.core.access import Permission, require
from ntmtasks.reports import access, queries, service
from ntmtasks.reports.forms import SubmitForm
from ntmtasks.reports.labels import STANDINGS
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import ReportRow
from ntmtasks.reports.rules import ReportState, Standing

bp = Blueprint("reports", __name__)
READERS = (Permission.READ_OWN, Permission.READ_ALL)


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


@bp.get("/reports/")
@require(*READERS)
def index() -> ResponseReturnValue:
    """Who owes which report: the overview for readers of everything, and the list."""
    reads_all = me().can(Permission.READ_ALL)
    window = settings.number(settings.WARNING_DAYS)
    rows = queries.listed(None if reads_all else me().agency_id, clock.today(), window)
    filters = _filters(rows)
    return render_template(
        "reports/index.html",
        rows=[row for row in rows if filters.fits(row)],
        grids=queries.grids(rows) if reads_all else [],
        agencies=sorted({row.agency for row in rows}, key=lambda agency: agency.position),
        reads_all=reads_all,
        filters=filters,
        standings=STANDINGS,
    )


@bp.get("/reports/<id:report_id>")
@require(*READERS)
def show(report_id: int) -> ResponseReturnValue:
    """One report: what it settles, for whom, until when; its text or the form to send it."""
    report = access.report_to_read(report_id)
    return _page(report, SubmitForm(version=report.version))


@bp.post("/reports/<id:report_id>")
@require(Permission.UPDATE_OWN)
def submit(report_id: int) -> ResponseReturnValue:
    """Send a report for the own agency."""
    report = access.report_to_submit(report_id)
    form = SubmitForm(version=report.version)
    if not form.validate_on_submit():
        return web.refused(422, lambda: _page(report, form), lambda: _fragment(report, form))
    try:
        service.submit(report_id, form.body.data or "", me(), form.version.data)
    except service.ChangedMeanwhile:
        newer = access.report_to_read(report_id)
        form.see_version(newer.version)
        return web.refused(
            409, lambda: _page(newer, form, True), lambda: _fragment(newer, form, True)
        )
    sent = access.report_to_read(report_id)
    back = url_for("reports.show", report_id=report_id)
    fragment = _fragment(sent, form) if web.wants_fragment() else ""
    return web.saved("Đã nộp báo cáo.", back, fragment)


def _page(report: Report, form: SubmitForm, is_changed: bool = False) -> str:
    return render_template("reports/show.html", **_shown(report, form, is_changed))


def _fragment(report: Report, form: SubmitForm, is_changed: bool = False) -> str:
    return render_template("reports/_report.html", **_shown(report, form, is_changed))


def _shown(report: Report, form: SubmitForm, is_changed: bool) -> dict[str, object]:
    window = settings.number(settings.WARNING_DAYS)
    return {
        "report": report,
        "klass": queries.class_of(report, clock.today(), window),
        "submitted_on": queries.submitted_on(report),
        "form": form,
        "can_submit": report.state is ReportState.MISSING and access.may_submit(report),
        "is_changed": is_changed,
    }
