"""The morning's mails on the sample, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import NO_RECIPIENT, Recipient
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import slots
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.reminders import jobs, service
from ntmtasks.reminders.mails import digest_letter
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.queries import gathering
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.reminders.rules import RUNGS, Item, Ladder, Line, Section
from ntmtasks.reminders.service import SweepResult, sweep
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.loading import OpenTask
from ntmtasks.tasks.rules import WorkState

pytestmark = pytest.mark.usefixtures("app")

REPORT_SOON = date(2024, 11, 14)
REPORT_DAY = date(2024, 12, 18)
YEAR_END_SOON = date(2024, 12, 24)
DISTRICTS = {
    "UBND huyện Phong Điền",
    "UBND huyện Thới Lai",
    "UBND huyện Cờ Đỏ",
    "UBND huyện Vĩnh Thạnh",
}
GOLDEN = Path(__file__).parent / "golden"


def of(day: date, username: str) -> Digest:
    [digest] = [d for d in plan_day(day) if d.recipient.address == f"{username}@example.invalid"]
    return digest


def rungs(digest: Digest) -> set[tuple[str, int, date]]:
    return {(item.ladder.value, rung, item.deadline) for item, rung in digest.rungs}


def owing_reports(day: date, due_on: date, rung: int) -> set[str]:
    return {
        item.agency
        for digest in plan_day(day)
        for item, used in digest.rungs
        if (item.ladder, item.deadline, used) == (Ladder.REPORT, due_on, rung)
    }


def reminder_mails() -> list[OutboxMail]:
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "reminder")))


def sweep_and_send(day: date) -> None:
    """Sweep a morning; its mails went out."""
    sweep(day)
    with transaction():
        db.session.execute(update(OutboxMail).values(state=MailState.SENT))


def test_two_working_days_before_it_is_due_all_districts_hear_of_the_november_report() -> None:
    assert owing_reports(REPORT_SOON, date(2024, 11, 18), -2) == DISTRICTS


def test_on_the_report_day_all_districts_hear_of_it_and_departments_of_their_appraisal() -> None:
    groups = {group.name: {a.short_name for a in group.members} for group in agencies.groups()}
    departments = groups["Các sở, ban ngành thành phố"]
    assert len(departments) == 20
    assert owing_reports(REPORT_DAY, REPORT_DAY, 0) == DISTRICTS | departments


def test_a_week_before_the_year_ends_one_mail_names_the_communes_and_the_unsent_reports() -> None:
    digest = of(YEAR_END_SOON, "thoilai")
    assert ("quarter_four", -7, date(2024, 12, 31)) in rungs(digest)
    communes = {item.title for item, _ in digest.rungs if item.subject.startswith("commune:")}
    assert communes == {
        "Xã Trường Xuân: đăng ký nông thôn mới nâng cao (108/KH-UBND)",
        "Xã Thới Thạnh: đăng ký nông thôn mới nâng cao (108/KH-UBND)",
        "Xã Đông Bình: phấn đấu nông thôn mới nâng cao (108/KH-UBND)",
    }
    unsent = [line.item for line in digest.lines if line.section is Section.REPORTS]
    assert date(2024, 12, 18) in {item.deadline for item in unsent}
    assert "tháng 12/2024, quý IV/2024, năm 2024" in unsent[-1].title


def test_a_mail_lists_what_is_late_first() -> None:
    for digest in plan_day(YEAR_END_SOON):
        places = [list(Section).index(line.section) for line in digest.lines]
        assert places == sorted(places)
    first = of(YEAR_END_SOON, "daumoi").lines[0]
    assert (first.section, first.item.deadline) == (Section.OVERDUE, date(2024, 6, 30))


def test_every_mail_has_a_rung_and_nobody_gets_two() -> None:
    digests = plan_day(YEAR_END_SOON)
    assert all(digest.rungs for digest in digests)
    assert len({digest.recipient.address for digest in digests}) == len(digests) > 20


def test_a_second_sweep_adds_nothing_and_the_plan_of_the_day_stays_the_same() -> None:
    before = [digest.to_json() for digest in plan_day(YEAR_END_SOON)]
    first = sweep(YEAR_END_SOON)
    assert first.mails == len(reminder_mails()) == len(before)
    assert first.rungs == db.session.scalar(select(func.count()).select_from(Reminder)) > 0
    assert sweep(YEAR_END_SOON) == SweepResult(mails=0, rungs=0, already=first.mails)
    assert len(reminder_mails()) == first.mails
    assert [digest.to_json() for digest in plan_day(YEAR_END_SOON)] == before


def test_a_sweep_that_was_cut_off_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "AT_ONCE", 10)
    whole, stored, real = len(plan_day(YEAR_END_SOON)), [], service.store

    def store(*part: Any) -> SweepResult:
        if len(stored) == 2:
            raise OSError("the machine goes down")
        stored.append(part)
        return real(*part)

    monkeypatch.setattr(service, "store", store)
    with pytest.raises(OSError, match="goes down"):
        sweep(YEAR_END_SOON, as_slot=True)
    assert len(reminder_mails()) == 20 < whole
    assert not slots.is_claimed(slots.REMINDERS, YEAR_END_SOON.isoformat())
    monkeypatch.setattr(service, "store", real)
    assert sweep(YEAR_END_SOON, as_slot=True).mails == whole - 20
    assert slots.is_claimed(slots.REMINDERS, YEAR_END_SOON.isoformat())
    assert len({mail.to_address for mail in reminder_mails()}) == len(reminder_mails()) == whole
    told = sum(len(digest.rungs) for digest in plan_day(YEAR_END_SOON))
    assert told == db.session.scalar(select(func.count()).select_from(Reminder))


def test_work_that_ends_while_a_morning_is_planned_is_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = gathering.open_tasks

    def without_one(which: Any) -> dict[int, OpenTask]:
        return {number: task for number, task in real(which).items() if task.path != "III.7.-1"}

    def paths() -> set[str]:
        digests = plan_day(YEAR_END_SOON)
        return {line.item.path for d in digests for line in d.lines if line.item.owned}

    before = paths()
    monkeypatch.setattr(gathering, "open_tasks", without_one)
    assert before - paths() == {"III.7.-1"}


def test_the_next_morning_uses_no_rung_again() -> None:
    sweep_and_send(YEAR_END_SOON)
    used = set(db.session.execute(select(Reminder.subject, Reminder.rung)))
    again = {
        (item.subject, rung)
        for digest in plan_day(date(2024, 12, 25))
        for item, rung in digest.rungs
    }
    assert again
    assert not again & used


def test_after_a_pause_one_mail_tells_the_latest_rung_of_each_thing() -> None:
    sweep_and_send(date(2024, 12, 2))
    sweep_and_send(date(2024, 12, 30))
    told = db.session.execute(
        select(Reminder.rung)
        .where(Reminder.subject.startswith("commune:"), Reminder.subject.endswith("Cờ Đỏ"))
        .order_by(Reminder.id)
    )
    assert list(told.scalars()) == [-30, -1]


def test_the_worker_sweeps_the_day_of_the_office_not_of_greenwich() -> None:
    moment = datetime(2024, 11, 14, 23, 30, tzinfo=UTC)  # 06:30 on the 15th
    made = jobs.run(moment)
    assert made > 0
    assert {mail.key.split(":")[1] for mail in reminder_mails()} == {"2024-11-15"}
    assert jobs.run(moment) == 0


@pytest.mark.parametrize("day", [date(2024, 12, 28), date(2025, 1, 1)])
def test_nothing_goes_out_on_a_day_off(day: date) -> None:
    assert plan_day(day) == []
    assert sweep(day).mails == 0


def test_supported_work_shows_on_the_rungs_of_its_lead_alone() -> None:
    supported = [
        line for d in plan_day(date(2024, 11, 29)) for line in d.lines if line.item.supporting
    ]
    assert supported
    assert all(line.rung == -30 for line in supported)
    assert {line.section for line in supported} == {Section.SOON}
    sweep_and_send(date(2024, 11, 29))
    later = [line for d in plan_day(date(2024, 12, 2)) for line in d.lines]
    assert later
    assert not any(line.item.supporting for line in later)


def test_work_in_a_persons_hand_reminds_that_person_until_the_account_is_locked() -> None:
    officer = db.session.scalars(select(User).where(User.username == "chuyenvien")).one()
    [(late, _)] = [
        (item, rung) for item, rung in of(REPORT_SOON, "daumoi").rungs if item.path == "III.1.c"
    ]
    with transaction():
        assignment = db.session.get_one(Assignment, int(late.subject.split(":")[1]))
        assignment.officer_id = officer.id
    assert [item.path for item, _ in of(REPORT_SOON, "chuyenvien").rungs] == ["III.1.c"]
    assert late not in [item for item, _ in of(REPORT_SOON, "daumoi").rungs]
    with transaction():
        officer.locked_at = datetime(2024, 11, 14, tzinfo=UTC)
    assert "III.1.c" in [item.path for item, _ in of(REPORT_SOON, "daumoi").rungs]


def test_work_of_an_agency_without_anybody_reaches_the_coordinators_with_a_note() -> None:
    assert of(REPORT_SOON, "sovhttdl").recipient.user_id is None
    with transaction():
        db.session.execute(
            update(Agency).where(Agency.short_name == "Sở VHTTDL").values(mailbox="")
        )
    [line] = [line for line in of(REPORT_SOON, "dieuphoi").lines if line.item.agency == "Sở VHTTDL"]
    assert line.note == NO_RECIPIENT
    assert NO_RECIPIENT in digest_letter(of(REPORT_SOON, "dieuphoi")).text


def test_the_number_of_queries_does_not_grow_with_what_is_due(
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    plan_day(YEAR_END_SOON)  # begins the transaction and reads the settings once
    with statements() as few:
        quiet = plan_day(date(2024, 11, 15))
    with statements() as many:
        busy = plan_day(YEAR_END_SOON)
    assert len(busy) > len(quiet)
    assert len(many) == len(few)


def test_when_only_reports_are_due_the_subject_says_how_long_they_have() -> None:
    with transaction():
        db.session.execute(update(Assignment).values(work_state=WorkState.SUBMITTED))
        sweep_and_send(date(2024, 11, 13))
        db.session.execute(
            update(Report)
            .where(Report.due_on < date(2024, 11, 1))
            .values(state=ReportState.SUBMITTED)
        )
    assert of(REPORT_SOON, "thoilai").subject == (
        "[Báo cáo tháng 11] Còn 2 ngày đến hạn nộp – UBND huyện Thới Lai"
    )


def sample_digest() -> Digest:
    """A mail with every kind of line, and words that need escaping."""
    task = Item(
        subject="assignment:17",
        ladder=Ladder.DATED,
        deadline=date(2024, 10, 2),
        agency_id=1,
        agency="Sở NN&PTNT",
        officer_id=None,
        path="III.2.c",
        title="Phối hợp với Đài Phát thanh và Truyền hình <thành phố> xây dựng chuyên mục",
        written="do Văn phòng Điều phối ấn định",
        url="/tasks/13#assignment-17",
        window=3,
    )
    supported = task._replace(
        subject="assignment:18",
        deadline=date(2024, 11, 14),
        url="/tasks/14#assignment-18",
        supporting=True,
        path="III.4.c",
    )
    report = task._replace(
        subject="report:5",
        ladder=Ladder.REPORT,
        deadline=date(2024, 11, 18),
        agency="UBND huyện Thới Lai",
        path="",
        title="Báo cáo tháng 11/2024 – định kỳ tình hình thực hiện",
        written="",
        url="/reports/5",
    )
    return Digest(
        day=REPORT_SOON,
        recipient=Recipient(7, "Đặng Thu Phương", "dieuphoi@example.invalid"),
        lines=(
            Line(task, Section.OVERDUE, 43, ""),
            Line(supported, Section.TODAY, 0, ""),
            Line(report, Section.REPORTS, -2, NO_RECIPIENT),
        ),
        far=10,
        calendar={},
        ladders=RUNGS,
    )


@pytest.mark.parametrize("part", ["text", "html"])
def test_the_letter_looks_as_it_always_did(part: str) -> None:
    suffix = "txt" if part == "text" else part
    golden = (GOLDEN / f"digest.{suffix}").read_text()
    assert getattr(digest_letter(sample_digest()), part) == golden


def test_a_terminal_shows_each_line_with_its_rung() -> None:
    assert sample_digest().listing == [
        "02/10/2024 · quá hạn 43 ngày · III.2.c Phối hợp với Đài Phát thanh và Truyền hình "
        "<thành phố> xây dựng chuyên mục · Sở NN&PTNT [+43 ngày]",
        "14/11/2024 · đến hạn hôm nay · III.4.c Phối hợp với Đài Phát thanh và Truyền hình "
        "<thành phố> xây dựng chuyên mục · phối hợp · Sở NN&PTNT [+0 ngày]",
        "18/11/2024 · còn 4 ngày, 2 ngày làm việc · Báo cáo tháng 11/2024 – định kỳ tình hình "
        "thực hiện · UBND huyện Thới Lai [-2 ngày làm việc]",
    ]


def test_the_letter_needs_no_request(app: Flask) -> None:
    letter = digest_letter(sample_digest())
    assert letter.subject == sample_digest().subject
    assert "\n" not in letter.subject
