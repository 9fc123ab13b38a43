"""What a review shows: the rows with what they lack, twins, unknown names, and who will get what."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from ntmtasks.accounts.queries.recipients import Recipient, RecipientBook, recipient_book
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.core.text import fold
from ntmtasks.intake.models import KeptApart, UnknownName
from ntmtasks.intake.rules.nearest import nearest
from ntmtasks.intake.rules.readiness import Clear, Facts, Lead, missing
from ntmtasks.intake.rules.twins import pairs
from ntmtasks.plans.models import Clause
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import task_with_assignments
from ntmtasks.tasks.rules import UNISSUED, AssignmentRole, DeadlineBasis, Mode, Phase, TaskKind

LATE_COMMIT = timedelta(seconds=5)
"""How long a change may have been under way when another person's page was made."""


@dataclass(frozen=True)
class Row:
    """A draft task and what is not clear about it, in words."""

    task: Task
    missing: dict[Clear, str]

    @property
    def leads(self) -> list[Assignment]:
        """The agencies that lead."""
        return [a for a in self.task.assignments if a.role is AssignmentRole.LEAD]

    @property
    def proposed(self) -> list[Assignment]:
        """The agencies that we propose, each with its reason."""
        return [a for a in self.task.assignments if a.reason]


@dataclass(frozen=True)
class Rows:
    """All tasks of a draft plan: those that will be work, and those left out."""

    kept: list[Row]
    dropped: list[Task]

    @property
    def clear(self) -> int:
        """How many lack nothing."""
        return sum(not row.missing for row in self.kept)

    def lacking(self, clear: Clear) -> int:
        """How many lack this one."""
        return sum(clear in row.missing for row in self.kept)

    def of(self, task_id: int) -> Row:
        """The row of a task that is there."""
        return next(row for row in self.kept if row.task.id == task_id)

    def changed_since(self, moment: datetime) -> list[Task]:
        """What somebody changed while a page was open, the dropped ones too."""
        everything = [*(row.task for row in self.kept), *self.dropped]
        return [t for t in everything if t.updated_at > moment - LATE_COMMIT]


@dataclass(frozen=True)
class Twins:
    """Two tasks that may be one work; `act` says what both order where their words differ."""

    one: Task
    other: Task
    likeness: float
    act: str


@dataclass(frozen=True)
class TwinGroup:
    """Twins whose later halves stand below one heading: whose duties they may be told in again."""

    path: str
    heading: str
    twins: list[Twins]

    @property
    def count(self) -> int:
        """How many pairs."""
        return len(self.twins)


@dataclass(frozen=True)
class Stranger:
    """A name that fits no agency, the clauses that use it, and the agencies it may mean."""

    name: str
    role: AssignmentRole
    paths: list[str]
    nearest: list[Agency]


@dataclass(frozen=True)
class Consignment:
    """What one agency gets when the plan is issued, and who is told."""

    agency: Agency
    work: list[Assignment]
    recipients: tuple[Recipient, ...]

    @property
    def is_told(self) -> bool:
        """Whether somebody of the agency's own gets the letter."""
        return any(not r.note for r in self.recipients)


@dataclass(frozen=True)
class Dispatch:
    """What issuing a plan will do."""

    tasks: list[Task]
    consignments: list[Consignment]

    @property
    def without_lead(self) -> list[Task]:
        """Tasks that nobody leads: the plan cannot be issued with them."""
        return [t for t in self.tasks if not _leads(t)]

    @property
    def proposed(self) -> list[Task]:
        """Tasks whose lead is still our proposal."""
        return [t for t in self.tasks if any(a.reason for a in _leads(t))]

    @property
    def untold(self) -> list[Agency]:
        """Agencies in which nobody gets the letter; the coordinators hear of it."""
        return [c.agency for c in self.consignments if not c.is_told]


def tasks_of(plan_id: int) -> list[Task]:
    """Draft and dropped tasks of a plan in its order."""
    asked = task_with_assignments().where(Task.plan_id == plan_id, Task.phase.in_(UNISSUED))
    return list(db.session.scalars(asked.order_by(Task.position, Task.id)))


def rows_of(plan_id: int) -> Rows:
    """The rows of a review."""
    book = recipient_book()
    tasks = tasks_of(plan_id)
    return Rows(
        kept=[Row(t, missing(_facts(t, book))) for t in tasks if t.phase is Phase.DRAFT],
        dropped=[t for t in tasks if t.phase is Phase.DROPPED],
    )


