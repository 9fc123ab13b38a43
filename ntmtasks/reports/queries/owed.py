"""What agencies still owe, and by which clauses."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.reports.models import Report, ReportRequirement, ReportRequirementClause
from ntmtasks.reports.queries.one import is_late, is_shut_on, labels_of
from ntmtasks.reports.rules.states import OWED, ReportState


@dataclass(frozen=True)
class OwedReport:
    """A report not yet sent, or returned; `labels` name the periods it settles. `is_late`: its day has
    passed, or its hour where it had one."""

    report_id: int
    title: str
    agency_id: int
    agency_name: str
    agency_short_name: str
    due_on: date
    labels: tuple[str, ...]
    is_returned: bool
    is_late: bool


def owed(
    until: date, which: ColumnElement[bool] | None = None, sent_on: date | None = None
) -> list[OwedReport]:
    """All reports not yet sent, or returned, whose due day is `until` or earlier, by day and protocol order;
    or those of them for `which` this holds, and which may still be sent on the day `sent_on`."""
    asked = (
        select(Report)
        .join(Report.requirement)
        .join(Report.agency)
        .where(Report.state.in_(OWED), Report.due_on <= until)
        .options(
            contains_eager(Report.requirement),
            contains_eager(Report.agency),
            joinedload(Report.periods),
        )
        .order_by(Report.due_on, Agency.position, ReportRequirement.id)
    )
    rows = db.session.scalars(asked if which is None else asked.where(which))
    return [
        OwedReport(
            report_id=row.id,
            title=row.requirement.title,
            agency_id=row.agency_id,
            agency_name=row.agency.name,
            agency_short_name=row.agency.short_name,
            due_on=row.due_on,
            labels=labels_of(row),
            is_returned=row.state is ReportState.RETURNED,
            is_late=is_late(row, clock.today()),
        )
        for row in rows.unique()
        if sent_on is None or not is_shut_on(row, sent_on)
    ]


def clauses_of_duties(plan_id: int) -> set[int]:
    """The clauses of a plan that ask for reports in periods of their own."""
    link = ReportRequirementClause
    return set(
        db.session.scalars(
            select(link.clause_id)
            .join(ReportRequirement, ReportRequirement.id == link.requirement_id)
            .where(ReportRequirement.plan_id == plan_id)
        )
    )
