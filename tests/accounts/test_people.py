"""The pages on which an admin keeps people."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts import service
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from ntmtasks.tasks.service import changes
from tests.support.client import Client, new_client

ClientOf = Callable[[str], Client]
NEW = {
    "username": "nguyen.an",
    "name": "Nguyễn Văn An",
    "title": "Chuyên viên",
    "phone": "0900 000 001",
    "email": "an@example.invalid",
    "role": "officer",
}


def agency_id(short_name: str) -> int:
    """The id of an agency of the sample."""
    return agencies.by_short_name()[short_name].id


def somebody(username: str) -> User:
    """A person of the sample."""
    found = queries.user_by_name(username)
    assert found is not None
    return found


def told_in(page: str) -> str:
    """The one-time password on an answer page."""
    return re.findall(r'id="told-password">([^<]+)<', page)[0]


def fields_of(user: User, **changed: str | int) -> dict[str, str | int]:
    """The edit form as a browser would send it."""
    return {
        "version": user.version,
        "name": user.name,
        "title": user.title,
        "phone": user.phone,
        "email": user.email,
        "role": user.role.value,
        "agency_id": user.agency_id,
    } | changed


@pytest.mark.parametrize("username", ["chuyenvien", "daumoi", "dieuphoi", "lanhdao"])
def test_only_admins_see_and_change_people(client_of: ClientOf, username: str) -> None:
    client = client_of(username)
    other = somebody("vhttdl")
    assert client.get("/people/").status_code == 403
    assert client.get("/people/new").status_code == 403
    assert client.get(f"/people/{other.id}").status_code == 403
    for act in ("lock", "unlock", "password"):
        assert client.post(f"/people/{other.id}/{act}").status_code == 403
    assert somebody("vhttdl").locked_at is None


def test_the_list_is_searched_without_diacritics_and_by_agency(client_of: ClientOf) -> None:
    admin = client_of("admin")
    admin.post("/people/new", NEW | {"agency_id": agency_id("Sở VHTTDL")})
    assert "nguyen.an" in admin.get("/people/").text
    found = admin.get("/people/?q=van+an+0900").text
    assert "nguyen.an" in found
    assert "thoilai" not in found
    own = admin.get(f"/people/?agency={agency_id('Sở VHTTDL')}").text
    assert "nguyen.an" in own
    assert "vhttdl" in own
    assert "thoilai" not in own
    assert "Không có người dùng nào khớp" in admin.get("/people/?q=khongcoai").text


def test_the_list_asks_no_more_for_more_people(
    client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    admin = client_of("admin")
    with statements() as few:
        admin.get("/people/")
    for number in range(5):
        service.add_user(
            None, f"more{number}", "Người", Role.OFFICER, agencies.all_agencies()[number]
        )
    with statements() as many:
        page = admin.get("/people/")
    assert "more4" in page.text
    assert len(many) == len(few)


def test_a_new_person_gets_a_password_that_is_shown_once_and_kept_nowhere(
    app: Flask, client_of: ClientOf
) -> None:
    admin = client_of("admin")
    answer = admin.post("/people/new", NEW | {"agency_id": agency_id("Sở VHTTDL")})
    assert answer.status_code == 200
    told = told_in(answer.text)
    user = somebody("nguyen.an")
    assert service.verify(user.password_hash, told)
    assert told not in str([(e.before, e.after) for e in history.of("user", user.id)])
    assert told not in admin.get(f"/people/{user.id}").text
    assert history.of("user", user.id)[0].verb == "user.add"

    browser = new_client(app)
    assert browser.post("/login", {"username": "nguyen.an", "password": told}).status_code == 303
    led = browser.get("/my-work/")
    assert (led.status_code, led.location) == (303, "/password")
    led = browser.get("/my-work/", htmx=True)
    assert led.headers["HX-Redirect"] == "/password"
    browser = new_client(app, "nguyen.an")
    changed = {"current": told, "new": "mật khẩu riêng", "repeat": "mật khẩu riêng"}
    assert browser.post("/password", changed).status_code == 303
    assert browser.get("/password").status_code == 200
    assert not somebody("nguyen.an").must_change_password


def test_a_bad_person_is_refused_beside_the_field_and_nothing_is_lost(
    client_of: ClientOf,
) -> None:
    admin = client_of("admin")
    wrong = {
        "username": ("Đào", "chữ thường không dấu"),
        "name": ("", "Hãy nhập họ và tên."),
        "email": ("an@", "Địa chỉ thư điện tử không đúng."),
        "role": ("king", "Hãy chọn"),
        "agency_id": ("999999", "Hãy chọn"),
    }
    for field, (value, sentence) in wrong.items():
        given = NEW | {"agency_id": agency_id("Sở VHTTDL"), "title": "Phó phòng"} | {field: value}
        answer = admin.post("/people/new", given)
        assert answer.status_code == 422, field
        assert sentence in answer.text, field
        assert "Phó phòng" in answer.text, field
    taken = admin.post(
        "/people/new", NEW | {"username": "VHTTDL", "agency_id": agency_id("Sở VHTTDL")}
    )
    assert taken.status_code == 422
    assert "đã có người dùng" in taken.text
    assert queries.user_by_name("nguyen.an") is None


def test_a_person_moves_to_another_agency_on_record(client_of: ClientOf) -> None:
    admin, user = client_of("admin"), somebody("vhttdl")
    new = fields_of(user, agency_id=agency_id("Sở NN&PTNT"), phone="0900 000 002")
    answer = admin.post(f"/people/{user.id}", new)
    assert answer.status_code == 303
    moved = somebody("vhttdl")
    assert moved.agency.short_name == "Sở NN&PTNT"
    entry = history.of("user", user.id)[0]
    assert entry.verb == "user.change"
    assert entry.before["Cơ quan"] == "Sở VHTTDL"
    assert entry.after == {"Cơ quan": "Sở NN&PTNT", "Điện thoại": "0900 000 002"}
    assert "từ “Sở VHTTDL” thành “Sở NN&amp;PTNT”" in admin.get(f"/people/{user.id}").text


def test_htmx_gets_the_form_back_and_a_save_without_change_leaves_no_record(
    client_of: ClientOf,
) -> None:
    admin, user = client_of("admin"), somebody("vhttdl")
    before = len(history.of("user", user.id))
    answer = admin.post(f"/people/{user.id}", fields_of(user), htmx=True)
    assert answer.status_code == 200
    assert 'id="person-form"' in answer.text
    assert "<html" not in answer.text
    assert len(history.of("user", user.id)) == before
    refused = admin.post(f"/people/{user.id}", fields_of(user, email="không"), htmx=True)
    assert refused.status_code == 422
    assert 'id="person-form"' in refused.text
    assert 'value="không"' in refused.text


def test_two_admins_do_not_overwrite_each_other_unseen(client_of: ClientOf) -> None:
    admin, user = client_of("admin"), somebody("vhttdl")
    seen = fields_of(user)
    admin.post(f"/people/{user.id}", seen | {"title": "Trưởng phòng"})
    late = admin.post(f"/people/{user.id}", seen | {"phone": "0911 222 333"})
    assert late.status_code == 409
    assert "đã được người khác sửa" in late.text
    assert "0911 222 333" in late.text
    assert "Trưởng phòng" in late.text
    assert somebody("vhttdl").phone == user.phone
    version = re.findall(r'name="version"[^>]*value="(\d+)"', late.text)[0]
    assert int(version) == somebody("vhttdl").version


def test_locking_ends_the_sessions_at_once_and_unlocking_lets_in_again(
    app: Flask, client_of: ClientOf
) -> None:
    admin, officer, user = client_of("admin"), client_of("vhttdl"), somebody("vhttdl")
    assert officer.get("/password").status_code == 200
    assert admin.post(f"/people/{user.id}/lock").status_code == 303
    assert officer.get("/password").location.startswith("/login")
    assert "Đã khóa" in admin.get(f"/people/{user.id}").text
    fragment = admin.post(f"/people/{user.id}/unlock", htmx=True)
    assert f'id="person-state-{user.id}"' in fragment.text
    assert officer.get("/password").location.startswith("/login")
    assert new_client(app, "vhttdl").get("/password").status_code == 200
    verbs = [entry.verb for entry in history.of("user", user.id)][:2]
    assert verbs == ["user.unlock", "user.lock"]


def test_a_new_one_time_password_replaces_the_old_one(client_of: ClientOf) -> None:
    admin, officer, user = client_of("admin"), client_of("vhttdl"), somebody("vhttdl")
    answer = admin.post(f"/people/{user.id}/password", htmx=True)
    assert 'id="one-time-password"' in answer.text
    renewed = somebody("vhttdl")
    assert service.verify(renewed.password_hash, told_in(answer.text))
    assert renewed.must_change_password
    assert officer.get("/password").location.startswith("/login")
    assert told_in(admin.post(f"/people/{user.id}/password").text) != told_in(answer.text)


def test_an_admin_cannot_lock_reset_or_demote_oneself(client_of: ClientOf) -> None:
    admin, user = client_of("admin"), somebody("admin")
    for act in ("lock", "unlock", "password"):
        assert admin.post(f"/people/{user.id}/{act}").status_code == 403
    answer = admin.post(f"/people/{user.id}", fields_of(user, role="officer"))
    assert answer.status_code == 422
    assert "tự bỏ quyền quản trị" in answer.text
    assert somebody("admin").role is Role.ADMIN


def test_a_person_who_does_not_exist_is_not_found(client_of: ClientOf) -> None:
    assert client_of("admin").get("/people/999999").status_code == 404
    assert client_of("admin").post("/people/999999/lock").status_code == 404


def test_whoever_moves_leaves_the_open_work_with_the_old_agency(
    app: Flask, client_of: ClientOf
) -> None:
    officer, actor = somebody("chuyenvien"), somebody("admin")
    old = officer.agency_id
    own = select(Assignment).where(
        Assignment.agency_id == old, Assignment.work_state == WorkState.IN_PROGRESS
    )
    work = db.session.scalars(own.order_by(Assignment.id)).first()
    assert work is not None
    changes.hand_to(actor, work, officer)
    officer = somebody("chuyenvien")  # read again, as that act began a transaction of its own
    service.change_user(
        actor,
        officer,
        officer.version,
        service.Particulars(
            officer.name,
            officer.title,
            officer.phone,
            officer.email,
            Role.OFFICER,
            agencies.by_short_name()["Sở VHTTDL"],
        ),
    )
    db.session.expire_all()
    assert (work.agency_id, work.officer_id) == (old, None)
    assert history.of("user", officer.id)[0].verb == "user.left_work"
    assert history.of("task", work.task_id)[0].verb == "task.officer"
    told = client_of("daumoi").get("/bell").text
    assert "chưa giao cho ai" in told
    assert client_of("daumoi").get(f"/tasks/{work.task_id}").status_code == 200
    assert client_of("chuyenvien").get(f"/tasks/{work.task_id}").status_code == 404
