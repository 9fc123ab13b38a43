"""Báo cáo đột xuất: one question to several agencies, each with a report of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history.service import record
from ntmtasks.plans.models import Plan
from ntmtasks.reports import labels
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.queries.asked import reports_of
from ntmtasks.reports.rules.periods import AD_HOC_LABEL, PeriodKind
from ntmtasks.reports.rules.states import OWED, ReportState
from ntmtasks.tasks.service.telling import tell_office

ASKED = "report.asked"
"""Kind of the notice that asks an agency for a report."""


CLOSED = "đã kết thúc"


@dataclass(frozen=True)
class Question:
    """What is asked of whom, until when; without `due_time` until the end of the day."""

    title: str
    text: str
    agencies: Sequence[Agency]
    due_on: date
    due_time: time | None


def ask(
    actor: User, plan: Plan, question: Question, form_token: str | None = None
) -> ReportRequirement | None:
    """Ask agencies for a report; each is told, owes it from now on and is reminded of it. None where
    this form has been carried out already."""
    with transaction():
        if not use_once(form_token):
            return None
        asked = ReportRequirement(
            plan=plan,
            title=question.title,
            recipients=[actor.agency.name],
            kinds=[PeriodKind.AD_HOC.value],
            agencies=list(question.agencies),
            question=question.text,
            due_time=question.due_time,
            asked_by=actor,
            asked_at=clock.now(),
        )
        db.session.add(asked)
        db.session.flush()
        words = labels.due_words(question.due_on, question.due_time)
        for agency in question.agencies:
            report = _owe(asked, agency, question.due_on)
            db.session.flush()
            line = f"{actor.name} yêu cầu báo cáo trước {words}: {question.text}"
            subject = f"Báo cáo đột xuất – {question.title}"
            tell_office(agency.id, None, ASKED, subject, line, f"/reports/{report.id}")
        after = {
            "Tên": question.title,
            "Nội dung yêu cầu": question.text,
            "Hạn nộp": words,
            "Cơ quan": ", ".join(agency.short_name for agency in question.agencies),
        }
        record(actor, "report_requirement", asked.id, "report.ask", after=after)
    return asked


def _owe(asked: ReportRequirement, agency: Agency, due_on: date) -> Report:
    report = Report(
        requirement_id=asked.id,
        agency_id=agency.id,
        due_on=due_on,
        state=ReportState.MISSING,
    )
    period = ReportingPeriod(
        requirement_id=asked.id,
        agency_id=agency.id,
        kind=PeriodKind.AD_HOC,
        position=0,
        label=AD_HOC_LABEL,
        starts_on=clock.today(),
        cut_off=due_on,
        due_on=due_on,
        report=report,
        not_required="",
    )
    db.session.add_all([report, period])
    return report


def close(
    actor: User,
    asked: ReportRequirement,
    version: int | None = None,
    form_token: str | None = None,
) -> int:
    """Ask nobody any longer who has not answered, and tell them; how many. Raises ChangedMeanwhile."""
    with transaction():
        if not use_once(form_token):
            return 0
        check_version(asked, version)
        waiting = [report for report in reports_of(asked) if report.state in OWED]
        for report in waiting:
            report.state = ReportState.DROPPED
            for period in report.periods:
                period.report, period.not_required = None, CLOSED
            line = f"{actor.name} đã kết thúc thu báo cáo; cơ quan không phải nộp nữa."
            subject = f"Báo cáo đột xuất – {asked.title}"
            tell_office(report.agency_id, None, ASKED, subject, line, "/reports/")
        asked.closed_at = clock.now()
        names = ", ".join(report.agency.short_name for report in waiting)
        record(
            actor,
            "report_requirement",
            asked.id,
            "report.close",
            after={"Không phải nộp nữa": names},
        )
        return len(waiting)
