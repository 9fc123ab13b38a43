"""Reading the duties to report and the periods that they make."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import ReportingPeriod, ReportRequirement


def requirements() -> Sequence[ReportRequirement]:
    """All regular ones with plan, agencies and clauses, in the order in which they were made."""
    query = (
        select(ReportRequirement)
        .where(ReportRequirement.asked_by_id.is_(None))
        .order_by(ReportRequirement.id)
        .options(
            joinedload(ReportRequirement.plan).load_only(Plan.number, Plan.year),
            selectinload(ReportRequirement.agencies),
            selectinload(ReportRequirement.clauses),
        )
    )
    return db.session.scalars(query).all()


def requirement(requirement_id: int) -> ReportRequirement | None:
    """A regular one, with plan, agencies and clauses."""
    query = (
        select(ReportRequirement)
        .where(ReportRequirement.id == requirement_id, ReportRequirement.asked_by_id.is_(None))
        .options(
            joinedload(ReportRequirement.plan).load_only(Plan.number, Plan.year, Plan.issued_on),
            selectinload(ReportRequirement.agencies),
            selectinload(ReportRequirement.clauses),
        )
    )
    return db.session.scalar(query)


class PeriodLine(NamedTuple):
    """The periods of one name and due day over all agencies; `of_office`: those of the coordinating
    office, which has its own day; `not_required` says why nothing is owed."""

    label: str
    starts_on: date
    cut_off: date
    due_on: date
    not_required: str
    of_office: bool
    agencies: int


def period_lines(requirement_id: int) -> list[PeriodLine]:
    """The periods of a requirement, each once, by due day."""
    p, is_office = ReportingPeriod, Agency.kind == AgencyKind.OFFICE
    facts = (p.label, p.starts_on, p.cut_off, p.due_on, p.not_required, is_office)
    query = (
        select(*facts, func.count())
        .join(Agency, Agency.id == p.agency_id)
        .where(p.requirement_id == requirement_id)
        .group_by(*facts)
        .order_by(p.due_on, func.min(p.position), is_office)
    )
    return [PeriodLine(*row) for row in db.session.execute(query)]
