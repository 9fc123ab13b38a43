"""Saved filters: tabs above the board that an agency shares."""

from collections.abc import Callable

from flask import Flask

from ntmtasks.core.db import db
from ntmtasks.desk.models import SavedFilter
from ntmtasks.desk.service.filters import MOST, save_filter
from ntmtasks.tasks.rules import BoardFilter
from tests.support.client import Client
from tests.support.work import somebody

ClientOf = Callable[[str], Client]
LATE = {"address": "deadline=overdue&page=3&nonsense=1", "name": "Việc quá hạn"}


def tabs(page: str) -> str:
    """The part of a page that shows the filters."""
    return page.split('<nav id="filters"')[1].split("</nav>")[0]


def test_a_filter_becomes_a_tab_for_everybody_of_the_agency(
    app: Flask, client_of: ClientOf
) -> None:
    for _ in range(2):  # a double click saves once
        answer = client_of("chuyenvien").post("/tasks/filters", LATE | {"form_token": "once"})
        assert (answer.status_code, answer.location) == (303, "/tasks/?deadline=overdue&page=3")
    found = tabs(client_of("daumoi").get("/tasks/?deadline=overdue").text)
    assert '<a href="/tasks/?deadline=overdue" aria-current="page">Việc quá hạn</a>' in found
    assert "Lưu bộ lọc này" not in found  # it is one already
    assert "Việc quá hạn" not in tabs(client_of("vhttdl").get("/tasks/").text)


def test_the_form_on_the_board_carries_what_the_board_shows(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("chuyenvien").get("/tasks/?section=IV&page=2").text
    assert '<input type="hidden" name="address" value="section=IV">' in tabs(page)
    assert 'name="address"' not in tabs(client_of("chuyenvien").get("/tasks/").text)


def test_htmx_gets_the_tabs(app: Flask, client_of: ClientOf) -> None:
    answer = client_of("chuyenvien").post("/tasks/filters", LATE, htmx=True)
    assert "Việc quá hạn" in tabs(answer.text)


def test_a_name_is_wanted_and_must_be_new(app: Flask, client_of: ClientOf) -> None:
    client = client_of("chuyenvien")
    answer = client.post("/tasks/filters", LATE | {"name": " "})
    assert answer.status_code == 422
    assert "Hãy đặt tên cho bộ lọc." in tabs(answer.text)
    client.post("/tasks/filters", LATE)
    again = client.post("/tasks/filters", LATE | {"address": "section=IV"})
    assert again.status_code == 409
    assert "đã có bộ lọc tên này" in tabs(again.text)
    assert 'value="Việc quá hạn"' in tabs(again.text)
    nothing = client.post("/tasks/filters", {"name": "Mọi việc", "address": ""})
    assert nothing.status_code == 422
    assert "Hãy lọc danh sách trước" in tabs(nothing.text)


def test_an_agency_has_no_more_tabs_than_fit(app: Flask, client_of: ClientOf) -> None:
    officer = somebody("chuyenvien")
    for number in range(MOST):
        save_filter(officer, f"Bộ lọc {number}", BoardFilter(q=str(number)))
    answer = client_of("chuyenvien").post("/tasks/filters", LATE)
    assert answer.status_code == 409
    assert f"đã có {MOST} bộ lọc" in tabs(answer.text)


def test_whoever_made_it_or_speaks_for_the_agency_removes_a_filter(
    app: Flask, client_of: ClientOf
) -> None:
    save_filter(somebody("daumoi"), "Của đầu mối", BoardFilter(q="xã"))
    save_filter(somebody("chuyenvien"), "Của chuyên viên", BoardFilter(q="huyện"))
    first, second = db.session.query(SavedFilter).order_by(SavedFilter.id)
    officer = client_of("chuyenvien")
    assert "Xóa" not in tabs(officer.get("/tasks/?q=xã").text)
    assert officer.post(f"/tasks/filters/{first.id}/remove").status_code == 403
    assert client_of("vhttdl").post(f"/tasks/filters/{second.id}/remove").status_code == 404
    assert client_of("daumoi").post(f"/tasks/filters/{second.id}/remove").status_code == 303
    assert "Của chuyên viên" not in tabs(officer.get("/tasks/").text)
