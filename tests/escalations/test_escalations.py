"""Difficulties: who reports, who takes the next step, what everybody sees."""

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.queries import by_short_name
from ntmtasks.core.db import db
from ntmtasks.core.models import Setting
from ntmtasks.escalations import queries
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import NEXT, EscalationState
from ntmtasks.outbox.models import Notice
from ntmtasks.tasks.models import Assignment, Task
from tests.support.client import Client
from tests.support.work import office_letters, somebody

ClientOf = Callable[[str], Client]
FILLED = {
    "problem": "Chưa có hướng dẫn chấm điểm tiêu chí 17",
    "effect": "Không lập được hồ sơ",
    "decision": "Đề nghị hướng dẫn trước 30/11",
}


def newest() -> Escalation:
    return db.session.scalars(select(Escalation).order_by(Escalation.id.desc())).first()


def version_in(page: str) -> str:
    return re.search(r'name="version"[^>]*value="(\d+)"', page)[1]


def step(client: Client, it: Escalation, name: str, htmx: bool = False, **data: str):
    page = client.get(f"/escalations/{it.id}").text
    filled = {"version": version_in(page), "note": f"Nội dung {name}", **data}
    return client.post(f"/escalations/{it.id}/{name}", filled, htmx=htmx)


def told(username: str) -> list[str]:
    return list(
        db.session.scalars(
            select(Notice.line)
            .join(User, User.id == Notice.user_id)
            .where(Notice.kind == "escalation", User.username == username)
        )
    )


def test_a_district_reports_and_the_department_is_told(app: Flask, client_of: ClientOf) -> None:
    district = client_of("thoilai")
    task = db.session.scalars(
        select(Assignment).where(Assignment.agency.has(short_name="UBND huyện Thới Lai"))
    ).first()
    answer = district.post("/escalations/new", {**FILLED, "tasks": str(task.task_id)})
    assert answer.status_code == 303
    it = newest()
    assert (it.agency.short_name, it.consolidator.short_name, it.state) == (
        "UBND huyện Thới Lai",
        "Sở NN&PTNT",
        EscalationState.REPORTED,
    )
    assert [t.id for t in it.tasks] == [task.task_id]
    assert any("tiêu chí 17" in line for line in told("daumoi"))
    assert "tiêu chí 17" in district.get(f"/tasks/{task.task_id}").text


def test_a_report_without_words_keeps_what_was_typed(app: Flask, client_of: ClientOf) -> None:
    page = client_of("thoilai").post("/escalations/new", {**FILLED, "decision": " "})
    assert page.status_code == 422
    assert "Hãy ghi điều đề nghị cấp trên quyết định." in page.text
    assert "Chưa có hướng dẫn chấm điểm" in page.text


def test_a_double_click_makes_one_difficulty(app: Flask, client_of: ClientOf) -> None:
    district = client_of("thoilai")
    before = db.session.query(Escalation).count()
    for _ in range(2):
        district.post("/escalations/new", {**FILLED, "form_token": "once"})
    assert db.session.query(Escalation).count() == before + 1


SOURCE = {"source_kind": "document", "source_ref": "88/UBND-NN", "source_on": "2024-11-05"}


