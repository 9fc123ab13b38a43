"""Machines stop, clocks jump, zones change: still one mail a person and morning, true, and by day."""

import os
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, update

from ntmtasks import worker
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.models import Setting
from ntmtasks.outbox.models import OutboxMail, ServerState
from tests.support.mailserver import MailServer, mail_server, send_to

NOWHERE = "smtp://127.0.0.1:1"
START = (7, 30)


def vietnam(day: date, hour: int, minute: int) -> datetime:
    """A moment on the office's clock."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=clock.OFFICE_ZONE)


@dataclass
class Office:
    """An instance whose clock runs, its worker called at moments of our choice, its mail server."""

    app: Flask
    server: MailServer
    seen: list[tuple[datetime, str, str]] = field(default_factory=list)

    def tick(self, moment: datetime) -> None:
        """One round of the worker at this moment; what arrives meanwhile is noted with it."""
        let_go()
        before = len(self.server.arrived)
        with time_machine.travel(moment, tick=False):
            worker.tick(self.app)
        let_go()
        for mail in self.server.arrived[before:]:
            text = mail.get_body(("plain",)).get_content()
            self.seen.append((moment, mail["To"].addresses[0].addr_spec, text))

    def ticks(self, first: datetime, last: datetime, step: timedelta) -> None:
        """Rounds from `first` to `last`, both inclusive."""
        while first <= last:
            self.tick(first)
            first += step

    def time_passes(self) -> None:
        """What waits is due again; the database's own clock does not move with ours."""
        with transaction():
            past = datetime(2020, 1, 1, tzinfo=clock.UTC)
            db.session.execute(update(OutboxMail).values(next_attempt_at=past))
            db.session.execute(update(ServerState).values(next_try_at=past))

    @property
    def mornings(self) -> Counter[tuple[date, str]]:
        """How many mails each person got on each day of the office."""
        return Counter((clock.local(moment).date(), to) for moment, to, _ in self.seen)

    @property
    def days(self) -> set[date]:
        """The days on which mails came."""
        return {day for day, _ in self.mornings}

    def assert_one_a_person(self, *days: date) -> None:
        """Mails came on these days alone, one a person, between morning and evening."""
        assert self.days == set(days)
        assert max(self.mornings.values()) == 1
        for moment, _, _ in self.seen:
            assert START <= (clock.local(moment).hour, clock.local(moment).minute) < (18, 0)


@pytest.fixture
def office(app: Flask) -> Iterator[Office]:
    """The sample with a running clock and nothing waiting."""
    clock.freeze(None)
    with transaction():
        db.session.execute(delete(Setting).where(Setting.name == settings.SAMPLE_DATE))
    with mail_server(app) as server:
        yield Office(app, server)


MONDAY = date(2024, 11, 18)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.mark.parametrize("back", [(7, 33), (12, 30), (17, 20)])
def test_down_over_the_hour_of_the_morning(office: Office, back: tuple[int, int]) -> None:
    office.tick(vietnam(MONDAY, 7, 28))
    assert not office.seen
    again = vietnam(MONDAY, *back)
    office.ticks(again, again + 20 * MINUTE, 10 * MINUTE)
    office.assert_one_a_person(MONDAY)


def test_down_for_nine_working_days(office: Office) -> None:
    office.tick(vietnam(MONDAY, 7, 31))
    office.seen.clear()
    back = date(2024, 11, 29)
    office.ticks(vietnam(back, 9, 0), vietnam(back, 9, 30), 10 * MINUTE)
    office.assert_one_a_person(back)
    district = next(t for _, to, t in office.seen if to == "thoilai@example.invalid")
    assert "10/11/2024 · quá hạn 19 ngày" in district


