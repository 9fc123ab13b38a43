"""What reports are called."""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.reports.models import (
    Report,
    ReportingPeriod,
    ReportRequirement,
    ReportSubmission,
)


@dataclass(frozen=True)
class NamedReport:
    """A report by its title, the labels of the periods that it settles, and the names of its agency."""

    report_id: int
    title: str
    labels: tuple[str, ...]
    agency_names: tuple[str, str]


def named_reports(agency_id: int | None) -> list[NamedReport]:
    """The reports of one agency, or of all, the latest due day first."""
    labels: dict[int, list[str]] = defaultdict(list)
    periods = select(ReportingPeriod.report_id, ReportingPeriod.label).where(
        ReportingPeriod.report_id.is_not(None)
    )
    reports = (
        select(Report.id, ReportRequirement.title, Agency.name, Agency.short_name)
        .join(Report.requirement)
        .join(Report.agency)
        .order_by(Report.due_on.desc(), Agency.position, Report.id)
    )
    if agency_id is not None:
        periods = periods.where(ReportingPeriod.agency_id == agency_id)
        reports = reports.where(Report.agency_id == agency_id)
    for report_id, label in db.session.execute(periods.order_by(ReportingPeriod.position)):
        labels[report_id or 0].append(label)
    return [
        NamedReport(report_id, title, tuple(labels[report_id]), (name, short_name))
        for report_id, title, name, short_name in db.session.execute(reports)
    ]


def sent_texts(agency_id: int | None, has: ColumnElement[bool], most: int) -> dict[int, str]:
    """The sections of reports as they were last sent, by report, of one agency or of all; of those of
    which `has`, a condition on ReportSubmission, holds, at most so many, the latest first."""
    found = (
        select(ReportSubmission.report_id, ReportSubmission.content)
        .where(has, _last_sent(agency_id))
        .order_by(ReportSubmission.id.desc())
        .limit(most)
    )
    return {
        report_id: " ".join(section["text"] for section in content["sections"])
        for report_id, content in db.session.execute(found)
    }


def reports_that_say(agency_id: int | None, has: ColumnElement[bool]) -> set[int]:
    """The reports, of one agency or of all, for which `has` holds as they were last sent."""
    wanted = select(ReportSubmission.report_id).where(has, _last_sent(agency_id))
    return set(db.session.scalars(wanted))


def _last_sent(agency_id: int | None) -> ColumnElement[bool]:
    last = select(func.max(ReportSubmission.id)).group_by(ReportSubmission.report_id)
    if agency_id is not None:
        last = last.join(ReportSubmission.report).where(Report.agency_id == agency_id)
    return ReportSubmission.id.in_(last)
