"""The duty to report: its periods and reports are made ahead of time, and follow when it changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy.orm.attributes import flag_modified

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, formats, settings
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history.service import Actor, record
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.reports import labels
from ntmtasks.reports.models import ReportRequirement
from ntmtasks.reports.rules.periods import USUAL, Days, PeriodKind, PeriodPlan, periods_for
from ntmtasks.reports.service.arranging import Change, arrange
from ntmtasks.tasks.service.telling import tell_office
from ntmtasks.workdays import queries as workdays
from ntmtasks.workdays.rules import Calendar

REQUIRED = "report.required"
"""Kind of the notice that says what an agency owes."""


@dataclass(frozen=True)
class Terms:
    """What a requirement says: who owes which reports to whom, by which clauses, on which days."""

    title: str
    recipients: Sequence[str]
    kinds: Sequence[PeriodKind]
    agencies: Sequence[Agency]
    clauses: Sequence[Clause]
    days: Days = field(default_factory=Days)


def create_requirement(
    plan: Plan,
    clauses: Sequence[Clause],
    title: str,
    recipients: Sequence[str],
    agencies: Iterable[Agency],
    actor: Actor | None,
    kinds: Sequence[PeriodKind] = USUAL,
) -> ReportRequirement:
    """A duty to report by `agencies` over the plan's year, with all its periods and reports.

    A plan without a date of issue asks for no report due before today.
    """
    terms = Terms(title, recipients, kinds, list(agencies), clauses)
    with transaction():
        requirement = _new(plan, terms)
        _arrange(requirement, plan.issued_on or clock.today(), None)
        record(actor, "report_requirement", requirement.id, "report.require", after={"Tên": title})
    return requirement


def add_requirement(
    actor: User, plan: Plan, terms: Terms, form_token: str | None = None
) -> ReportRequirement | None:
    """A duty that the coordinator adds to a plan under way; nothing due before today is asked for, and
    who owes is told. None where this form has been carried out already."""
    with transaction():
        if not use_once(form_token):
            return None
        requirement = _new(plan, terms)
        today = clock.today()
        _arrange(requirement, today, today)
        record(actor, "report_requirement", requirement.id, "report.require", after=_words(terms))
        for agency in requirement.agencies:
            _tell(agency.id, requirement, f"Cơ quan của bạn có chế độ báo cáo mới: {terms.title}.")
    return requirement


def change_requirement(
    actor: User,
    requirement: ReportRequirement,
    terms: Terms,
    version: int | None = None,
    form_token: str | None = None,
) -> int:
    """Let a requirement say something else from now on; how many due days moved.

    Only what is neither due nor sent moves. Agencies whose reports move are told. Raises
    ChangedMeanwhile.
    """
    with transaction():
        if not use_once(form_token):
            return 0
        check_version(requirement, version)
        before, after = _words(_terms(requirement)), _words(terms)
        leaving = [a for a in requirement.agencies if a not in terms.agencies]
        _keep(requirement, terms)
        # Agencies and clauses stand in rows of their own: the version counts.
        flag_modified(requirement, "title")
        db.session.flush()
        plan_first = requirement.plan.issued_on or clock.today()
        changes = _arrange(requirement, plan_first, clock.today(), leaving)
        for change in changes:
            _record_move(actor, change)
        for agency_id in dict.fromkeys(change.agency_id for change in changes):
            mine = [labels.change_words(c) for c in changes if c.agency_id == agency_id]
            _tell(agency_id, requirement, f"Chế độ báo cáo thay đổi: {'; '.join(mine)}.")
        moved = {name for name in after if before[name] != after[name]}
        record(
            actor,
            "report_requirement",
            requirement.id,
            "report.change_requirement",
            before={name: before[name] for name in after if name in moved},
            after={name: after[name] for name in after if name in moved},
        )
        return len(changes)


def _new(plan: Plan, terms: Terms) -> ReportRequirement:
    requirement = ReportRequirement(plan=plan)
    _keep(requirement, terms)
    db.session.add(requirement)
    db.session.flush()
    return requirement


def _keep(requirement: ReportRequirement, terms: Terms) -> None:
    requirement.title, requirement.recipients = terms.title, list(terms.recipients)
    requirement.kinds = [kind.value for kind in terms.kinds]
    requirement.agencies = sorted(terms.agencies, key=lambda agency: agency.position)
    requirement.clauses = list(terms.clauses)
    days = terms.days
    requirement.cut_off_day, requirement.lock_days = days.cut_off, days.lock
    requirement.agency_due_day, requirement.office_due_day = days.agency_due, days.office_due


def _terms(requirement: ReportRequirement) -> Terms:
    return Terms(
        requirement.title,
        requirement.recipients,
        [PeriodKind(kind) for kind in requirement.kinds],
        requirement.agencies,
        requirement.clauses,
        requirement.days,
    )


def _arrange(
    requirement: ReportRequirement,
    issued_on: date,
    since: date | None,
    leaving: Iterable[Agency] = (),
) -> list[Change]:
    calendar = workdays.calendar()
    changes: list[Change] = []
    for agency in requirement.agencies:
        wanted = _wanted(requirement, agency, issued_on, calendar)
        changes += arrange(requirement, agency.id, wanted, since)
    for agency in leaving:
        changes += arrange(requirement, agency.id, (), since)
    return changes


def _wanted(
    requirement: ReportRequirement, agency: Agency, issued_on: date, calendar: Calendar
) -> tuple[PeriodPlan, ...]:
    return periods_for(
        requirement.plan.year,
        issued_on,
        _day(requirement.cut_off_day, settings.CUT_OFF_DAY),
        _due_day(requirement, agency),
        calendar,
        {PeriodKind(kind) for kind in requirement.kinds},
    )


def _due_day(requirement: ReportRequirement, agency: Agency) -> int:
    """The coordinating office waits for the others, so that it has a later day."""
    if agency.kind is AgencyKind.OFFICE:
        return _day(requirement.office_due_day, settings.OFFICE_DUE_DAY)
    return _day(requirement.agency_due_day, settings.AGENCY_DUE_DAY)


def _day(own: int | None, setting: settings.NumberSetting) -> int:
    return settings.number(setting) if own is None else own


def _record_move(actor: User, change: Change) -> None:
    if change.report_id is not None:
        before = formats.day(change.before) if change.before else ""
        after = formats.day(change.after) if change.after else "không yêu cầu nữa"
        record(
            actor,
            "report",
            change.report_id,
            "report.move",
            before={"Hạn nộp": before},
            after={"Hạn nộp": after},
        )


def _tell(agency_id: int, requirement: ReportRequirement, line: str) -> None:
    subject = f"Chế độ báo cáo – {requirement.title}"
    tell_office(agency_id, None, REQUIRED, subject, line, "/reports/")


def _words(terms: Terms) -> dict[str, str]:
    """The terms as the record shows them."""
    days = terms.days
    return {
        "Tên": terms.title,
        "Nơi nhận": "; ".join(terms.recipients),
        "Định kỳ": ", ".join(labels.PERIOD_KINDS[kind] for kind in terms.kinds),
        "Cơ quan": ", ".join(agency.short_name for agency in terms.agencies),
        "Căn cứ": ", ".join(clause.path for clause in terms.clauses),
        "Ngày chốt số liệu": labels.own_day(days.cut_off),
        "Hạn nộp của huyện, sở, ngành": labels.own_day(days.agency_due),
        "Hạn nộp của Văn phòng Điều phối": labels.own_day(days.office_due),
        "Khóa sau hạn nộp (ngày)": labels.own_day(days.lock),
    }
