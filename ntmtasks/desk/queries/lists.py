"""The lists of daily work: the board, and rows of a person's or an agency's work."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import defer, joinedload, load_only, selectinload, subqueryload

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.desk.queries.silence import has_silent, silent_of
from ntmtasks.escalations.queries import held_up
from ntmtasks.progress.queries import asks, guidance, silence
from ntmtasks.progress.queries.updates import person as person_of
from ntmtasks.progress.queries.updates import work
from ntmtasks.progress.rules.rights import may_update
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import filtering
from ntmtasks.tasks.queries.counting import class_of, counted, windows
from ntmtasks.tasks.queries.loading import seen_mark
from ntmtasks.tasks.rules import (
    PAGE_ROWS,
    AssignmentRole,
    BoardFilter,
    DeadlineClass,
    Phase,
    TaskKind,
    Windows,
    WorkState,
)

Span = AssignmentSpan
WORST_FIRST = (
    DeadlineClass.OVERDUE,
    DeadlineClass.DUE_SOON,
    DeadlineClass.IN_TIME,
    DeadlineClass.NO_DEADLINE,
    DeadlineClass.SUBMITTED,
    DeadlineClass.DONE_LATE,
    DeadlineClass.DONE_ON_TIME,
)


@dataclass(frozen=True)
class BoardRow:
    """A task as the board shows it: a joint one by its lead, an *each* one by its worst member;
    `held_up` where an open difficulty stands in its way, `silent` the days of silence of its agencies
    as far as the reader may know."""

    task: Task
    leads: tuple[Assignment, ...]
    supporting: int
    klass: DeadlineClass
    deadline: date | None
    done: int
    shown: Assignment
    held_up: bool
    silent: Mapping[int, int]

    def pick(self, user: User) -> str:
        """How a selection names this row as the person sees it now."""
        return f"{self.task.id}:{seen_mark(self.task, user.agency_id)}"


@dataclass(frozen=True)
class BoardPage:
    """One page of the board; `obligations` counts the lead assignments that match the filter."""

    rows: tuple[BoardRow, ...]
    total: int
    obligations: int
    page: int
    pages: int


def _silence(chosen: BoardFilter, scope: int | None, on: date) -> list[ColumnElement[bool]]:
    """What the filter asks of the silence of a task's agencies."""
    if not chosen.silent:
        return []
    return [Task.phase == Phase.ISSUED, has_silent(chosen.agency, scope, on)]


_PROTOCOL = (
    select(func.min(Agency.position))
    .join(Assignment, Assignment.agency_id == Agency.id)
    .where(Assignment.task_id == Task.id, Assignment.role == AssignmentRole.LEAD)
    .scalar_subquery()
)
_ORDERS: dict[str, ColumnElement[Any]] = {
    "deadline": Task.first_due.asc().nulls_last(),
    "-deadline": Task.first_due.desc().nulls_last(),
    "agency": _PROTOCOL.asc(),
    "updated": Task.updated_at.desc(),
}


@cache
def _shown_tasks() -> Select[Task]:
    """Of the tasks and their assignments only what the board shows."""
    return select(Task).options(
        load_only(
            *(Task.plan_id, Task.path, Task.text, Task.kind, Task.mode, Task.phase),
            *(Task.quarter_four, Task.version),
            raiseload=True,
        ),
        selectinload(Task.assignments).options(
            load_only(
                *(Assignment.task_id, Assignment.agency_id, Assignment.role, Assignment.position),
                *(Assignment.work_state, Assignment.deadline, Assignment.extended),
                *(Assignment.submitted_at, Assignment.percent, Assignment.heard_at),
                Assignment.version,
                raiseload=True,
            ),
            joinedload(Assignment.agency).load_only(Agency.name, Agency.short_name),
        ),
    )


@cache
def _whole_tasks() -> Select[Task]:
    """One query for all assignments, where selectinload makes one for every 500 tasks."""
    return select(Task).options(
        defer(Task.search_text),
        joinedload(Task.plan),
        subqueryload(Task.assignments).options(
            joinedload(Assignment.agency), joinedload(Assignment.officer)
        ),
    )