def _leads(task: Task) -> list[Assignment]:
    return [a for a in task.assignments if a.role is AssignmentRole.LEAD]


def _facts(task: Task, book: RecipientBook) -> Facts:
    return Facts(
        text=task.text,
        product=task.product,
        has_time=_has_time(task),
        each=task.mode is Mode.EACH,
        leads=[
            Lead(a.agency.short_name, bool(a.reason), _is_reachable(a, book)) for a in _leads(task)
        ],
        has_support=len(_leads(task)) < len(task.assignments),
    )


def _is_reachable(a: Assignment, book: RecipientBook) -> bool:
    return any(not recipient.note for recipient in book.of(a.agency_id, a.officer_id))


def _has_time(task: Task) -> bool:
    if task.kind is TaskKind.CONCRETE:
        return task.deadline is not None and task.deadline_basis is not DeadlineBasis.PLAN_YEAR
    return task.kind is TaskKind.CONTINUOUS or bool(task.recurrence or task.deadline_text)


def twins_of(rows: Rows) -> list[Twins]:
    """Pairs of tasks of different sections that may be one work, and nobody has said otherwise."""
    tasks = [row.task for row in rows.kept]
    kept_apart = db.session.scalars(
        select(KeptApart)
        .join(Task, Task.id == KeptApart.task_id)
        .where(Task.plan_id.in_({t.plan_id for t in tasks}))
    )
    apart = {(k.task_id, k.other_id) for k in kept_apart}
    found = pairs([t.text for t in tasks], [t.section for t in tasks])
    twins = (Twins(tasks[p.one], tasks[p.other], p.likeness, p.act) for p in found)
    return [t for t in twins if (t.one.id, t.other.id) not in apart]


def by_heading(twins: list[Twins]) -> list[TwinGroup]:
    """Twins by the heading above their later halves, in the order of the plan."""
    above = {c.parent_id for t in twins for c in t.other.clauses[:1]} - {None}
    asked = select(Clause).where(Clause.id.in_(above)).order_by(Clause.position)
    groups = [
        TwinGroup(heading.path, heading.text, [t for t in twins if _stands_below(t.other, heading)])
        for heading in db.session.scalars(asked)
    ]
    placed = {id(t) for group in groups for t in group.twins}
    rest = [t for t in twins if id(t) not in placed]
    return [*groups, TwinGroup("", "", rest)] if rest else groups


def _stands_below(task: Task, heading: Clause) -> bool:
    return bool(task.clauses) and task.clauses[0].parent_id == heading.id


def unknown_names(plan_id: int) -> Sequence[UnknownName]:
    """Names in a plan's draft tasks that fit no agency."""
    return db.session.scalars(
        select(UnknownName)
        .join(Task, Task.id == UnknownName.task_id)
        .where(Task.plan_id == plan_id, Task.phase == Phase.DRAFT)
        .order_by(Task.position, UnknownName.id)
    ).all()


def strangers_of(plan_id: int, rows: Rows) -> list[Stranger]:
    """Each unknown name once, with the agencies that it may mean."""
    groups: dict[str, list[UnknownName]] = {}
    for unknown in unknown_names(plan_id):
        groups.setdefault(fold(unknown.name), []).append(unknown)
    if not groups:
        return []
    directory, known = agencies.directory(), agencies.by_short_name()
    paths = {row.task.id: row.task.path for row in rows.kept}
    return [
        Stranger(
            name=group[0].name,
            role=group[0].role,
            paths=[paths[u.task_id] for u in group],
            nearest=[known[short] for short in nearest(group[0].name, directory)],
        )
        for group in groups.values()
    ]


def dispatch_of(plan_id: int) -> Dispatch:
    """What issuing a plan will do, agencies in protocol order."""
    tasks = [t for t in tasks_of(plan_id) if t.phase is Phase.DRAFT]
    book = recipient_book()
    work: dict[int, list[Assignment]] = {}
    for assignment in (a for t in tasks for a in t.assignments):
        work.setdefault(assignment.agency_id, []).append(assignment)
    consignments = [
        Consignment(found[0].agency, found, book.of(agency_id, None))
        for agency_id, found in work.items()
    ]
    return Dispatch(tasks, sorted(consignments, key=lambda c: c.agency.position))
