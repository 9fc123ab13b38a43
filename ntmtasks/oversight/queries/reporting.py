"""Whether reports come in on time, as it was at the end of a day."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, or_, select

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.reports.models import Report, ReportRequirement, ReportSubmission
from ntmtasks.reports.queries.one import moment_of
from ntmtasks.reports.rules.states import ReportState, judged_due
from ntmtasks.tasks.queries.counting import Scope


@dataclass(frozen=True)
class DueDay:
    """The reports of one due day: in on time, in late, overdue, not yet due; those that are no longer
    asked for are none."""

    due_on: date
    on_time: int
    late: int
    missing: int
    to_come: int

    @property
    def total(self) -> int:
        """All reports of the day."""
        return self.on_time + self.late + self.missing + self.to_come

    @property
    def mark(self) -> str:
        """The worst of them: missing, to_come, late or on_time."""
        if self.missing:
            return "missing"
        if self.to_come:
            return "to_come"
        return "late" if self.late else "on_time"


def due_days(first: date, last: date, on: date) -> list[DueDay]:
    """The due days from `first` to `last`, as they stood at the end of `on`."""
    return _days(Report.due_on.between(first, last), on)


def last_due_day(on: date) -> DueDay | None:
    """The last due day of regular reports that has gone by; what was asked once begins no new period."""
    regular = Report.requirement.has(ReportRequirement.asked_by_id.is_(None))
    last = select(func.max(Report.due_on)).where(Report.due_on < on, regular, _asked_for())
    return next(iter(_days(and_(Report.due_on == last.scalar_subquery(), regular), on)), None)


def around(on: date, scope: Scope) -> list[DueDay]:
    """The last due day that has gone by and the next one, of the reports of a plan or an agency."""
    mine = _asked_for()
    if scope.agency_id is not None:
        mine = and_(mine, Report.agency_id == scope.agency_id)
    if scope.plan_id is not None:
        of_plan = select(ReportRequirement.id).where(ReportRequirement.plan_id == scope.plan_id)
        mine = and_(mine, Report.requirement_id.in_(of_plan))
    last = select(func.max(Report.due_on)).where(Report.due_on < on, mine).scalar_subquery()
    coming = select(func.min(Report.due_on)).where(Report.due_on >= on, mine).scalar_subquery()
    return _days(and_(or_(Report.due_on == last, Report.due_on == coming), mine), on)


def _asked_for() -> ColumnElement[bool]:
    return Report.state != ReportState.DROPPED


def _days(wanted: ColumnElement[bool], on: date) -> list[DueDay]:
    first_sent = (
        select(func.min(ReportSubmission.sent_at))
        .where(ReportSubmission.report_id == Report.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Report.due_on, ReportRequirement.due_time, Report.submitted_at, first_sent)
        .join(Report.requirement)
        .where(wanted, _asked_for())
        .order_by(Report.due_on)
    )
    days: dict[date, Counter[str]] = {}
    for due_on, due_time, sent, first in rows:
        mark = _mark(due_on, due_time, _came_in(sent, first, on), on)
        days.setdefault(due_on, Counter())[mark] += 1
    return [
        DueDay(due_on, n["on_time"], n["late"], n["missing"], n["to_come"])
        for due_on, n in days.items()
    ]


def _came_in(sent: datetime | None, first: datetime | None, on: date) -> datetime | None:
    """When a report came in, by the office's clock, as far as was known at the end of a day. What was
    returned and sent again later was in with its first version on a past day."""
    end = clock.end_of_day(on)
    if sent is not None and sent < end:
        return clock.local(sent)
    is_known = on < clock.today() and first is not None and first < end
    return clock.local(first) if first is not None and is_known else None


def _mark(due_on: date, due_time: time | None, came_in: datetime | None, on: date) -> str:
    """Where a report stands at the end of a day (now, on today's), by the hour where it had one."""
    if came_in is None:
        return "missing" if judged_due(due_on, due_time, moment_of(on)) < on else "to_come"
    is_late = came_in.date() > judged_due(due_on, due_time, came_in)
    return "late" if is_late else "on_time"
