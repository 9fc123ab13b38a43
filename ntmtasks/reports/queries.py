"""Reading reports and periods."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, defer, joinedload, selectinload

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.progress.rules import asks
from ntmtasks.reports.models import (
    Report,
    ReportingPeriod,
    ReportRequirement,
    ReportRequirementClause,
)
from ntmtasks.reports.rules import ReportState, Standing, report_class
from ntmtasks.tasks.models import Assignment, TaskClause
from ntmtasks.tasks.rules import DeadlineClass, Phase


@dataclass(frozen=True)
class OwedReport:
    """A report not yet sent; `labels` name the periods it settles."""

    report_id: int
    title: str
    agency_id: int
    agency_name: str
    agency_short_name: str
    due_on: date
    labels: tuple[str, ...]


@dataclass(frozen=True)
class ReportRow:
    """One due day of one agency. `report_id` is None and `reason` says why where nothing is owed."""

    report_id: int | None
    requirement: ReportRequirement
    agency: Agency
    labels: tuple[str, ...]
    due_on: date
    standing: Standing
    klass: DeadlineClass
    submitted_on: date | None = None
    reason: str = ""


@dataclass(frozen=True)
class Grid:
    """The overview of one requirement: a line per agency, a cell per due day."""

    requirement: ReportRequirement
    columns: dict[date, tuple[str, ...]]
    lines: dict[Agency, dict[date, ReportRow]]


def owed(until: date) -> list[OwedReport]:
    """All reports not yet sent whose due day is `until` or earlier, by day and protocol order."""
    rows = db.session.scalars(
        select(Report)
        .join(Report.requirement)
        .join(Report.agency)
        .where(Report.state == ReportState.MISSING, Report.due_on <= until)
        .options(
            contains_eager(Report.requirement),
            contains_eager(Report.agency),
            joinedload(Report.periods),
        )
        .order_by(Report.due_on, Agency.position, ReportRequirement.id)
    )
    return [
        OwedReport(
            report_id=row.id,
            title=row.requirement.title,
            agency_id=row.agency_id,
            agency_name=row.agency.name,
            agency_short_name=row.agency.short_name,
            due_on=row.due_on,
            labels=_labels(row),
        )
        for row in rows.unique()
    ]


def listed(agency_id: int | None, today: date, window: int) -> list[ReportRow]:
    """Every due day of one agency, or of all: the missing first by day, then what came in, newest
    first, then what nobody owes. `window`: calendar days of due soon."""
    rows = [*_reports(agency_id, today, window), *_not_required(agency_id)]
    return sorted(rows, key=_place)


def _place(row: ReportRow) -> tuple[int, int, int, int]:
    day = row.due_on.toordinal()
    return (
        list(Standing).index(row.standing),
        -day if row.standing is Standing.SUBMITTED else day,
        row.agency.position,
        row.requirement.id,
    )


def _reports(agency_id: int | None, today: date, window: int) -> Iterable[ReportRow]:
    query = (
        select(Report)
        .options(
            defer(Report.body),
            joinedload(Report.agency),
            joinedload(Report.requirement)
            .joinedload(ReportRequirement.plan)
            .load_only(Plan.number),
            joinedload(Report.periods),
        )
        .order_by(Report.id)
    )
    if agency_id is not None:
        query = query.where(Report.agency_id == agency_id)
    for report in db.session.scalars(query).unique():
        yield ReportRow(
            report_id=report.id,
            requirement=report.requirement,
            agency=report.agency,
            labels=_labels(report),
            due_on=report.due_on,
            standing=Standing(report.state.value),
            klass=class_of(report, today, window),
            submitted_on=submitted_on(report),
        )


def _not_required(agency_id: int | None) -> Iterable[ReportRow]:
    query = (
        select(ReportingPeriod)
        .where(ReportingPeriod.report_id.is_(None))
        .options(
            joinedload(ReportingPeriod.agency),
            joinedload(ReportingPeriod.requirement)
            .joinedload(ReportRequirement.plan)
            .load_only(Plan.number),
        )
        .order_by(ReportingPeriod.id)
    )
    if agency_id is not None:
        query = query.where(ReportingPeriod.agency_id == agency_id)
    for period in db.session.scalars(query):
        yield ReportRow(
            report_id=None,
            requirement=period.requirement,
            agency=period.agency,
            labels=(period.label,),
            due_on=period.due_on,
            standing=Standing.NOT_REQUIRED,
            klass=DeadlineClass.NO_DEADLINE,
            reason=period.not_required,
        )


def grids(rows: Iterable[ReportRow]) -> list[Grid]:
    """The rows as one overview per requirement, agencies in protocol order, days from left to right."""
    found: dict[ReportRequirement, Grid] = {}
    for row in sorted(rows, key=lambda r: (r.requirement.id, r.agency.position, r.due_on)):
        grid = found.setdefault(row.requirement, Grid(row.requirement, {}, {}))
        grid.columns.setdefault(row.due_on, row.labels)
        grid.lines.setdefault(row.agency, {})[row.due_on] = row
    return [Grid(g.requirement, dict(sorted(g.columns.items())), g.lines) for g in found.values()]


def report(report_id: int) -> Report | None:
    """One report with all that its page shows."""
    return db.session.scalar(
        select(Report)
        .where(Report.id == report_id)
        .options(
            joinedload(Report.agency),
            joinedload(Report.submitted_by),
            joinedload(Report.requirement)
            .joinedload(ReportRequirement.plan)
            .load_only(Plan.number, Plan.issued_on),
            joinedload(Report.requirement).selectinload(ReportRequirement.clauses),
            selectinload(Report.periods),
        )
    )


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
    return asks.is_late(report.due_on, submitted_on(report), today)


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


def class_of(report: Report, today: date, window: int) -> DeadlineClass:
    """The class of a report on a day."""
    return report_class(report.state, report.due_on, submitted_on(report), today, window)


def submitted_on(report: Report) -> date | None:
    """The office's day on which a report came in."""
    return clock.local(report.submitted_at).date() if report.submitted_at else None


def _labels(report: Report) -> tuple[str, ...]:
    return tuple(period.label for period in report.periods)
