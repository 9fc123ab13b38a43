"""All that may be reminded of: tasks, communes, reports, silent work, and what waits for a decision."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import ColumnElement, false, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from ntmtasks.agencies.models import Agency, Area, AreaKind
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.progress.queries.silence import is_silent
from ntmtasks.progress.queries.waiting import undecided
from ntmtasks.progress.rules.rights import Person
from ntmtasks.reminders import labels
from ntmtasks.reminders.rules import (
    REPORT_SIGHT,
    Item,
    Ladder,
    Ladders,
    says_quarter_four,
    task_ladder,
)
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.owed import owed
from ntmtasks.reports.queries.waiting import UndecidedReport
from ntmtasks.reports.queries.waiting import undecided as undecided_reports
from ntmtasks.tasks.labels import BASES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.counting import windows
from ntmtasks.tasks.queries.loading import OpenWork, leads_of_supported, open_tasks, open_work
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Phase, TaskKind
from ntmtasks.workdays.rules import Calendar, add_working_days


@dataclass(frozen=True)
class Share:
    """What of everything may stand in one reader's mail: the work of these officers, what these agencies
    owe (None among them: districts without an office), and what is named one by one, as "report:5"."""

    officers: Collection[int]
    agencies: Collection[int | None]
    subjects: Collection[str]

    @property
    def of_assignments(self) -> ColumnElement[bool]:
        """The assignments of this share."""
        return _one_of(
            (Assignment.officer_id, self.officers),
            (Assignment.agency_id, self._offices),
            (Assignment.id, self._named("assignment")),
        )

    @property
    def of_reports(self) -> ColumnElement[bool]:
        """The reports of this share."""
        return _one_of((Report.agency_id, self._offices), (Report.id, self._named("report")))

    def has(self, subject: str, agency_id: int | None) -> bool:
        """Whether something that no officer has belongs to this share."""
        return agency_id in self.agencies or subject in self.subjects

    @property
    def _offices(self) -> list[int]:
        return [agency for agency in self.agencies if agency is not None]

    def _named(self, kind: str) -> list[int]:
        pairs = (subject.partition(":") for subject in self.subjects)
        return [int(number) for name, _, number in pairs if name == kind]


_PLACES = {
    "completion": "waiting-row",
    "refusal": "waiting-row",
    "extension": "entry-extension",
    "explanation": "entry-explanation",
}
"""Where on *Chờ tôi quyết định* each kind stands."""


def _one_of(*wanted: tuple[InstrumentedAttribute[Any], Collection[int]]) -> ColumnElement[bool]:
    """Whether one of these columns has one of its numbers; a column without any would keep SQLite from
    using the indexes of the others."""
    return or_(false(), *(column.in_(numbers) for column, numbers in wanted if numbers))


def owed_items(
    day: date,
    calendar: Calendar,
    share: Share | None = None,
    lasting: Sequence[Item] | None = None,
) -> list[Item]:
    """What agencies owe, each thing once; or what of it belongs to a share. `lasting` is what
    `lasting_items` found, where it has been asked already."""
    names = _names()
    items = [
        *(lasting_items(share) if lasting is None else lasting),
        *_reports(day, calendar, share),
        *_silent(names, day, share),
    ]
    return list({item.subject: item for item in items}.values())


def lasting_items(share: Share | None = None) -> list[Item]:
    """Tasks and communes: what is owed on any day alike, and by far the most of it."""
    names = _names()
    return [*_tasks(names, share), *_communes(names, share)]


def _names() -> dict[int, str]:
    return dict(db.session.execute(select(Agency.id, Agency.short_name)).all())


class Decided(Protocol):
    """What waits for a decision, as far as it is asked whose."""

    def decided_by(self, person: Person) -> bool: ...


def undecided_items(
    day: date, calendar: Calendar, ladders: Ladders
) -> Iterator[tuple[Item, Decided]]:
    """What has waited for a decision since the first rung of its ladder or longer."""
    rungs = ladders[Ladder.WAITING]
    if not rungs.after:
        return
    first = rungs.after[0]
    in_days = day - timedelta(days=first)
    last_day = add_working_days(day, -first, calendar) if rungs.in_working_days else in_days
    before = clock.end_of_day(last_day)
    for report in undecided_reports(before):
        yield _undecided_report(report), report
    for row in undecided(before):
        yield (
            Item(
                subject=f"{row.kind}:{row.id}",
                ladder=Ladder.WAITING,
                deadline=clock.local(row.since).date(),
                agency_id=row.work.agency_id,
                agency=row.agency,
                officer_id=None,
                path=row.path,
                title=row.text,
                written=labels.UNDECIDED[row.kind],
                url=f"/waiting/#{_PLACES[row.kind]}-{row.id}",
                window=0,
                owned=False,
            ),
            row,
        )


def _undecided_report(row: UndecidedReport) -> Item:
    return Item(
        subject=f"undecided:report:{row.id}",
        ladder=Ladder.WAITING,
        deadline=clock.local(row.since).date(),
        agency_id=row.work.agency_id,
        agency=row.agency,
        officer_id=None,
        path="",
        title=_report_title(row.labels, row.title),
        written=labels.UNDECIDED["report"],
        url=f"/waiting/#waiting-report-{row.id}",
        window=0,
        owned=False,
    )


def _report_title(periods: Sequence[str], title: str) -> str:
    return f"Báo cáo {labels.period_tag(periods)} – {title.removeprefix('Báo cáo ')}"


def _tasks(names: dict[int, str], share: Share | None) -> Iterator[Item]:
    """Own work with its own deadline; supported work (appraised, consolidated, received) with the rungs
    of its lead, while that is open. A date of its own that work got apart from its task was set by hand."""
    windows_now, which = windows(), share.of_assignments if share else None
    work = open_work(which)
    leads: dict[int, OpenWork] = {}
    for row in work if which is None else leads_of_supported(which):
        if row.role is AssignmentRole.LEAD:
            leads.setdefault(row.task_id, row)
    tasks = open_tasks(which)
    for row in work:
        lead = row if row.role is AssignmentRole.LEAD else leads.get(row.task_id)
        task = tasks.get(row.task_id)
        if lead is None or task is None or row.agency_id not in names:
            continue
        is_own = task.deadline is not None and lead.deadline != task.deadline
        basis = DeadlineBasis.BY_HAND if is_own else task.basis
        owned = lead is row
        yield Item(
            subject=f"assignment:{row.assignment_id}",
            ladder=task_ladder(task.quarter_four, basis),
            deadline=lead.deadline,
            agency_id=row.agency_id,
            agency=names[row.agency_id],
            officer_id=row.officer_id,
            path=task.path,
            title=task.text,
            written=task.deadline_text or BASES[basis],
            url=f"/tasks/{row.task_id}#assignment-{row.assignment_id}",
            window=windows_now.of(task.quarter_four) if owned else None,
            owned=owned,
            supporting=not owned,
        )


def _communes(names: dict[int, str], share: Share | None) -> Iterator[Item]:
    """The communes that an issued plan wants recognised in Quý IV, owed by their district."""
    offices = dict(
        db.session.execute(
            select(Area.name, Area.agency_id).where(Area.kind == AreaKind.DISTRICT)
        ).all()
    )
    window = windows().quarter_four
    plans = select(Plan.id, Plan.number, Plan.reading["communes"])
    for plan_id, number, communes in db.session.execute(
        plans.where(Plan.state == PlanState.ISSUED)
    ):
        for place, row in enumerate(communes, 1):
            deadline = row["deadline"] or {}
            office = offices.get(row["district"])
            if not deadline.get("due_on") or not says_quarter_four(deadline["text"]):
                continue
            commune, level = row["commune"], row["level"]
            subject = f"commune:{plan_id}:{level}:{commune}:{row['district']}"
            if share is not None and not share.has(subject, office):
                continue
            what = f"{labels.COMMITMENTS[row['commitment']]} {labels.LEVELS[level]}"
            yield Item(
                subject=subject,
                ladder=Ladder.QUARTER_FOUR,
                deadline=date.fromisoformat(deadline["due_on"]),
                agency_id=office,
                agency=names[office] if office else f"huyện {row['district']}",
                officer_id=None,
                path="",
                title=f"Xã {commune}: {what} ({number})",
                written=deadline["text"],
                url=f"/plans/{plan_id}#commune-{place}",
                window=window,
                tag=f"Xã {commune}",
            )


def _reports(day: date, calendar: Calendar, share: Share | None) -> Iterator[Item]:
    """Of a period that has shut nobody is reminded: its agency can do nothing about it."""
    until = add_working_days(day, REPORT_SIGHT, calendar)
    for row in owed(until, share.of_reports if share else None, sent_on=day):
        yield Item(
            subject=f"report:{row.report_id}",
            ladder=Ladder.REPORT,
            deadline=row.due_on,
            agency_id=row.agency_id,
            agency=row.agency_short_name,
            officer_id=None,
            path="",
            title=_report_title(row.labels, row.title),
            written=labels.SENT_BACK if row.is_returned else "",
            url=f"/reports/{row.report_id}",
            window=(until - day).days,
            tag=labels.period_tag([label.split("/")[0] for label in row.labels]),
        )


def _silent(names: dict[int, str], day: date, share: Share | None) -> Iterator[Item]:
    """Continuous work of which its lead wrote nothing for a month."""
    query = (
        select(
            Assignment.id,
            Assignment.task_id,
            Assignment.agency_id,
            Assignment.officer_id,
            Task.path,
            Task.text,
            Assignment.heard_at,
        )
        .join(Assignment.task)
        .where(
            Assignment.role == AssignmentRole.LEAD,
            Task.kind == TaskKind.CONTINUOUS,
            Task.phase == Phase.ISSUED,
            is_silent(day),
        )
        .order_by(Assignment.id)
    )
    if share is not None:
        query = query.where(share.of_assignments)
    for number, task_id, agency_id, officer_id, path, text, heard_at in db.session.execute(query):
        yield Item(
            subject=f"assignment:{number}",
            ladder=Ladder.SILENT,
            deadline=day.replace(day=1),
            agency_id=agency_id,
            agency=names[agency_id],
            officer_id=officer_id,
            path=path,
            title=text,
            written=labels.silence(clock.local(heard_at).date(), day),
            url=f"/tasks/{task_id}#assignment-{number}",
            window=None,
            owned=False,
        )
