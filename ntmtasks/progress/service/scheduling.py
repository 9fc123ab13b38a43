"""Laying out the slots of recurring work ahead of time."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import delete

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.history.service import Actor
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries.occurrences import days_laid_out, held_on
from ntmtasks.progress.rules.occurrences import (
    AWAITED,
    OccurrenceState,
    Schedule,
    days_of,
    read_schedule,
)
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, TaskKind
from ntmtasks.tasks.service import drafts, members
from ntmtasks.tasks.service.drafts import NewAssignment, NewTask
from ntmtasks.tasks.service.kinds import Habit, change_kind


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


def add_by_hand(
    actor: User,
    plan: Plan,
    new: NewTask,
    owners: Iterable[NewAssignment],
    schedule: Schedule | None = None,
) -> Task:
    """Add a task outside the plan's text, with its slots from today on where it has a `schedule`."""
    with transaction():
        task = drafts.add_by_hand(actor, plan, new, owners)
        if schedule is not None:
            lay_out(actor, task, schedule, clock.today())
        return task


def reschedule(
    actor: User,
    task: Task,
    habit: Habit,
    schedule: Schedule | None,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Give a task under way another kind or rhythm: what was planned from today on goes, and where it
    does not recur any more what was moved to a coming day; what passed stays, and of what else somebody
    spoke. Raises WrongState, ChangedMeanwhile."""
    with transaction():
        if not use_once(form_token):
            return
        change_kind(actor, task, habit, reason, version)
        goes = Occurrence.state == OccurrenceState.PLANNED
        if habit.kind is not TaskKind.RECURRING:
            goes = Occurrence.state.in_(AWAITED)
        db.session.execute(
            delete(Occurrence).where(
                Occurrence.task_id == task.id, goes, held_on() >= clock.today()
            )
        )
        if schedule is not None:
            lay_out(actor, task, schedule, clock.today())


def add_agency(
    actor: User,
    task: Task,
    agency: Agency,
    role: AssignmentRole,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Give another agency a part in a task under way (tasks.service.members), and where each agency has
    slots of its own, the coming ones of the others."""
    with transaction():
        members.add_agency(actor, task, agency, role, version, form_token)
        if task.mode is not Mode.EACH or role is not AssignmentRole.LEAD:
            return
        new = next(a for a in task.assignments if a.agency_id == agency.id)
        there = days_laid_out(task.id)
        have = {day for member, day in there if member == new.id}
        for day in sorted({day for _, day in there if day >= clock.today()} - have):
            db.session.add(_planned(task, new.id, day))


def _members(task: Task) -> list[int | None]:
    """Whose slots there are, by assignment; None is the lead of a joint task, whoever that is."""
    if task.mode is Mode.JOINT:
        return [None]
    return [a.id for a in task.assignments if a.role is AssignmentRole.LEAD]


def _planned(task: Task, member: int | None, day: date) -> Occurrence:
    return Occurrence(task_id=task.id, assignment_id=member, day=day, state=OccurrenceState.PLANNED)
