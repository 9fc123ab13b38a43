"""The pages on which an administrator keeps the calendar and the settings."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ntmtasks.core import settings
from ntmtasks.core.db import db
from ntmtasks.history.models import HistoryEntry
from ntmtasks.workdays import queries, service
from ntmtasks.workdays.rules import is_working_day
from tests.support.client import Client

ClientOf = Callable[[str], Client]
NUMBERS = {setting.name: setting.default for setting in settings.NUMBERS}


def last_entry(verb: str) -> HistoryEntry:
    """The newest entry of the record with this verb."""
    return db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.verb == verb).order_by(HistoryEntry.id.desc())
    ).first() or HistoryEntry(before={}, after={}, actor_name="")


@pytest.mark.parametrize(
    ("day", "is_working"),
    [
        ("2024-04-29", False),  # exchanged for the Saturday below
        ("2024-05-04", True),
        ("2024-09-03", False),
        ("2024-02-14", False),
        ("2026-08-22", True),
        ("2026-08-31", False),
        ("2026-04-27", False),  # Giỗ Tổ falls on a Sunday
    ],
)
def test_the_library_knows_exchanged_days(day: str, is_working: bool) -> None:
    known = {row.day: row.is_working for row in service.known_days(int(day[:4]))}
    assert known[date.fromisoformat(day)] is is_working


def test_only_days_that_differ_from_their_weekday_are_kept() -> None:
    for row in service.known_days(2024):
        assert row.is_working != is_working_day(row.day, {})


def test_only_who_administers_opens_these_pages(client_of: ClientOf) -> None:
    for address in ("/workdays/", "/settings/"):
        assert client_of("lanhdao").get(address).status_code == 403
        assert client_of("admin").get(address).status_code == 200


def test_a_year_is_filled_once_and_what_was_entered_stays(client_of: ClientOf) -> None:
    client = client_of("admin")
    entered = {"day": "2026-09-02", "kind": "off", "name": "Nghỉ lễ của cơ quan"}
    assert client.post("/workdays/", entered).status_code == 303
    answer = client.post("/workdays/fill", {"year": "2026"})
    assert (answer.status_code, answer.location) == (303, "/workdays/?year=2026")
    first = {row.day: row.name for row in queries.special_days(2026)}
    assert first[date(2026, 9, 2)] == "Nghỉ lễ của cơ quan"
    assert date(2026, 8, 31) in first
    client.post("/workdays/fill", {"year": "2026"})
    assert {row.day: row.name for row in queries.special_days(2026)} == first
    assert client.post("/workdays/fill", {"year": "26"}).status_code == 400


def test_a_day_is_entered_changed_and_removed_with_a_record(client_of: ClientOf) -> None:
    client = client_of("admin")
    saturday = {"day": "2024-11-16", "kind": "working", "name": "Làm bù"}
    answer = client.post("/workdays/", saturday, htmx=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div id="year">')
    assert "16/11/2024" in answer.text
    assert is_working_day(date(2024, 11, 16), queries.calendar())
    other = saturday | {"name": "Làm bù bão"}
    for htmx in (False, True):
        shown = client.post("/workdays/", other, htmx=htmx)
        assert shown.status_code == 409
        assert "Ngày này đã có trong danh sách." in shown.text
        assert re.search(r"Tên</th><td[^>]*>Làm bù</td><td[^>]*>Làm bù bão</td>", shown.text)
        assert last_entry("workday.set").after["Tên"] == "Làm bù"
    seen = re.findall(r'<input name="version" type="hidden" value="(\d+)"', shown.text)[0]
    assert client.post("/workdays/", other | {"version": seen}).status_code == 303
    assert last_entry("workday.set").before["Tên"] == "Làm bù"
    stale = client.post("/workdays/remove", {"day": "2024-11-16", "version": seen})
    assert stale.status_code == 409
    assert "vừa được người khác sửa" in stale.text
    assert client.post("/workdays/remove", {"day": "2024-11-16"}).status_code == 303
    assert not is_working_day(date(2024, 11, 16), queries.calendar())
    assert last_entry("workday.remove").before["Tên"] == "Làm bù bão"
    assert client.post("/workdays/remove", {"day": "x"}).status_code == 400


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"day": "2024-11-31", "kind": "off", "name": "Nghỉ"}, "Hãy nhập một ngày có thật."),
        ({"day": "2024-11-15", "kind": "off", "name": ""}, "Hãy nhập tên ngày này."),
        ({"day": "2024-11-16", "kind": "off", "name": "Nghỉ"}, "vốn đã là ngày nghỉ"),
        ({"day": "2024-11-15", "kind": "working", "name": "Làm"}, "vốn đã là ngày làm việc"),
        ({"day": "1024-11-15", "kind": "off", "name": "Nghỉ"}, "Hãy nhập năm từ 2000"),
        ({"day": "2024-11-15", "kind": "?", "name": "Nghỉ"}, "Hãy chọn một mục"),
    ],
)
def test_a_wrong_day_is_refused_with_a_sentence(
    client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    before = queries.calendar()
    for htmx in (False, True):
        answer = client_of("admin").post("/workdays/", sent, htmx=htmx)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{sent["day"]}"' in answer.text
    assert queries.calendar() == before


def test_the_year_stands_in_the_address(client_of: ClientOf) -> None:
    client = client_of("admin")
    assert "Năm 2024</h2>" in client.get("/workdays/").text
    assert "Năm 2031 chưa có ngày lễ nào" in client.get("/workdays/?year=2031").text
    for nonsense in ("", "abc", "9999", "-1", "²024"):
        assert "Năm 2024</h2>" in client.get("/workdays/", query_string={"year": nonsense}).text


def test_settings_are_stored_and_recorded(client_of: ClientOf) -> None:
    client = client_of("admin")
    answer = client.post("/settings/", NUMBERS | {"cut_off_day": 10, "warning_days": 5})
    assert answer.status_code == 303
    stored = {row.name: row.value for row in db.session.scalars(select(settings.Setting))}
    assert (stored["cut_off_day"], stored["warning_days"]) == ("10", "5")
    assert "agency_due_day" not in stored
    entry = last_entry("setting.change")
    assert entry.before == {"Ngày chốt số liệu": 14, "Báo sắp đến hạn trước (ngày)": 3}
    assert entry.after == {"Ngày chốt số liệu": 10, "Báo sắp đến hạn trước (ngày)": 5}
    assert 'name="cut_off_day" type="number" value="10"' in client.get("/settings/").text


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"cut_off_day": "29"}, "Hãy nhập một số từ 1 đến 28."),
        ({"reminder_hour": "bảy"}, "Hãy nhập một số nguyên."),
        ({"reminder_minute": ""}, "Hãy nhập một số nguyên."),
        ({"cut_off_day": "18"}, "Phải sau “Ngày chốt số liệu” (ngày 18)."),
        ({"agency_due_day": "22"}, "Phải sau “Hạn nộp của huyện, sở, ngành” (ngày 22)."),
    ],
)
def test_wrong_settings_change_nothing(
    client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    before = dict(settings.stored())
    for htmx in (False, True):
        answer = client_of("admin").post("/settings/", NUMBERS | sent, htmx=htmx)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert {row.name: row.value for row in db.session.scalars(select(settings.Setting))} == before


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_settings_that_changed_meanwhile_stand_beside_what_was_typed(
    client_of: ClientOf, htmx: bool
) -> None:
    client, seen = client_of("admin"), service.version_of_numbers().version
    sent = NUMBERS | {"version": seen}
    assert client.post("/settings/", sent | {"warning_days": 5}).status_code == 303
    answer = client.post("/settings/", sent | {"warning_days": 7}, htmx=htmx)
    assert answer.status_code == 409
    row = r"Báo sắp đến hạn trước \(ngày\)</th><td[^>]*>5</td><td[^>]*>7</td>"
    assert re.search(row, answer.text)
    kept = select(settings.Setting.value).where(settings.Setting.name == "warning_days")
    assert db.session.scalar(kept) == "5"
    again = re.findall(r'name="version"[^>]*value="(\d+)"', answer.text)[0]
    sent |= {"version": again, "warning_days": 7}
    assert client.post("/settings/", sent).status_code == 303
    assert db.session.scalar(kept) == "7"
