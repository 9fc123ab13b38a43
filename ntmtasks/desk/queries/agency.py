"""*Công việc của cơ quan*: the open work of an agency and who carries how much of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db
from ntmtasks.desk.queries.lists import WorkRow, by_urgency, work_rows
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import DeadlineClass, Phase, WorkState


@dataclass(frozen=True)
class Load:
    """How much one officer carries; `officer` None counts what was handed to nobody."""

    officer: User | None
    open: int
    overdue: int


def agency_work(user: User, on: date) -> list[WorkRow]:
    """Everything of the own agency that is not done, overdue first, then by date."""
    found = db.session.scalars(
        assignment_with_task()
        .where(
            Assignment.agency_id == user.agency_id,
            Assignment.work_state.not_in((WorkState.DONE, WorkState.REFUSED)),
            Task.phase == Phase.ISSUED,
        )
        .order_by(*by_urgency(on))
    ).all()
    return work_rows(found, user, on)


def loads(rows: Iterable[WorkRow], officers: Sequence[User]) -> list[Load]:
    """The load of each officer of the agency and of whoever else still has work; nobody's last."""
    found: dict[int | None, list[WorkRow]] = {o.id: [] for o in officers}
    people: dict[int | None, User | None] = {o.id: o for o in officers}
    people |= {r.assignment.officer_id: r.assignment.officer for r in rows}
    found |= {key: [] for key in people} | {None: []}
    for row in rows:
        found[row.assignment.officer_id].append(row)
    ordered = sorted(found, key=lambda key: key is None)
    return [_load(people.get(key), found[key]) for key in ordered]


def _load(officer: User | None, rows: Sequence[WorkRow]) -> Load:
    overdue = sum(row.klass is DeadlineClass.OVERDUE for row in rows)
    return Load(officer, len(rows), overdue)


def own_assignments(user: User, ids: Iterable[int]) -> list[Assignment]:
    """Those of these assignments that belong to the own agency, of tasks under way."""
    return list(
        db.session.scalars(
            assignment_with_task()
            .where(
                Assignment.id.in_(ids),
                Assignment.agency_id == user.agency_id,
                Task.phase == Phase.ISSUED,
            )
            .order_by(Assignment.id)
        )
    )
