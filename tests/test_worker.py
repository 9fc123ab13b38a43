"""The worker does what is due, once, and one failing step keeps back no other."""

import threading
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select, update

from ntmtasks import worker
from ntmtasks.accounts.models import User
from ntmtasks.core import clock, health, settings, slots
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.models import JobSlot
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.reminders import service as reminders
from ntmtasks.reminders.queries.digests import Digest
from ntmtasks.reminders.rules import Ladders
from tests.support.client import Client
from tests.support.mailserver import mail_server

FRIDAY, SATURDAY = date(2024, 11, 15), date(2024, 11, 16)
QUARTER_FOUR_REMINDER = date(2024, 12, 24)


@pytest.fixture
def swept(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[date]:
    """The mornings that were planned, without any mail; today is Friday, nobody was reminded yet."""
    let_it_be(FRIDAY)
    days: list[date] = []

    def plan(day: date, _ladders: Ladders) -> list[Digest]:
        days.append(day)
        return []

    monkeypatch.setattr(reminders, "plan_day", plan)
    return days


def let_it_be(day: date) -> None:
    with transaction():
        settings.store(settings.SAMPLE_DATE, day.isoformat())


def tick_at(app: Flask, hour: int, minute: int) -> None:
    let_go()
    moment = datetime(2030, 1, 8, hour, minute, tzinfo=clock.OFFICE_ZONE)
    with time_machine.travel(moment, tick=False):
        worker.tick(app)


def test_the_reminders_run_once_on_a_working_day_from_half_past_seven(
    app: Flask, swept: list[date]
) -> None:
    tick_at(app, 7, 29)
    assert swept == []
    tick_at(app, 7, 30)
    tick_at(app, 7, 31)
    assert swept == [FRIDAY]


def test_a_machine_that_was_off_in_the_morning_catches_up(app: Flask, swept: list[date]) -> None:
    tick_at(app, 16, 0)
    assert len(swept) == 1


def test_nobody_is_reminded_on_a_day_off(app: Flask, swept: list[date]) -> None:
    let_it_be(SATURDAY)
    tick_at(app, 9, 0)
    assert swept == []


def test_the_hour_is_a_setting(app: Flask, swept: list[date]) -> None:
    with transaction():
        settings.store(settings.REMINDER_HOUR.name, "9")
    tick_at(app, 9, 29)
    assert swept == []
    tick_at(app, 9, 30)
    assert len(swept) == 1


def test_a_failing_sweep_keeps_back_no_mail_and_is_tried_again(
    app: Flask, swept: list[date], monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = reminders.plan_day

    def fail(_day: date, _ladders: Ladders) -> list[Digest]:
        raise RuntimeError("the sweep")

    monkeypatch.setattr(reminders, "plan_day", fail)
    mail = outbox.post("k", "other", "an@example.invalid", "Ân", "Thư", "Chữ", "<p>Chữ</p>")
    assert mail is not None
    with mail_server(app) as server:
        tick_at(app, 9, 0)
        assert server.recipients == ["an@example.invalid"]
    monkeypatch.setattr(reminders, "plan_day", plan)
    tick_at(app, 9, 1)
    assert len(swept) == 1


def test_a_step_that_goes_on_failing_is_told_until_it_works(
    app: Flask,
    outsider: Client,
    client_of: Callable[[str], Client],
    swept: list[date],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("the notices")

    monkeypatch.setattr(worker.outbox, "join_notices", fail)
    worker.tick(app)
    assert outsider.get("/readyz").status_code == 200, "once may be bad luck"
    with transaction():
        for minute in range(3):
            slots.claim(health.FAILED, f"{minute} join_notices")
        db.session.execute(
            update(JobSlot)
            .where(JobSlot.job == health.FAILED)
            .values(claimed_at=clock.real_now() - timedelta(minutes=5))
        )
    assert outsider.get("/readyz").status_code == 200, "it does no longer"
    with transaction():
        slots.claim(health.FAILED, "4 join_notices")
    assert outsider.get("/readyz").json["problems"] == ["worker: join_notices"]
    assert "gộp thông báo" in client_of("dieuphoi").get("/outbox/alarm", htmx=True).text


def test_two_workers_remind_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    let_it_be(FRIDAY)
    let_go()
    made: list[int] = []
    run = worker.reminder_jobs.run
    monkeypatch.setattr(worker.reminder_jobs, "run", lambda now: made.append(run(now)))
    moment = datetime(2030, 1, 8, 9, 0, tzinfo=clock.OFFICE_ZONE)
    with time_machine.travel(moment):
        threads = [threading.Thread(target=worker.tick, args=[app]) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert min(made) == 0 < max(made)
    slot = select(func.count()).where(JobSlot.job == slots.REMINDERS)
    assert db.session.scalar(slot.where(JobSlot.slot == FRIDAY.isoformat())) == 1


def test_the_sweep_of_a_tick_leaves_one_mail_a_person(app: Flask) -> None:
    let_it_be(QUARTER_FOUR_REMINDER)
    tick_at(app, 9, 0)
    let_go()
    made = select(OutboxMail.to_address).where(OutboxMail.state == MailState.QUEUED)
    addresses = db.session.scalars(made).all()
    assert addresses
    assert len(addresses) == len(set(addresses))
    tick_at(app, 9, 1)
    let_go()
    assert db.session.scalars(made).all() == addresses


def test_a_locked_person_gets_no_waiting_mail(app: Flask, swept: list[date]) -> None:
    with transaction():
        user = db.session.scalars(select(User).where(User.username == "chuyenvien")).one()
        user.locked_at = clock.real_now()
    for kind in ("notices", "password_reset", "reminder"):
        outbox.post(kind, kind, user.email, user.name, "Thư", "Chữ", "<p>Chữ</p>", user.id)
    with mail_server(app) as server:
        tick_at(app, 9, 0)
        assert not server.arrived
    let_go()
    states = select(OutboxMail.state).where(
        OutboxMail.key.in_(["notices", "password_reset", "reminder"])
    )
    assert db.session.scalars(states).all() == [MailState.CANCELLED] * 3


def test_a_tick_is_a_sign_of_life(app: Flask, outsider: Client, swept: list[date]) -> None:
    with transaction():
        slots.claim(health.TICK, "long ago")
        long_ago = clock.real_now() - timedelta(hours=2)
        db.session.execute(update(JobSlot).values(claimed_at=long_ago))
    assert outsider.get("/readyz").status_code == 503
    worker.tick(app)
    worker.tick(app)
    assert outsider.get("/readyz").status_code == 200
    let_go()
    kept = db.session.scalars(select(JobSlot.slot).where(JobSlot.job == health.TICK)).all()
    assert "long ago" not in kept
    assert 1 <= len(kept) <= 2, "one a minute"


def test_a_slot_belongs_to_the_first(app: Flask) -> None:
    assert slots.claim("job", "monday")
    assert not slots.claim("job", "monday")
    assert slots.claim("job", "tuesday")


def test_a_slot_is_free_again_when_its_work_fails(app: Flask) -> None:
    def work() -> None:
        with transaction():
            assert slots.claim("job", "monday")
            raise RuntimeError("the work")

    with pytest.raises(RuntimeError):
        work()
    assert slots.claim("job", "monday")


def test_a_started_worker_ticks_at_once(app: Flask, swept: list[date]) -> None:
    ticks = select(func.count()).where(JobSlot.job == health.TICK)
    let_go()
    scheduler = worker.start(app)
    try:
        deadline = time.monotonic() + 10
        while not db.session.scalar(ticks) and time.monotonic() < deadline:
            let_go()
            time.sleep(0.05)
        let_go()
        assert db.session.scalar(ticks) == 1
    finally:
        scheduler.shutdown()


def test_a_tick_waits_for_the_one_before(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the first one, at the start, would run beside the next of the clock."""
    under_way: list[int] = []
    at_once: list[int] = []
    done = threading.Event()

    def slow(_app: Flask) -> None:
        under_way.append(1)
        at_once.append(len(under_way))
        time.sleep(0.2)
        under_way.pop()
        if len(at_once) >= 4:
            done.set()

    monkeypatch.setattr(worker, "tick", slow)
    monkeypatch.setattr(worker, "WAKE_SECONDS", 0.1)
    scheduler = worker.start(app)
    try:
        assert done.wait(10)
    finally:
        scheduler.shutdown()
    assert set(at_once) == {1}
