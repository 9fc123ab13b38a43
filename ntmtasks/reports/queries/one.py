"""One report, and the work that asks for it."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ntmtasks.core import clock, settings
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.progress.rules import asks
from ntmtasks.progress.rules.rights import Work
from ntmtasks.reports.models import Report, ReportRequirement, ReportRequirementClause
from ntmtasks.reports.rules.states import ReportState, is_shut, judged_due, locks_on, report_class
from ntmtasks.tasks.models import Assignment, TaskClause
from ntmtasks.tasks.rules import DeadlineClass, Phase


def report(report_id: int) -> Report | None:
    """One report with all that its page shows."""
    return db.session.scalar(
        select(Report)
        .where(Report.id == report_id)
        .options(
            joinedload(Report.agency),
            joinedload(Report.submitted_by),
            joinedload(Report.decided_by),
            joinedload(Report.requirement)
            .joinedload(ReportRequirement.plan)
            .load_only(Plan.number, Plan.issued_on, Plan.issuer, Plan.place),
            joinedload(Report.requirement).selectinload(ReportRequirement.clauses),
            selectinload(Report.periods),
        )
    )


def sent_work(report: Report) -> Work:
    """A report (its agency loaded) as the rules of rights see one; what was entered for the agency has
    been entered by whoever sent it."""
    entered_by = report.submitted_by_id if report.source_kind else None
    return Work(
        report.agency_id, report.agency.kind, None, report.submitted_by_id, entered_by_id=entered_by
    )


def is_shut_out(report: Report) -> bool:
    """Whether a report that is still owed can no longer come in, unless somebody unlocks its period."""
    return is_shut_on(report, clock.today())


def is_shut_on(report: Report, day: date) -> bool:
    """Whether a report as it stands now can no longer come in on a day."""
    return is_shut(report.state, last_day_of(report), report.is_let_in, day)


def last_day_of(report: Report) -> date | None:
    """The last day on which a report may come in; None where it is awaited until it is accepted."""
    own = report.requirement.lock_days
    days = settings.number(settings.REPORT_LOCK_DAYS) if own is None else own
    return locks_on(report.due_on, days)


def work_of(owed: Report) -> Sequence[Assignment]:
    """The assignments of an agency whose tasks cite the clauses that ask for a report."""
    cited = select(TaskClause.task_id).join(
        ReportRequirementClause, ReportRequirementClause.clause_id == TaskClause.clause_id
    )
    return db.session.scalars(
        select(Assignment).where(
            Assignment.agency_id == owed.agency_id,
            Assignment.task_id.in_(
                cited.where(ReportRequirementClause.requirement_id == owed.requirement_id)
            ),
        )
    ).all()


def work_to_explain(owed: Report) -> Assignment | None:
    """The work under way that answers for a report: what its agency has of the clauses that ask for it."""
    return next((a for a in work_of(owed) if a.task.phase is Phase.ISSUED), None)


def is_late(report: Report, today: date) -> bool:
    """Whether a report was not in on its due day."""
    if report.state is ReportState.DROPPED:
        return False
    return asks.is_late(_judged_due(report, today), submitted_on(report), today)


def class_of(report: Report, today: date, window: int) -> DeadlineClass:
    """The class of a report on a day."""
    return report_class(
        report.state, _judged_due(report, today), submitted_on(report), today, window
    )


def _judged_due(report: Report, today: date) -> date:
    sent = report.submitted_at
    moment = clock.local(sent) if sent else moment_of(today)
    return judged_due(report.due_on, report.requirement.due_time, moment)


def moment_of(day: date) -> datetime:
    """The office's local time at which a day is looked at: now, or the end of another day."""
    now = clock.local(clock.now())
    return now if now.date() == day else datetime.combine(day, time.max)


def class_now(report: Report) -> DeadlineClass:
    """The class of a report today."""
    return class_of(report, clock.today(), settings.number(settings.WARNING_DAYS))


def submitted_on(report: Report) -> date | None:
    """The office's day on which a report came in."""
    return clock.local(report.submitted_at).date() if report.submitted_at else None


def labels_of(report: Report) -> tuple[str, ...]:
    """The periods that a report settles, in words."""
    return tuple(period.label for period in report.periods)
