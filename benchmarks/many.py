"""Thousands of tasks with honest spans, written at once, for benchmarks and for counting queries."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import cycle, islice, pairwise
from typing import Any

from sqlalchemy import func, insert, select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.db import Base, db, transaction
from ntmtasks.core.text import search_text
from ntmtasks.history.models import HistoryEntry
from ntmtasks.plans.queries import current_plan
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.loading import first_due_sql
from ntmtasks.tasks.rules import (
    AssignmentRole,
    DeadlineBasis,
    Mode,
    Phase,
    TaskKind,
    WorkState,
)

ISSUED_ON = date(2024, 5, 24)
FIRST_DEADLINE = date(2024, 6, 1)
DEADLINES_OVER_DAYS = 210
"""So many different deadlines from the first on, up to the year's end."""
SECTION = "IV"
_BEGUN = (WorkState.ASSIGNED, WorkState.IN_PROGRESS)
_SUBMITTED = (*_BEGUN, WorkState.SUBMITTED)
STORIES: tuple[tuple[WorkState, ...], ...] = (
    *([(WorkState.ASSIGNED,)] * 18),
    *([_BEGUN] * 14),
    *([(*_SUBMITTED, WorkState.DONE)] * 17),
    _SUBMITTED,
    (*_SUBMITTED, WorkState.RETURNED),
)
"""What an assignment went through since it was issued, each story as often as the others; as in the
sample few wait for confirmation."""


@dataclass(frozen=True)
class Cast:
    """Ids of the agencies that get the tasks; `members` share those of the mode *each*."""

    agencies: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True)
class Owed:
    """What one agency owes of a task: the columns that never change, and what happened when."""

    row: dict[str, Any]
    story: tuple[tuple[WorkState, datetime], ...]


def fill(tasks: int, comments: int = 0, cast: Cast | None = None) -> None:
    """Bring the current plan to `tasks` tasks and `comments` comments; what is there stays. All agencies
    get tasks unless a `cast` says which.

    Raises ValueError where the database holds more already.
    """
    with transaction():
        there = db.session.scalar(select(func.count()).select_from(Task)) or 0
        said = db.session.scalar(select(func.count()).select_from(Comment)) or 0
        if there > tasks or said > comments > 0:
            raise ValueError(f"the database holds {there} tasks and {said} comments already")
        author = db.session.scalars(select(User).where(User.username == "dieuphoi")).one()
        texts = db.session.scalars(select(Task.text).order_by(Task.id)).all()
        last = db.session.scalar(select(func.max(Task.id))) or 0
        new = Task.id > last
        _write(Task, _tasks(there, tasks - there, texts))
        ids = db.session.scalars(select(Task.id).where(new).order_by(Task.position)).all()
        works = list(_owed(there, ids, cast or _cast()))
        _write(Assignment, map(_assignment, works))
        of_work = db.session.scalars(
            select(Assignment.id)
            .join(Assignment.task)
            .where(new)
            .order_by(Task.position, Assignment.position)
        ).all()
        _write(AssignmentSpan, _spans(of_work, works))
        db.session.execute(update(Task).where(new).values(first_due=first_due_sql()))
        if comments:
            _write(ProgressUpdate, _updates(of_work, works, author))
            _comments(comments - said, author)


def _cast() -> Cast:
    agencies = db.session.execute(select(Agency.id, Agency.kind).order_by(Agency.position)).all()
    districts = tuple(i for i, kind in agencies if kind is AgencyKind.DISTRICT)
    return Cast(tuple(i for i, _ in agencies), districts)


def _write(table: type[Base], rows: Iterable[dict[str, Any]]) -> None:
    db.session.execute(insert(table.__table__), list(rows))


def _deadline(number: int) -> date:
    return FIRST_DEADLINE + timedelta(days=number * 37 % DEADLINES_OVER_DAYS)


def _is_each(number: int) -> bool:
    return number % 10 == 9


def _tasks(start: int, count: int, texts: Sequence[str]) -> Iterator[dict[str, Any]]:
    plan = current_plan()
    assert plan is not None
    last = db.session.scalar(select(func.max(Task.position)).where(Task.plan_id == plan.id)) or 0
    for number, text in enumerate(islice(cycle(texts), count), start):
        path = f"V.{number}"
        yield {
            "plan_id": plan.id,
            "path": path,
            "section": SECTION,
            "position": last + 1 + number - start,
            "text": text,
            "product": "",
            "source_note": "",
            "kind": TaskKind.CONCRETE,
            "mode": Mode.EACH if _is_each(number) else Mode.JOINT,
            "phase": Phase.ISSUED,
            "deadline": _deadline(number),
            "deadline_text": "",
            "deadline_basis": DeadlineBasis.BY_HAND,
            "deadline_note": "",
            "quarter_four": False,
            "recurrence": [],
            "search_text": search_text(path, text),
            "updated_at": _at(ISSUED_ON, number),
            "version": 1,
        }