def board(chosen: BoardFilter, scope: int | None, on: date) -> BoardPage:
    """The tasks of a filter, 50 a page; `scope` limits them to one agency. Past the end: the last."""
    matching = filtering.matching(chosen, scope, on)
    about_task = [*filtering.about_task(chosen, scope), *_silence(chosen, scope, on)]
    where = _shown(chosen, scope, on)
    total: ScalarSelect[int] | ColumnElement[int]
    if chosen.states or chosen.deadlines:
        total = func.count(Span.task_id.distinct())
    else:
        total = select(func.count(Task.id)).where(where).correlate(None).scalar_subquery()
    obligations = func.count() if chosen.deadlines else func.count().filter(counted())
    counts = select(total, obligations).where(matching)
    if about_task:
        counts = counts.join(Task, Task.id == Span.task_id).where(*about_task)
    tasks, owed = db.session.execute(counts).one()
    pages = max(1, -(-tasks // PAGE_ROWS))
    page = min(chosen.page, pages)
    shown = db.session.scalars(
        _shown_tasks()
        .where(where)
        .order_by(*_order(chosen))
        .limit(PAGE_ROWS)
        .offset((page - 1) * PAGE_ROWS)
    )
    rows = _rows(shown, chosen, scope, on)
    return BoardPage(tuple(rows), tasks, owed, page, pages)


def all_rows(
    chosen: BoardFilter, scope: int | None, on: date, most: int, only: Collection[int] = ()
) -> list[BoardRow]:
    """The rows of a filter on one page, in the same number of queries however many they are, with what
    files show besides: plan and officers. `only` picks some of them; one more than `most` says that
    there are too many."""
    where = _shown(chosen, scope, on)
    if only:
        where = and_(where, Task.id.in_(only))
    found = db.session.scalars(
        _whole_tasks().where(where).order_by(*_order(chosen)).limit(most + 1)
    )
    return _rows(found, chosen, scope, on)


def _shown(chosen: BoardFilter, scope: int | None, on: date) -> ColumnElement[bool]:
    """The tasks that the board shows under a filter."""
    return filtering.shown(chosen, scope, on, *_silence(chosen, scope, on))


def _order(chosen: BoardFilter) -> tuple[ColumnElement[Any], ...]:
    return (_ORDERS[chosen.sort], Task.plan_id.desc(), Task.position.asc(), Task.id.asc())


def _rows(
    tasks: Iterable[Task], chosen: BoardFilter, scope: int | None, on: date
) -> list[BoardRow]:
    window, troubled, agency_id = windows(), held_up(), scope or chosen.agency
    return [
        _row(task, agency_id, on, window, task.id in troubled, silent_of(task, scope, on))
        for task in tasks
    ]


def _row(
    task: Task,
    agency_id: int | None,
    on: date,
    window: Windows,
    is_held_up: bool,
    silent: Mapping[int, int],
) -> BoardRow:
    leads = tuple(a for a in task.assignments if a.role is AssignmentRole.LEAD)
    own = [a for a in leads if a.agency_id == agency_id] or list(leads) or task.assignments
    shown = min(own, key=lambda a: WORST_FIRST.index(class_of(a, on, window)))
    return BoardRow(
        task=task,
        leads=leads,
        supporting=len(task.assignments) - len(leads),
        klass=class_of(shown, on, window),
        deadline=shown.deadline,
        done=sum(a.work_state is WorkState.DONE for a in leads),
        shown=shown,
        held_up=is_held_up,
        silent=silent,
    )


@dataclass(frozen=True)
class WorkRow:
    """An assignment as *Việc của tôi* shows it; `marks` says what else waits on it, `held_up` that an
    open difficulty stands in its way, `may_update` whether this person reports on it (a leader of the
    city only reads), `silent` for how many days nothing was heard of it, if for a month."""

    assignment: Assignment
    klass: DeadlineClass
    mine: bool
    marks: tuple[str, ...]
    held_up: bool
    may_update: bool
    silent: int | None

    @property
    def takes_update(self) -> bool:
        """Whether this person may report on it now: not while it waits, but on what others
        reported for the agency."""
        a = self.assignment
        waits = a.work_state is WorkState.SUBMITTED and not a.is_reported_for
        return self.may_update and not waits


def work_rows(assignments: Collection[Assignment], user: User, on: date) -> list[WorkRow]:
    """Loaded assignments as rows, with their marks."""
    person, window, ids = person_of(user), windows(), [a.id for a in assignments]
    directed, troubled = guidance.directed([a.task_id for a in assignments]), held_up()
    to_explain, asking = asks.to_explain(ids), asks.awaiting_more_time(ids)
    rows = []
    for each in assignments:
        found = (
            ("có chỉ đạo", each.task_id in directed),
            ("cần giải trình", each.id in to_explain),
            ("đã đề nghị gia hạn", each.id in asking),
        )
        marks = tuple(words for words, holds in found if holds)
        rows.append(
            WorkRow(
                assignment=each,
                klass=class_of(each, on, window),
                mine=each.officer_id == user.id,
                marks=marks,
                held_up=each.task_id in troubled,
                may_update=may_update(person, work(each)),
                silent=silence.days_of(each, each.task.phase, on),
            )
        )
    return rows


def by_urgency(on: date) -> tuple[ColumnElement[Any], ...]:
    """The order of a person's work: what is late and own concrete work by date, then supported, routine
    and waiting work."""
    in_time = or_(Assignment.deadline >= on, Assignment.deadline.is_(None))
    group = case(
        (Assignment.work_state == WorkState.SUBMITTED, 3),
        (Task.kind != TaskKind.CONCRETE, 2),
        (and_(Assignment.role != AssignmentRole.LEAD, in_time), 1),
        else_=0,
    )
    return (
        group,
        Assignment.deadline.asc().nulls_last(),
        Task.position.asc(),
        Assignment.id.asc(),
    )


def scope_of(user: User) -> int | None:
    """The agency to whose tasks the lists of this person are limited."""
    return None if user.can(Permission.READ_ALL) else user.agency_id


def agency_choices(agencies: Sequence[Agency]) -> list[tuple[int, str]]:
    """Agencies for a select field."""
    return [(a.id, a.short_name) for a in agencies]
