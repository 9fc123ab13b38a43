"""What the coordinator and the city leader decide and change."""

from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import event, select

from ntmtasks.core.db import db
from ntmtasks.outbox.models import Notice
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import DeadlineBasis, WorkState
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def of(path: str, agency: str) -> Assignment:
    """The assignment of an agency."""
    task = db.session.scalars(select(Task).where(Task.path == path)).one()
    return next(a for a in task.assignments if a.agency.short_name == agency)


def test_the_coordinator_confirms_other_agencies(app: Flask, client_of: ClientOf) -> None:
    work = of("III.9.a.-1", "Sở KH&ĐT")
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/confirm")
    assert answer.status_code == 303
    assert of("III.9.a.-1", "Sở KH&ĐT").work_state is WorkState.DONE
    again = client_of("dieuphoi").post(f"/assignments/{work.id}/confirm")
    assert again.status_code == 409
    assert "vừa được người khác thay đổi" in again.text
    assert of("III.9.a.-1", "Sở KH&ĐT").work_state is WorkState.DONE


def test_nobody_confirms_the_own_agency(app: Flask, client_of: ClientOf) -> None:
    own = of("III.2.a", "VP Điều phối NTM")
    assert client_of("dieuphoi").post(f"/assignments/{own.id}/confirm").status_code == 403
    theirs = of("III.9.a.-1", "Sở KH&ĐT")
    assert client_of("lanhdao").post(f"/assignments/{theirs.id}/confirm").status_code == 403
    leader = client_of("lanhdao")
    assert "III.2.a" in leader.get("/waiting/").text
    assert leader.post(f"/assignments/{own.id}/confirm").status_code == 303
    assert of("III.2.a", "VP Điều phối NTM").work_state is WorkState.DONE


def test_returning_wants_a_reason_and_tells_the_agency(app: Flask, client_of: ClientOf) -> None:
    work = of("IV.4.-1", "Hội LHPN")
    client = client_of("dieuphoi")
    url = f"/assignments/{work.id}/return"
    in_row = {"htmx": True, "headers": {"HX-Target": f"waiting-row-{work.id}"}}
    assert client.post(url, {"reason": " "}, **in_row).status_code == 422
    answer = client.post(url, {"reason": "Thiếu số liệu 4 huyện"}, **in_row)
    assert answer.status_code == 200
    assert f'id="waiting-row-{work.id}"' in answer.text
    assert of("IV.4.-1", "Hội LHPN").work_state is WorkState.RETURNED
    assert any("Thiếu số liệu" in line for line in db.session.scalars(select(Notice.line)))


def test_a_deadline_changes_with_a_reason_and_keeps_the_original(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    url = f"/assignments/{work.id}/edit"
    form = {
        "version": work.version,
        "agency": work.agency_id,
        "officer": 0,
        "deadline": "2024-12-20",
        "note": "",
    }
    assert client.post(url, form).status_code == 422
    emptied = client.post(url, {**form, "deadline": "", "note": "Bỏ hạn"})
    assert emptied.status_code == 422
    assert "thời hạn không bỏ trống được" in emptied.text
    assert "Bỏ hạn" in emptied.text
    assert client.post(url, {**form, "note": "Công văn 12"}).status_code == 303
    changed = of("III.1.d", "Sở NN&PTNT")
    assert changed.deadline == changed.task.deadline == date(2024, 12, 20)
    assert changed.original_deadline == date(2024, 12, 31)
    assert changed.task.deadline_basis is DeadlineBasis.BY_HAND
    assert client.post(url, {**form, "note": "cũ"}).status_code == 409
    page = client.get(f"/tasks/{work.task_id}").text
    assert "Thời hạn: từ “31/12/2024” thành “20/12/2024”" in page


def test_deadline_and_officer_change_together_in_one_save(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    officer = next(u for u in own_officers(client, work) if u)
    form = {
        "version": work.version,
        "agency": work.agency_id,
        "officer": officer,
        "deadline": "2024-12-20",
        "note": "Công văn 12",
    }
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(db.engine, "commit", note)
    assert client.post(f"/assignments/{work.id}/edit", form).status_code == 303
    event.remove(db.engine, "commit", note)
    saved = of("III.1.d", "Sở NN&PTNT")
    assert (saved.deadline, saved.officer_id) == (date(2024, 12, 20), officer)
    assert len(commits) == 1


def test_a_focal_point_hands_out_the_own_work_alone(app: Flask, client_of: ClientOf) -> None:
    own, theirs = of("III.1.d", "Sở NN&PTNT"), of("III.7.-2", "Sở Y tế")
    client = client_of("daumoi")
    officer = next(u for u in own_officers(client, own) if u)
    answer = client.post(
        f"/assignments/{own.id}/edit", {"version": own.version, "officer": officer}
    )
    assert answer.status_code == 303
    assert of("III.1.d", "Sở NN&PTNT").officer_id == officer
    assert client.get(f"/assignments/{theirs.id}/edit").status_code == 404


def own_officers(client: Client, assignment: Assignment) -> list[int]:
    """The choices of the officer field."""
    page = client.get(f"/assignments/{assignment.id}/edit").text
    field = page.split('name="officer"')[1].split("</select>")[0]
    return [int(part.split('"')[0]) for part in field.split('value="')[1:]]


def test_an_agency_changes_and_a_task_is_added_by_hand(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    health = of("III.7.-2", "Sở Y tế").agency_id
    client = client_of("dieuphoi")
    form = {
        "version": work.version,
        "agency": health,
        "officer": 0,
        "deadline": work.deadline.isoformat() if work.deadline else "",
        "note": "",
    }
    assert client.post(f"/assignments/{work.id}/edit", form).status_code == 303
    assert of("III.1.d", "Sở Y tế").id == work.id
    new = {
        "text": "Sơ kết chuyên đề an toàn thực phẩm",
        "source_note": "Thông báo 77/TB-UBND ngày 01/11/2024",
        "lead": health,
        "supporting": [health],
        "deadline": "2024-12-05",
    }
    assert client.post("/tasks/new", {**new, "source_note": ""}).status_code == 422
    assert client.post("/tasks/new", {**new, "deadline": ""}).status_code == 422
    answer = client.post("/tasks/new", new)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Thông báo 77/TB-UBND" in page
    assert "thêm nhiệm vụ" in page
