"""Many rows at once, twins, unknown names and findings of a review."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import AgencyAlias
from ntmtasks.core.db import db
from ntmtasks.intake.models import UnknownName
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import FindingState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, Phase
from tests.support.client import Client
from tests.support.drafts import agency, draft_plan, item

ClientOf = Callable[[str], Client]
# One item whose lead is spelled in a way that the directory does not have.
STRANGE = """ỦY BAN NHÂN DÂN
THÀNH PHỐ CẦN THƠ
Số: 9/KH-UBND
Cần Thơ, ngày 10 tháng 01 năm 2024

KẾ HOẠCH
Phát triển nông thôn năm 2024

I. NỘI DUNG
1. Rà soát các tiêu chí về môi trường trên địa bàn
II. TỔ CHỨC THỰC HIỆN
1. Sở Nông nghiệp và Môi trường
- Tổ chức kiểm tra nguồn nước tại các xã trong quý III/2024.
- Tham mưu kế hoạch bảo vệ rừng phòng hộ năm 2024.
"""


def url(plan: Plan, act: str) -> str:
    return f"/plans/{plan.id}/review/{act}"


def seen(*tasks: Task) -> list[str]:
    """What ticked rows send."""
    return [f"{t.id}:{t.version}" for t in tasks]


def lead(task: Task) -> list[str]:
    return [a.agency.short_name for a in task.assignments if a.role is AssignmentRole.LEAD]


def finding(plan: Plan, code: str) -> Finding:
    return db.session.scalars(
        select(Finding).where(Finding.plan_id == plan.id, Finding.code == code).limit(1)
    ).one()


def test_many_rows_get_agency_deadline_product_and_their_proposals(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    rows = [item(plan, p) for p in ("III.1.d", "III.1.e", "III.1.g")]
    client, target = client_of("dieuphoi"), url(plan, "selected")
    agency_id = agency("Sở Y tế").id
    acts: list[dict[str, object]] = [
        {"act": "take"},
        {"act": "assign", "agency": agency_id, "role": "lead"},
        {"act": "deadline", "deadline": "2024-10-15", "note": "Thông báo 8"},
        {"act": "product", "product": "Báo cáo"},
    ]
    for act in acts:
        answer = client.post(target, {**act, "agency": act.get("agency", 0), "task": seen(*rows)})
        assert answer.status_code == 303
    for row in rows:
        assert lead(row) == ["Sở Y tế"]
        assert (row.deadline, row.product) == (date(2024, 10, 15), "Báo cáo")
        assert not any(a.reason for a in row.assignments)
    htmx = client.post(target, {"act": "drop", "agency": 0, "task": seen(*rows)}, htmx=True)
    assert htmx.text.lstrip().startswith('<div id="review-work"')
    assert {r.phase for r in rows} == {Phase.DROPPED}


def test_what_lacks_is_said_and_ticks_are_kept(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    row = item(plan, "III.1.d")
    client, target = client_of("dieuphoi"), url(plan, "selected")
    for form, sentence in (
        ({"act": "take", "agency": 0}, "Hãy đánh dấu các mục"),
        ({"act": "assign", "agency": 0, "task": seen(row)}, "Hãy chọn cơ quan."),
        ({"act": "deadline", "agency": 0, "task": seen(row)}, "Hãy ghi thời hạn"),
        ({"act": "deadline", "agency": 0, "deadline": "x", "task": seen(row)}, "ngày có thật"),
        ({"act": "merge", "agency": 0, "task": seen(row)}, "ít nhất hai mục"),
        ({"act": "?", "agency": 0, "task": seen(row)}, "Hãy chọn việc cần làm"),
    ):
        for htmx in (True, False):
            answer = client.post(target, form, htmx=htmx)
            assert (answer.status_code, sentence in answer.text) == (422, True), form
            if "task" in form:
                assert re.search(rf'value="{row.id}:1"[^>]* checked', answer.text)
    assert row.version == 1


def test_one_stale_row_stops_all_selected(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    one, two = item(plan, "III.1.d"), item(plan, "III.1.e")
    client, target = client_of("dieuphoi"), url(plan, "selected")
    old = seen(one, two)
    client.post(target, {"act": "product", "agency": 0, "product": "A", "task": seen(two)})
    answer = client.post(
        target, {"act": "product", "agency": 0, "product": "B", "task": old}, htmx=True
    )
    assert answer.status_code == 409
    assert "chưa mục nào thay đổi" in answer.text
    assert 'value="B"' in answer.text
    assert (one.product, two.product) == ("", "A")


def test_selected_rows_are_merged_into_the_first(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    one, two, three = (item(plan, p) for p in ("III.1.d", "III.1.e", "III.1.g"))
    words = [t.text for t in (one, two, three)]
    form = {"act": "merge", "agency": 0, "task": seen(three, one, two)}
    assert client_of("dieuphoi").post(url(plan, "selected"), form).status_code == 303
    assert one.text.split("\n") == words
    assert [c.path for c in one.clauses] == ["III.1.d", "III.1.e", "III.1.g"]
    assert {two.phase, three.phase} == {Phase.DROPPED}


def test_twins_become_one_task_with_two_citations(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    one, other = item(plan, "III.2.a"), item(plan, "IV.2.-2")
    client = client_of("dieuphoi")
    page = client.get(f"/plans/{plan.id}/review").text
    assert "<b>III.2.a</b> và <b>IV.2.-2</b> là một việc, hai căn cứ (giống 96 %)" in page
    form = {"one": one.id, "other": other.id, "act": "join"}
    answer = client.post(url(plan, "twins"), form, htmx=True)
    assert answer.status_code == 200
    assert [c.path for c in one.clauses] == ["III.2.a", "IV.2.-2"]
    assert other.phase is Phase.DROPPED
    settled = next(
        f
        for f in db.session.scalars(select(Finding).where(Finding.plan_id == plan.id))
        if f.state is not FindingState.OPEN
    )
    assert (settled.code, settled.state) == ("duplicate", FindingState.FIXED)
    assert f'id="review-finding-{settled.id}"' in answer.text
    assert client.post(url(plan, "twins"), form).status_code == 303  # a second press: all is done
    assert len(one.clauses) == 2


def test_twins_kept_apart_are_not_asked_about_again(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    one, other = item(plan, "III.2.a"), item(plan, "IV.2.-2")
    client = client_of("dieuphoi")
    form = {"one": one.id, "other": other.id, "act": "apart"}
    for _ in range(2):
        assert client.post(url(plan, "twins"), form).status_code == 303
    page = client.get(f"/plans/{plan.id}/review").text
    assert "<b>III.2.a</b> và <b>IV.2.-2</b>" not in page
    assert {one.phase, other.phase} == {Phase.DRAFT}


def test_an_unknown_name_is_offered_its_nearest_agencies(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan(STRANGE)
    client = client_of("dieuphoi")
    page = client.get(f"/plans/{plan.id}/review").text
    assert "Tên cơ quan chưa nhận ra (1)" in page
    near = page.split('label="Gần giống"')[1].split("</optgroup>")[0]
    assert "Sở Nông nghiệp và Phát triển nông thôn" in near
    name = "Sở Nông nghiệp và Môi trường"
    missing = client.post(url(plan, "names"), {"name": name, "agency": 0, "act": "use"}, htmx=True)
    assert (missing.status_code, "Hãy chọn cơ quan." in missing.text) == (422, True)
    farming = agency("Sở NN&PTNT").id
    answer = client.post(url(plan, "names"), {"name": name, "agency": farming, "act": "alias"})
    assert answer.status_code == 303
    tasks = db.session.scalars(
        select(Task).where(Task.plan_id == plan.id, Task.section == "II")
    ).all()
    assert [lead(t) for t in tasks] == [["Sở NN&PTNT"]] * 2
    assert not any(a.reason for t in tasks for a in t.assignments)
    assert all(t.mode is Mode.JOINT for t in tasks)
    assert db.session.scalar(select(AgencyAlias).where(AgencyAlias.name == name)) is not None
    assert agencies.directory().match(name) == "Sở NN&PTNT"
    assert "chưa nhận ra" not in client.get(f"/plans/{plan.id}/review").text


def test_an_unknown_name_may_mean_nobody(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan(STRANGE)
    form = {"name": "Sở Nông nghiệp và Môi trường", "agency": 0, "act": "ignore"}
    answer = client_of("dieuphoi").post(url(plan, "names"), form, htmx=True)
    assert answer.status_code == 200
    assert db.session.scalars(select(UnknownName)).all() == []


def test_a_finding_is_settled_noted_and_opened_again(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    found = finding(plan, "wrong_document_symbol")
    client, target = client_of("dieuphoi"), url(plan, f"findings/{found.id}")
    empty = client.post(target, {"version": 1, "state": "noted", "note": ""}, htmx=True)
    assert (empty.status_code, "Hãy ghi nội dung" in empty.text) == (422, True)
    assert client.post(target, {"version": 1, "state": "?", "note": ""}).status_code == 422
    form = {"version": 1, "state": "noted", "note": "Hỏi phòng Văn thư"}
    answer = client.post(target, form, htmx=True)
    assert answer.text.lstrip().startswith(f'<li id="review-finding-{found.id}"')
    assert "<b>37</b> điểm chưa xử lý" in answer.text
    assert found.settled_by is not None
    assert (found.state, found.settled_by.username) == (FindingState.NOTED, "dieuphoi")
    stale = client.post(target, {**form, "note": "Ghi chú của người thứ hai"}, htmx=True)
    assert stale.status_code == 409
    assert "Ghi chú của người thứ hai" in stale.text
    assert found.note == "Hỏi phòng Văn thư"
    page = client.get(f"/plans/{plan.id}").text
    assert "Đã ghi chú: Hỏi phòng Văn thư" in page
    again = client.post(target, {"version": found.version, "state": "open"})
    assert again.location.endswith(f"#review-finding-{found.id}")
    assert (found.state, found.settled_by) == (FindingState.OPEN, None)


def test_twins_stand_below_the_heading_of_whoever_gets_the_work_again(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    page = client_of("dieuphoi").get(f"/plans/{plan.id}/review").text
    twins = page.split("Có thể trùng giữa các phần")[1].split("</details>")[0]
    headings = re.findall(r"<h3>(\S+?)\. ([^<]*)</h3>", twins)
    assert [path for path, _ in headings] == sorted(path for path, _ in headings)
    group = twins.split("<h3>IV.2. ")[1].split("<h3>")[0]
    assert "Văn phòng Điều phối" in group.split("</h3>")[0]
    assert "Gộp III.2.a và IV.2.-2 thành một việc" in group
