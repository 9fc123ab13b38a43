"""Asking why a report is late."""

from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core import clock, formats
from ntmtasks.progress.rules.asks import About
from ntmtasks.progress.service import explaining
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.one import is_late, work_to_explain


def demand_explanation(
    actor: User, report: Report, question: str, answer_by: date, form_token: str | None = None
) -> None:
    """Ask the agency of a report why it is late; the answer is the work's that asks for the report.
    Raises NotLate (also where nobody has that work any more), PastDay, NotYours."""
    work = work_to_explain(report)
    if work is None or not is_late(report, clock.today()):
        raise explaining.NotLate
    labels = ", ".join(period.label for period in report.periods)
    words = f"báo cáo {labels}, hạn nộp {formats.day(report.due_on)}"
    about = About(words, f"/reports/{report.id}")
    explaining.demand_about(actor, work, about, question, answer_by, form_token)
