"""What was asked of several agencies, and how many have answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.queries.one import class_now
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.rules import DeadlineClass

_IN = (ReportState.SUBMITTED, ReportState.ACCEPTED)


@dataclass(frozen=True)
class Answer:
    """Where one agency stands."""

    report: Report
    klass: DeadlineClass


@dataclass(frozen=True)
class Answers:
    """All agencies in protocol order; `since` changes when anything of them does."""

    rows: Sequence[Answer]
    since: str

    @property
    def count(self) -> int:
        """How many have sent theirs."""
        return sum(answer.report.state in _IN for answer in self.rows)


@dataclass(frozen=True)
class AskedRow:
    """One question in the list, with how many of how many have answered."""

    requirement: ReportRequirement
    answered: int
    total: int


def asked(requirement_id: int) -> ReportRequirement | None:
    """The question with plan and asker; None where the number is no question's."""
    query = (
        select(ReportRequirement)
        .where(ReportRequirement.id == requirement_id, ReportRequirement.asked_by_id.is_not(None))
        .options(
            joinedload(ReportRequirement.plan).load_only(Plan.number),
            joinedload(ReportRequirement.asked_by),
        )
    )
    return db.session.scalar(query)


def answers(requirement: ReportRequirement) -> Answers:
    """Where each agency stands with its answer."""
    rows = [Answer(report, class_now(report)) for report in reports_of(requirement)]
    return Answers(rows, "-".join(f"{row.report.version}{row.klass.value}" for row in rows))


def reports_of(requirement: ReportRequirement) -> Sequence[Report]:
    """The reports that a question made, with agency and periods, in protocol order; those that were no
    longer wanted are left out."""
    query = (
        select(Report)
        .join(Report.agency)
        .where(Report.requirement_id == requirement.id, Report.state != ReportState.DROPPED)
        .order_by(Agency.position)
        .options(
            contains_eager(Report.agency),
            joinedload(Report.requirement),
            selectinload(Report.periods),
        )
    )
    return db.session.scalars(query).all()


def all_asked() -> list[AskedRow]:
    """All questions, the newest first, with their counts."""
    answered = func.sum(case((Report.state.in_(_IN), 1), else_=0))
    wanted = func.sum(case((Report.state != ReportState.DROPPED, 1), else_=0))
    query = (
        select(ReportRequirement, answered, wanted)
        .join(Report, Report.requirement_id == ReportRequirement.id)
        .where(ReportRequirement.asked_by_id.is_not(None))
        .group_by(ReportRequirement.id)
        .order_by(ReportRequirement.id.desc())
    )
    found = db.session.execute(query)
    return [AskedRow(row, int(done), int(total)) for row, done, total in found]
