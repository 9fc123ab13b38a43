"""Bringing the periods of one agency to what its requirement wants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ntmtasks.core.db import db
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.rules.periods import PeriodPlan
from ntmtasks.reports.rules.states import ReportState

GIVEN_UP = "không còn yêu cầu"
SENT_ALREADY = "đã nộp báo cáo cùng hạn"


@dataclass(frozen=True)
class Change:
    """A period whose due day moved; `before` is None for a new one, `after` for one given up."""

    agency_id: int
    report_id: int | None
    label: str
    before: date | None
    after: date | None


def arrange(
    requirement: ReportRequirement,
    agency_id: int,
    wanted: Iterable[PeriodPlan],
    since: date | None,
) -> list[Change]:
    """Make or move the periods of an agency, and say what of them changed; periods with one due day share
    one report.

    With `since` only what is due from that day on and was not sent moves, comes or goes.
    """
    there = _periods(requirement, agency_id)
    free = {period.label: period for period in there if _is_free(period, since)}
    fixed = {period.label for period in there} - free.keys()
    plans = [
        plan
        for plan in wanted
        if plan.label not in fixed and (since is None or plan.due_on >= since)
    ]
    due_before = {label: p.due_on for label, p in free.items() if p.report is not None}
    reports = _Reports(requirement, agency_id, list(free.values()))
    for gone in free.keys() - {plan.label for plan in plans}:
        free[gone].report, free[gone].not_required = None, GIVEN_UP
    groups: dict[date, list[ReportingPeriod]] = {}
    for position, plan in enumerate(plans, len(fixed)):
        period = free.get(plan.label) or _new(requirement, agency_id, plan)
        period.position, period.starts_on = position, plan.starts_on
        period.cut_off, period.due_on = plan.cut_off, plan.due_on
        period.not_required = plan.not_required
        free[plan.label] = period
        if not plan.not_required:
            groups.setdefault(plan.due_on, []).append(period)
    for due_on, group in groups.items():
        reports.settle(due_on, group)
    reports.drop_unused()
    db.session.flush()
    return [c for p in free.values() if (c := _change(p, due_before.get(p.label))) is not None]


def _periods(requirement: ReportRequirement, agency_id: int) -> Sequence[ReportingPeriod]:
    query = (
        select(ReportingPeriod)
        .where(
            ReportingPeriod.requirement_id == requirement.id, ReportingPeriod.agency_id == agency_id
        )
        .order_by(ReportingPeriod.position)
        .options(joinedload(ReportingPeriod.report))
    )
    return db.session.scalars(query).all()


def _is_free(period: ReportingPeriod, since: date | None) -> bool:
    """Whether a period may still move: neither due nor sent."""
    is_open = period.report is None or period.report.state is ReportState.MISSING
    return is_open and (since is None or period.due_on >= since)


def _new(requirement: ReportRequirement, agency_id: int, plan: PeriodPlan) -> ReportingPeriod:
    period = ReportingPeriod(
        requirement_id=requirement.id, agency_id=agency_id, kind=plan.kind, label=plan.label
    )
    db.session.add(period)
    return period


def _change(period: ReportingPeriod, before: date | None) -> Change | None:
    after = period.due_on if period.report is not None else None
    if before == after:
        return None
    report_id = period.report_id if period.report is not None else None
    return Change(period.agency_id, report_id, period.label, before, after)


class _Reports:
    """The reports of an agency while its periods are arranged: each due day has one."""

    def __init__(
        self, requirement: ReportRequirement, agency_id: int, free: Iterable[ReportingPeriod]
    ) -> None:
        self.requirement, self.agency_id = requirement, agency_id
        self.movable = {p.report.id for p in free if p.report is not None}
        query = select(Report).where(
            Report.requirement_id == requirement.id, Report.agency_id == agency_id
        )
        found = db.session.scalars(query).all()
        self.spare = {r.id: r for r in found if r.id in self.movable}
        self.others = {r.due_on: r for r in found if r.id not in self.movable}

    def settle(self, due_on: date, group: Sequence[ReportingPeriod]) -> None:
        """Give the periods of one due day their report, or say why they have none."""
        taken = self.others.get(due_on)
        if taken is not None and taken.state is not ReportState.DROPPED:
            for period in group:
                period.report, period.not_required = None, SENT_ALREADY
            return
        report = taken or self._own(due_on, group)
        report.due_on, report.state = due_on, ReportState.MISSING
        for period in group:
            period.report = report

    def _own(self, due_on: date, group: Sequence[ReportingPeriod]) -> Report:
        """The report that the periods have already, whatever day it was due; else a new one."""
        theirs = [p.report.id for p in group if p.report is not None and p.report.id in self.spare]
        same_day = [number for number, r in self.spare.items() if r.due_on == due_on]
        for number in (*same_day, *theirs):
            return self.spare.pop(number)
        report = Report(requirement_id=self.requirement.id, agency_id=self.agency_id)
        db.session.add(report)
        return report

    def drop_unused(self) -> None:
        """What settles no period any more is asked for no longer."""
        for report in self.spare.values():
            report.state = ReportState.DROPPED
