"""Every change of an assignment closes one span and opens the next."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Update, bindparam, delete, update

from ntmtasks.core import clock, prepared
from ntmtasks.core.db import Base, db
from ntmtasks.core.rows import write_changes, write_rows
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.loading import first_due_sql


def write_spans(*assignments: Assignment) -> None:
    """Close the open spans and open the next, at this moment; the tasks were touched as well, and
    what is due first of them may be another day."""
    now = clock.now()
    for assignment in assignments:
        assignment.updated_at = now
    db.session.flush()
    _renew(now, assignments)


def write_span(assignment: Assignment, **values: object) -> None:
    """The same for one assignment, with what changes of it."""
    now = clock.now()
    write_changes(assignment, updated_at=now, **values)
    _renew(now, [assignment])


def renew_spans(*assignments: Assignment) -> None:
    """The same where what changed was stored without a new version (changes.touch)."""
    _renew(clock.now(), assignments)


def _renew(now: datetime, assignments: Sequence[Assignment]) -> None:
    if not assignments:
        return
    prepared.change(_closing(), *({"assignment": a.id, "now": now} for a in assignments))
    open_spans(assignments, now)
    prepared.change(_due_anew(), *_each_once((a.task_id for a in assignments), now))


@cache
def _closing() -> Update:
    return (
        update(Base.metadata.tables[AssignmentSpan.__tablename__])
        .where(
            AssignmentSpan.assignment_id == bindparam("assignment"),
            AssignmentSpan.to_at.is_(None),
        )
        .values(to_at=bindparam("now"))
    )


@cache
def _due_anew() -> Update:
    return _touching().values(first_due=first_due_sql())


def erase_spans(assignment: Assignment) -> None:
    """Forget a draft's assignment that is taken away: it never was work that a day could ask for."""
    db.session.execute(delete(AssignmentSpan).where(AssignmentSpan.assignment_id == assignment.id))


def touch_tasks(now: datetime, *task_ids: int) -> None:
    """Mark tasks as changed, without a new version: agencies that report and people who write about
    one task do not get into each other's way."""
    db.session.flush()  # as the session would: what changed is stored, and locked, before its task
    if task_ids:
        prepared.change(_touching(), *_each_once(task_ids, now))


def _each_once(task_ids: Iterable[int], now: datetime) -> list[dict[str, object]]:
    """The values for an UPDATE of each of these tasks, always in the same order."""
    return [{"task": number, "now": now} for number in sorted(set(task_ids))]


@cache
def _touching() -> Update:
    return (
        update(Base.metadata.tables[Task.__tablename__])
        .where(Task.id == bindparam("task"))
        .values(updated_at=bindparam("now"))
    )


def open_spans(assignments: Iterable[Assignment], since: datetime) -> None:
    """Open the first or next span of each of these, which are stored."""
    write_rows(AssignmentSpan, *(_span(each, since) for each in assignments))


def _span(assignment: Assignment, since: datetime) -> dict[str, object]:
    task, submitted = assignment.task, assignment.submitted_at
    return {
        "assignment_id": assignment.id,
        "task_id": task.id,
        "agency_id": assignment.agency_id,
        "role": assignment.role,
        "phase": task.phase,
        "kind": task.kind,
        "quarter_four": task.quarter_four,
        "section": task.section,
        "work_state": assignment.work_state,
        "deadline": assignment.deadline,
        "extended": assignment.extended,
        "submitted_on": clock.local(submitted).date() if submitted else None,
        "officer_id": assignment.officer_id,
        "from_at": since,
        "to_at": None,
    }
