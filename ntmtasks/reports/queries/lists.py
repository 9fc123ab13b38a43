"""Every due day of the agencies, as a list and as an overview."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.queries.one import class_of, is_shut_on, labels_of, submitted_on
from ntmtasks.reports.rules.states import OWED, ReportState, Standing
from ntmtasks.tasks.rules import DeadlineClass


@dataclass(frozen=True)
class ReportRow:
    """One due day of one agency. `report_id` is None and `reason` says why where nothing is owed.
    `is_shut`: what is owed can no longer come in, unless somebody unlocks its period."""

    report_id: int | None
    requirement: ReportRequirement
    agency: Agency
    labels: tuple[str, ...]
    due_on: date
    standing: Standing
    klass: DeadlineClass
    submitted_on: date | None = None
    reason: str = ""
    is_shut: bool = False


@dataclass(frozen=True)
class Grid:
    """The overview of one requirement: a line per agency, a cell per due day."""

    requirement: ReportRequirement
    columns: dict[date, tuple[str, ...]]
    lines: dict[Agency, dict[date, ReportRow]]


def listed(agency_id: int | None, today: date, window: int) -> list[ReportRow]:
    """Every due day of one agency, or of all: what is owed first by day, then what came in, newest
    first, then what nobody owes. `window`: calendar days of due soon."""
    rows = [*_reports(agency_id, today, window), *_not_required(agency_id)]
    return sorted(rows, key=_place)


def to_write(agency_id: int, until: date, today: date, window: int) -> list[ReportRow]:
    """What one agency has to send, or to send again, and still may, by due day up to `until`, inclusive."""
    wanted = and_(Report.state.in_(OWED), Report.due_on <= until)
    rows = _reports(agency_id, today, window, wanted)
    return sorted((row for row in rows if not row.is_shut), key=_place)


_CAME_IN = (Standing.SUBMITTED, Standing.ACCEPTED)
_GROUPS = dict(zip(Standing, (0, 0, 1, 1, 2), strict=True))


def _place(row: ReportRow) -> tuple[int, int, int, int]:
    day = row.due_on.toordinal()
    return (
        _GROUPS[row.standing],
        -day if row.standing in _CAME_IN else day,
        row.agency.position,
        row.requirement.id,
    )


def _reports(
    agency_id: int | None, today: date, window: int, wanted: ColumnElement[bool] | None = None
) -> Iterable[ReportRow]:
    query = (
        select(Report)
        .options(
            joinedload(Report.agency),
            joinedload(Report.requirement)
            .joinedload(ReportRequirement.plan)
            .load_only(Plan.number),
            joinedload(Report.periods),
        )
        .where(Report.state != ReportState.DROPPED)
        .order_by(Report.id)
    )
    if agency_id is not None:
        query = query.where(Report.agency_id == agency_id)
    if wanted is not None:
        query = query.where(wanted)
    for report in db.session.scalars(query).unique():
        yield ReportRow(
            report_id=report.id,
            requirement=report.requirement,
            agency=report.agency,
            labels=labels_of(report),
            due_on=report.due_on,
            standing=Standing(report.state.value),
            klass=class_of(report, today, window),
            submitted_on=submitted_on(report),
            is_shut=is_shut_on(report, today),
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
    """The rows as one overview per regular requirement, agencies in protocol order, days from left to
    right."""
    found: dict[ReportRequirement, Grid] = {}
    regular = (row for row in rows if not row.requirement.is_ad_hoc)
    for row in sorted(regular, key=lambda r: (r.requirement.id, r.agency.position, r.due_on)):
        grid = found.setdefault(row.requirement, Grid(row.requirement, {}, {}))
        grid.columns.setdefault(row.due_on, row.labels)
        grid.lines.setdefault(row.agency, {})[row.due_on] = row
    return [Grid(g.requirement, dict(sorted(g.columns.items())), g.lines) for g in found.values()]
