"""What stands in the calendar of a person or an agency.

Nothing is kept for it: spans tell what was due when and how often that changed, reports and slots count
their own changes. No names of people: whoever has the address of a calendar reads it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db
from ntmtasks.core.formats import day, shorten
from ntmtasks.oversight.models import AccessToken
from ntmtasks.oversight.rules.calendar import KEPT, Entry, hours_in
from ntmtasks.plans.models import Plan
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries.occurrences import held_on
from ntmtasks.progress.rules.occurrences import OccurrenceState
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.queries.one import is_shut_out, labels_of, last_day_of
from ntmtasks.reports.rules.states import OWED
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole, Phase, TaskKind, WorkState

SHOWN_STATES = OPEN_STATES | {WorkState.SUBMITTED}
"""States of work whose day stands in the calendar, as in *Việc của tôi*."""
Span = AssignmentSpan
_TITLE = 90


@dataclass(frozen=True)
class Whose:
    """A calendar of an agency's work; of an officer only what was handed to them or to nobody."""

    name: str
    agency_id: int
    officer_id: int | None = None

    def of(self, row: type[Assignment] | type[Span]) -> ColumnElement[bool]:
        """What of assignments, or of their past, belongs here."""
        own = row.agency_id == self.agency_id
        if self.officer_id is None:
            return own
        return and_(own, or_(row.officer_id == self.officer_id, row.officer_id.is_(None)))


def whose(key: AccessToken) -> Whose:
    """The calendar that a key opens: as the person stands now, in whatever agency and role."""
    if key.user is None:
        return Whose(f"{key.agency.short_name} – NTM Nhiệm vụ", key.agency_id)
    return whose_own(key.user)


def whose_own(user: User) -> Whose:
    """The calendar of a person."""
    officer_id = user.id if user.role is Role.OFFICER else None
    return Whose("Việc của tôi – NTM Nhiệm vụ", user.agency_id, officer_id)


def entries(calendar: Whose, today: date) -> list[Entry]:
    """All entries of a calendar by their day, in the same number of queries however many they are."""
    since = today - KEPT
    lost = _lost(calendar, clock.start_of_day(since))
    found = [
        *_deadlines(calendar, lost),
        *_slots(calendar, since, lost),
        *_reports(calendar, since),
    ]
    return sorted(found, key=lambda each: (each.on, each.uid))


@dataclass(frozen=True)
class _Lost:
    """Work that no longer belongs to a calendar, its task, and how it stood there last."""

    task_id: int
    role: AssignmentRole
    deadline: date | None


def _lost(calendar: Whose, since: datetime) -> dict[int, _Lost]:
    """By assignment how it stood when it last changed after `since` and belonged to the calendar; it may
    still do. Every new span marks its task as changed, by which old ones are passed over."""
    rows = db.session.execute(
        select(Span.assignment_id, Span.task_id, Span.role, Span.deadline)
        .join(Task, Task.id == Span.task_id)
        .where(
            Task.updated_at >= since,
            Span.to_at >= since,
            Span.phase == Phase.ISSUED,
            Span.work_state.in_(SHOWN_STATES),
            calendar.of(Span),
        )
        .order_by(Span.from_at, Span.id)
    )
    return {number: _Lost(task, role, due) for number, task, role, due in rows}


def _is_shown(calendar: Whose) -> ColumnElement[bool]:
    """Of an assignment joined with its task: whether it belongs to the calendar now."""
    return and_(
        calendar.of(Assignment),
        Assignment.work_state.in_(SHOWN_STATES),
        Task.phase == Phase.ISSUED,
    )


def _changes() -> ColumnElement[int]:
    """How often a task and what its agencies have of it changed: that only grows."""
    one = aliased(Assignment)
    spans = (
        select(func.count(Span.id))
        .select_from(Span)
        .join(one, one.id == Span.assignment_id)
        .where(one.task_id == Task.id)
        .correlate(Task)
        .scalar_subquery()
    )
    return spans + Task.version


def _work() -> Select[*tuple[Any, ...]]:
    """Assignments with what an entry says of their task; how often they changed, and when last."""
    return (
        select(
            Assignment.id,
            Assignment.deadline,
            Assignment.role,
            _changes().label("changes"),
            Task.updated_at,
            Task.id.label("task_id"),
            Task.path,
            Task.text,
            Task.deadline_text,
            Plan.number,
        )
        .join(Assignment.task)
        .join(Task.plan)
    )


def _deadlines(calendar: Whose, lost: dict[int, _Lost]) -> Iterator[Entry]:
    shown = and_(_is_shown(calendar), Assignment.deadline.is_not(None))
    standing = set()
    for row in db.session.execute(_work().where(shown)):
        standing.add(row.id)
        yield _deadline(row, row.deadline, is_cancelled=False)
    gone = {n: each.deadline for n, each in lost.items() if n not in standing and each.deadline}
    for row in db.session.execute(_work().where(Assignment.id.in_(gone))) if gone else ():
        yield _deadline(row, gone[row.id], is_cancelled=True)


