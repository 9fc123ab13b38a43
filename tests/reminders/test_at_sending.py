"""A reminder says what is true when it goes out, and nothing goes that is no longer so."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from ntmtasks import worker
from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.mails import Letter
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.outbox.service import REPLACED
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.service import at_sending, sweep
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.mailserver import MailServer, mail_server, send_to
from tests.support.work import of, somebody

THURSDAY, FRIDAY, MONDAY = date(2024, 11, 14), date(2024, 11, 15), date(2024, 11, 18)
pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with mail_server(app) as server:
        yield server


def mail_to(name: str) -> OutboxMail:
    """The newest reminder to a sample address."""
    let_go()
    query = select(OutboxMail).where(OutboxMail.to_address == f"{name}@example.invalid")
    query = query.where(OutboxMail.kind == "reminder").order_by(OutboxMail.id.desc())
    found = db.session.scalars(query.execution_options(populate_existing=True)).first()
    assert found is not None
    return found


def letter_to(name: str) -> Letter:
    verdict = at_sending(mail_to(name))
    assert isinstance(verdict, Letter)
    return verdict


def test_unchanged_it_says_what_it_said() -> None:
    sweep(THURSDAY)
    for name in ("thoilai", "daumoi", "sovhttdl", "dieuphoi", "lanhdao"):
        mail = mail_to(name)
        assert at_sending(mail) == Letter(mail.subject, mail.text, mail.html)


def test_what_is_done_or_handed_over_meanwhile_falls_out_and_a_new_deadline_is_true() -> None:
    sweep(THURSDAY)
    text = letter_to("daumoi").text
    assert all(path in text for path in ("III.1.c", "III.4.a.-1", "III.4.a.-2", "III.4.c"))
    with transaction():
        of("III.1.c", "Sở NN&PTNT").work_state = WorkState.SUBMITTED
        of("III.4.a.-2", "Sở NN&PTNT").officer_id = somebody("chuyenvien").id
        moved = of("III.4.c", "Sở NN&PTNT")
        moved.deadline = THURSDAY + timedelta(days=1)
    letter = letter_to("daumoi")
    assert letter.subject.startswith("[Nhắc việc] 1 quá hạn, 1 sắp đến hạn – Sở NN&PTNT")
    assert "III.1.c" not in letter.text
    assert "III.4.a.-2" not in letter.text
    assert "15/11/2024 · còn 1 ngày" in letter.text


def test_when_nothing_of_what_it_told_is_left_it_does_not_go() -> None:
    sweep(THURSDAY)
    with transaction():
        db.session.execute(update(Assignment).values(work_state=WorkState.SUBMITTED))
    assert isinstance(at_sending(mail_to("thoilai")), Letter)  # its reports are still missing
    assert at_sending(mail_to("sovhttdl")) is False
    with transaction():
        db.session.execute(update(Report).values(state=ReportState.SUBMITTED))
    assert "Báo cáo" not in letter_to("thoilai").text  # its communes are


@pytest.mark.parametrize("column", ["locked_at", "email"])
def test_nobody_gets_a_mail_who_is_locked_or_has_moved_to_another_address(column: str) -> None:
    sweep(THURSDAY)
    values = {"locked_at": clock.now(), "email": "moi@example.invalid"}
    with transaction():
        db.session.execute(
            update(User).where(User.username == "daumoi").values({column: values[column]})
        )
    assert at_sending(mail_to("daumoi")) is False


def test_what_was_never_told_is_told_again(server: MailServer) -> None:
    sweep(THURSDAY)
    with transaction():
        of("III.7.-1", "Sở VHTTDL").work_state = WorkState.SUBMITTED
    jobs.run(clock.now(), worker.STILL_WANTED)
    assert mail_to("sovhttdl").state is MailState.CANCELLED
    with transaction():
        of("III.7.-1", "Sở VHTTDL").work_state = WorkState.RETURNED
    clock.freeze(FRIDAY)
    sweep(FRIDAY)
    assert mail_to("sovhttdl").state is MailState.QUEUED


def test_what_a_failed_mail_did_not_tell_is_told_again() -> None:
    sweep(THURSDAY)
    with transaction():
        db.session.execute(update(OutboxMail).values(state=MailState.SENT))
        mail_to("sovhttdl").state = MailState.FAILED
    clock.freeze(FRIDAY)
    sweep(FRIDAY)
    again = mail_to("sovhttdl")
    assert again.state is MailState.QUEUED
    assert "III.7.-1" in again.text


def test_after_nine_mornings_without_a_server_each_person_gets_one_true_mail(
    server: MailServer,
) -> None:
    days = [date(2024, 12, 16) + timedelta(days=n) for n in range(11)]
    for day in days:
        clock.freeze(day)
        sweep(day)
    jobs.run(clock.now(), worker.STILL_WANTED)
    assert len(server.recipients) == len(set(server.recipients)) > 20
    [mail] = [m for m in server.arrived if m["To"].addresses[0].username == "mau.codo"]
    text = mail.get_body(("plain",)).get_content()
    assert "31/12/2024 · còn 5 ngày" in text  # as of 26/12, whichever morning made it
    assert "18/12/2024 · quá hạn 8 ngày" in text
    states = select(OutboxMail.error).where(OutboxMail.state == MailState.CANCELLED)
    assert set(db.session.scalars(states)) == {REPLACED}
    waiting = select(OutboxMail.id).where(OutboxMail.state == MailState.QUEUED)
    assert db.session.scalars(waiting).all() == []


def test_a_newer_digest_tells_what_the_one_it_replaces_did_not() -> None:
    clock.freeze(date(2024, 11, 29))
    sweep(date(2024, 11, 29))
    before = set(db.session.scalars(select(Reminder.subject).where(Reminder.rung == -30)))
    clock.freeze(date(2024, 12, 2))
    sweep(date(2024, 12, 2))
    mail = mail_to("thoilai")
    assert mail.key.startswith("reminder:2024-12-02")
    taken_over = select(Reminder.subject).where(Reminder.mail_id == mail.id, Reminder.rung == -30)
    assert set(db.session.scalars(taken_over)) <= before
    assert db.session.scalars(taken_over).first() is not None
    assert letter_to("thoilai") == Letter(mail.subject, mail.text, mail.html)


def let_it_lie() -> None:
    """All mails were made two hours ago by the true clock, which is the server's on PostgreSQL."""
    with transaction():
        made_at = clock.real_now() - timedelta(hours=2)
        db.session.execute(update(OutboxMail).values(made_at=made_at))


def at(hour: int, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 0, tzinfo=clock.OFFICE_ZONE)


def test_what_is_left_over_does_not_go_at_night_or_on_a_day_off(app: Flask) -> None:
    clock.freeze(None)
    send_to(app, None)
    with time_machine.travel(at(8, FRIDAY), tick=False):
        sweep(FRIDAY)
        let_it_lie()
        assert isinstance(at_sending(mail_to("daumoi")), Letter)
    with time_machine.travel(at(22, FRIDAY), tick=False):
        let_it_lie()
        assert at_sending(mail_to("daumoi")) == timedelta(days=2, hours=9, minutes=30)
    with time_machine.travel(at(10, MONDAY), tick=False):
        let_it_lie()
        assert "quá hạn 1 ngày" in letter_to("daumoi").text  # was due on Sunday


def test_a_mail_that_somebody_asks_for_goes_at_any_hour(app: Flask) -> None:
    clock.freeze(None)
    with time_machine.travel(at(23, THURSDAY), tick=False):
        sweep(THURSDAY)
        assert isinstance(at_sending(mail_to("daumoi")), Letter)
