"""What a report can be written from: read in a fixed number of queries, however much there is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import func, or_, select

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.plans.models import Clause
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.rules.occurrences import AWAITED
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.facts import Difficulty, Facts, Said, Slots, Work
from ntmtasks.reports.rules.grouping import section_of
from ntmtasks.reports.rules.periods import months_after
from ntmtasks.tasks.models import Assignment, Task, TaskClause
from ntmtasks.tasks.queries.plan_work import PlanWork, work_on
from ntmtasks.tasks.rules import AssignmentRole, DeadlineClass, Phase

HEADING = 200
"""So many characters of a heading are read."""
WORKERS = (AssignmentRole.LEAD, AssignmentRole.SUPPORTING)


def facts(report: Report, is_whole_plan: bool = False) -> Facts:
    """What the agency of a report (its periods and requirement loaded) did in its time, or what all did
    on the plan; the time of a report without periods is the month before its due day."""
    month_before = months_after(report.due_on, -1)
    starts_on = min((period.starts_on for period in report.periods), default=month_before)
    cut_off = max((period.cut_off for period in report.periods), default=report.due_on)
    on = min(cut_off, clock.today())
    next_end = months_after(cut_off, 1)
    plan_id = report.requirement.plan_id
    worker_id = None if is_whole_plan else report.agency_id
    rows = work_on(plan_id, on, worker_id)
    said = _updates(plan_id, worker_id, on)
    return Facts(
        starts_on=starts_on,
        cut_off=cut_off,
        next_end=next_end,
        on=on,
        works=tuple(_works(plan_id, rows, said, starts_on, on)),
        difficulties=tuple(_difficulties(plan_id, worker_id, starts_on, on)),
        slots=tuple(_slots(rows, report.agency_id, cut_off, next_end)),
    )


def _works(
    plan_id: int,
    rows: Sequence[PlanWork],
    updates: Mapping[int, Sequence[Said]],
    starts_on: date,
    on: date,
) -> Iterable[Work]:
    headings, names = _headings(plan_id), _names(plan_id)
    for row in rows:
        if row.role not in WORKERS:
            continue
        said = updates.get(row.assignment_id, ())
        is_late = row.klass is DeadlineClass.OVERDUE
        yield Work(
            task=row.task,
            path=row.path,
            section=section_of(headings.get(row.task_id, ()), row.task),
            agency=row.agency,
            lead=_lead(names, row),
            supporting=", ".join(names.get((row.task_id, AssignmentRole.SUPPORTING), ())),
            is_lead=row.role is AssignmentRole.LEAD,
            kind=row.kind,
            state=row.state,
            klass=row.klass,
            deadline=row.deadline,
            deadline_text=row.deadline_text,
            submitted_on=row.submitted_on,
            percent=row.percent,
            days_late=(on - row.deadline).days if is_late and row.deadline else 0,
            said=tuple(each for each in said if each.on >= starts_on),
            last=said[-1].text if said else "",
        )


def _lead(names: Mapping[tuple[int, AssignmentRole], Sequence[str]], row: PlanWork) -> str:
    """Who leads: the agency itself, also where each one leads its own part, else who does."""
    if row.role is AssignmentRole.LEAD:
        return row.agency
    return ", ".join(names.get((row.task_id, AssignmentRole.LEAD), ()))


def _headings(plan_id: int) -> dict[int, tuple[str, ...]]:
    """The headings above each task of a plan, the nearest first."""
    clauses: dict[int, tuple[int | None, str]] = {
        number: (parent, text)
        for number, parent, text in db.session.execute(
            select(Clause.id, Clause.parent_id, func.substr(Clause.text, 1, HEADING)).where(
                Clause.plan_id == plan_id
            )
        )
    }
    links = db.session.execute(
        select(TaskClause.task_id, func.min(TaskClause.clause_id))
        .join(Task, Task.id == TaskClause.task_id)
        .where(Task.plan_id == plan_id)
        .group_by(TaskClause.task_id)
    )
    return {task: tuple(_above(clause, clauses)) for task, clause in links}


def _above(number: int, clauses: Mapping[int, tuple[int | None, str]]) -> Iterable[str]:
    parent = clauses[number][0] if number in clauses else None
    while parent is not None and parent in clauses:
        parent, text = clauses[parent]
        yield text


def _names(plan_id: int) -> dict[tuple[int, AssignmentRole], list[str]]:
    """Who leads and who supports each task of a plan, by short name in its order."""
    found: dict[tuple[int, AssignmentRole], list[str]] = defaultdict(list)
    rows = db.session.execute(
        select(Assignment.task_id, Assignment.role, Agency.short_name)
        .join(Assignment.agency)
        .join(Assignment.task)
        .where(Task.plan_id == plan_id, Task.phase == Phase.ISSUED, Assignment.role.in_(WORKERS))
        .order_by(Assignment.task_id, Assignment.position)
    )
    for task_id, role, name in rows:
        found[task_id, role].append(name)
    return found


def _updates(plan_id: int, agency_id: int | None, on: date) -> dict[int, list[Said]]:
    """What an agency, or all, wrote about the work on a plan until the end of a day, by assignment, the
    oldest first."""
    update = ProgressUpdate
    query = (
        select(update.assignment_id, update.made_at, update.body, update.figure, update.product)
        .join(update.assignment)
        .join(Assignment.task)
        .where(Task.plan_id == plan_id, update.made_at < clock.end_of_day(on))
        .order_by(update.made_at, update.id)
    )
    if agency_id is not None:
        query = query.where(Assignment.agency_id == agency_id)
    found: dict[int, list[Said]] = defaultdict(list)
    for assignment_id, made_at, body, figure, product in db.session.execute(query):
        parts = (body.strip().rstrip("."), f"số liệu: {figure}", f"sản phẩm: {product}")
        text = "; ".join(
            p for p, there in zip(parts, (body, figure, product), strict=True) if there
        )
        said = Said(clock.local(made_at).date(), text)
        if not found[assignment_id] or found[assignment_id][-1].text != text:
            found[assignment_id].append(said)
    return found


def _difficulties(
    plan_id: int, agency_id: int | None, starts_on: date, on: date
) -> Iterable[Difficulty]:
    """What an agency, or all, reported as standing in the way and was open at any time of the period, of
    tasks of the plan or of none."""
    query = (
        select(Escalation.problem, Escalation.effect, Escalation.decision)
        .where(
            Escalation.state != EscalationState.WITHDRAWN,
            Escalation.raised_at < clock.end_of_day(on),
            or_(
                Escalation.closed_at.is_(None),
                Escalation.closed_at >= clock.start_of_day(starts_on),
            ),
            or_(~Escalation.tasks.any(), Escalation.tasks.any(Task.plan_id == plan_id)),
        )
        .order_by(Escalation.raised_at, Escalation.id)
    )
    if agency_id is not None:
        query = query.where(Escalation.agency_id == agency_id)
    return (Difficulty(*row) for row in db.session.execute(query))


def _slots(
    rows: Sequence[PlanWork], agency_id: int, cut_off: date, next_end: date
) -> Iterable[Slots]:
    """The slots of the next period for which the agency answers, by task."""
    leads = [r for r in rows if r.role is AssignmentRole.LEAD and r.agency_id == agency_id]
    day = func.coalesce(Occurrence.moved_to, Occurrence.day)
    found = db.session.execute(
        select(Occurrence.task_id, day)
        .where(
            Occurrence.task_id.in_([r.task_id for r in leads]),
            or_(
                Occurrence.assignment_id.is_(None),
                Occurrence.assignment_id.in_([r.assignment_id for r in leads]),
            ),
            Occurrence.state.in_(AWAITED),
            day.between(cut_off + timedelta(days=1), next_end),
        )
        .order_by(day)
    )
    days: dict[int, list[date]] = defaultdict(list)
    for task_id, on in found:
        days[task_id].append(on)
    return (Slots(r.task, r.path, tuple(days[r.task_id])) for r in leads if r.task_id in days)