def test_the_mail_server_is_down_for_nine_working_days(office: Office) -> None:
    send_to(office.app, NOWHERE)
    days = [date(2024, 11, d) for d in (18, 19, 20, 21, 22, 25, 26, 27, 28)]
    for day in days:
        office.tick(vietnam(day, 7, 31))
        office.time_passes()
    assert not office.seen
    send_to(office.app, office.server.url)
    back = date(2024, 11, 29)
    office.ticks(vietnam(back, 8, 0), vietnam(back, 8, 30), 10 * MINUTE)
    office.assert_one_a_person(back)
    district = next(t for _, to, t in office.seen if to == "thoilai@example.invalid")
    assert "10/11/2024 · quá hạn 19 ngày" in district


def test_started_at_night_it_waits_for_the_working_morning(office: Office) -> None:
    friday = date(2024, 11, 15)
    office.ticks(vietnam(friday, 22, 50), vietnam(friday, 23, 50), 20 * MINUTE)
    office.ticks(vietnam(date(2024, 11, 16), 0, 10), vietnam(MONDAY, 7, 20), 6 * HOUR)
    assert not office.seen, "neither at night nor on a Saturday"
    office.time_passes()
    office.tick(vietnam(MONDAY, 7, 30))
    office.assert_one_a_person(MONDAY)


def test_a_clock_that_jumps_ahead_and_back(office: Office) -> None:
    office.tick(vietnam(MONDAY, 7, 31))
    office.tick(vietnam(MONDAY, 10, 31))  # +3 h
    office.tick(vietnam(MONDAY, 9, 31))  # −1 h
    office.tick(vietnam(MONDAY, 6, 31))
    office.ticks(vietnam(MONDAY, 7, 25), vietnam(MONDAY, 7, 40), 5 * MINUTE)
    office.assert_one_a_person(MONDAY)


def test_a_clock_that_jumps_a_day_ahead_and_back(office: Office) -> None:
    tuesday = MONDAY + timedelta(days=1)
    office.tick(vietnam(tuesday, 8, 0))
    first = office.mornings
    office.tick(vietnam(MONDAY, 8, 10))
    office.tick(vietnam(tuesday, 8, 20))
    assert max(office.mornings.values()) == 1
    assert set(first) <= set(office.mornings)


def test_nodes_ninety_seconds_apart(office: Office) -> None:
    for step in range(8):
        moment = vietnam(MONDAY, 7, 27) + step * MINUTE
        office.tick(moment)
        office.tick(moment + timedelta(seconds=90))
    office.assert_one_a_person(MONDAY)


def test_the_29th_of_february(office: Office) -> None:
    leap = date(2028, 2, 29)
    office.tick(vietnam(leap, 7, 31))
    office.tick(vietnam(leap, 7, 41))
    office.assert_one_a_person(leap)
    march = date(2028, 3, 1)
    office.tick(vietnam(march, 7, 31))
    assert max(office.mornings.values()) == 1


def test_half_past_midnight_at_the_end_of_a_month(office: Office) -> None:
    """In UTC it still is the day before, and the month."""
    monday = date(2024, 12, 2)
    office.tick(vietnam(monday, 0, 30))
    assert not office.seen
    office.tick(vietnam(monday, 7, 31))
    office.assert_one_a_person(monday)
    first = vietnam(date(2024, 10, 1), 0, 30)
    assert first.astimezone(clock.UTC).month == 9
    office.tick(first)
    assert office.days == {monday}


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A host whose zone has summer time."""
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    yield
    monkeypatch.delenv("TZ")
    time.tzset()
    assert "TZ" not in os.environ


@pytest.mark.usefixtures("new_york")
def test_a_host_in_a_zone_whose_clock_goes_back(office: Office) -> None:
    """New York leaves summer time on Sunday, 03/11/2024, 13:00 in Vietnam."""
    office.ticks(
        vietnam(date(2024, 11, 3), 10, 0), vietnam(date(2024, 11, 5), 6, 0), timedelta(minutes=30)
    )
    office.assert_one_a_person(date(2024, 11, 4))
