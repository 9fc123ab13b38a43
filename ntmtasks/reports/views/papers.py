"""A report as a paper: for Word, for Excel, for the printer."""

import re

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, web
from ntmtasks.core.access import require
from ntmtasks.core.formats import moment
from ntmtasks.core.papers import annex_label, ended, long_day
from ntmtasks.core.text import fold
from ntmtasks.reports import access
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.contents import content_of
from ntmtasks.reports.queries.one import labels_of
from ntmtasks.reports.rules.states import OWED
from ntmtasks.reports.rules.templates import use_for
from ntmtasks.reports.service import templates
from ntmtasks.reports.service.papers import paper
from ntmtasks.reports.service.sheets import workbook
from ntmtasks.reports.views.blueprint import READERS, bp

_NO_NAME = re.compile("[^a-z0-9]+")
"""Not every mail program and archive takes more in the name of a file."""


@bp.get("/reports/<id:report_id>/export.docx")
@require(*READERS)
def export_word(report_id: int) -> Response:
    """The report as a .docx: as it was sent, else the draft."""
    report = access.report_to_read(report_id)
    written, template = (
        paper(report, content_of(report)),
        templates.content(use_for(report.agency.kind)),
    )
    return web.paper_taken_away(written, _name(report), template)


@bp.get("/reports/<id:report_id>/export.xlsx")
@require(*READERS)
def export_excel(report_id: int) -> Response:
    """The tasks and figures of the report as a workbook."""
    report = access.report_to_read(report_id)
    table = workbook(report, content_of(report), me().name, moment(clock.now()))
    return web.taken_away(table, "xlsx", _name(report), f"/reports/{report_id}")


@bp.get("/reports/<id:report_id>/print")
@require(*READERS)
def print_report(report_id: int) -> ResponseReturnValue:
    """The report as its paper looks, on a page that prints."""
    report = access.report_to_read(report_id)
    written = paper(report, content_of(report))
    return render_template(
        "reports/print.html",
        report=report,
        paper=written,
        body=ended(written.body),
        day_words=long_day(written.letterhead.on),
        annex_label=annex_label,
    )


def _name(report: Report) -> str:
    """The file's name without the date: "bao-cao-thang-11-2024-ubnd-huyen-thoi-lai"; a draft says so."""
    duty = report.requirement
    about = duty.title if duty.is_ad_hoc else " ".join(labels_of(report))
    words = _NO_NAME.sub("-", fold(f"{about} {report.agency.short_name}"))[:80].strip("-")
    return f"bao-cao-{words}{'-du-thao' if report.state in OWED else ''}"