def test_the_coordinator_enters_for_an_agency_with_its_source(
    app: Flask, client_of: ClientOf
) -> None:
    office = client_of("dieuphoi")
    typed = {**FILLED, "agency": str(by_short_name()["UBND huyện Thới Lai"].id)}
    bare = office.post("/escalations/new", {**typed, "source_kind": "document"})
    assert bare.status_code == 422
    assert "Hãy ghi số, ký hiệu văn bản hoặc tên người gọi, người gửi." in bare.text
    assert "Hãy ghi ngày của nguồn theo dạng ngày/tháng/năm." in bare.text
    assert office.post("/escalations/new", {**typed, **SOURCE}).status_code == 303
    it = newest()
    assert it.source == "Văn bản 88/UBND-NN ngày 05/11/2024"
    page = office.get(f"/escalations/{it.id}").text
    assert "nhập thay bởi Đặng Thu Phương" in page
    assert "Đã 9 ngày, từ 05/11/2024" in page
    assert any("88/UBND-NN" in line for line in told("thoilai"))


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2024-11-15", "Ngày của nguồn không được sau hôm nay."),
        ("2024-05-01", "Ngày của nguồn không được trước ngày ban hành kế hoạch."),
        ("hôm qua", "Hãy ghi ngày của nguồn theo dạng ngày/tháng/năm."),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_the_reason(
    app: Flask, client_of: ClientOf, on: str, words: str
) -> None:
    typed = {**FILLED, **SOURCE, "agency": str(by_short_name()["Sở Y tế"].id), "source_on": on}
    answer = client_of("dieuphoi").post("/escalations/new", typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "88/UBND-NN" in answer.text


def test_for_the_own_office_no_source_is_asked(app: Flask, client_of: ClientOf) -> None:
    own = {**FILLED, "agency": str(somebody("dieuphoi").agency_id), "source_kind": "document"}
    own |= {"source_ref": "", "source_on": ""}
    assert client_of("dieuphoi").post("/escalations/new", own).status_code == 303
    assert (newest().source, newest().source_kind) == ("", None)


def test_where_nobody_signs_in_the_mailbox_is_told(app: Flask, client_of: ClientOf) -> None:
    office, farmers = client_of("dieuphoi"), by_short_name()["Hội Nông dân"]
    office.post("/escalations/new", {**FILLED, **SOURCE, "agency": str(farmers.id)})
    it = newest()
    step(client_of("daumoi"), it, "consolidated")
    (letter,) = office_letters()
    assert letter.to_address == farmers.mailbox
    assert "Đặng Thu Phương nhập thay theo Văn bản 88/UBND-NN ngày 05/11/2024" in letter.text
    assert FILLED["problem"] in letter.text
    assert "Nếu chưa đúng, xin báo lại Đặng Thu Phương" in letter.text
    assert "Sở NN&PTNT tổng hợp: “Nội dung consolidated”." in letter.text


def test_nobody_is_told_what_they_did_themselves(app: Flask, client_of: ClientOf) -> None:
    client_of("daumoi").post("/escalations/new", FILLED)
    assert newest().consolidator_id == somebody("daumoi").agency_id
    assert not any("tiêu chí 17" in line for line in told("daumoi"))


def test_states_carry_the_names_of_the_route(app: Flask, client_of: ClientOf) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    it, office = newest(), client_of("dieuphoi")
    seen = []
    for name in ("consolidated", "submitted", "concluded", "resolved"):
        step(office, it, name, document="12/TTr-SNN")
        page = office.get(f"/escalations/{it.id}").text
        seen.append(html.unescape(page.split("<aside>")[1].split("<h2>")[1].split("</h2>")[0]))
    assert seen == ["Sở NN&PTNT tổng hợp", "Đã trình UBND thành phố", "Có kết luận", "Đã gỡ"]
    choices = office.get("/escalations/").text.split('id="filter-state"')[1]
    assert "Đã trình UBND thành phố</option>" in choices


def test_the_way_up_with_each_one_at_the_own_step(app: Flask, client_of: ClientOf) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    it = newest()
    department, leader, district = client_of("daumoi"), client_of("lanhdao"), client_of("thoilai")
    assert step(department, it, "consolidated").status_code == 303
    refused = step(department, it, "submitted")
    assert refused.status_code == 422
    assert "Hãy ghi số, ngày của văn bản." in refused.text
    assert step(department, it, "submitted", document="12/TTr-SNN, 14/11/2024").status_code == 303
    assert any("tiêu chí 17" in line for line in told("lanhdao"))
    fragment = step(leader, it, "concluded", htmx=True)
    assert fragment.status_code == 200
    assert f'id="escalation-{it.id}"' in fragment.text
    assert any("tiêu chí 17" in line for line in told("thoilai"))
    assert step(district, it, "resolved").status_code == 303
    db.session.expire_all()
    it = newest()
    assert it.state is EscalationState.RESOLVED
    assert it.closed_at is not None
    assert [s.state.value for s in it.steps] == [
        "consolidated",
        "submitted",
        "concluded",
        "resolved",
    ]


def test_strangers_see_nothing_and_readers_cannot_act(app: Flask, client_of: ClientOf) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    it = newest()
    stranger = client_of("vhttdl")
    assert stranger.get(f"/escalations/{it.id}").status_code == 404
    assert stranger.post(f"/escalations/{it.id}/consolidated").status_code == 404
    assert "tiêu chí 17" not in stranger.get("/escalations/").text
    assert client_of("admin").get(f"/escalations/{it.id}").status_code == 200
    assert client_of("admin").post(f"/escalations/{it.id}/consolidated").status_code == 403
    assert client_of("chuyenvien").post(f"/escalations/{it.id}/consolidated").status_code == 403


def test_a_stale_step_keeps_the_text(app: Flask, client_of: ClientOf) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    it = newest()
    version = str(it.version)
    step(client_of("daumoi"), it, "consolidated")
    stale = client_of("dieuphoi").post(
        f"/escalations/{it.id}/consolidated", {"version": version, "note": "Chữ của tôi"}
    )
    assert stale.status_code == 409
    assert "Chữ của tôi" in stale.text
    assert "vừa được người khác cập nhật" in stale.text


def test_two_who_press_at_the_same_moment_lose_no_text(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    it = newest()

    def overtaken(*_args: object) -> bool:
        db.session.execute(
            update(Escalation).values(version=Escalation.version + 1),
            execution_options={"synchronize_session": False},
        )
        return True

    monkeypatch.setattr("ntmtasks.escalations.service.raising.may_step", overtaken)
    late = step(client_of("daumoi"), it, "consolidated", note="Lời của người đến sau")
    assert late.status_code == 409
    assert "Lời của người đến sau" in late.text


def test_the_route_changes_only_what_comes_after(app: Flask, client_of: ClientOf) -> None:
    client_of("thoilai").post("/escalations/new", FILLED)
    office = client_of("dieuphoi")
    own = db.session.scalars(
        select(Assignment.agency_id).where(Assignment.agency.has(short_name="VP Điều phối NTM"))
    ).first()
    route = {"agency": str(own), "submitted_to": "Ban Chỉ đạo"}
    assert office.post("/escalations/route", route).status_code == 303
    assert newest().submitted_to == "Ủy ban nhân dân thành phố"
    client_of("thoilai").post("/escalations/new", FILLED)
    assert (newest().consolidator_id, newest().submitted_to) == (own, "Ban Chỉ đạo")


def test_a_route_set_meanwhile_stands_beside_what_was_typed(
    app: Flask, client_of: ClientOf
) -> None:
    office = client_of("dieuphoi")
    form = office.get("/escalations/route").text
    seen = re.findall(r'name="version"[^>]*value="(\d+)"', form)[0]
    way = queries.route()
    assert way is not None
    route = {"agency": way.agency_id, "version": seen}
    first = office.post("/escalations/route", {**route, "submitted_to": "Ban Chỉ đạo"})
    assert first.status_code == 303
    answer = office.post("/escalations/route", {**route, "submitted_to": "Thường trực"})
    assert answer.status_code == 409
    assert re.search(r"Trình</th><td[^>]*>Ban Chỉ đạo</td><td[^>]*>Thường trực</td>", answer.text)
    stored = select(Setting.value).where(Setting.name == queries.ROUTE_TO)
    assert db.session.scalar(stored) == "Ban Chỉ đạo"


def test_lists_take_as_many_queries_for_many_rows(
    app: Flask, client_of: ClientOf, statements: Callable[[], object]
) -> None:
    client = client_of("dieuphoi")
    client.get("/escalations/")
    with statements() as few:
        client.get("/escalations/")
    district = client_of("thoilai")
    task = db.session.scalars(select(Task)).first()
    for _ in range(12):
        district.post("/escalations/new", {**FILLED, "tasks": str(task.id)})
    with statements() as many:
        client.get("/escalations/")
    assert len(few) == len(many)


@pytest.mark.parametrize("state", EscalationState)
def test_every_open_state_has_a_way_on(state: EscalationState) -> None:
    reached, front = {state}, [state]
    while front:
        for after in NEXT[front.pop()]:
            if after not in reached:
                reached.add(after)
                front.append(after)
    assert reached & {EscalationState.RESOLVED, EscalationState.WITHDRAWN}
