"""Each person's hour: no digest before it, none in the evening, and the sweep begins with the earliest."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, update

from ntmtasks import worker
from ntmtasks.accounts.models import User
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.history import queries as history
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.reminders.service import start_of_sweep
from tests.support.client import Client
from tests.support.mailserver import mail_server
from tests.support.work import somebody

MORNING = date(2024, 12, 24)
ClientOf = Callable[[str], Client]


def wants(username: str, hour: time | None) -> None:
    with transaction():
        db.session.execute(update(User).where(User.username == username).values(reminder_at=hour))


@pytest.fixture
def morning(app: Flask) -> None:
    with transaction():
        settings.store(settings.SAMPLE_DATE, MORNING.isoformat())


def tick_at(app: Flask, hour: int, minute: int) -> None:
    """A tick of the worker at an hour; every waiting mail is asked about again."""
    with transaction():
        due = clock.real_now() - timedelta(days=999)
        db.session.execute(update(OutboxMail).values(next_attempt_at=due))
    let_go()
    moment = datetime(2030, 1, 8, hour, minute, tzinfo=clock.OFFICE_ZONE)
    with time_machine.travel(moment, tick=False):
        worker.tick(app)
    let_go()


def state_of(name: str) -> MailState | None:
    query = select(OutboxMail.state).where(
        OutboxMail.kind == "reminder", OutboxMail.to_address == f"{name}@example.invalid"
    )
    return db.session.scalar(query.order_by(OutboxMail.id.desc()).limit(1))


def test_a_digest_waits_for_the_hour_of_its_reader(app: Flask, morning: None) -> None:
    wants("daumoi", time(9, 30))
    with mail_server(app) as server:
        tick_at(app, 7, 30)
        assert "daumoi@example.invalid" not in server.recipients
        assert "thoilai@example.invalid" in server.recipients
        assert state_of("daumoi") is MailState.QUEUED
        tick_at(app, 9, 29)
        assert "daumoi@example.invalid" not in server.recipients
        tick_at(app, 9, 30)
        assert server.recipients.count("daumoi@example.invalid") == 1


def test_an_earlier_hour_than_the_office_s_is_kept_too(app: Flask, morning: None) -> None:
    wants("daumoi", time(5, 0))
    assert start_of_sweep() == time(5, 0)
    with mail_server(app) as server:
        tick_at(app, 5, 0)
        assert server.recipients == ["daumoi@example.invalid"]
        tick_at(app, 7, 30)
        assert "thoilai@example.invalid" in server.recipients
        assert server.recipients.count("daumoi@example.invalid") == 1


def test_no_digest_goes_out_after_six_in_the_evening(app: Flask, morning: None) -> None:
    wants("daumoi", time(17, 0))
    with mail_server(app) as server:
        tick_at(app, 7, 30)
        tick_at(app, 18, 0)
        assert "daumoi@example.invalid" not in server.recipients
        assert state_of("daumoi") is MailState.QUEUED


def test_the_hour_is_set_beside_the_password(client_of: ClientOf) -> None:
    client = client_of("daumoi")
    assert "Giờ chung của cơ quan (07:30)" in client.get("/password").text
    assert client.post("/password/reminder-hour", {"at": "06:30"}).status_code == 303
    assert somebody("daumoi").reminder_at == time(6, 30)
    assert '<option selected value="06:30">' in client.get("/password").text
    [entry, *_] = history.of("user", somebody("daumoi").id)
    assert (entry.verb, entry.after) == ("user.hour", {"Giờ nhận thư nhắc việc": "06:30"})
    for odd in ("06:15", "17:30", "nửa đêm"):
        answer = client.post("/password/reminder-hour", {"at": odd})
        assert (answer.status_code, "Hãy chọn một mục" in answer.text) == (422, True)
    assert client.post("/password/reminder-hour", {"at": ""}).status_code == 303
    assert somebody("daumoi").reminder_at is None
