"""The bell: what is new, read and unread, and quiet when there is nothing."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.queries.people import user_by_name
from ntmtasks.core.db import db
from ntmtasks.outbox import service
from ntmtasks.outbox.models import Notice
from ntmtasks.outbox.queries import bell
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def tell(username: str, line: str) -> Notice:
    service.notify(user_by_name(username).id, "returned", "Trả lại – mục III.1.a", line, "/tasks/1")
    return db.session.scalars(select(Notice).order_by(Notice.id.desc())).first()


def test_it_rings_when_something_is_new_and_is_silent_after(
    app: Flask, client_of: ClientOf
) -> None:
    officer = client_of("chuyenvien")
    service.mark_read(user_by_name("chuyenvien").id, 10**9)
    tell("chuyenvien", "Thiếu số liệu")
    ringing = officer.get("/bell/new", htmx=True)
    assert ringing.status_code == 200
    assert "<b>1</b>" in ringing.text
    since = bell(user_by_name("chuyenvien").id).since
    assert f"since={since}" in ringing.text
    assert officer.get(f"/bell/new?since={since}", htmx=True).status_code == 204
    tell("chuyenvien", "Thiếu phụ lục")
    assert "<b>2</b>" in officer.get(f"/bell/new?since={since}", htmx=True).text


def test_opening_a_notice_marks_it_alone_and_leads_to_its_matter(
    app: Flask, client_of: ClientOf
) -> None:
    officer = client_of("chuyenvien")
    service.mark_read(user_by_name("chuyenvien").id, 10**9)
    first, _second = tell("chuyenvien", "Một"), tell("chuyenvien", "Hai")
    answer = officer.post(f"/bell/{first.id}")
    assert (answer.status_code, answer.location) == (303, "/tasks/1")
    assert bell(user_by_name("chuyenvien").id).unread == 1


def test_reading_all_leaves_what_came_meanwhile(app: Flask, client_of: ClientOf) -> None:
    officer = client_of("chuyenvien")
    shown = tell("chuyenvien", "Đã hiện")
    tell("chuyenvien", "Đến sau")
    assert officer.post("/bell/read", {"newest": str(shown.id)}).status_code == 303
    assert bell(user_by_name("chuyenvien").id).unread == 1


def test_nobody_opens_the_notices_of_another(app: Flask, client_of: ClientOf) -> None:
    theirs = tell("chuyenvien", "Riêng")
    assert client_of("daumoi").post(f"/bell/{theirs.id}").status_code == 404
    assert "Riêng" not in client_of("daumoi").get("/bell").text
    assert bell(user_by_name("chuyenvien").id).unread >= 1


def test_an_ended_session_is_told_nothing_and_led_nowhere(outsider: Client) -> None:
    answer = outsider.get("/bell/new", htmx=True)
    assert (answer.status_code, answer.headers.get("HX-Redirect")) == (204, None)


def test_the_number_stands_in_every_page_without_a_script(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    officer = client_of("chuyenvien")
    service.mark_read(user_by_name("chuyenvien").id, 10**9)
    assert "chưa đọc" not in officer.get("/plans/").text.split('id="bell"')[1].split("</a>")[0]
    for number in range(3):
        tell("chuyenvien", f"Tin {number}")
    with statements() as asked:
        shown = officer.get("/plans/").text.split('id="bell"')[1].split("</a>")[0]
    assert "<b>3</b>" in shown
    assert f"since={bell(user_by_name('chuyenvien').id).since}" in shown
    assert sum("FROM notice" in statement for statement in asked) == 1
