"""Công việc của cơ quan: the load of each officer, handing over, an officer who leaves."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts import service as accounts
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody, told, verbs_of

FIRST, SECOND = ("III.1.c", "Sở NN&PTNT"), ("III.1.d", "Sở NN&PTNT")


def pick(*found: Assignment) -> list[str]:
    """Assignments as the list's boxes send them."""
    return [f"{a.id}:{a.version}" for a in found]


def new_officer(username: str, role: Role = Role.OFFICER) -> User:
    """One more person of Sở NN&PTNT."""
    agency = somebody("daumoi").agency
    added, _ = accounts.add_user(None, username, f"Người {username}", role, agency, password="")
    return added


def test_several_are_handed_over_with_one_press(app: Flask, client_of: ClientOf) -> None:
    client, officer = client_of("daumoi"), somebody("chuyenvien")
    form = {"officer": officer.id, "pick": pick(of(*FIRST), of(*SECOND))}
    assert client.post("/agency-work/", form).status_code == 303
    assert of(*FIRST).officer_id == of(*SECOND).officer_id == officer.id
    assert verbs_of(of(*SECOND).task_id)[0] == "task.officer"
    assert len(told("chuyenvien", "handed")) == 2
    span = db.session.scalars(
        select(AssignmentSpan).where(
            AssignmentSpan.assignment_id == of(*SECOND).id, AssignmentSpan.to_at.is_(None)
        )
    ).one()
    assert span.officer_id == officer.id


def test_one_is_handed_over_and_taken_back_in_its_row(app: Flask, client_of: ClientOf) -> None:
    client, officer = client_of("daumoi"), somebody("chuyenvien")
    url = "/agency-work/"
    answer = client.post(url, {"officer": officer.id, "only": pick(of(*FIRST))[0]}, htmx=True)
    assert answer.status_code == 200
    assert '<section id="agency-work"' in answer.text
    assert of(*FIRST).officer_id == officer.id
    assert of(*SECOND).officer_id is None
    client.post(url, {"officer": officer.id, "take": pick(of(*FIRST))[0]})
    assert of(*FIRST).officer_id is None
    client.post(url, {"officer": officer.id, "pick": pick(of(*FIRST), of(*SECOND))})
    both = {"officer": 0, "take": "picked", "pick": pick(of(*FIRST), of(*SECOND))}
    assert client.post(url, both).status_code == 303
    assert of(*FIRST).officer_id is of(*SECOND).officer_id is None


def test_nothing_picked_or_a_stale_row_changes_nothing(app: Flask, client_of: ClientOf) -> None:
    client, officer = client_of("daumoi"), somebody("chuyenvien")
    empty = client.post("/agency-work/", {"officer": officer.id})
    assert empty.status_code == 422
    assert "Hãy chọn ít nhất một việc" in empty.text
    to_nobody = client.post("/agency-work/", {"officer": 0, "pick": pick(of(*FIRST))})
    assert to_nobody.status_code == 422
    assert "Hãy chọn người nhận việc." in to_nobody.text
    seen = pick(of(*FIRST), of(*SECOND))
    progress = {"state": "in_progress", "percent": "61", "body": "Vừa cập nhật"}
    client.post(f"/assignments/{of(*SECOND).id}/progress", progress)
    for htmx in (False, True):
        stale = client.post("/agency-work/", {"officer": officer.id, "pick": seen}, htmx=htmx)
        assert stale.status_code == 409
        assert f'value="{of(*FIRST).id}:{of(*FIRST).version}"' in stale.text
        assert " checked" in stale.text
    assert of(*FIRST).officer_id is None


def test_other_agencies_work_is_not_found(app: Flask, client_of: ClientOf) -> None:
    theirs = of("III.7.-2", "Sở Y tế")
    client, officer = client_of("daumoi"), somebody("chuyenvien").id
    form = {"officer": officer, "pick": pick(theirs)}
    assert client.post("/agency-work/", form).status_code == 404
    foreign = {"officer": somebody("vhttdl").id, "pick": pick(of(*FIRST))}
    assert client.post("/agency-work/", foreign).status_code == 422
    assert client_of("chuyenvien").get("/agency-work/").status_code == 403
    assert "Sở Y tế" not in client_of("thoilai").get("/agency-work/").text


def test_the_load_counts_open_and_overdue_work(app: Flask, client_of: ClientOf) -> None:
    client, officer = client_of("daumoi"), somebody("chuyenvien")
    client.post("/agency-work/", {"officer": officer.id, "pick": pick(of(*FIRST), of(*SECOND))})
    page = client.get("/agency-work/").text
    row = page.partition(f'<th scope="row">{officer.name}')[2].partition("</tr>")[0]
    assert 'data-label="Đang làm">2<' in row
    assert "is-overdue" in row
    assert "Chưa giao cho ai</th>" in page


