"""Accepting, returning and unlocking a report, on its page or among what waits."""

from collections.abc import Callable

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import refused, saved, target, wants_fragment
from ntmtasks.reports import access
from ntmtasks.reports.forms.deciding import DecisionForm, ReasonForm, Refusal, decision_forms
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.one import class_now
from ntmtasks.reports.rules.states import OWED, Act
from ntmtasks.reports.service import deciding
from ntmtasks.reports.views.blueprint import bp
from ntmtasks.reports.views.report import report_fragment, report_page

WAITING = "waiting"
CHANGED = "Báo cáo này vừa được người khác xử lý. Nội dung bạn nhập còn nguyên; hãy xem lại trạng thái mới."


@bp.post("/reports/<id:report_id>/accept")
@require(Permission.DECIDE)
def accept(report_id: int) -> ResponseReturnValue:
    """Take a report that came in."""
    report, form = access.report_to_decide(report_id, Act.ACCEPT), DecisionForm()
    return _perform(
        report,
        Refusal(Act.ACCEPT, form),
        lambda: deciding.accept(me(), report_id, *form.seen),
        "Đã tiếp nhận báo cáo.",
    )


@bp.post("/reports/<id:report_id>/return")
@require(Permission.DECIDE)
def return_report(report_id: int) -> ResponseReturnValue:
    """Send a report back, with a reason."""
    report, form = access.report_to_decide(report_id, Act.RETURN), ReasonForm()
    return _perform(
        report,
        Refusal(Act.RETURN, form),
        lambda: deciding.return_report(me(), report_id, form.why, *form.seen),
        "Đã trả lại báo cáo.",
    )


@bp.post("/reports/<id:report_id>/unlock")
@require(Permission.DECIDE)
def unlock(report_id: int) -> ResponseReturnValue:
    """Open a locked period, with a reason."""
    report, form = access.report_to_decide(report_id, Act.UNLOCK), ReasonForm()
    act = Act.LET_IN if report.state in OWED else Act.UNLOCK
    return _perform(
        report,
        Refusal(act, form),
        lambda: deciding.unlock(me(), report_id, form.why, *form.seen),
        "Đã mở khóa kỳ báo cáo.",
    )


def _perform(
    report: Report, asked: Refusal, verb: Callable[[], Report], message: str
) -> ResponseReturnValue:
    """Carry out an act; `asked` is what becomes of its form where it is refused."""
    report_id, form = report.id, asked.form
    if not form.validate_on_submit():
        return _refused(422, report, asked)
    try:
        verb()
    except ChangedMeanwhile:
        newer = access.report_to_read(report_id)
        form.form_errors.append(CHANGED)
        form.see_version(newer.version)
        return _refused(409, newer, asked)
    here = url_for("reports.show", report_id=report_id)
    back = url_for("desk.waiting") if form.back.data == WAITING else here
    if not wants_fragment():
        return saved(message, back)
    return saved(message, back, _fragment(access.report_to_read(report_id)))


def _refused(status: int, report: Report, refusal: Refusal) -> ResponseReturnValue:
    return refused(status, lambda: report_page(report, refusal), lambda: _fragment(report, refusal))


def _fragment(report: Report, refusal: Refusal | None = None) -> str:
    """The piece that was pressed on: a row of what waits, or the whole of its page."""
    if target() == f"waiting-report-{report.id}":
        return render_template(
            "reports/_waiting_report.html",
            report=report,
            klass=class_now(report),
            forms=decision_forms(access.acts_on(report), report, WAITING, refusal),
        )
    return report_fragment(report, refusal)
