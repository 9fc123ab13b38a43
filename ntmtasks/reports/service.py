"""The verbs: make what a plan asks for, send a report."""

from collections.abc import Iterable, Sequence
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, formats, settings
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.sources import Source, check_day, source_words
from ntmtasks.history.service import Actor, record
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.progress.rules.asks import About
from ntmtasks.progress.service import explaining
from ntmtasks.reports import queries
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.rules import PeriodPlan, ReportState, periods_for
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell_office
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


def submit(
    report_id: int,
    body: str,
    actor: User,
    version: int | None = None,
    source: Source | None = None,
) -> Report:
    """Send the report `report_id` for its agency now; it settles all its periods.

    With a `source` somebody enters for another agency what came by document, call or mail: it counts
    from that day, the agency is told and may send its own text in place of it, which keeps the day.
    The same text sent twice by the same person (a double click) counts once. Raises ChangedMeanwhile
    when it has been sent already, or is not at the `version` that the person saw, and BadDay for a
    source's day that cannot be.
    """
    with transaction():
        report = db.session.get_one(Report, report_id, with_for_update=True)
        if report.state is ReportState.SUBMITTED:
            if (report.submitted_by_id, report.body) == (actor.id, body):
                return report
            if source is not None or report.source_kind is None:
                raise ChangedMeanwhile
        check_version(report, version)
        _keep(report, body, actor, source)
        changes.note_word(*queries.work_of(report))
        words = {"Nguồn": source_words(source)} if source else {}
        record(
            actor,
            "report",
            report.id,
            "report.enter" if source else "report.submit",
            after={"Hạn nộp": formats.day(report.due_on), "Nội dung": body, **words},
        )
        if source is not None:
            _tell_agency(report, actor, source)
    return report


def _keep(report: Report, body: str, actor: User, source: Source | None) -> None:
    if source is not None:
        check_day(source.on, report.requirement.plan.issued_on, clock.today())
        report.source_kind, report.source_ref = source.kind, source.ref
        report.source_on = source.on
    if report.state is ReportState.MISSING:
        report.submitted_at = clock.moment_on(source.on) if source else clock.now()
    if source is None:
        report.source_kind, report.source_ref, report.source_on = None, "", None
    report.body, report.state, report.submitted_by = body, ReportState.SUBMITTED, actor
    db.session.flush()


def demand_explanation(
    actor: User, report: Report, question: str, answer_by: date, form_token: str | None = None
) -> None:
    """Ask the agency of a report why it is late; the answer is the work's that asks for the report.
    Raises NotLate (also where nobody has that work any more), PastDay, NotYours."""
    work = queries.work_to_explain(report)
    if work is None or not queries.is_late(report, clock.today()):
        raise explaining.NotLate
    labels = ", ".join(period.label for period in report.periods)
    words = f"báo cáo {labels}, hạn nộp {formats.day(report.due_on)}"
    about = About(words, f"/reports/{report.id}")
    explaining.demand_about(actor, work, about, question, answer_by, form_token)


def _tell_agency(report: Report, actor: User, source: Source) -> None:
    line = (
        f"{actor.name} nộp thay theo {source_words(source)}. Nếu chưa đúng, cơ quan sửa ngay trên "
        "trang báo cáo hoặc báo lại Văn phòng Điều phối."
    )
    tell_office(
        report.agency_id,
        None,
        "report.entered",
        f"Báo cáo hạn {formats.day(report.due_on)} được nộp thay",
        line,
        f"/reports/{report.id}",
    )
