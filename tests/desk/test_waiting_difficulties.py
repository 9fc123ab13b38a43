"""Difficulties among what waits: whose turn it is, and the next step taken there."""

import re

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.queries import by_short_name
from ntmtasks.core.db import db, transaction
from ntmtasks.desk.queries import waiting
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.escalations.service import raising
from ntmtasks.escalations.service.raising import NewEscalation
from tests.support.client import Client
from tests.support.work import ClientOf, somebody

BEFORE = (
    EscalationState.REPORTED,
    EscalationState.CONSOLIDATED,
    EscalationState.SUBMITTED,
    EscalationState.CONCLUDED,
)
"""The states of the way up, in their order."""


def sample() -> Escalation:
    """The sample's difficulty: of UBND huyện Thới Lai, on the closing clause's route."""
    return db.session.scalars(select(Escalation).order_by(Escalation.id)).first()


def bring(it: Escalation, state: EscalationState) -> None:
    """Lead a difficulty up to a state."""
    for after in BEFORE[1 : BEFORE.index(state) + 1]:
        raising.step(somebody("dieuphoi"), it, after, f"Nội dung {after}", "12/TTr", it.version)


def whose_turn(it: Escalation) -> set[str]:
    """Who of the sample finds it under what waits for them."""
    names = ("chuyenvien", "daumoi", "vhttdl", "thoilai", "dieuphoi", "lanhdao", "admin")
    found = {n: waiting.waiting(somebody(n)) for n in names}
    return {n for n, w in found.items() if it.id in [row.it.id for row in w.difficulties]}


def row_in(client: Client, it: Escalation) -> str:
    """The difficulty's row on the page of what waits."""
    page = client.get("/waiting/").text
    return page.split(f'id="difficulty-{it.id}"')[1].split("</li>")[0]


def send(client: Client, it: Escalation, step: str, htmx: bool = False, **data: str):
    """The form of a step as it stands among what waits."""
    row = row_in(client, it)
    version = re.search(r'name="version"[^>]*value="(\d+)"', row)[1]
    headers = {"HX-Target": f"difficulty-{it.id}"} if htmx else {}
    form = {"version": version, "back": "waiting", "note": "Đã xem", **data}
    return client.post(f"/escalations/{it.id}/{step}", form, htmx=htmx, headers=headers)


def test_each_step_waits_for_who_takes_it(app: Flask) -> None:
    it = sample()
    assert whose_turn(it) == {"daumoi"}
    turns = [{"daumoi"}, {"lanhdao"}, {"thoilai"}, set()]
    for after, who in zip((*BEFORE[1:], EscalationState.RESOLVED), turns, strict=True):
        raising.step(somebody("dieuphoi"), it, after, "Nội dung", "12/TTr", it.version)
        assert whose_turn(it) == who, after


def test_the_leader_of_the_consolidating_agency_finds_it_too(app: Flask) -> None:
    with transaction():
        somebody("chuyenvien").role = Role.AGENCY_LEADER
    assert whose_turn(sample()) == {"daumoi", "chuyenvien"}


def test_where_nobody_speaks_for_the_agency_the_coordinator_takes_the_step(app: Flask) -> None:
    farmers = by_short_name()["Hội Nông dân"]
    new = NewEscalation(farmers, "Thiếu giống", "Chậm", "Hỗ trợ giống")
    it = raising.report(somebody("dieuphoi"), new)
    assert it is not None
    assert whose_turn(it) == {"daumoi"}
    bring(it, EscalationState.CONCLUDED)
    assert whose_turn(it) == {"dieuphoi"}
    with transaction():
        somebody("daumoi").role = Role.OFFICER
    assert whose_turn(sample()) == {"dieuphoi"}


def test_coordinators_see_all_on_their_way_with_who_has_them(
    app: Flask, client_of: ClientOf
) -> None:
    it, office = sample(), client_of("dieuphoi")
    page = office.get("/waiting/").text
    assert "Khó khăn, vướng mắc đang ở nơi khác (1)" in page
    assert "đang ở: Sở NN&amp;PTNT (Trần Văn Hòa)" in row_in(office, it)
    bring(it, EscalationState.SUBMITTED)
    assert "đang ở: lãnh đạo UBND (Võ Thanh Sơn)" in row_in(office, it)
    assert "đang ở nơi khác" not in client_of("lanhdao").get("/waiting/").text


def test_a_step_without_javascript_leads_back_to_what_waits(
    app: Flask, client_of: ClientOf
) -> None:
    it, focal_point = sample(), client_of("daumoi")
    answer = send(focal_point, it, "consolidated")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/waiting/")
    assert "Đã lưu: Sở NN&amp;PTNT tổng hợp." in focal_point.get("/waiting/").text
    db.session.expire_all()
    assert sample().state is EscalationState.CONSOLIDATED


def test_a_step_is_answered_in_place(app: Flask, client_of: ClientOf) -> None:
    it, focal_point = sample(), client_of("daumoi")
    answer = send(focal_point, it, "consolidated", htmx=True)
    assert answer.status_code == 200
    assert answer.text.startswith(f'<li id="difficulty-{it.id}"')
    assert "Sở NN&amp;PTNT tổng hợp" in answer.text
    assert "Đã xem" in answer.text
    assert f'action="/escalations/{it.id}/submitted"' in answer.text
    assert 'name="back" type="hidden" value="waiting"' in answer.text


def test_a_refused_step_keeps_its_words_and_its_way_back(app: Flask, client_of: ClientOf) -> None:
    it, focal_point = sample(), client_of("daumoi")
    bring(it, EscalationState.CONSOLIDATED)
    for htmx in (True, False):
        answer = send(focal_point, it, "submitted", htmx=htmx, note="Đề nghị bố trí vốn")
        assert answer.status_code == 422
        assert answer.text.startswith("<li") is htmx
        assert "Hãy ghi số, ngày của văn bản." in answer.text
        assert "Đề nghị bố trí vốn" in answer.text
        assert 'name="back" type="hidden" value="waiting"' in answer.text


def test_a_stale_step_shows_the_new_state_and_keeps_the_words(
    app: Flask, client_of: ClientOf
) -> None:
    it, version = sample(), str(sample().version)
    bring(it, EscalationState.CONSOLIDATED)
    form = {"version": version, "back": "waiting", "note": "Chữ của tôi"}
    answer = client_of("daumoi").post(
        f"/escalations/{it.id}/consolidated",
        form,
        htmx=True,
        headers={"HX-Target": f"difficulty-{it.id}"},
    )
    assert answer.status_code == 409
    assert answer.text.startswith(f'<li id="difficulty-{it.id}"')
    assert "Chữ của tôi" in answer.text
    assert "vừa được người khác cập nhật" in answer.text


def test_two_that_wait_at_once_share_no_id(app: Flask, client_of: ClientOf) -> None:
    district = somebody("thoilai")
    raising.report(district, NewEscalation(district.agency, "Thiếu đất", "Chậm", "Giao đất"))
    page = client_of("daumoi").get("/waiting/").text  # the client looks for ids that come twice
    assert len(re.findall(r'id="note-consolidated-\d+"', page)) == 2


def test_the_leader_sees_what_was_submitted_before_concluding(
    app: Flask, client_of: ClientOf
) -> None:
    it, leader = sample(), client_of("lanhdao")
    bring(it, EscalationState.SUBMITTED)
    row = row_in(leader, it)
    assert "văn bản 12/TTr" in row
    assert "Nội dung submitted" in row
    assert it.decision in row
    assert send(leader, it, "concluded").status_code == 303
    assert "Đã xem" in row_in(client_of("thoilai"), it)
