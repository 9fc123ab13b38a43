"""Calendars that programs subscribe to, read back by a parser that is not ours to bend."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from unittest.mock import ANY

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.agencies.queries import by_short_name
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.oversight.queries.calendar import entries, whose_own
from ntmtasks.oversight.rules.calendar import Entry, hours_in, written
from ntmtasks.oversight.rules.keys import MOST_GUESSES
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, Phase, TaskKind, WorkState
from ntmtasks.tasks.service.changes import change_agency, change_deadline, hand_to
from ntmtasks.tasks.service.phases import change_phase
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody

Statements = Callable[[], AbstractContextManager[list[str]]]
NOW = datetime(2024, 11, 14, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("trong Bản tin thời sự lúc 18 giờ 30 phút - 19 giờ 00 phút thứ hai", ("18:30", "19:00")),
        ("từ 7h đến 8h15", ("07:00", "08:15")),
        ("lúc 18:30–19:00, phát lại 18:30–19:00", ("18:30", "19:00")),
        ("lúc 18:30–19:00, phát lại 6:30-7:00", None),
        ("từ 19 giờ đến 18 giờ", None),
        ("lúc 25 giờ - 26 giờ", None),
        ("trong năm 2024 - 2025", None),
    ],
)
def test_hours_are_taken_only_where_a_text_says_them(
    text: str, hours: tuple[str, str] | None
) -> None:
    expected = tuple(time.fromisoformat(each) for each in hours) if hours else None
    assert hours_in(text) == expected


def test_a_title_with_signs_of_the_format_comes_back_as_it_was() -> None:
    title = "Hạn: mục III; “a, b\\c”\nBEGIN:VEVENT " + "dài " * 40
    entry = Entry("assignment-1", 3, NOW, date(2024, 12, 31), title, title, "/tasks/1")
    file = written("Việc, của tôi", [entry], "https://ntm.example.vn", "ntm.example.vn")
    assert all(len(line) <= 75 for line in file.split(b"\r\n"))
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert str(event["summary"]) == title
    assert event["uid"] == "assignment-1@ntm.example.vn"
    assert event["url"] == "https://ntm.example.vn/tasks/1"
    assert (event["dtstart"].dt, event["dtend"].dt) == (date(2024, 12, 31), date(2025, 1, 1))


def address_of(client: Client, whose: str = "me") -> str:
    """Make the address of a calendar, as its path."""
    page = client.post("/calendar/", {"whose": whose}).text
    found = re.search(r'value="http://127\.0\.0\.1:8000(/calendar/[\w-]+\.ics)"', page)
    assert found
    assert found[1] not in client.get("/calendar/").text
    return found[1]


def events(client: Client, address: str) -> dict[str, Any]:
    """The events of a calendar by uid."""
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {str(e["uid"]).split("@")[0]: e for e in Calendar.from_ical(answer.data).walk("VEVENT")}


def test_an_officer_sees_own_days_and_hears_of_each_change(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    coordinator = somebody("dieuphoi")
    moved, given, paused, handed = db.session.scalars(
        select(Assignment)
        .join(Assignment.task)
        .where(
            Assignment.agency_id == somebody("chuyenvien").agency_id,
            Assignment.role == AssignmentRole.LEAD,
            Assignment.work_state == WorkState.ASSIGNED,
            Assignment.officer_id.is_(None),
            Task.kind == TaskKind.CONCRETE,
            Task.mode == Mode.JOINT,
        )
        .order_by(Assignment.id)
        .limit(4)
    )
    address = address_of(client_of("chuyenvien"))
    before = events(outsider, address)
    owed = db.session.scalars(
        select(Report).where(
            Report.agency_id == moved.agency_id, Report.state == ReportState.MISSING
        )
    ).first()
    assert owed is not None
    assert before[f"report-{owed.id}"]["dtstart"].dt == owed.due_on
    for each in (moved, given, paused, handed):
        assert before[f"assignment-{each.id}"]["dtstart"].dt == each.deadline
        assert before[f"assignment-{each.id}"]["status"] == "CONFIRMED"
    change_deadline(coordinator, moved, date(2025, 1, 20), "Mưa")
    change_agency(coordinator, given, by_short_name()["UBND huyện Thới Lai"])
    change_phase(coordinator, paused.task, Phase.CANCELLED, "Trùng")
    hand_to(coordinator, handed, somebody("daumoi"))
    after = events(outsider, address)
    assert after[f"assignment-{moved.id}"]["dtstart"].dt == date(2025, 1, 20)
    for each in (given, paused, handed):
        assert after[f"assignment-{each.id}"]["status"] == "CANCELLED"
    for each in (moved, given, paused, handed):
        uid = f"assignment-{each.id}"
        assert after[uid]["sequence"] > before[uid]["sequence"]


def test_a_report_that_is_shut_is_cancelled_and_may_come_back(app: Flask) -> None:
    district = somebody("thoilai")
    first, *_, last = db.session.scalars(
        select(Report)
        .where(Report.agency_id == district.agency_id, Report.due_on < clock.today())
        .order_by(Report.due_on)
    )
    assert first.requirement is last.requirement
    found: list[Entry] = []

    def now(report: Report) -> Entry | None:
        shown = entries(whose_own(district), clock.today())
        return next((e for e in shown if e.path == f"/reports/{report.id}"), None)

    def look(is_cancelled: bool) -> None:
        entry = now(last)
        assert entry is not None
        assert entry.is_cancelled is is_cancelled
        assert all(entry.sequence > before.sequence for before in found)
        found.append(entry)

    with transaction():
        first.state = last.state = ReportState.MISSING
        first.due_on, last.due_on = (clock.today() - timedelta(days=n) for n in (100, 20))
    look(is_cancelled=False)
    for days, is_shut in ((10, True), (30, False), (15, True), (0, False)):
        with transaction():
            settings.store(settings.REPORT_LOCK_DAYS.name, str(days))
        look(is_cancelled=is_shut)
    for own, is_shut in ((10, True), (30, False)):
        with transaction():
            last.requirement.lock_days = own
        look(is_cancelled=is_shut)
    assert now(first) is None, "shut 70 days ago"
    with transaction():
        last.requirement.lock_days = 50
    shut = now(first)
    assert shut is not None, "50 days ago"
    assert shut.is_cancelled
    with transaction():
        first.state, first.submitted_at = ReportState.SUBMITTED, clock.now()
        last.requirement.lock_days = 30
    assert now(first) == replace(shut, sequence=ANY, changed_at=ANY), "sent today"


def test_an_agency_has_its_mondays_on_the_air_and_nobody_by_name(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    task = of("III.2.c", "Sở TT&TT").task
    slot = db.session.scalars(
        select(Occurrence).where(Occurrence.task_id == task.id, Occurrence.day > NOW.date())
    ).first()
    assert slot is not None
    address = address_of(client_of("mau.tttt"), "agency")
    event = events(outsider, address)[f"slot-{slot.id}"]
    assert event["dtstart"].dt == datetime.combine(slot.day, time(11, 30), UTC)
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=30)
    data = {"to": (slot.day + timedelta(days=1)).isoformat(), "reason": "Nghỉ lễ"}
    moving = client_of("mau.tttt").post(f"/occurrences/{slot.id}/move", data)
    assert moving.status_code == 303
    later = events(outsider, address)[f"slot-{slot.id}"]
    assert later["dtstart"].dt == event["dtstart"].dt + timedelta(days=1)
    assert later["sequence"] > event["sequence"]
    told = outsider.get(address).text
    assert not [name for name in db.session.scalars(select(User.name)) if name in told]


def test_an_address_works_until_it_is_renewed_or_revoked(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    officer = client_of("chuyenvien")
    assert officer.post("/calendar/", {"whose": "agency"}).status_code == 403
    first = address_of(officer)
    answer = outsider.get(first)
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    again = outsider.get(first, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    second = address_of(officer)
    assert outsider.get(first).status_code == 404
    assert outsider.get(second).status_code == 200
    assert "chương trình lịch lấy lần cuối" in officer.get("/calendar/").text
    assert officer.post("/calendar/revoke", {"whose": "me"}, htmx=True).status_code == 200
    refusal = outsider.get(second)
    assert refusal.status_code == 404
    assert refusal.text == outsider.get("/calendar/unknown.ics").text
    for _ in range(MOST_GUESSES):
        outsider.get("/calendar/unknown.ics")
    assert outsider.get("/calendar/unknown.ics").status_code == 429
    assert outsider.get(address_of(officer)).status_code == 200


def test_a_calendar_takes_as_many_queries_whatever_is_in_it(
    app: Flask, client_of: ClientOf, outsider: Client, statements: Statements
) -> None:
    numbers = []
    for name in ("thoilai", "dieuphoi"):
        address = address_of(client_of(name), "agency")
        outsider.get(address)
        with statements() as seen:
            assert len(events(outsider, address)) > 5
        numbers.append(len(seen))
    assert len(set(numbers)) == 1, numbers
    assert numbers[0] <= 10
