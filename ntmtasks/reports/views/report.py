"""One report: its page, sending it, asking why it is late."""

from dataclasses import dataclass, replace

from flask import abort, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.labels import NOT_TOLD, TOLD
from ntmtasks.accounts.queries.recipients import is_reached
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
from ntmtasks.reports.forms.deciding import Refusal, decision_forms
from ntmtasks.reports.forms.writing import EnterForm, SubmitForm
from ntmtasks.reports.labels import NOTHING_SAID, SECTIONS
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries import one as queries
from ntmtasks.reports.rules.content import WHOLE_TEXT, Content
from ntmtasks.reports.rules.states import OWED, Locked, ReportState
from ntmtasks.reports.service import composing
from ntmtasks.reports.service.composing import Collisions
from ntmtasks.reports.service.explaining import demand_explanation
from ntmtasks.reports.service.submitting import NothingSaid
from ntmtasks.reports.service.submitting import submit as send
from ntmtasks.reports.views import composer
from ntmtasks.reports.views.blueprint import READERS, bp
from ntmtasks.reports.views.composer import Posted


@dataclass(frozen=True)
class Asked:
    """What a page of a report shows besides the report: forms as they came, where they were refused.
    `is_changed`: the report itself was sent or decided meanwhile."""

    posted: Posted | None = None
    collisions: Collisions | None = None
    confirm: SubmitForm | None = None
    enter: EnterForm | None = None
    demand: QuestionForm | None = None
    refusal: Refusal | None = None
    is_changed: bool = False


@bp.get("/reports/<id:report_id>")
@require(*READERS)
def show(report_id: int) -> ResponseReturnValue:
    """One report: what it settles, for whom, until when; what was sent, or the form to write it."""
    return _page(access.report_to_read(report_id), Asked())


@bp.get("/reports/<id:report_id>/submissions/<id:number>")
@require(*READERS)
def submission(report_id: int, number: int) -> ResponseReturnValue:
    """A report as it was sent once."""
    report = access.report_to_read(report_id)
    sent = contents.submission(report_id, number)
    if sent is None:
        abort(404)
    content = contents.content_as_sent(sent)
    return render_template("reports/submission.html", report=report, sent=sent, content=content)


@bp.post("/reports/<id:report_id>")
@require(Permission.UPDATE_OWN)
def submit(report_id: int) -> ResponseReturnValue:
    """Send a report for the own agency, as it stands on the screen."""
    report = access.report_to_submit(report_id)
    form, posted = SubmitForm(version=report.version), composer.posted()
    asked = Asked(posted, confirm=form)
    if not (posted.is_valid & form.validate_on_submit()):
        return _refused(422, report, asked)
    try:
        collisions = composing.send(report_id, me(), posted.typed(), form.version.data)
    except NothingSaid:
        form.form_errors.append(NOTHING_SAID)
        return _refused(422, access.report_to_read(report_id), asked)
    except (ChangedMeanwhile, Locked):
        newer = access.report_to_read(report_id)
        form.see_version(newer.version)
        return _refused(409, newer, replace(asked, is_changed=True))
    if collisions:
        newer = access.report_to_read(report_id)
        return _refused(409, newer, replace(asked, collisions=collisions))
    return _saved(report_id, "Đã nộp báo cáo.", posted)


@bp.post("/reports/<id:report_id>/enter")
@require(Permission.COORDINATE)
def enter(report_id: int) -> ResponseReturnValue:
    """Send a report for another agency, from what came by document, call or mail."""
    report = access.report_to_enter(report_id)
    form = EnterForm(version=report.version)
    form.issued_on = report.requirement.plan.issued_on
    if not form.validate_on_submit():
        return _refused(422, report, Asked(enter=form))
    told = TOLD if is_reached(report.agency_id) else NOT_TOLD
    message = f"Đã nộp thay {report.agency.short_name}; {told}"
    texts = {WHOLE_TEXT: form.body.data or ""}
    try:
        send(report_id, texts, me(), form.version.data, form.source())
    except (ChangedMeanwhile, Locked):
        newer = access.report_to_read(report_id)
        form.see_version(newer.version)
        return _refused(409, newer, Asked(enter=form, is_changed=True))
    return _saved(report_id, message)


def _saved(report_id: int, message: str, posted: Posted | None = None) -> ResponseReturnValue:
    back = url_for("reports.show", report_id=report_id)
    fragment = ""
    if web.wants_fragment():
        fragment = _fragment(access.report_to_read(report_id), Asked())
    drafts = [f"section-{kind.value}-{report_id}" for kind in posted.sections] if posted else []
    return web.saved(message, back, fragment, drafts=drafts)