def _owed(start: int, task_ids: Sequence[int], cast: Cast) -> Iterator[Owed]:
    """The lead, on every third task a supporter as well; the members where each does its own."""
    for number, task_id in enumerate(task_ids, start):
        roles = [(cast.agencies[number % len(cast.agencies)], AssignmentRole.LEAD)]
        if _is_each(number):
            roles = [(member, AssignmentRole.LEAD) for member in cast.members]
        elif number % 3 == 0:
            other = cast.agencies[(number + 1) % len(cast.agencies)]
            roles.append((other, AssignmentRole.SUPPORTING))
        for position, (agency_id, role) in enumerate(roles, 1):
            story = STORIES[(number + position) % len(STORIES)]
            moments = [_at(ISSUED_ON, number) + timedelta(days=14 * n) for n in range(len(story))]
            row = {
                "task_id": task_id,
                "agency_id": agency_id,
                "role": role,
                "position": position,
                "reason": "",
                "officer_id": None,
                "deadline": _deadline(number),
                "original_deadline": _deadline(number),
                "submitted_by_id": None,
                "pending_since": None,
            }
            yield Owed(row, tuple(zip(story, moments, strict=True)))


def _assignment(owed: Owed) -> dict[str, Any]:
    """The row as the last act left it."""
    state, moment = owed.story[-1]
    handed_in = state in (WorkState.SUBMITTED, WorkState.DONE)
    submissions = [at for reached, at in owed.story if reached is WorkState.SUBMITTED]
    return owed.row | {
        "work_state": state,
        "percent": 100 if handed_in else 0 if state is WorkState.ASSIGNED else 40,
        "submitted_at": submissions[-1] if handed_in else None,
        "heard_at": moment,
        "updated_at": moment,
        "version": len(owed.story),
    }


def _at(day: date, number: int) -> datetime:
    return clock.at(day, time(8, number // 60 % 60, number % 60))


def _spans(ids: Sequence[int], works: list[Owed]) -> Iterator[dict[str, Any]]:
    """Draft, then every state of the story: each span ends where the next begins."""
    for assignment_id, owed in zip(ids, works, strict=True):
        drafted = owed.story[0][1] - timedelta(hours=1)
        moments = [drafted, *(at for _, at in owed.story), None]
        states = [WorkState.UNASSIGNED, *(state for state, _ in owed.story)]
        submitted_on: date | None = None
        for state, (since, until) in zip(states, pairwise(moments), strict=True):
            if state is not WorkState.DONE:
                is_in = state is WorkState.SUBMITTED and since is not None
                submitted_on = clock.local(since).date() if is_in else None
            yield {
                "assignment_id": assignment_id,
                "task_id": owed.row["task_id"],
                "agency_id": owed.row["agency_id"],
                "role": owed.row["role"],
                "phase": Phase.DRAFT if state is WorkState.UNASSIGNED else Phase.ISSUED,
                "kind": TaskKind.CONCRETE,
                "quarter_four": False,
                "section": SECTION,
                "work_state": state,
                "deadline": owed.row["deadline"],
                "submitted_on": submitted_on,
                "officer_id": None,
                "from_at": since,
                "to_at": until,
            }


def _updates(ids: Sequence[int], works: list[Owed], author: User) -> Iterator[dict[str, Any]]:
    for assignment_id, owed in zip(ids, works, strict=True):
        for state, moment in owed.story:
            if state in (WorkState.IN_PROGRESS, WorkState.SUBMITTED):
                yield {
                    "assignment_id": assignment_id,
                    "author_id": author.id,
                    "state": state,
                    "percent": 40 if state is WorkState.IN_PROGRESS else 100,
                    "body": "Đã thực hiện theo kế hoạch, có văn bản kèm theo.",
                    "waits": False,
                    "made_at": moment,
                }


def _comments(count: int, author: User) -> None:
    """Spread over all tasks, each with its line in the record."""
    tasks = db.session.scalars(select(Task.id).order_by(Task.id)).all()
    told = [(task, _at(ISSUED_ON, n)) for n, task in enumerate(islice(cycle(tasks), count))]
    _write(
        Comment,
        (
            {
                "task_id": task,
                "author_id": author.id,
                "body": body,
                "search_text": search_text(body),
                "made_at": moment,
            }
            for number, (task, moment) in enumerate(told, 1)
            for body in (
                f"Ý kiến số {number}: đề nghị cơ quan chủ trì báo cáo kết quả thực hiện và khó khăn, "
                "vướng mắc nếu có về Văn phòng Điều phối để tổng hợp.",
            )
        ),
    )
    _write(
        HistoryEntry,
        (
            {
                "at": moment,
                "actor_id": author.id,
                "actor_name": author.name,
                "subject": "task",
                "subject_id": task,
                "verb": "task.comment",
                "before": {},
                "after": {},
            }
            for task, moment in told
        ),
    )
