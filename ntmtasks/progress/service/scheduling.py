"""Laying out the slots of recurring work ahead of time."""

from collections.abc import Iterable
from datetime import date

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import service as history
from ntmtasks.history.service import Actor
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries.occurrences import days_laid_out
from ntmtasks.progress.rules.occurrences import (
    OccurrenceState,
    Schedule,
    days_of,
    read_schedule,
)
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, TaskKind


def lay_out_plan(actor: Actor | None, plan: Plan, tasks: Iterable[Task]) -> None:
    """Make the slots of the recurring ones among the issued `tasks` of a plan, from its day of issue to
    the end of its year; those without a rhythm get none.

    A plan without a date of issue asks for nothing before today, as with reports.
    """
    with transaction():
        first = plan.issued_on or clock.today()
        for task in tasks:
            schedule = read_schedule(task.recurrence, task.deadline_text)
            if task.kind is TaskKind.RECURRING and schedule is not None:
                lay_out(actor, task, schedule, first)


def lay_out(actor: Actor | None, task: Task, schedule: Schedule, first: date) -> None:
    """Make the slots of a task from `first` to the end of its plan's year: of its lead, or of each
    member. What is there stays, so that it may be done again."""
    with transaction():
        year = task.plan.year
        days = days_of(schedule, max(first, date(year, 1, 1)), date(year, 12, 31))
        there, made = days_laid_out(task.id), 0
        for member in _members(task):
            for day in days:
                if (member, day) not in there:
                    db.session.add(_planned(task, member, day))
                    made += 1
        if made:
            after = {"Số kỳ": str(made)}
            history.record(actor, "task", task.id, "task.occurrence.plan", after=after)


def _members(task: Task) -> list[int | None]:
    """Whose slots there are, by assignment; None is the lead of a joint task, whoever that is."""
    if task.mode is Mode.JOINT:
        return [None]
    return [a.id for a in task.assignments if a.role is AssignmentRole.LEAD]


def _planned(task: Task, member: int | None, day: date) -> Occurrence:
    return Occurrence(task_id=task.id, assignment_id=member, day=day, state=OccurrenceState.PLANNED)
