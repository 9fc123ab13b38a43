"""Accepting and returning reports, and opening again what is locked."""

from ntmtasks.accounts.models import User
from ntmtasks.core import clock, formats
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history.service import record
from ntmtasks.progress.queries.updates import person
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.one import labels_of, sent_work
from ntmtasks.reports.rules.states import OWED, TRANSITIONS, Act, may
from ntmtasks.tasks.service.telling import tell_office


def accept(
    actor: User, report_id: int, version: int | None = None, form_token: str | None = None
) -> Report:
    """Take a report that came in: its periods are locked. It counts from the day on which it was sent.

    Raises, like all verbs of this file, ChangedMeanwhile and NotYours.
    """
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        if _decide(actor, report, Act.ACCEPT, "", version, form_token):
            report.is_let_in = False
            _tell(report, "accepted", "đã được tiếp nhận", "Đã tiếp nhận báo cáo.")
        return report


def return_report(
    actor: User,
    report_id: int,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> Report:
    """Send a report back with a reason: it is owed again, and counts from the day on which it is sent
    once more. Its period stays open for that, whatever day it is."""
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        if _decide(actor, report, Act.RETURN, reason, version, form_token):
            report.is_let_in = True
            _tell(report, "returned", "bị trả lại", f"Trả lại: {reason}")
        return report


def unlock(
    actor: User,
    report_id: int,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> Report:
    """Open a locked period, with a reason: what was accepted is owed again, what came too late may come
    in."""
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        act = Act.LET_IN if report.state in OWED else Act.UNLOCK
        if _decide(actor, report, act, reason, version, form_token):
            report.is_let_in = True
            _tell(report, "unlocked", "đã được mở khóa", f"Mở khóa kỳ báo cáo: {reason}")
        return report


def _decide(
    actor: User,
    report: Report,
    act: Act,
    note: str,
    version: int | None,
    form_token: str | None,
) -> bool:
    """Carry out a step; False where this form has been carried out already."""
    if not may(act, person(actor), sent_work(report)):
        raise NotYours
    if not use_once(form_token):
        return False
    check_version(report, version)
    step = TRANSITIONS[act]
    if report.state not in step.before:
        raise ChangedMeanwhile
    report.state = step.after or report.state
    if report.state in OWED:
        report.submitted_at = None
    report.decided_at, report.decided_by, report.decision_note = clock.now(), actor, note
    verb = "unlock" if act is Act.LET_IN else act.value
    words = {"Hạn nộp": formats.day(report.due_on), "Lý do": note}
    record(actor, "report", report.id, f"report.{verb}", after=words)
    return True


def _tell(report: Report, kind: str, what: str, line: str) -> None:
    tell_office(
        report.agency_id,
        None,
        f"report.{kind}",
        f"Báo cáo {', '.join(labels_of(report))} {what}",
        line,
        f"/reports/{report.id}",
    )