def _deadline(row: Any, on: date, is_cancelled: bool) -> Entry:
    part = "" if row.role is AssignmentRole.LEAD else " (phối hợp)"
    written = f"\nThời hạn trong kế hoạch: {row.deadline_text}" if row.deadline_text else ""
    return Entry(
        uid=f"assignment-{row.id}",
        sequence=row.changes,
        changed_at=row.updated_at,
        on=on,
        title=f"Hạn{part}: {_named(row)}",
        text=f"{row.text}\nKế hoạch {row.number}.{written}",
        path=f"/tasks/{row.task_id}",
        is_cancelled=is_cancelled,
    )


def _named(row: Any) -> str:
    where = f"mục {row.path}" if row.path else "nhiệm vụ bổ sung"
    return f"{where} – {shorten(row.text, _TITLE)}"


def _slots(calendar: Whose, since: date, lost: dict[int, _Lost]) -> Iterator[Entry]:
    """Slots of recurring work, those of the last weeks too; a slot that is not held, or whose work has
    gone to others, is cancelled."""
    led = {number: each for number, each in lost.items() if each.role is AssignmentRole.LEAD}
    tasks = {each.task_id for each in led.values()}
    was_ours = and_(
        Task.id.in_(tasks),
        or_(Occurrence.assignment_id.is_(None), Occurrence.assignment_id.in_(led)),
    )
    answers = and_(
        Assignment.task_id == Occurrence.task_id,
        Assignment.role == AssignmentRole.LEAD,
        or_(Occurrence.assignment_id.is_(None), Occurrence.assignment_id == Assignment.id),
    )
    is_shown = case(
        (and_(_is_shown(calendar), Task.kind == TaskKind.RECURRING), true()), else_=None
    )
    query = (
        select(
            Occurrence.id,
            held_on().label("on"),
            (Occurrence.version + _changes()).label("changes"),
            Occurrence.state,
            Occurrence.topic,
            Occurrence.recorded_at,
            Task.updated_at,
            Task.id.label("task_id"),
            Task.path,
            Task.text,
            Plan.number,
            is_shown.label("is_shown"),
        )
        .select_from(Occurrence)
        .join(Assignment, answers)
        .join(Task, Task.id == Occurrence.task_id)
        .join(Task.plan)
        .where(
            held_on() >= since,
            or_(calendar.of(Assignment), was_ours),
        )
        .order_by(Occurrence.id)
    )
    for row in db.session.execute(query):
        if row.is_shown or row.task_id in tasks:
            yield _slot(row)


def _slot(row: Any) -> Entry:
    hours = hours_in(row.text)
    topic = f"\nChủ đề: {row.topic}" if row.topic else ""
    return Entry(
        uid=f"slot-{row.id}",
        sequence=row.changes,
        changed_at=max(filter(None, (row.recorded_at, row.updated_at))),
        on=row.on,
        title=f"Kỳ thực hiện: {_named(row)}",
        text=f"{row.text}\nKế hoạch {row.number}.{topic}",
        path=f"/tasks/{row.task_id}",
        hours=(clock.at(row.on, hours[0]), clock.at(row.on, hours[1])) if hours else None,
        is_cancelled=not row.is_shown or row.state is OccurrenceState.NOT_HELD,
    )


def _reports(calendar: Whose, since: date) -> Iterator[Entry]:
    """The reports that the agency owes; those of the last weeks that it sent, that nobody asks for any
    more or that can no longer come in are cancelled."""
    query = (
        select(Report, settings.version_sql(settings.REPORT_LOCK_DAYS.name))
        .join(Report.requirement)
        .where(
            Report.agency_id == calendar.agency_id,
            or_(
                Report.state.in_(OWED),
                Report.due_on >= since,
                Report.submitted_at >= clock.start_of_day(since),
            ),
        )
        .options(
            joinedload(Report.requirement).joinedload(ReportRequirement.plan),
            joinedload(Report.periods),
        )
        .order_by(Report.id)
    )
    found = db.session.execute(query).unique()
    return (_report(each, locks) for each, locks in found if not _has_long_been_shut(each, since))


def _has_long_been_shut(report: Report, since: date) -> bool:
    last_day = last_day_of(report)
    return last_day is not None and last_day < since and is_shut_out(report)


def _report(report: Report, locks: int) -> Entry:
    """That a period shuts is no change of its report, but one of its entry; it opens again by a change
    of the report, of its duty, or of the setting, whose version is `locks`."""
    asked, labels = report.requirement, ", ".join(labels_of(report))
    is_shut = is_shut_out(report)
    changes: Iterable[datetime | None] = (
        asked.plan.created_at,
        asked.asked_at,
        report.submitted_at,
        report.decided_at,
    )
    hour = f" trước {asked.due_time:%H:%M}" if asked.due_time else ""
    return Entry(
        uid=f"report-{report.id}",
        sequence=2 * (report.version + asked.version + locks) + is_shut,
        changed_at=max(filter(None, changes)),
        on=report.due_on,
        title=f"Hạn nộp{hour}: {asked.title}{f' ({labels})' if labels else ''}",
        text=f"Nộp trên trang báo cáo, hạn {day(report.due_on)}{hour}.\nKế hoạch {asked.plan.number}.",
        path=f"/reports/{report.id}",
        is_cancelled=is_shut or report.state not in OWED,
    )