@bp.post("/reports/<id:report_id>/sections")
@require(Permission.UPDATE_OWN)
def write(report_id: int) -> ResponseReturnValue:
    """Store what was typed into sections and figures; this happens by itself after each change."""
    report, posted = access.report_to_write(report_id), composer.posted()
    if not posted.is_valid:
        return _unwritten(422, report, Asked(posted))
    try:
        collisions = composing.save(report_id, me(), posted.typed())
    except ChangedMeanwhile:
        newer = access.report_to_read(report_id)
        return _refused(409, newer, Asked(posted, is_changed=True))
    report = access.report_to_read(report_id)
    if collisions:
        return _unwritten(409, report, Asked(posted, collisions))
    piece = composer.saved_piece(report, posted) if web.wants_fragment() else None
    whole = "" if piece or not web.wants_fragment() else _fragment(report, Asked())
    back = f"{url_for('reports.show', report_id=report_id)}#composer"
    kept = [f"section-{kind.value}-{report_id}" for kind in posted.sections]
    answer = web.saved("Đã lưu.", back, piece.html if piece else whole, drafts=kept)
    return composer.aimed(answer, piece)


def _unwritten(status: int, report: Report, asked: Asked) -> ResponseReturnValue:
    """What was typed stays where it is; a part that came alone is answered alone."""
    piece = None
    if web.wants_fragment() and asked.posted:
        piece = composer.refused_piece(report, asked.posted, asked.collisions)
    if piece is None:
        return _refused(status, report, asked)
    return composer.aimed(make_response(piece.html, status), piece)


@bp.post("/reports/<id:report_id>/explanations")
@require(Permission.DECIDE)
def demand(report_id: int) -> ResponseReturnValue:
    """Ask another agency why its report is late."""
    report = access.report_to_question(report_id)
    form = QuestionForm()
    if not form.validate_on_submit():
        return _refused(422, report, Asked(demand=form))
    said = (form.question.data or "", day_of(form.answer_by), form.form_token.data)
    try:
        demand_explanation(me(), report, *said)
    except explaining.PastDay:
        form.answer_by.errors = [PAST_DAY]
        return _refused(422, report, Asked(demand=form))
    except explaining.NotLate:
        form.form_errors.append(NOT_LATE)
        return _refused(409, report, Asked(demand=form))
    return _saved(report_id, "Đã gửi yêu cầu giải trình.")


def _refused(status: int, report: Report, asked: Asked) -> ResponseReturnValue:
    return web.refused(status, lambda: _page(report, asked), lambda: _fragment(report, asked))


def report_page(report: Report, refusal: Refusal | None) -> str:
    """The page of a report, with a decision that was refused in its place."""
    return _page(report, Asked(refusal=refusal))


def report_fragment(report: Report, refusal: Refusal | None) -> str:
    """All of that page that changes with an act."""
    return _fragment(report, Asked(refusal=refusal))


def _page(report: Report, asked: Asked) -> str:
    entries = history.of("report", report.id, history.FEW)
    return render_template("reports/show.html", **_shown(report, asked), entries=entries)


def _fragment(report: Report, asked: Asked) -> str:
    return render_template("reports/_report.html", **_shown(report, asked))


def _shown(report: Report, asked: Asked) -> dict[str, object]:
    is_shut = queries.is_shut_out(report)
    is_awaited = report.state in OWED and not is_shut
    corrects = report.state is ReportState.SUBMITTED and report.source_kind is not None
    can_write = (is_awaited or corrects) and access.may_write(report)
    can_enter = is_awaited and access.may_enter(report)
    sent = contents.submissions(report.id)
    return {
        "report": report,
        "klass": queries.class_now(report),
        "submitted_on": queries.submitted_on(report),
        "last_day": queries.last_day_of(report),
        "is_shut": is_shut,
        "composer": composer.composer(report, asked.posted, asked.collisions)
        if can_write
        else None,
        "confirm": asked.confirm or SubmitForm(formdata=None, version=report.version),
        "can_submit": access.may_submit(report),
        "enter": (asked.enter or EnterForm(formdata=None, version=report.version))
        if can_enter
        else None,
        "content": _last_sent(report) if sent else None,
        "submissions": sent,
        "is_changed": asked.is_changed,
        "lost": [] if can_write or can_enter else _lost(asked),
        "forms": decision_forms(access.acts_on(report), report, refusal=asked.refusal),
        "demand": asked.demand or _demand_form(report),
        "explanations": _explanations(report),
    }


def _last_sent(report: Report) -> Content | None:
    sent = contents.newest(report.id)
    return contents.content_as_sent(sent) if sent else None


def _lost(asked: Asked) -> list[tuple[str, str]]:
    """What was typed and has no field on the page any more."""
    if asked.enter:
        return [("Nội dung báo cáo", asked.enter.body.data or "")]
    if not asked.posted or not asked.is_changed:
        return []
    texts = [(SECTIONS[kind], form.text.data or "") for kind, form in asked.posted.sections.items()]
    return texts + [(each.label.data or "", each.words) for each in asked.posted.figures.values()]


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
