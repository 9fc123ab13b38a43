"""Pages of the reports: the overview, one report, sending it."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.labels import NOT_TOLD, TOLD
from ntmtasks.accounts.queries import is_reached
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings, web
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.reports import access, queries, service
from ntmtasks.reports.forms import BodyForm, EnterForm, SubmitForm
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
    return _page(report, _fresh(report))


@bp.post("/reports/<id:report_id>")
@require(Permission.UPDATE_OWN)
def submit(report_id: int) -> ResponseReturnValue:
    """Send a report for the own agency."""
    report = access.report_to_submit(report_id)
    return _send(report, SubmitForm(version=report.version), "Đã nộp báo cáo.")


@bp.post("/reports/<id:report_id>/enter")
@require(Permission.COORDINATE)
def enter(report_id: int) -> ResponseReturnValue:
    """Send a report for another agency, from what came by document, call or mail."""
    report = access.report_to_enter(report_id)
    form = EnterForm(version=report.version)
    form.issued_on = report.requirement.plan.issued_on
    told = TOLD if is_reached(report.agency_id) else NOT_TOLD
    return _send(report, form, f"Đã nộp thay {report.agency.short_name}; {told}")


def _send(report: Report, form: BodyForm, message: str) -> ResponseReturnValue:
    report_id = report.id
    if not form.validate_on_submit():
        return web.refused(422, lambda: _page(report, form), lambda: _fragment(report, form))
    source = form.source() if isinstance(form, EnterForm) else None
    try:
        service.submit(report_id, form.body.data or "", me(), form.version.data, source)
    except ChangedMeanwhile:
        newer = access.report_to_read(report_id)
        form.see_version(newer.version)
        return web.refused(
            409, lambda: _page(newer, form, True), lambda: _fragment(newer, form, True)
        )
    sent = access.report_to_read(report_id)
    back = url_for("reports.show", report_id=report_id)
    fragment = _fragment(sent, _fresh(sent)) if web.wants_fragment() else ""
    return web.saved(message, back, fragment)


def _fresh(report: Report) -> BodyForm:
    """The form that the person would send; what was entered for the agency stands in it."""
    if access.may_enter(report):
        return EnterForm(formdata=None, version=report.version)
    return SubmitForm(formdata=None, version=report.version, body=report.body)


def _page(report: Report, form: BodyForm, is_changed: bool = False) -> str:
    return render_template("reports/show.html", **_shown(report, form, is_changed))


def _fragment(report: Report, form: BodyForm, is_changed: bool = False) -> str:
    return render_template("reports/_report.html", **_shown(report, form, is_changed))


def _shown(report: Report, form: BodyForm, is_changed: bool) -> dict[str, object]:
    window = settings.number(settings.WARNING_DAYS)
    missing = report.state is ReportState.MISSING
    return {
        "report": report,
        "klass": queries.class_of(report, clock.today(), window),
        "submitted_on": queries.submitted_on(report),
        "form": form,
        "can_submit": (missing or report.source_kind is not None) and access.may_submit(report),
        "can_enter": missing and access.may_enter(report),
        "is_changed": is_changed,
    }
