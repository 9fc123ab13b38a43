"""Who is silent: rules.silence.silent_days on rows and in SQL."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_

from ntmtasks.core import clock
from ntmtasks.progress.rules.silence import SILENT_AFTER, SPEAKING_ROLES, silent_days
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import OPEN_STATES, Phase


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