def test_the_list_asks_no_more_for_more_work(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("daumoi")
    officer = client_of("chuyenvien")
    with statements() as few:
        client.get("/agency-work/")
    own = select(Assignment).where(
        Assignment.agency_id == somebody("daumoi").agency_id,
        Assignment.work_state == WorkState.ASSIGNED,
    )
    for assignment in db.session.scalars(own).all()[:4]:
        officer.post(f"/assignments/{assignment.id}/accept")
    with statements() as many:
        page = client.get("/agency-work/").text
    assert page.count('action="/assignments/') == 8
    assert len(many) == len(few)


def test_what_waits_is_passed_on_in_the_list(app: Flask, client_of: ClientOf) -> None:
    mine = of(*SECOND)
    client_of("chuyenvien").post(f"/assignments/{mine.id}/accept")
    client = client_of("daumoi")
    page = client.get("/agency-work/").text
    assert "Nguyễn Thị Lan gửi “Tiếp nhận”" in page
    in_row = {"htmx": True, "headers": {"HX-Target": f"waiting-row-{mine.id}"}}
    answer = client.post(f"/assignments/{mine.id}/pass-on", {"back": "agency"}, **in_row)
    assert f'<li id="waiting-row-{mine.id}"' in answer.text
    assert "Đang thực hiện" in answer.text
    plain = client.post(f"/assignments/{mine.id}/pass-on", {"back": "agency"})
    assert plain.status_code == 409


def test_an_officer_who_leaves_is_locked_and_the_work_handed_over(
    app: Flask, client_of: ClientOf
) -> None:
    leaving, heir = somebody("chuyenvien"), new_officer("nguoi.moi")
    picked = {"officer": leaving.id, "pick": pick(of(*FIRST), of(*SECOND))}
    client_of("daumoi").post("/agency-work/", picked)
    new_officer("giamdoc", Role.AGENCY_LEADER)
    leader = client_of("giamdoc")
    url = f"/people/{leaving.id}/leave"
    assert "2 việc đang phụ trách" in leader.get(url).text
    assert leader.post(url, {"officer": somebody("vhttdl").id}).status_code == 422
    assert leader.post(url, {"officer": heir.id}).status_code == 303
    assert somebody("chuyenvien").locked_at is not None
    assert of(*FIRST).officer_id == of(*SECOND).officer_id == heir.id
    entry = history.of("user", leaving.id)[0]
    assert (entry.verb, entry.after["Số việc"]) == ("user.hand_over", "2")


def test_the_work_of_somebody_who_leaves_may_go_to_nobody(app: Flask, client_of: ClientOf) -> None:
    leaving = somebody("chuyenvien")
    picked = {"officer": leaving.id, "pick": pick(of(*FIRST))}
    client_of("daumoi").post("/agency-work/", picked)
    admin = client_of("admin")
    assert f'href="/people/{leaving.id}/leave"' in admin.get(f"/people/{leaving.id}").text
    assert admin.post(f"/people/{leaving.id}/leave", {"officer": 0}).status_code == 303
    assert of(*FIRST).officer_id is None


def leader_of(client_of: ClientOf) -> Client:
    """The leader of Sở NN&PTNT."""
    new_officer("giamdoc", Role.AGENCY_LEADER)
    return client_of("giamdoc")


def test_a_leader_keeps_the_people_of_the_own_agency(app: Flask, client_of: ClientOf) -> None:
    leader, own, foreign = leader_of(client_of), somebody("chuyenvien"), somebody("vhttdl")
    people = leader.get("/people/").text
    assert "chuyenvien" in people
    assert "vhttdl" not in people
    assert leader.get(f"/people/{foreign.id}").status_code == 404
    assert leader.post(f"/people/{foreign.id}/lock").status_code == 404
    assert leader.get(f"/people/{foreign.id}/leave").status_code == 404
    assert leader.get(f"/people/{somebody('giamdoc').id}").status_code == 403
    new = {
        "username": "can.bo",
        "name": "Cán bộ mới",
        "role": "officer",
        "agency_id": own.agency_id,
    }
    assert leader.post("/people/new", new).status_code == 200
    assert somebody("can.bo").role is Role.OFFICER
    taller = new | {"username": "can.bo2"}
    assert leader.post("/people/new", taller | {"role": "admin"}).status_code == 422
    assert leader.post("/people/new", taller | {"agency_id": foreign.agency_id}).status_code == 422
    assert leader.post(f"/people/{own.id}/lock").status_code == 303
    assert somebody("chuyenvien").locked_at is not None
