"""Signing in, staying in, getting out."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import update

from ntmtasks.accounts import service
from ntmtasks.accounts.models import User, UserSession
from ntmtasks.accounts.queries import people as queries
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, transaction
from tests.support.client import Client, new_client

PASSWORD = "mật khẩu của phép thử"


@pytest.fixture
def person(app: Flask) -> str:
    """A person of the sample whose password we know."""
    with transaction():
        db.session.execute(
            update(User)
            .where(User.username == "chuyenvien")
            .values(password_hash=service.hash_password(PASSWORD))
        )
    return "chuyenvien"


def sign_in(client: Client, username: str, password: str, address: str = "/login") -> int:
    """Send the login form; the status."""
    return client.post(address, {"username": username, "password": password}).status_code


def test_the_right_password_opens_the_first_page(person: str, outsider: Client) -> None:
    assert outsider.get("/my-work/").status_code == 303
    assert sign_in(outsider, person, PASSWORD) == 303
    assert outsider.get("/my-work/").status_code == 200


def test_a_name_is_read_without_case_and_blanks(person: str, outsider: Client) -> None:
    assert sign_in(outsider, f" {person.upper()} ", PASSWORD) == 303


@pytest.mark.parametrize(
    ("username", "password", "words"),
    [
        ("chuyenvien", "sai", "Tên đăng nhập hoặc mật khẩu không đúng."),
        ("khong-co", "sai", "Tên đăng nhập hoặc mật khẩu không đúng."),
        ("", "sai", "Hãy nhập tên đăng nhập."),
        ("chuyenvien", "", "Hãy nhập mật khẩu."),
    ],
)
def test_a_wrong_login_is_answered_with_the_form(
    outsider: Client, username: str, password: str, words: str
) -> None:
    answer = outsider.post("/login", {"username": username, "password": password})
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{username}"' in answer.text


def test_a_locked_person_stays_outside(person: str, outsider: Client) -> None:
    with transaction():
        db.session.execute(update(User).values(locked_at=real_now()))
    assert sign_in(outsider, person, PASSWORD) == 422


def test_guessing_is_slowed_down(person: str, outsider: Client) -> None:
    statuses = [sign_in(outsider, person, "sai") for _ in range(service.MAX_FAILURES + 1)]
    assert statuses == [422] * service.MAX_FAILURES + [429]
    assert sign_in(outsider, person, PASSWORD) == 429


def test_a_login_gets_a_session_of_its_own(app: Flask, person: str, outsider: Client) -> None:
    assert sign_in(outsider, person, PASSWORD) == 303
    first = outsider.get_cookie("ntmtasks")
    other = new_client(app)
    assert sign_in(other, person, PASSWORD) == 303
    second = other.get_cookie("ntmtasks")
    assert first is not None
    assert second is not None
    assert first.value != second.value


def test_logout_makes_a_copied_cookie_worthless(
    app: Flask, client_of: Callable[[str], Client]
) -> None:
    client = client_of("dieuphoi")
    cookie = client.get_cookie("ntmtasks")
    assert cookie is not None
    thief = new_client(app)
    thief.set_cookie("ntmtasks", cookie.value, domain="localhost")
    assert thief.get("/tasks/").status_code == 200
    answer = client.post("/logout")
    assert answer.status_code == 303
    assert "Clear-Site-Data" in answer.headers
    assert client.get("/tasks/").status_code == 303
    assert thief.get("/tasks/").status_code == 303


def test_an_expired_session_leads_to_the_login(client_of: Callable[[str], Client]) -> None:
    client = client_of("dieuphoi")
    with transaction():
        db.session.execute(update(UserSession).values(expires_at=real_now()))
    plain = client.get("/tasks/?q=nước")
    assert plain.status_code == 303
    assert plain.location.startswith("/login?next=/tasks/")
    here = {"HX-Current-URL": "http://localhost/my-work/?page=2"}
    by_htmx = client.get("/tasks/", htmx=True, headers=here)
    assert by_htmx.status_code == 401
    assert by_htmx.headers["HX-Redirect"] == "/login?next=/my-work/?page%3D2"
    elsewhere = {"HX-Current-URL": "http://localhost//example.invalid/"}
    led = client.get("/tasks/", htmx=True, headers=elsewhere)
    assert led.headers["HX-Redirect"] == "/login", "and never to another site"
    written = {"Referer": "http://localhost/reports/13"}
    lost = client.post("/reports/13/sections", headers=written)
    assert (lost.status_code, lost.location) == (303, "/login?next=/reports/13&lost=1")
    assert "nội dung vừa gửi chưa được lưu" in client.get(lost.location).text
    foreign = client.post("/reports/13/sections", headers={"Referer": "http://evil.example/x"})
    assert foreign.location == "/login?lost=1", "and never to another site"
    posted = client.post("/logout", {"csrf_token": "old"}, htmx=True)
    assert posted.status_code == 401
    assert posted.headers["HX-Redirect"].startswith("/login")


@pytest.mark.parametrize("address", ["/login", "/logout", "/theme"])
def test_a_post_without_csrf_token_is_refused(
    client_of: Callable[[str], Client], address: str
) -> None:
    assert client_of("dieuphoi").post(address, {"csrf_token": ""}).status_code == 400


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/overdue", "/overdue"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_leads_to_our_own_pages_only(
    person: str, outsider: Client, wanted: str, reached: str
) -> None:
    answer = outsider.post(
        "/login", {"username": person, "password": PASSWORD}, query_string={"next": wanted}
    )
    assert answer.status_code == 303
    assert answer.location == reached


def test_the_token_in_the_database_is_hashed(app: Flask) -> None:
    user = queries.user_by_name("dieuphoi")
    assert user is not None
    token = service.sign_in(user)
    kept = db.session.get(UserSession, queries.token_hash(token))
    assert kept is not None
    assert token not in kept.token_hash


def test_a_password_manager_finds_name_and_password(outsider: Client) -> None:
    page = outsider.get("/login").text
    for name, word in (("username", "username"), ("password", "current-password")):
        field = re.search(rf'<input [^>]*name="{name}"[^>]*>', page)
        assert field is not None
        assert f'autocomplete="{word}"' in field.group()


def test_a_cookie_with_another_signature_is_nobodys(
    app: Flask, client_of: Callable[[str], Client]
) -> None:
    client = client_of("chuyenvien")
    assert client.get("/my-work/").status_code == 200
    cookie = client.get_cookie("ntmtasks")
    assert cookie is not None
    said, signature = cookie.value.rsplit(".", 1)
    for forged in (f"{said}.{signature[::-1]}", f"{said[:-1]}.{signature}", "none"):
        client.set_cookie("ntmtasks", forged)
        assert client.get("/my-work/").status_code == 303
    client.set_cookie("ntmtasks", cookie.value)
    assert client.get("/my-work/").status_code == 200


def test_what_a_request_says_is_not_in_the_cookie_that_it_came_with(app: Flask) -> None:
    client = new_client(app, "dieuphoi")
    with client.session_transaction() as kept:
        kept["_flashes"] = [("message", "Lời trước.")]
    cookie = client.get_cookie("ntmtasks")
    assert cookie is not None
    client.set_cookie("ntmtasks", cookie.value)
    client.post("/sample/date", {"date": "sai"})  # says something on the next page
    assert "Ngày chưa đúng" in client.get("/plans/").text
    client.set_cookie("ntmtasks", cookie.value)
    page = client.get("/plans/").text
    assert "Lời trước." in page
    assert "Ngày chưa đúng" not in page
