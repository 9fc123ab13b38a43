"""Reading plans and their clauses."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ntmtasks.core.db import db
from ntmtasks.files.models import StoredFile
from ntmtasks.plans.models import Clause, Finding, Plan
from ntmtasks.plans.rules import PlanState


def plans(with_drafts: bool) -> Sequence[Plan]:
    """All plans, the newest first; drafts only for those who review them."""
    query = select(Plan).order_by(Plan.year.desc(), Plan.id.desc())
    if not with_drafts:
        query = query.where(Plan.state != PlanState.DRAFT)
    return db.session.scalars(query).all()


def targets_of_plans() -> list[tuple[int, str, list[dict[str, Any]]]]:
    """Of each plan that is no draft, the newest first, its id, its number and the communes that it names
    with their targets, as the reader found them."""
    query = (
        select(Plan.id, Plan.number, Plan.reading["communes"])
        .where(Plan.state != PlanState.DRAFT)
        .order_by(Plan.year.desc(), Plan.id.desc())
    )
    return [(number, name, communes) for number, name, communes in db.session.execute(query)]


def same(sha256: str, number: str, year: int) -> Sequence[Plan]:
    """Plans that came from this very file, or have the same number in the same year."""
    is_same = StoredFile.sha256 == sha256
    if number:
        is_same |= (Plan.number == number) & (Plan.year == year)
    return db.session.scalars(
        select(Plan).join(Plan.source_file).where(is_same).order_by(Plan.id)
    ).all()


def current_plan() -> Plan | None:
    """The issued plan of the latest year, into which tasks by hand go."""
    return db.session.scalar(
        select(Plan)
        .where(Plan.state == PlanState.ISSUED)
        .order_by(Plan.year.desc(), Plan.id.desc())
        .limit(1)
    )


def clauses(plan_id: int) -> Sequence[Clause]:
    """The clauses of a plan in the order of the document."""
    return db.session.scalars(
        select(Clause).where(Clause.plan_id == plan_id).order_by(Clause.position)
    ).all()


def clause_at(plan_id: int, path: str) -> Clause | None:
    """The clause with this path; the first where a plan repeats one."""
    return db.session.scalar(
        select(Clause)
        .where(Clause.plan_id == plan_id, Clause.path == path)
        .order_by(Clause.position)
        .limit(1)
    )


def findings(plan_id: int) -> Sequence[Finding]:
    """What the reader found in a plan, the grave ones first, with who settled it."""
    return db.session.scalars(
        select(Finding)
        .where(Finding.plan_id == plan_id)
        .order_by(Finding.position)
        .options(joinedload(Finding.settled_by))
    ).all()
