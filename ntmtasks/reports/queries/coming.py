"""What falls due in a month, agency by agency: work with its deadline, slots of recurring work, reports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.progress.queries.occurrences import Slot, awaited_between
from ntmtasks.reports.queries.lists import ReportRow, listed
from ntmtasks.reports.rules.states import Standing
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.queries.counting import counted
from ntmtasks.tasks.queries.loading import by_deadline
from ntmtasks.tasks.rules import OPEN_STATES

_OWED = (Standing.RETURNED, Standing.MISSING)


@dataclass(frozen=True)
class AgencyPlan:
    """What an agency has before it: `carried` was due earlier and is still open, `slots` are the days of
    recurring work."""

    agency: Agency
    carried: Sequence[Assignment]
    due: Sequence[Assignment]
    reports: Sequence[ReportRow]
    slots: Sequence[Slot]


def plan_of_month(
    first: date, last: date, agency_id: int | None, today: date, window: int, most: int
) -> tuple[list[AgencyPlan], bool]:
    """The open obligations due until `last`, and the reports and slots from `first` to `last`, by agency
    in protocol order; at most `most` obligations, and whether there are more."""
    work = _work_until(last, agency_id, most + 1)
    reports = [
        row
        for row in listed(agency_id, today, window)
        if row.report_id is not None and row.standing in _OWED and first <= row.due_on <= last
    ]
    slots = awaited_between(first, last, agency_id, today)
    return _by_agency(work[:most], reports, slots, first), len(work) > most


def _work_until(last: date, agency_id: int | None, most: int) -> Sequence[Assignment]:
    span = AssignmentSpan
    wanted = (
        select(span.assignment_id)
        .where(
            span.to_at.is_(None),
            counted(),
            span.work_state.in_(OPEN_STATES),
            span.deadline <= last,
        )
        .order_by(span.deadline, span.assignment_id)
        .limit(most)
    )
    if agency_id is not None:
        wanted = wanted.where(span.agency_id == agency_id)
    return by_deadline(wanted)


def _by_agency(
    work: Iterable[Assignment], reports: Iterable[ReportRow], slots: Iterable[Slot], first: date
) -> list[AgencyPlan]:
    carried: dict[Agency, list[Assignment]] = {}
    due: dict[Agency, list[Assignment]] = {}
    owed: dict[Agency, list[ReportRow]] = {}
    days: dict[Agency, list[Slot]] = {}
    for a in work:
        is_old = a.deadline is not None and a.deadline < first
        (carried if is_old else due).setdefault(a.agency, []).append(a)
    for row in reports:
        owed.setdefault(row.agency, []).append(row)
    for slot in slots:
        days.setdefault(slot.assignment.agency, []).append(slot)
    everybody = sorted({*carried, *due, *owed, *days}, key=lambda agency: agency.position)
    return [
        AgencyPlan(a, carried.get(a, []), due.get(a, []), owed.get(a, []), days.get(a, []))
        for a in everybody
    ]
