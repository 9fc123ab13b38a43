"""One report: its page, sending it, asking why it is late."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.labels import NOT_TOLD, TOLD
from ntmtasks.accounts.queries import is_reached
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, web
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import Form, day_of
from ntmtasks.history import queries as history
from ntmtasks.progress.forms import QuestionForm, explanation_forms
from ntmtasks.progress.labels import NOT_LATE, PAST_DAY
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.queries.asks import answer_day, explanations_about
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.service import explaining
from ntmtasks.reports import access
from ntmtasks.reports.forms import BodyForm, EnterForm, Refusal, SubmitForm, decision_forms
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import one as queries
from ntmtasks.reports.rules.states import OWED, Locked, ReportState
from ntmtasks.reports.service.explaining import demand_explanation
from ntmtasks.reports.service.submitting import submit as send
from ntmtasks.reports.views.blueprint import READERS, bp


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


@bp.post("/reports/<id:report_id>/explanations")
@require(Permission.DECIDE)
def demand(report_id: int) -> ResponseReturnValue:
    """Ask another agency why its report is late."""
    report = access.report_to_question(report_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _demand_refused(422, report, form)
    said = (form.question.data or "", day_of(form.answer_by), form.form_token.data)
    try:
        demand_explanation(me(), report, *said)
    except explaining.PastDay:
        form.answer_by.errors = [PAST_DAY]
        return _demand_refused(422, report, form)
    except explaining.NotLate:
        form.form_errors.append(NOT_LATE)
        return _demand_refused(409, report, form)
    asked = access.report_to_read(report_id)
    fragment = _fragment(asked, _fresh(asked)) if web.wants_fragment() else ""
    back = url_for("reports.show", report_id=report_id)
    return web.saved("Đã gửi yêu cầu giải trình.", back, fragment)


def _demand_refused(status: int, report: Report, form: QuestionForm) -> ResponseReturnValue:
    body = _fresh(report)
    return web.refused(
        status,
        lambda: _page(report, body, demand=form),
        lambda: _fragment(report, body, demand=form),
    )


def _send(report: Report, form: BodyForm, message: str) -> ResponseReturnValue:
    report_id = report.id
    if not form.validate_on_submit():
        return web.refused(422, lambda: _page(report, form), lambda: _fragment(report, form))
    source = form.source() if isinstance(form, EnterForm) else None
    try:
        send(report_id, form.body.data or "", me(), form.version.data, source)
    except (ChangedMeanwhile, Locked):
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
    """The form that the person would send; what was entered for the agency, or returned to it, stands in
    it."""
    if access.may_enter(report):
        return EnterForm(formdata=None, version=report.version)
    return SubmitForm(formdata=None, version=report.version, body=report.body)


def report_page(report: Report, refusal: Refusal | None) -> str:
    """The page of a report, with a decision that was refused in its place."""
    return _page(report, _fresh(report), refusal=refusal)


def report_fragment(report: Report, refusal: Refusal | None) -> str:
    """All of that page that changes with an act."""
    return _fragment(report, _fresh(report), refusal=refusal)


def _page(
    report: Report,
    form: BodyForm,
    is_changed: bool = False,
    demand: QuestionForm | None = None,
    refusal: Refusal | None = None,
) -> str:
    entries = history.of("report", report.id, history.FEW)
    shown = _shown(report, form, is_changed, demand, refusal)
    return render_template("reports/show.html", **shown, entries=entries)


def _fragment(
    report: Report,
    form: BodyForm,
    is_changed: bool = False,
    demand: QuestionForm | None = None,
    refusal: Refusal | None = None,
) -> str:
    shown = _shown(report, form, is_changed, demand, refusal)
    return render_template("reports/_report.html", **shown)


def _shown(
    report: Report,
    form: BodyForm,
    is_changed: bool,
    demand: QuestionForm | None,
    refusal: Refusal | None,
) -> dict[str, object]:
    is_shut = queries.is_shut_out(report)
    is_awaited = report.state in OWED and not is_shut
    corrects = report.state is ReportState.SUBMITTED and report.source_kind is not None
    return {
        "report": report,
        "klass": queries.class_now(report),
        "submitted_on": queries.submitted_on(report),
        "last_day": queries.last_day_of(report),
        "is_shut": is_shut,
        "form": form,
        "can_submit": (is_awaited or corrects) and access.may_submit(report),
        "can_enter": is_awaited and access.may_enter(report),
        "is_changed": is_changed,
        "forms": decision_forms(access.acts_on(report), report, refusal=refusal),
        "demand": demand or _demand_form(report),
        "explanations": _explanations(report),
    }


def _demand_form(report: Report) -> QuestionForm | None:
    """The form that asks why a report is late, for who may."""
    if not queries.is_late(report, clock.today()) or not access.may_question(report):
        return None
    return QuestionForm(formdata=None, data={"answer_by": answer_day(clock.today())})


def _explanations(report: Report) -> list[tuple[ExplanationRequest, dict[str, Form]]]:
    """What was asked and answered about a report, each with what the reader may do about it."""
    asked = explanations_about(url_for("reports.show", report_id=report.id))
    if not asked:
        return []
    who, proposed = person(me()), answer_day(clock.today())
    return [(e, explanation_forms(who, work(e.assignment), e, proposed)) for e in asked]
