"""Who is silent: rules.silence.silent_days on rows and in SQL."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, and_, func, select

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.progress.rules.silence import SILENT_AFTER, SPEAKING_ROLES, silent_days
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.rules import OPEN_STATES, Phase, TaskKind


def days_of(assignment: Assignment, phase: Phase, on: date) -> int | None:
    """For how many days one loaded assignment has been silent; None where it is not, or where its
    task is not under way."""
    if phase is not Phase.ISSUED:
        return None
    heard = clock.local(assignment.heard_at).date()
    return silent_days(assignment.role, assignment.work_state, heard, on)


def silences(assignments: Iterable[Assignment], on: date) -> dict[int, int]:
    """Days of silence of those of these assignments (task loaded) that are silent, by their number."""
    found = {a.id: days_of(a, a.task.phase, on) for a in assignments}
    return {number: days for number, days in found.items() if days is not None}


def is_silent(on: date) -> ColumnElement[bool]:
    """The silent assignments on a day, of tasks under way; ranges of ix_assignment_silent."""
    return and_(
        Assignment.work_state.in_(OPEN_STATES),
        Assignment.role.in_(SPEAKING_ROLES),
        Assignment.heard_at < clock.end_of_day(on - timedelta(days=SILENT_AFTER)),
    )


def silent_by_agency(on: date) -> dict[int, tuple[int, datetime]]:
    """By agency how much of its work under way is silent on a day, and since when at the longest."""
    rows = db.session.execute(_silent_by_agency(on))
    return {agency_id: (number, since) for agency_id, number, since in rows}


@lru_cache(maxsize=8)  # building it takes longer than running it
def _silent_by_agency(on: date) -> Select[int, int, datetime]:
    # Few tasks are not under way; looking up the phase of each silent one would take longer.
    stopped = select(AssignmentSpan.task_id).where(
        AssignmentSpan.to_at.is_(None),
        AssignmentSpan.role.in_(SPEAKING_ROLES),
        AssignmentSpan.kind.in_(TaskKind),
        AssignmentSpan.phase.in_(set(Phase) - {Phase.ISSUED}),
    )
    return (
        select(Assignment.agency_id, func.count(), func.min(Assignment.heard_at))
        .where(is_silent(on), Assignment.task_id.not_in(stopped))
        .group_by(Assignment.agency_id)
    )
