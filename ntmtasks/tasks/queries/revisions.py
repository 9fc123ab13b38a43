"""What changed of the obligations since a moment: the spans that stood then are the baseline.

Only tasks are looked at of which the record says that somebody changed what is owed, so that the many
that merely went on are not compared one by one.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, and_, bindparam, case, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from ntmtasks.core import clock
from ntmtasks.core.db import UTCDateTime, db
from ntmtasks.history.models import HistoryEntry
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.queries.counting import Moment
from ntmtasks.tasks.rules import AssignmentRole, Mode, Phase, TaskKind, WorkState, is_counted

VERBS = (
    *("task.add", "task.member", "task.agency", "task.role", "task.kind", "task.deadline"),
    *("task.pause", "task.cancel", "task.resume"),
    *("task.refuse", "task.pass", "task.give_back"),
)
"""The acts on record that may change who owes what until when (tests/tasks/test_revisions.py)."""


class RevisionKind(StrEnum):
    """What became of an obligation: another deadline, another agency, new or back, no longer one."""

    MOVED = "moved"
    REASSIGNED = "reassigned"
    ADDED = "added"
    DROPPED = "dropped"


class Facts(NamedTuple):
    """What a span says of an assignment."""

    agency_id: int
    role: AssignmentRole
    phase: Phase
    kind: TaskKind
    state: WorkState
    deadline: date | None

    @property
    def counts(self) -> bool:
        """Whether it is an obligation."""
        return is_counted(self.phase, self.kind, self.role, self.state)


class Revision(NamedTuple):
    """One change of an obligation; `before` is None for what is new, `after` says why something is
    dropped. A joint task that changed its lead is one change, even if the deadline moved as well."""

    kind: RevisionKind
    task_id: int
    before: Facts | None
    after: Facts | None

    @property
    def days(self) -> int:
        """By how many days the deadline moved; below 0 where it is earlier now, 0 where either is none."""
        days = [facts.deadline for facts in (self.before, self.after) if facts and facts.deadline]
        return (days[1] - days[0]).days if len(days) == 2 else 0


Compared = tuple[int, Mode, Facts | None, Facts | None]
"""Task, its mode, and an assignment of it before and after."""


def revised(compared: Iterable[Compared]) -> list[Revision]:
    """The changes in the order of the tasks (all assignments of a task stand together)."""
    found = []
    for (task_id, mode), group in groupby(compared, key=lambda each: each[:2]):
        changes = [(b, a) for _, _, b, a in group if _owed(b) or _owed(a)]
        gone = [(b, a) for b, a in changes if not _owed(a)]
        new = [(b, a) for b, a in changes if not _owed(b)]
        if mode is Mode.JOINT and gone and new:
            found.append(Revision(RevisionKind.REASSIGNED, task_id, gone[0][0], new[0][1]))
            gone, new = gone[1:], new[1:]
        found += [Revision(RevisionKind.DROPPED, task_id, b, a) for b, a in gone]
        found += [Revision(RevisionKind.ADDED, task_id, None, a) for _, a in new]
        for before, after in changes:
            if before and after and _owed(before) and _owed(after):
                if before.agency_id != after.agency_id:
                    found.append(Revision(RevisionKind.REASSIGNED, task_id, before, after))
                elif before.deadline != after.deadline:
                    found.append(Revision(RevisionKind.MOVED, task_id, before, after))
    return found


def _owed(facts: Facts | None) -> bool:
    return facts is not None and facts.counts


def issued_at() -> dict[int, datetime]:
    """When each plan was made into work, by its number."""
    issue = (HistoryEntry.subject == "plan", HistoryEntry.verb == "plan.issue")
    found = select(HistoryEntry.subject_id, func.min(HistoryEntry.at)).where(*issue)
    return dict(db.session.execute(found.group_by(HistoryEntry.subject_id)).all())


def revisions(
    baselines: Sequence[datetime | None], on: date, issued: Mapping[int, datetime]
) -> list[list[Revision]]:
    """What was revised after each of the baselines (None = after each plan was issued) until the end of
    a day, in the order of the tasks, in one query. Of a plan issued later than a baseline its issue
    is the baseline; `issued` is what `issued_at` gives."""
    end = clock.end_of_day(on)
    plans = {plan: at for plan, at in sorted(issued.items()) if at < end}
    if not plans:
        return [[] for _ in baselines]
    # Just after the moment: the acts of issuing themselves are no revision.
    sinces = {
        f"since_{number}_{plan}": max(at, baseline or at) + _JUST_AFTER
        for number, baseline in enumerate(baselines)
        for plan, at in plans.items()
    }
    asked = _compared(counting.moment(on), tuple(plans), len(baselines))
    rows = db.session.execute(
        asked, {**sinces, "first": min(sinces.values()) - _JUST_AFTER, "end": end}
    ).all()
    width = len(Facts._fields)
    return [
        revised(
            (row[0], row[1], _facts(row, 2 + (number + 1) * width), _facts(row, 2)) for row in rows
        )
        for number in range(len(baselines))
    ]


_JUST_AFTER = timedelta(microseconds=1)


def _facts(row: Row[Any], start: int) -> Facts | None:
    """The facts that begin at a place of a row; None where no span stood."""
    facts = Facts(*row[start : start + len(Facts._fields)])
    return facts if facts.role is not None else None


@lru_cache(maxsize=32)  # building it takes longer than running it
def _compared(at: Moment, plans: tuple[int, ...], baselines: int) -> Select[*tuple[Any, ...]]:
    """Task, mode, and the facts of each assignment at the end of the day and at each baseline."""
    after = aliased(AssignmentSpan)
    befores = [aliased(AssignmentSpan) for _ in range(baselines)]
    candidates = select(HistoryEntry.subject_id).where(
        HistoryEntry.subject == "task",
        HistoryEntry.verb.in_(VERBS),
        HistoryEntry.at >= bindparam("first", type_=UTCDateTime()),
        HistoryEntry.at < bindparam("end", type_=UTCDateTime()),
    )
    asked = (
        select(
            Task.id, Task.mode, *(column for span in (after, *befores) for column in _columns(span))
        )
        .select_from(Assignment)
        .join(Task, Task.id == Assignment.task_id)
        .outerjoin(after, and_(after.assignment_id == Assignment.id, at.standing(after)))
        .where(Task.id.in_(candidates), Task.plan_id.in_(plans))
        .order_by(Task.plan_id, Task.position, Task.id, Assignment.position, Assignment.id)
    )
    for number, span in enumerate(befores):
        moments = {plan: bindparam(f"since_{number}_{plan}", type_=UTCDateTime()) for plan in plans}
        stood = counting.stood_at(case(moments, value=Task.plan_id), span)
        asked = asked.outerjoin(span, and_(span.assignment_id == Assignment.id, stood))
    return asked


def _columns(span: type[AssignmentSpan]) -> tuple[InstrumentedAttribute[Any], ...]:
    """The columns of `Facts`."""
    return (span.agency_id, span.role, span.phase, span.kind, span.work_state, span.deadline)
