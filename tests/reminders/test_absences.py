"""Whoever is away is spared, and nothing that would have come to them is lost."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import addresses, recipient_book
from ntmtasks.accounts.rules import Role
from ntmtasks.accounts.service import add_user
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.service import post
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.reminders.service import at_sending, sweep
from ntmtasks.tasks.service.telling import tell_office
from tests.support.client import Client
from tests.support.work import somebody

ClientOf = Callable[[str], Client]
TODAY, LAST = date(2024, 11, 14), date(2024, 11, 22)
MONDAY_AFTER = date(2024, 11, 25)
pytestmark = pytest.mark.usefixtures("app")


def away(username: str, deputy: str | None = None, first: date = TODAY, last: date = LAST) -> User:
    """Let a person of the sample be away."""
    person = somebody(username)
    with transaction():
        person.away_from, person.away_until = first, last
        person.deputy_id = somebody(deputy).id if deputy else None
    return person


def recipients(day: date = TODAY) -> dict[str, set[str]]:
    """Who gets a digest, with what its lines remark."""
    return {d.recipient.address: {line.note for line in d.lines} for d in plan_day(day)}


def test_the_deputy_gets_the_mail_with_a_note_of_whose_it_is() -> None:
    assert "daumoi@example.invalid" in recipients()
    person = away("daumoi", "chuyenvien")
    found = recipients()
    assert "daumoi@example.invalid" not in found
    note = f"thay {person.name} (nghỉ đến 22/11/2024)"
    assert note in found["chuyenvien@example.invalid"]
    sweep(TODAY)
    mail = db.session.scalar(
        select(OutboxMail)
        .where(OutboxMail.to_address == "chuyenvien@example.invalid")
        .order_by(OutboxMail.id.desc())
        .limit(1)
    )
    assert mail is not None
    assert note in mail.text
    verdict = at_sending(mail)
    assert not isinstance(verdict, bool | timedelta)
    assert verdict.text == mail.text


def test_nobody_is_away_before_the_first_day_or_after_the_last() -> None:
    away("daumoi", "chuyenvien", TODAY + timedelta(days=1), LAST)
    assert "daumoi@example.invalid" in recipients(TODAY)
    book = recipient_book(LAST)
    home = somebody("daumoi").agency_id
    assert [r.address for r in book.focal_points[home]] == ["chuyenvien@example.invalid"]
    assert recipient_book(MONDAY_AFTER).focal_points[home][0].address == "daumoi@example.invalid"


def test_without_a_deputy_the_focal_points_get_it() -> None:
    person, home = away("chuyenvien"), somebody("chuyenvien").agency_id
    [instead] = recipient_book().of(home, person.id)
    assert instead.address == "daumoi@example.invalid"
    assert instead.stands_for == f"thay {person.name} (nghỉ đến 22/11/2024)"


@pytest.mark.parametrize("deputy", ["locked", "away", None])
def test_where_nobody_could_read_it_it_still_comes_to_the_person(deputy: str | None) -> None:
    """The only focal point names nobody, or somebody who is not there."""
    person = away("daumoi", "chuyenvien" if deputy else None)
    if deputy == "locked":
        with transaction():
            somebody("chuyenvien").locked_at = somebody("chuyenvien").created_at
    if deputy == "away":
        away("chuyenvien", "daumoi")
    [reader] = recipient_book().of(person.agency_id, None)
    assert (reader.address, reader.stands_for) == ("daumoi@example.invalid", "")
    assert person.id in addresses([person.id])


def test_two_in_one_are_told_once() -> None:
    """A focal point who is also the deputy of the other one."""
    home = somebody("daumoi").agency
    second, _ = add_user(
        None, "haimoi", "Hai Mối", Role.FOCAL_POINT, home, email="haimoi@example.invalid"
    )
    away("daumoi", "haimoi")
    [reader] = recipient_book().of(home.id, None)
    assert (reader.user_id, reader.stands_for) == (second.id, "")


def test_the_leader_of_the_city_has_the_deputy_told_what_waits() -> None:
    leader = somebody("lanhdao")
    add_user(None, "phogd", "Phó", Role.OFFICER, leader.agency, email="pho@example.invalid")
    assert "lanhdao@example.invalid" in recipients()
    away("lanhdao", "phogd")
    found = recipients()
    assert "lanhdao@example.invalid" not in found
    assert any("thay " in note for note in found["pho@example.invalid"])


def test_news_ring_both_bells_and_the_mail_goes_to_the_deputy() -> None:
    person, deputy = away("daumoi", "chuyenvien"), somebody("chuyenvien")
    tell_office(person.agency_id, None, "urging", "Đôn đốc", "Đề nghị báo cáo.", "/my-work/")
    told = set(db.session.scalars(select(Notice.user_id).where(Notice.line == "Đề nghị báo cáo.")))
    assert told == {person.id, deputy.id}
    assert set(addresses([person.id, deputy.id])) == {deputy.id}


def test_an_absence_is_set_shown_and_ended_on_record(client_of: ClientOf) -> None:
    person, deputy = somebody("daumoi"), somebody("chuyenvien")
    address, client = f"/people/{person.id}/absence", client_of("daumoi")
    sent = {"first": "2024-11-18", "until": "2024-11-22", "deputy": deputy.id}
    assert client.post(address, sent).status_code == 303
    page = client.get(address).text
    assert f"từ 18/11/2024 đến hết 22/11/2024 · thư đến {deputy.name}" in page
    assert "Bạn nghỉ từ 18/11/2024 đến hết 22/11/2024" in client.get("/password").text
    listed = client_of("dieuphoi").get("/reminders/absences").text
    assert "18/11/2024 – 22/11/2024" in listed
    assert deputy.name in listed
    assert "Nghỉ từ 18/11/2024" in client_of("admin").get(f"/people/{person.id}").text
    notices = db.session.scalars(select(Notice.line).where(Notice.user_id == deputy.id))
    assert any(f"thay {person.name}" in line for line in notices)
    assert client.post(f"{address}/end").status_code == 303
    assert somebody("daumoi").away_until is None
    verbs = [entry.verb for entry in history.of("user", person.id)]
    assert verbs[:2] == ["user.back", "user.away"]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"first": "2024-11-22", "until": "2024-11-18"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"first": "2024-11-01", "until": "2024-11-13"}, "Kỳ nghỉ này đã qua."),
        ({"first": "", "until": "2024-11-18"}, "Hãy nhập một ngày có thật."),
        ({"first": "2024-11-18", "until": "2024-11-18", "deputy": "999999"}, "Hãy chọn một mục"),
    ],
)
def test_days_that_cannot_be_get_a_sentence(
    client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    address = f"/people/{somebody('daumoi').id}/absence"
    answer = client_of("dieuphoi").post(address, {"deputy": "0", **sent})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'value="{sent["until"]}"' in answer.text
    assert somebody("daumoi").away_until is None


def test_a_stale_form_shows_both_and_changes_nothing(client_of: ClientOf) -> None:
    person = somebody("daumoi")
    address, seen = f"/people/{person.id}/absence", person.version
    first = {"first": "2024-11-18", "until": "2024-11-20", "deputy": 0, "version": seen}
    assert client_of("daumoi").post(address, first).status_code == 303
    answer = client_of("dieuphoi").post(address, {**first, "until": "2024-11-29"})
    assert answer.status_code == 409
    assert "Bản đang lưu: nghỉ từ 18/11/2024 đến hết 20/11/2024" in answer.text
    assert 'value="2024-11-29"' in answer.text
    assert somebody("daumoi").away_until == date(2024, 11, 20)


def test_the_coordinator_finds_whom_to_excuse(client_of: ClientOf) -> None:
    person = somebody("daumoi")
    client = client_of("dieuphoi")
    page = client.get("/reminders/absences", query_string={"q": person.name}).text
    assert f'href="/people/{person.id}/absence"' in page
    assert "Không tìm thấy ai." in client.get("/reminders/absences?q=xyzxyz").text


def test_the_leader_of_an_agency_excuses_its_people_alone(app: Flask, client_of: ClientOf) -> None:
    home = somebody("daumoi").agency
    add_user(None, "giamdoc", "Giám Đốc", Role.AGENCY_LEADER, home, password="mat-khau-dai")
    client = client_of("giamdoc")
    assert client.get(f"/people/{somebody('daumoi').id}/absence").status_code == 200
    assert client.get(f"/people/{somebody('vhttdl').id}/absence").status_code == 404
    assert (
        client_of("chuyenvien").get(f"/people/{somebody('daumoi').id}/absence").status_code == 403
    )


def test_a_guest_letter_of_another_kind_is_not_held_back() -> None:
    """Who is away reads the own password mail all the same."""
    person = away("daumoi", "chuyenvien")
    made = post("p", "password_reset", person.email, person.name, "Thư", "x", "x", person.id)
    assert made is not None
    assert made.to_address == person.email
