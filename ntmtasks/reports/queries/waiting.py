"""Reports that wait for a person's decision: rules.states.may of the decisions in SQL."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, false, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import Asker
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.progress.queries.waiting import LIMIT
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.one import labels_of, sent_work
from ntmtasks.reports.rules.states import Act, ReportState, may


def waiting_for(user: User) -> Sequence[Report]:
    """Reports that this person accepts or returns, the oldest first."""
    query = (
        select(Report)
        .join(Report.agency)
        .where(_decided_by(user))
        .order_by(Report.submitted_at, Report.id)
        .limit(LIMIT)
        .options(
            contains_eager(Report.agency),
            joinedload(Report.requirement),
            joinedload(Report.submitted_by),
            joinedload(Report.periods),
        )
    )
    return db.session.scalars(query).unique().all()


def count_for(user: Asker) -> ScalarSelect[int]:
    """How many reports this person accepts or returns, as a part of a query."""
    return (
        select(func.count())
        .select_from(Report)
        .join(Agency, Agency.id == Report.agency_id)
        .where(_decided_by(user))
        .scalar_subquery()
    )


class UndecidedReport(NamedTuple):
    """A report that waits for a decision, whoever takes it."""

    id: int
    title: str
    labels: tuple[str, ...]
    agency: str
    since: datetime
    work: Work

    def decided_by(self, person: Person) -> bool:
        """Whether this person may decide it."""
        return may(Act.ACCEPT, person, self.work)


def undecided(before: datetime) -> list[UndecidedReport]:
    """All reports that wait for a decision since before a moment, the oldest first."""
    query = (
        select(Report)
        .where(Report.state == ReportState.SUBMITTED, Report.submitted_at < before)
        .order_by(Report.submitted_at, Report.id)
        .options(
            joinedload(Report.agency),
            joinedload(Report.requirement),
            joinedload(Report.periods),
        )
    )
    return [
        UndecidedReport(
            id=report.id,
            title=report.requirement.title,
            labels=labels_of(report),
            agency=report.agency.short_name,
            since=report.submitted_at,
            work=sent_work(report),
        )
        for report in db.session.scalars(query).unique()
        if report.submitted_at is not None
    ]


def _decided_by(user: Asker) -> ColumnElement[bool]:
    office = Agency.kind == AgencyKind.OFFICE
    if user.role is Role.CITY_LEADER:
        mine = or_(office, Report.source_kind.is_not(None))
    elif user.role is Role.COORDINATOR:
        mine = Agency.kind != AgencyKind.OFFICE
    else:
        mine = office if user.stands_in else false()
    return and_(
        Report.state == ReportState.SUBMITTED,
        Report.agency_id != user.agency_id,
        Report.submitted_by_id != user.id,
        mine,
    )
