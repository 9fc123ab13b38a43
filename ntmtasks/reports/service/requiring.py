"""The duty to report: its periods and reports are made ahead of time."""

from collections.abc import Iterable, Sequence
from datetime import date

from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.history.service import Actor, record
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.rules.periods import PeriodPlan, periods_for
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.workdays import queries as workdays


def create_requirement(
    plan: Plan,
    clauses: Sequence[Clause],
    title: str,
    recipients: Sequence[str],
    agencies: Iterable[Agency],
    actor: Actor | None,
) -> ReportRequirement:
    """A duty to report by `agencies` over the plan's year, with all its periods and reports.

    A plan without a date of issue asks for no report due before today.
    """
    with transaction():
        requirement = ReportRequirement(
            plan=plan, clauses=list(clauses), title=title, recipients=list(recipients)
        )
        db.session.add(requirement)
        db.session.flush()
        calendar = workdays.calendar()
        issued_on = plan.issued_on or clock.today()
        for agency in agencies:
            periods = periods_for(
                plan.year,
                issued_on,
                settings.number(settings.CUT_OFF_DAY),
                settings.number(_due_day(agency)),
                calendar,
            )
            _add_periods(requirement, agency, periods)
        db.session.flush()
        record(actor, "report_requirement", requirement.id, "report.require", after={"Tên": title})
    return requirement


def _due_day(agency: Agency) -> settings.NumberSetting:
    """The coordinating office waits for the others, so that it has a later day."""
    is_office = agency.kind is AgencyKind.OFFICE
    return settings.OFFICE_DUE_DAY if is_office else settings.AGENCY_DUE_DAY


def _add_periods(
    requirement: ReportRequirement, agency: Agency, periods: Sequence[PeriodPlan]
) -> None:
    reports: dict[date, Report] = {
        due_on: Report(
            requirement_id=requirement.id,
            agency_id=agency.id,
            due_on=due_on,
            state=ReportState.MISSING,
            body="",
        )
        for due_on in sorted({period.due_on for period in periods if not period.not_required})
    }
    db.session.add_all(reports.values())
    db.session.add_all(
        ReportingPeriod(
            requirement_id=requirement.id,
            agency_id=agency.id,
            kind=period.kind,
            position=position,
            label=period.label,
            starts_on=period.starts_on,
            cut_off=period.cut_off,
            due_on=period.due_on,
            report=None if period.not_required else reports[period.due_on],
            not_required=period.not_required,
        )
        for position, period in enumerate(periods)
    )
