"""The board's filter as conditions, for every list of tasks that understands its address."""

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from ntmtasks.core.text import like_pattern
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.counting import classes_sql, windows
from ntmtasks.tasks.rules import UNISSUED, AssignmentRole, BoardFilter

Span = AssignmentSpan


def matching(chosen: BoardFilter, scope: int | None, on: date) -> ColumnElement[bool]:
    """Lead spans that match state, class and agency of the filter."""
    parts: list[ColumnElement[bool]] = [Span.to_at.is_(None)]
    agency = scope or chosen.agency
    if agency:
        parts.append(Span.agency_id == agency)
    if chosen.states:
        parts.append(Span.work_state.in_(chosen.states))
    if chosen.deadlines:
        classes = classes_sql(on, windows())
        parts.append(or_(*(classes[klass] for klass in chosen.deadlines)))
    else:
        parts += [Span.role == AssignmentRole.LEAD, Span.phase.not_in(UNISSUED)]
    return and_(*parts)


def about_task(chosen: BoardFilter, scope: int | None) -> list[ColumnElement[bool]]:
    """What the filter asks of the task itself, but for silence, which rooms above know."""
    parts: list[ColumnElement[bool]] = []
    for word in chosen.q.split():
        parts.append(Task.search_text.like(like_pattern(word), escape="\\"))
    if chosen.plan:
        parts.append(Task.plan_id == chosen.plan)
    if chosen.phase:
        parts.append(Task.phase == chosen.phase)
    if chosen.section:
        parts.append(Task.section == chosen.section)
    for agency in {scope, chosen.agency} - {None}:
        parts.append(exists().where(Assignment.task_id == Task.id, Assignment.agency_id == agency))
    return parts


def shown(
    chosen: BoardFilter, scope: int | None, on: date, *more: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The issued tasks under a filter that also fit `more`; `scope` limits them to one agency."""
    where = and_(Task.phase.not_in(UNISSUED), *about_task(chosen, scope), *more)
    if chosen.states or chosen.deadlines:
        span = exists().where(Span.task_id == Task.id, matching(chosen, scope, on))
        where = and_(where, span)
    return where
