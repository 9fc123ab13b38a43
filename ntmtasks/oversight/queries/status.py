"""All that a status page shows: no name of a person, no comment, no evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.oversight.queries.reporting import DueDay, around
from ntmtasks.oversight.queries.status_pages import Subject
from ntmtasks.oversight.rules.status import Block
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.queries import counting, standing
from ntmtasks.tasks.queries.counting import Scope, Tally
from ntmtasks.tasks.queries.standing import Choice
from ntmtasks.tasks.rules import DeadlineClass

FEW = 6
"""So many of the oldest and of the next are shown."""
_ON_TALLY = {Block.COUNTERS, Block.AGES, Block.AGENCIES}
_LISTED = {Block.OLDEST, Block.NEXT}


class Item(NamedTuple):
    """An obligation as outsiders may see it: without whoever has it in hand."""

    path: str
    text: str
    agency: Agency
    deadline: date
    klass: DeadlineClass


class Target(NamedTuple):
    """A commune that a plan wants recognised; `deadline` in the words of the plan."""

    commune: str
    level: str
    commitment: str
    deadline: str


@dataclass(frozen=True)
class Status:
    """What a page shows; what it does not show is empty. `targets` are by district."""

    tally: Tally | None = None
    oldest: Sequence[Item] = ()
    coming: Sequence[Item] = ()
    next_days: Mapping[date, int] = field(default_factory=dict)
    reports: Sequence[DueDay] = ()
    targets: Mapping[str, Sequence[Target]] = field(default_factory=dict)


def status(subject: Subject, blocks: Iterable[Block], today: date) -> Status:
    """What some blocks show of a subject, in the same number of queries however much there is."""
    chosen = set(blocks)
    targets = _targets(subject) if Block.COMMUNES in chosen else {}
    if subject.work is None:
        return Status(targets=targets)
    scope = subject.work
    oldest, coming = _items(scope, today) if chosen & _LISTED else ([], [])
    return Status(
        tally=counting.tally(today, scope) if chosen & _ON_TALLY else None,
        oldest=oldest if Block.OLDEST in chosen else [],
        coming=coming if Block.NEXT in chosen else [],
        next_days=standing.due_next(today, scope) if Block.NEXT in chosen else {},
        reports=around(today, scope) if Block.REPORTS in chosen else [],
        targets=targets,
    )


def _items(scope: Scope, today: date) -> tuple[list[Item], list[Item]]:
    """The oldest that are late, and the next that are due."""
    late = Choice(klass=DeadlineClass.OVERDUE, scope=scope)
    coming = Choice(is_next=True, scope=scope)
    oldest, soonest = (
        [Item(s.path, s.text, s.agency, s.deadline, s.klass) for s in found if s.deadline]
        for found in standing.first_of(today, (late, coming), FEW)
    )
    return oldest, soonest


def _targets(subject: Subject) -> dict[str, list[Target]]:
    """The communes by district, in the order of the plan; of several plans the newest one that names a
    commune at a level counts."""
    query = select(Plan.reading).order_by(Plan.year.desc(), Plan.id.desc())
    plan_id = subject.work.plan_id if subject.work else None
    is_wanted = Plan.state == PlanState.ISSUED if plan_id is None else Plan.id == plan_id
    found: dict[tuple[str, str, str], Target] = {}
    for reading in db.session.scalars(query.where(is_wanted)):
        for row in reading["communes"]:
            if subject.district and row["district"] != subject.district:
                continue
            if subject.commune and row["commune"] != subject.commune:
                continue
            words = row["deadline"]["text"] if row["deadline"] else ""
            target = Target(row["commune"], row["level"], row["commitment"], words)
            found.setdefault((row["district"], row["commune"], row["level"]), target)
    by_district: dict[str, list[Target]] = {}
    for (district, _, _), target in found.items():
        by_district.setdefault(district, []).append(target)
    return by_district
