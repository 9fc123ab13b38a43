"""What would go to whom on a morning, and whether a waiting reminder is still wanted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, tuple_

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import Recipient, recipient_book
from ntmtasks.agencies.models import Agency, Area, AreaKind
from ntmtasks.core.db import db
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.reminders import labels
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.rules import (
    REPORT_SIGHT,
    Item,
    Ladder,
    Line,
    Section,
    latest_rung,
    says_quarter_four,
    section_of,
    task_ladder,
)
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import owed
from ntmtasks.reports.rules import ReportState
from ntmtasks.tasks.labels import BASES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.counting import windows
from ntmtasks.tasks.queries.loading import OpenWork, open_work
from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole, Phase
from ntmtasks.workdays.queries import calendar as stored_calendar
from ntmtasks.workdays.rules import Calendar, add_working_days, is_working_day

UsedRung = tuple[str, int, str, date, str]
"""Ladder, rung, subject, deadline and recipient, as the ledger keeps them."""


@dataclass(frozen=True)
class Digest:
    """One mail of one morning: everything open of a recipient that is within sight."""

    day: date
    recipient: Recipient
    subject: str
    opening: str
    lines: tuple[Line, ...]

    @property
    def key(self) -> str:
        """The outbox key: one digest an address and morning."""
        return f"{_key_prefix(self.day)}{self.recipient.address}"

    @property
    def rungs(self) -> list[tuple[Item, int]]:
        """The rungs that this mail uses up."""
        return [(line.item, line.rung) for line in self.lines if line.rung is not None]

    @property
    def sections(self) -> list[tuple[str, list[Line]]]:
        """The lines under their headings."""
        parts = [(s, [line for line in self.lines if line.section is s]) for s in Section]
        return [(labels.SECTIONS[section], lines) for section, lines in parts if lines]

    @property
    def listing(self) -> list[str]:
        """The lines as a terminal shows them."""
        return [labels.in_one_line(line, self.day) for line in self.lines]

    @property
    def names_agencies(self) -> bool:
        """Whether the lines have to say whose work they are."""
        return len({line.item.agency for line in self.lines}) > 1 or any(
            line.note for line in self.lines
        )

    def to_json(self) -> dict[str, object]:
        """The digest as `ntmtasks remind --json` prints it."""
        return {
            "recipient": self.recipient.name,
            "address": self.recipient.address,
            "subject": self.subject,
            "rungs": [
                {
                    "ladder": item.ladder.value,
                    "rung": rung,
                    "subject": item.subject,
                    "title": item.title,
                    "deadline": item.deadline.isoformat(),
                }
                for item, rung in self.rungs
            ],
            "lines": [
                {
                    "section": line.section.value,
                    "path": line.item.path,
                    "title": line.item.title,
                    "agency": line.item.agency,
                    "supporting": line.item.supporting,
                    "deadline": line.item.deadline.isoformat(),
                    "when": labels.when(line.item, self.day),
                    "url": line.item.url,
                    "note": line.note,
                }
                for line in self.lines
            ],
        }


def plan_day(day: date) -> list[Digest]:
    """The digests of one morning, by address; none on a day off.

    Rungs used by mails of other days are left out, those of the same morning stay: asked again, it
    gives the same answer, and the outbox keys keep anything from being sent twice.
    """
    calendar = stored_calendar()
    if not is_working_day(day, calendar):
        return []
    names = _agency_names()
    items = [*_tasks(names), *_communes(names), *_reports(day, calendar)]
    steps = {(item.ladder, item.deadline) for item in items}
    rungs = {step: latest_rung(*step, day, calendar) for step in steps}
    found = _lines_by_recipient(items, rungs, _used(rungs, day), day)
    order = {section: place for place, section in enumerate(Section)}
    digests = []
    for recipient, lines in found.values():
        if any(line.rung is not None for line in lines):
            lines.sort(key=lambda line: (order[line.section], line.item.deadline))
            subject = labels.subject_line(lines, day, calendar)
            text = labels.opening(lines, day)
            digests.append(Digest(day, recipient, subject, text, tuple(lines)))
    return sorted(digests, key=lambda digest: digest.recipient.address)


def still_wanted(mail: OutboxMail) -> bool:
    """Whether anything that the mail reminds of is still open, and its reader not locked meanwhile."""
    if mail.user_id is not None:
        user = db.session.get(User, mail.user_id)
        if user is None or user.locked_at is not None:
            return False
    subjects = db.session.scalars(select(Reminder.subject).where(Reminder.mail_id == mail.id))
    ids: dict[str, list[int]] = {"assignment": [], "report": [], "commune": []}
    for subject in subjects:
        kind, number = subject.split(":")[:2]
        ids[kind].append(int(number))
    questions = (
        select(Assignment.id)
        .join(Assignment.task)
        .where(
            Assignment.id.in_(ids["assignment"]),
            Assignment.work_state.in_(OPEN_STATES),
            Task.phase == Phase.ISSUED,
        ),
        select(Report.id).where(Report.id.in_(ids["report"]), Report.state == ReportState.MISSING),
        select(Plan.id).where(Plan.id.in_(ids["commune"]), Plan.state == PlanState.ISSUED),
    )
    return any(db.session.scalar(question.limit(1)) is not None for question in questions)


def _key_prefix(day: date) -> str:
    return f"reminder:{day.isoformat()}:"


def _lines_by_recipient(
    items: Collection[Item],
    rungs: dict[tuple[Ladder, date], int | None],
    used: set[UsedRung],
    day: date,
) -> dict[str, tuple[Recipient, list[Line]]]:
    book = recipient_book()
    found: dict[str, tuple[Recipient, list[Line]]] = {}
    for item in items:
        rung = rungs[item.ladder, item.deadline]
        in_sight = not item.supporting and (item.deadline - day).days <= item.window
        if rung is None and not in_sight:
            continue
        for recipient in book.of(item.agency_id, item.officer_id):
            step = (item.ladder, rung, item.subject, item.deadline, recipient.address)
            new = rung if step not in used else None
            if in_sight or new is not None:
                line = Line(item, section_of(item, day), new, recipient.note)
                found.setdefault(recipient.address, (recipient, []))[1].append(line)
    return found


def _used(rungs: dict[tuple[Ladder, date], int | None], day: date) -> set[UsedRung]:
    """The ledger's rows at the rungs in question, but for those of this very morning's mails."""
    steps = [(ladder, rung, deadline) for (ladder, deadline), rung in rungs.items()]
    rows = db.session.execute(
        select(
            Reminder.ladder,
            Reminder.rung,
            Reminder.subject,
            Reminder.deadline,
            Reminder.recipient,
        )
        .join(OutboxMail, OutboxMail.id == Reminder.mail_id)
        .where(
            tuple_(Reminder.ladder, Reminder.rung, Reminder.deadline).in_(
                [step for step in steps if step[1] is not None]
            ),
            OutboxMail.key.not_like(f"{_key_prefix(day)}%"),
        )
    )
    return set(rows)


def _agency_names() -> dict[int, str]:
    return dict(db.session.execute(select(Agency.id, Agency.short_name)).all())


def _tasks(names: dict[int, str]) -> Iterator[Item]:
    """Own work with its own deadline; supported work with the rungs of its lead, while that is open."""
    windows_now, work = windows(), open_work()
    leads: dict[int, OpenWork] = {}
    for row in work:
        if row.role is AssignmentRole.LEAD:
            leads.setdefault(row.task_id, row)
    for row in work:
        supporting = row.role is not AssignmentRole.LEAD
        lead = leads.get(row.task_id) if supporting else row
        if lead is None:
            continue
        yield Item(
            subject=f"assignment:{row.assignment_id}",
            ladder=task_ladder(lead.quarter_four, lead.basis),
            deadline=lead.deadline,
            agency_id=row.agency_id,
            agency=names[row.agency_id],
            officer_id=row.officer_id,
            path=row.path,
            title=row.text,
            written=lead.deadline_text or BASES[lead.basis],
            url=f"/tasks/{row.task_id}",
            window=windows_now.of(row.quarter_four),
            supporting=supporting,
        )


def _communes(names: dict[int, str]) -> Iterator[Item]:
    """The communes that an issued plan wants recognised in Quý IV, owed by their district."""
    offices = dict(
        db.session.execute(
            select(Area.name, Area.agency_id).where(Area.kind == AreaKind.DISTRICT)
        ).all()
    )
    window = windows().quarter_four
    plans = select(Plan.id, Plan.number, Plan.reading).where(Plan.state == PlanState.ISSUED)
    for plan_id, number, reading in db.session.execute(plans):
        for row in reading["communes"]:
            deadline = row["deadline"] or {}
            if not deadline.get("due_on") or not says_quarter_four(deadline["text"]):
                continue
            district, commune = row["district"], row["commune"]
            office = offices.get(district)
            level, commitment = labels.LEVELS[row["level"]], labels.COMMITMENTS[row["commitment"]]
            yield Item(
                subject=f"commune:{plan_id}:{commune}:{district}",
                ladder=Ladder.QUARTER_FOUR,
                deadline=date.fromisoformat(deadline["due_on"]),
                agency_id=office,
                agency=names[office] if office else f"huyện {district}",
                officer_id=None,
                path="",
                title=f"Xã {commune}: {commitment} {level} ({number})",
                written=deadline["text"],
                url=f"/plans/{plan_id}",
                window=window,
            )


def _reports(day: date, calendar: Calendar) -> Iterator[Item]:
    until = add_working_days(day, REPORT_SIGHT, calendar)
    for row in owed(until):
        periods = labels.period_tag(row.labels)
        yield Item(
            subject=f"report:{row.report_id}",
            ladder=Ladder.REPORT,
            deadline=row.due_on,
            agency_id=row.agency_id,
            agency=row.agency_short_name,
            officer_id=None,
            path="",
            title=f"Báo cáo {periods} – {row.title.removeprefix('Báo cáo ')}",
            written="",
            url=f"/reports/{row.report_id}",
            window=(until - day).days,
            tag=labels.period_tag([label.split("/")[0] for label in row.labels]),
        )
