"""The page of the review and its rows: what it shows, what it saves, what it refuses."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, update

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, Phase, TaskKind
from tests.support.client import Client
from tests.support.drafts import SOURCE, agency, draft_plan, item

ClientOf = Callable[[str], Client]


def address(plan: Plan, task: Task | None = None, act: str = "") -> str:
    base = f"/plans/{plan.id}/review"
    return f"{base}/tasks/{task.id}{act}" if task else base


def typed(task: Task, **changes: object) -> dict[str, object]:
    """What the form of a row sends when nobody has touched it, with some fields changed."""
    form: dict[str, object] = {
        "version": task.version,
        "text": task.text,
        "product": task.product,
        "kind": task.kind.value,
        "mode": task.mode.value,
        "deadline": task.deadline.isoformat() if task.deadline else "",
        "deadline_note": task.deadline_note,
        "new_role": "lead",
        "new_agency": 0,
    }
    for a in task.assignments:
        form[f"role_{a.agency_id}"] = a.role.value
        form[f"officer_{a.agency_id}"] = a.officer_id or 0
    return form | changes


def roles(task: Task) -> dict[str, str]:
    return {a.agency.short_name: a.role.value for a in task.assignments}


def test_the_page_shows_document_rows_and_findings_linked_both_ways(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    task = item(plan, "III.2.a")
    page = client_of("dieuphoi").get(address(plan)).text
    assert len(re.findall(r'<li id="review-row-\d+"', page)) == 69
    assert "<b>69</b> mục · <b>0</b> đủ 5 rõ" in page
    assert f'href="#clause-{task.clauses[0].id}"' in page
    assert f'id="clause-{task.clauses[0].id}"' in page
    marks = page.split(f'id="review-marks-{task.clauses[0].id}"')[1].split("</span>")[0]
    assert f'href="#review-row-{task.id}"' in marks
    assert "đề xuất: VP Điều phối NTM" in marks
    assert "Kế hoạch số 147/QĐ-UBND" in page
    assert page.count('<li id="review-finding-') == 38


def test_an_issued_plan_leads_to_its_page_and_strangers_are_kept_out(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    assert client_of("dieuphoi").get("/plans/1/review").location == "/plans/1"
    assert client_of("chuyenvien").get(address(plan)).status_code == 404
    assert client_of("lanhdao").get(address(plan)).status_code == 404
    task = item(plan, "III.2.a")
    assert client_of("admin").post(address(plan, task), typed(task)).status_code == 404
    other = draft_plan()
    stray = f"/plans/{other.id}/review/tasks/{task.id}"
    assert client_of("dieuphoi").post(stray, typed(task)).status_code == 404
    assert client_of("dieuphoi").get(stray, htmx=True).status_code == 404


def test_filters_stand_in_the_address(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    client = client_of("dieuphoi")

    def rows(query: str) -> int:
        return len(re.findall(r'<li id="review-row-', client.get(address(plan) + query).text))

    assert rows("?show=time") == 60
    assert rows("?show=person") == 0
    assert "Không còn mục nào thiếu điều này" in client.get(address(plan) + "?show=person").text
    assert rows("?show=nonsense") == 69
    grave = client.get(address(plan) + "?severity=error").text
    assert grave.count('<li id="review-finding-') == 3


def test_a_row_opens_in_place_and_without_javascript(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.2.a")
    client = client_of("dieuphoi")
    piece = client.get(address(plan, task), htmx=True).text
    assert piece.lstrip().startswith(f'<li id="review-row-{task.id}" class="review-row is-open"')
    assert "mục IV.2.-2 giao việc tương tự cho cơ quan này" in piece
    closed = client.get(address(plan, task) + "?closed=1", htmx=True).text
    assert "<form" not in closed
    plain = client.get(address(plan, task))
    assert plain.location.endswith(f"?open={task.id}#review-row-{task.id}")
    assert f'id="text-{task.id}"' in client.get(plain.location).text


def test_a_row_saves_itself_and_tells_the_rest_of_the_page(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    client = client_of("dieuphoi")
    health = agency("Sở Y tế").id
    form = typed(
        task,
        product="Báo cáo kết quả",
        deadline="2024-09-30",
        deadline_note="Công văn 12",
        new_role="supporting",
        new_agency=health,
    )
    answer = client.post(address(plan, task), form, htmx=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<div id="review-line-{task.id}"')
    for piece in (
        f'id="review-version-{task.id}" name="version" value="{task.version}" hx-swap-oob',
        f'id="review-agencies-{task.id}"',
        f'id="review-marks-{task.clauses[0].id}"',
        'id="review-bar"',
        "Đã lưu mục III.1.d.",
    ):
        assert piece in answer.text
    assert (task.product, task.deadline) == ("Báo cáo kết quả", date(2024, 9, 30))
    assert task.deadline_basis is DeadlineBasis.BY_HAND
    assert roles(task) == {"Sở NN&PTNT": "lead", "Sở Y tế": "supporting"}
    assert task.assignments[0].reason  # nobody has taken the proposal over yet
    plain = client.post(address(plan, task), typed(task, product="Kế hoạch"))
    assert plain.status_code == 303
    assert "Đã lưu mục III.1.d." in client.get(plain.location).text
    assert task.product == "Kế hoạch"


def test_taking_over_changing_and_removing_agencies(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    client = client_of("dieuphoi")
    own, health = task.assignments[0].agency_id, agency("Sở Y tế").id
    client.post(address(plan, task), typed(task, take="1"), htmx=True)
    assert [a.reason for a in task.assignments] == [""]
    client.post(address(plan, task), typed(task, new_agency=health), htmx=True)
    assert roles(task) == {"Sở Y tế": "lead", "Sở NN&PTNT": "supporting"}
    client.post(address(plan, task), typed(task, **{f"role_{own}": "remove"}), htmx=True)
    assert roles(task) == {"Sở Y tế": "lead"}
    client.post(address(plan, task), typed(task, **{f"role_{health}": "remove"}), htmx=True)
    assert roles(task) == {}
    assert "Chưa có chủ trì" in client.get(address(plan)).text


def test_an_officer_of_the_lead_is_put_in_charge(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    client = client_of("dieuphoi")
    own = task.assignments[0].agency_id
    piece = client.get(address(plan, task), htmx=True).text
    field = piece.split(f'name="officer_{own}"')[1].split("</select>")[0]
    officer = int(re.findall(r'value="(\d+)"', field)[1])
    client.post(address(plan, task), typed(task, **{f"officer_{own}": officer}), htmx=True)
    assert task.assignments[0].officer_id == officer
    stranger = typed(task, **{f"officer_{own}": 999_999})
    assert client.post(address(plan, task), stranger, htmx=True).status_code == 422


def test_bad_input_keeps_what_was_typed_and_changes_nothing(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    task, many = item(plan, "III.1.d"), item(plan, "IV.5.-3")
    client = client_of("dieuphoi")
    bad = typed(task, text=" ", product="Giữ lại chữ này", deadline="31/02/2024")
    for htmx in (True, False):
        answer = client.post(address(plan, task), bad, htmx=htmx)
        assert answer.status_code == 422
        assert "Hãy ghi nội dung nhiệm vụ." in answer.text
        assert "Hãy nhập một ngày có thật." in answer.text
        assert "Giữ lại chữ này" in answer.text
    assert answer.headers["HX-Retarget"] == f"#review-row-{task.id}"
    assert (task.version, task.product) == (1, "")
    answer = client.post(address(plan, many), typed(many, mode="joint"), htmx=True)
    assert answer.status_code == 422
    assert "chỉ có một đơn vị chủ trì" in answer.text
    assert many.mode is Mode.EACH


def test_two_coordinators_never_overwrite_each_other(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    first, second = client_of("dieuphoi"), client_of("dieuphoi")
    seen, health = typed(task), agency("Sở Y tế").id
    theirs = first.post(address(plan, task), typed(task, product="Bản của A"), htmx=True)
    assert theirs.status_code == 200
    mine = {**seen, "product": "Bản của B", "new_agency": health}
    answer = second.post(address(plan, task), mine, htmx=True)
    assert answer.status_code == 409
    assert task.product == "Bản của A"
    assert 'class="body">Bản của A</td>' in answer.text
    assert 'class="body">Bản của B</td>' in answer.text
    assert "Sở Y tế: Chủ trì" in answer.text
    assert 'value="Bản của B"' in answer.text
    assert f'name="version" value="{task.version}"' in answer.text
    plain = second.post(address(plan, task), mine)
    assert (plain.status_code, "Bản của A" in plain.text) == (409, True)
    again = {**mine, "version": task.version}
    assert second.post(address(plan, task), again, htmx=True).status_code == 200
    assert task.product == "Bản của B"
    changes = [e.after["Sản phẩm"] for e in history.of("task", task.id) if "Sản phẩm" in e.after]
    assert changes == ["Bản của B", "Bản của A"]


def test_the_same_save_sent_twice_is_no_conflict(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    form = typed(task, product="Báo cáo")
    client = client_of("dieuphoi")
    for _ in range(2):
        assert client.post(address(plan, task), form, htmx=True).status_code == 200
    assert task.version == 2


def test_what_others_changed_is_seen_with_the_next_act(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    mine, theirs, gone = (item(plan, p) for p in ("III.1.d", "III.1.e", "III.1.g"))
    quiet = item(plan, "III.1.h")
    with transaction():  # the draft lay there for a while
        db.session.execute(update(Task).values(updated_at=clock.now() - timedelta(hours=1)))
    client, other = client_of("dieuphoi"), client_of("dieuphoi")
    opened = re.findall(r'name="seen" value="([^"]+)"', client.get(address(plan)).text)[0]
    other.post(address(plan, theirs), typed(theirs, product="Sổ tay"), htmx=True)
    other.post(address(plan, gone, "/drop"), htmx=True)
    form = typed(mine, product="Báo cáo", seen=opened)
    answer = client.post(address(plan, mine), form, htmx=True).text
    assert f'id="review-line-{theirs.id}" class="review-line" hx-swap-oob' in answer
    assert "người khác vừa bỏ mục này" in answer
    assert f'id="review-line-{quiet.id}"' not in answer


def test_a_row_is_split_where_the_line_break_stands(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.2.a")
    client = client_of("dieuphoi")
    words = task.text.split(" ")
    cut = " ".join(words[:5]) + "\r\n" + " ".join(words[5:])
    for wrong in (task.text, "chữ khác\nhẳn"):
        answer = client.post(address(plan, task, "/split"), {"typed": wrong}, htmx=True)
        assert answer.status_code == 422
        assert "chỉ xuống dòng (Enter) một lần" in answer.text
    answer = client.post(address(plan, task, "/split"), {"typed": cut}, htmx=True)
    assert answer.text.lstrip().startswith('<div id="review-work"')
    assert item(plan, "III.2.a (2)").text == " ".join(words[5:])
    assert client.get(address(plan)).text.count('<li id="review-row-') == 70


def test_a_dropped_row_stands_at_the_end_and_comes_back(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.2.a")
    client = client_of("dieuphoi")
    assert client.post(address(plan, task, "/drop")).status_code == 303
    assert task.phase is Phase.DROPPED
    page = client.get(address(plan)).text
    assert f'id="review-row-{task.id}"' not in page
    assert f'id="review-dropped-{task.id}"' in page
    assert client.get(f"/tasks/{task.id}").status_code == 200  # the coordinator may still read it
    assert client_of("chuyenvien").get(f"/tasks/{task.id}").status_code == 404
    answer = client.post(address(plan, task, "/restore"), htmx=True)
    assert f'id="review-row-{task.id}"' in answer.text
    assert task.phase is Phase.DRAFT


def test_the_kind_of_a_row_can_be_changed(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    client_of("dieuphoi").post(address(plan, task), typed(task, kind="continuous"))
    assert (task.kind, task.deadline) == (TaskKind.CONTINUOUS, None)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    app: Flask, client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    plan = draft_plan()
    client = client_of("dieuphoi")
    task = item(plan, "III.2.b")

    page_of, row_of = address(plan), address(plan, task)

    def count() -> tuple[int, int]:
        with statements() as page:
            client.get(page_of)
        form = typed(task, product=str(task.version))
        with statements() as act:
            client.post(row_of, form, htmx=True)
        return len(page), len(act)

    before = count()
    for _ in range(4):
        half = item(plan, "III.2.a")
        words = half.text.split(" ")
        cut = " ".join(words[:-2]) + "\n" + " ".join(words[-2:])
        assert client.post(address(plan, half, "/split"), {"typed": cut}).status_code == 303
    assert count() == before
    assert before[0] <= 20
    assert before[1] <= 40


def test_each_act_commits_once(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task, twin = item(plan, "III.2.a"), item(plan, "IV.2.-2")
    client = client_of("dieuphoi")
    base = address(plan)
    acts: list[tuple[str, dict[str, object]]] = [
        (address(plan, task), typed(task, product="Kế hoạch", take="1")),
        (f"{base}/twins", {"one": task.id, "other": twin.id, "act": "join"}),
        (address(plan, twin, "/restore"), {}),
        (f"/plans/{plan.id}/issue", {}),
    ]
    commits: list[object] = []
    note = commits.append
    event.listen(db.engine, "commit", note)
    for number, (target, form) in enumerate(acts, 1):
        assert client.post(target, form, htmx=True).status_code in {200, 204}
        assert len(commits) == number
    event.remove(db.engine, "commit", note)


def test_roles_are_the_ones_of_the_field(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    own = task.assignments[0].agency_id
    answer = client_of("dieuphoi").post(
        address(plan, task), typed(task, **{f"role_{own}": "boss"}), htmx=True
    )
    assert answer.status_code == 422
    assert task.assignments[0].role is AssignmentRole.LEAD
    db.session.rollback()


def test_what_was_not_read_is_shown_with_its_reason(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    bare = client_of("dieuphoi").get(address(plan)).text
    assert "Phần không đọc" not in bare
    source = "# source: https://example.invalid/kh\n" + SOURCE.read_text()
    plan = draft_plan(source)
    page = client_of("dieuphoi").get(address(plan)).text
    section = page.split('id="review-left-out"')[1].split("</section>")[0]
    assert "Phần không đọc (1)" in section
    assert "dòng ghi nguồn" in section
    assert "https://example.invalid/kh" in section
    assert "Nên xem lại" not in section
    assert '<details class="panel">' in section


def test_what_may_hold_work_and_was_not_read_asks_for_attention(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ntmtasks.intake.rules.reading._MOST_LINES", 100)
    page = client_of("dieuphoi").get(address(draft_plan())).text
    section = page.split('id="review-left-out"')[1].split("</section>")[0]
    assert '<details class="panel" open>' in section
    assert "Nên xem lại:" in section
    assert "chưa được đọc" in section
