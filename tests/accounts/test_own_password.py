"""Everybody's own password: changing it, and the link by mail."""

import re
from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts import service
from ntmtasks.accounts.models import PasswordReset, User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.outbox.models import OutboxMail
from tests.support.client import Client, new_client

ClientOf = Callable[[str], Client]
OLD, NEW = "mật khẩu cũ 123", "mật khẩu mới 456"


def somebody(username: str) -> User:
    """A person of the sample."""
    found = queries.user_by_name(username)
    assert found is not None
    return found


def give_password(username: str, password: str) -> None:
    """Let a person of the sample have a password that the test knows."""
    hashed = service.hash_password(password)
    with transaction():
        somebody(username).password_hash = hashed


def change(current: str, new: str, repeat: str | None = None) -> dict[str, str]:
    """The form of /password."""
    return {"current": current, "new": new, "repeat": new if repeat is None else repeat}


def reset_mails() -> list[OutboxMail]:
    """The letters with a link."""
    asked = select(OutboxMail).where(OutboxMail.kind == "password_reset").order_by(OutboxMail.id)
    return list(db.session.scalars(asked))


def link_in(mail: OutboxMail) -> str:
    """The path of the link in a letter."""
    return re.findall(r"http://127\.0\.0\.1:8000(/reset/\S+)", mail.text)[0]


def test_a_new_password_ends_all_other_sessions(app: Flask, client_of: ClientOf) -> None:
    give_password("vhttdl", OLD)
    here, elsewhere = client_of("vhttdl"), client_of("vhttdl")
    assert here.post("/password", change(OLD, NEW)).status_code == 303
    assert here.get("/password").status_code == 200
    assert elsewhere.get("/password").location.startswith("/login")
    assert (
        new_client(app).post("/login", {"username": "vhttdl", "password": NEW}).status_code == 303
    )
    assert (
        new_client(app).post("/login", {"username": "vhttdl", "password": OLD}).status_code == 422
    )
    entry = history.of("user", somebody("vhttdl").id)[0]
    assert entry.verb == "user.password"
    assert NEW not in str(entry.after)


def test_a_poor_password_is_refused_beside_its_field(client_of: ClientOf) -> None:
    give_password("vhttdl", OLD)
    client = client_of("vhttdl")
    refusals = {
        "Mật khẩu hiện tại không đúng.": change("sai hẳn rồi", NEW),
        "ít nhất 10 ký tự": change(OLD, "ngắn"),
        "Hai lần nhập không giống nhau.": change(OLD, NEW, "khác hẳn 12345"),
        "phải khác mật khẩu hiện tại": change(OLD, OLD),
        "Hãy nhập mật khẩu mới.": change(OLD, ""),
    }
    for sentence, form in refusals.items():
        answer = client.post("/password", form)
        assert answer.status_code == 422, sentence
        assert sentence in answer.text
        assert form["new"] == "" or form["new"] not in answer.text
    assert service.verify(somebody("vhttdl").password_hash, OLD)


def test_the_current_password_cannot_be_guessed_for_long(client_of: ClientOf) -> None:
    give_password("vhttdl", OLD)
    client = client_of("vhttdl")
    for _ in range(service.MAX_FAILURES):
        assert client.post("/password", change("đoán mò thôi", NEW)).status_code == 422
    assert client.post("/password", change(OLD, NEW)).status_code == 429
    assert service.verify(somebody("vhttdl").password_hash, OLD)


def test_the_answer_tells_nobody_who_exists(outsider: Client) -> None:
    known = outsider.post("/forgot", {"asked": "vhttdl"})
    flashed = outsider.get("/login").text
    unknown = outsider.post("/forgot", {"asked": "khong.co.ai"})
    assert (known.status_code, known.location) == (unknown.status_code, unknown.location)
    assert re.findall('class="flash".*', flashed) == re.findall(
        'class="flash".*', outsider.get("/login").text
    )
    assert [mail.user_id for mail in reset_mails()] == [somebody("vhttdl").id]


def test_a_link_is_found_by_address_and_works_once(app: Flask, client_of: ClientOf) -> None:
    signed_in, outsider = client_of("vhttdl"), new_client(app)
    user = somebody("vhttdl")
    outsider.post("/forgot", {"asked": user.email.upper()})
    (mail,) = reset_mails()
    assert mail.to_address == user.email
    assert "60 phút" in mail.text
    link = link_in(mail)
    assert link.removeprefix("/reset/") not in str(
        db.session.scalars(select(PasswordReset.token_hash)).all()
    )
    assert user.username in outsider.get(link).text
    assert outsider.post(link, {"new": "ngắn", "repeat": "ngắn"}).status_code == 422
    assert outsider.post(link, {"new": NEW, "repeat": NEW}).status_code == 303
    assert signed_in.get("/password").location.startswith("/login")
    assert service.verify(somebody("vhttdl").password_hash, NEW)
    assert outsider.get(link).status_code == 410
    assert outsider.post(link, {"new": OLD, "repeat": OLD}).status_code == 410
    assert service.verify(somebody("vhttdl").password_hash, NEW)


def test_a_link_dies_after_its_hour_and_with_a_newer_password(outsider: Client) -> None:
    outsider.post("/forgot", {"asked": "vhttdl"})
    outsider.post("/forgot", {"asked": "vhttdl"})
    first, second = (link_in(mail) for mail in reset_mails())
    with transaction():
        late = db.session.get_one(PasswordReset, queries.token_hash(first.removeprefix("/reset/")))
        late.expires_at -= timedelta(minutes=61)
    assert outsider.get(first).status_code == 410
    outsider.post("/forgot", {"asked": "vhttdl"})
    third = link_in(reset_mails()[2])
    assert outsider.post(third, {"new": NEW, "repeat": NEW}).status_code == 303
    assert outsider.get(second).status_code == 410


def test_locked_people_and_those_without_address_get_no_link(outsider: Client) -> None:
    with transaction():
        somebody("vhttdl").email = ""
        service.lock(somebody("admin"), somebody("thoilai"))
    for name in ("vhttdl", "thoilai"):
        assert outsider.post("/forgot", {"asked": name}).status_code == 303
    assert reset_mails() == []


def test_links_are_not_asked_for_without_end(outsider: Client) -> None:
    for _ in range(service.MAX_RESETS):
        assert outsider.post("/forgot", {"asked": "vhttdl"}).status_code == 303
    answer = outsider.post("/forgot", {"asked": "vhttdl"})
    assert answer.status_code == 429
    assert 'value="vhttdl"' in answer.text
    assert len(reset_mails()) == service.MAX_RESETS
