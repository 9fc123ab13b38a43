"""Whether reports come in on time, as it was at the end of a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.reports.models import Report, ReportRequirement, ReportSubmission
from ntmtasks.tasks.queries.counting import Scope


@dataclass(frozen=True)
class DueDay:
    """The reports of one due day: in on time, in late, overdue, not yet due."""

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
    """The last due day that has gone by."""
    last = select(func.max(Report.due_on)).where(Report.due_on < on).scalar_subquery()
    return next(iter(_days(Report.due_on == last, on)), None)


def around(on: date, scope: Scope) -> list[DueDay]:
    """The last due day that has gone by and the next one, of the reports of a plan or an agency."""
    mine: ColumnElement[bool] = true()
    if scope.agency_id is not None:
        mine = and_(mine, Report.agency_id == scope.agency_id)
    if scope.plan_id is not None:
        of_plan = select(ReportRequirement.id).where(ReportRequirement.plan_id == scope.plan_id)
        mine = and_(mine, Report.requirement_id.in_(of_plan))
    last = select(func.max(Report.due_on)).where(Report.due_on < on, mine).scalar_subquery()
    coming = select(func.min(Report.due_on)).where(Report.due_on >= on, mine).scalar_subquery()
    return _days(and_(or_(Report.due_on == last, Report.due_on == coming), mine), on)


def _days(wanted: ColumnElement[bool], on: date) -> list[DueDay]:
    first_sent = (
        select(func.min(ReportSubmission.sent_at))
        .where(ReportSubmission.report_id == Report.id)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Report.due_on, Report.submitted_at, first_sent).where(wanted).order_by(Report.due_on)
    )
    days: dict[date, list[date | None]] = {}
    for due_on, *moments in rows:
        days.setdefault(due_on, []).append(_came_in(moments, on))
    return [_due_day(due_on, submitted, on) for due_on, submitted in days.items()]


def _came_in(moments: Iterable[datetime | None], on: date) -> date | None:
    """The day on which a report came in, as far as was known at the end of a day. What was returned
    and sent again later was in with its first version on a past day."""
    sent, first = (clock.local(at).date() if at else None for at in moments)
    if sent is not None and sent <= on:
        return sent
    return first if on < clock.today() and first is not None and first <= on else None


def _due_day(due_on: date, submitted: Iterable[date | None], on: date) -> DueDay:
    days = list(submitted)
    in_time = sum(day is not None and day <= due_on for day in days)
    late = sum(day is not None and day > due_on for day in days)
    open_ones = len(days) - in_time - late
    is_over = due_on < on
    return DueDay(due_on, in_time, late, open_ones if is_over else 0, 0 if is_over else open_ones)
