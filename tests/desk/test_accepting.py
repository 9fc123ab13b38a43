"""Taking work on, refusing it, and the focal point's one press on what officers did."""

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.tasks.models import AssignmentSpan
from ntmtasks.tasks.rules import Act, WorkState
from tests.support.work import ClientOf, of, told, verbs_of

MINE = ("III.1.d", "Sở NN&PTNT")


def test_the_focal_point_takes_work_on_with_one_press(app: Flask, client_of: ClientOf) -> None:
    mine = of(*MINE)
    client = client_of("daumoi")
    page = client.get(f"/tasks/{mine.task_id}").text
    assert f'action="/assignments/{mine.id}/accept"' in page
    answer = client.post(f"/assignments/{mine.id}/accept", {"version": mine.version})
    assert answer.status_code == 303
    assert of(*MINE).work_state is WorkState.IN_PROGRESS
    assert verbs_of(mine.task_id)[0] == "task.accept"
    again = client.post(f"/assignments/{mine.id}/accept")
    assert again.status_code == 409


def test_an_officers_acceptance_waits_and_is_passed_on(app: Flask, client_of: ClientOf) -> None:
    mine = of(*MINE)
    officer, focal = client_of("chuyenvien"), client_of("daumoi")
    answer = officer.post(
        f"/assignments/{mine.id}/accept",
        htmx=True,
        headers={"HX-Target": f"task-work-{mine.task_id}"},
    )
    assert answer.status_code == 200
    assert "chờ đầu mối" in answer.text
    waiting = of(*MINE)
    assert (waiting.work_state, waiting.pending_act) == (WorkState.ASSIGNED, Act.ACCEPT)
    assert any("chờ bạn chuyển" in line for line in told("daumoi", "pending"))
    assert officer.post(f"/assignments/{mine.id}/pass-on").status_code == 403
    assert focal.post(f"/assignments/{mine.id}/pass-on").status_code == 303
    passed = of(*MINE)
    assert (passed.work_state, passed.pending_act) == (WorkState.IN_PROGRESS, None)
    assert verbs_of(mine.task_id)[:3] == ["task.accept", "task.pass", "task.pend"]
    assert told("chuyenvien", "passed")
    assert focal.post(f"/assignments/{mine.id}/pass-on").status_code == 409


def test_what_is_not_passed_on_goes_back_with_a_reason(app: Flask, client_of: ClientOf) -> None:
    mine = of("III.1.c", "Sở NN&PTNT")
    form = {"state": "submitted", "percent": "100", "body": "Đã mở đủ lớp"}
    client_of("chuyenvien").post(f"/assignments/{mine.id}/progress", form)
    focal = client_of("daumoi")
    assert focal.post(f"/assignments/{mine.id}/hold-back", {"reason": " "}).status_code == 422
    reason = {"reason": "Thiếu danh sách học viên"}
    assert focal.post(f"/assignments/{mine.id}/hold-back", reason).status_code == 303
    held = of("III.1.c", "Sở NN&PTNT")
    assert (held.work_state, held.pending_act) == (WorkState.IN_PROGRESS, None)
    assert any("Thiếu danh sách" in line for line in told("chuyenvien", "held"))


def test_a_completion_that_is_passed_on_counts_from_that_press(
    app: Flask, client_of: ClientOf
) -> None:
    mine = of("III.1.c", "Sở NN&PTNT")
    form = {"state": "submitted", "percent": "90", "body": "Đã mở đủ lớp"}
    client_of("chuyenvien").post(f"/assignments/{mine.id}/progress", form)
    assert of("III.1.c", "Sở NN&PTNT").submitted_at is None
    client_of("daumoi").post(f"/assignments/{mine.id}/pass-on")
    passed = of("III.1.c", "Sở NN&PTNT")
    assert passed.work_state is WorkState.SUBMITTED
    assert passed.submitted_by is not None
    assert passed.submitted_by.username == "daumoi"
    bodies = db.session.scalars(
        select(ProgressUpdate.body)
        .where(ProgressUpdate.assignment_id == mine.id)
        .order_by(ProgressUpdate.id.desc())
    ).all()
    assert bodies[:2] == ["Chuyển báo cáo của chuyên viên: Đã mở đủ lớp", "Đã mở đủ lớp"]


def test_refusing_wants_a_reason_and_goes_back_to_the_coordinator(
    app: Flask, client_of: ClientOf
) -> None:
    mine = of(*MINE)
    focal, coordinator = client_of("daumoi"), client_of("dieuphoi")
    assert focal.post(f"/assignments/{mine.id}/refuse", {"reason": ""}).status_code == 422
    reason = {"reason": "Thuộc chức năng của Sở Y tế"}
    assert focal.post(f"/assignments/{mine.id}/refuse", reason).status_code == 303
    refused = of(*MINE)
    assert (refused.work_state, refused.state_note) == (WorkState.REFUSED, reason["reason"])
    assert any("từ chối" in line for line in told("dieuphoi", "refuse"))
    waiting = coordinator.get("/waiting/").text
    assert reason["reason"] in waiting
    assert f'action="/assignments/{mine.id}/give-back"' in waiting
    assert focal.post(f"/assignments/{mine.id}/give-back", reason).status_code == 403


def test_refused_work_is_given_back_with_a_reason(app: Flask, client_of: ClientOf) -> None:
    mine = of(*MINE)
    client_of("daumoi").post(f"/assignments/{mine.id}/refuse", {"reason": "Không đủ người"})
    client = client_of("dieuphoi")
    in_row = {"htmx": True, "headers": {"HX-Target": f"waiting-row-{mine.id}"}}
    url = f"/assignments/{mine.id}/give-back"
    assert client.post(url, {"reason": ""}, **in_row).status_code == 422
    answer = client.post(url, {"reason": "Đúng chức năng theo Quyết định 12"}, **in_row)
    assert answer.status_code == 200
    assert f'<li id="waiting-row-{mine.id}"' in answer.text
    back = of(*MINE)
    assert back.work_state is WorkState.ASSIGNED
    assert "Quyết định 12" in client_of("daumoi").get(f"/tasks/{mine.task_id}").text
    assert any("Quyết định 12" in line for line in told("daumoi", "given_back"))


def test_refused_work_goes_to_another_agency_that_begins_anew(
    app: Flask, client_of: ClientOf
) -> None:
    mine, health = of(*MINE), of("III.7.-2", "Sở Y tế").agency_id
    client_of("daumoi").post(f"/assignments/{mine.id}/refuse", {"reason": "Không đúng việc"})
    client = client_of("dieuphoi")
    url = f"/assignments/{mine.id}/reassign"
    assert client.post(url, {"agency": 0, "reason": "Đúng chức năng"}).status_code == 422
    answer = client.post(url, {"agency": health, "reason": "Đúng chức năng"})
    assert answer.status_code == 303
    moved = of("III.1.d", "Sở Y tế")
    assert (moved.id, moved.work_state, moved.percent) == (mine.id, WorkState.ASSIGNED, 0)
    span = db.session.scalars(
        select(AssignmentSpan).where(
            AssignmentSpan.assignment_id == mine.id, AssignmentSpan.to_at.is_(None)
        )
    ).one()
    assert (span.agency_id, span.work_state) == (health, WorkState.ASSIGNED)
    assert told("mau.yte", "assigned")
    assert any("không còn thực hiện" in line for line in told("daumoi", "moved"))
    assert client_of("daumoi").get(f"/tasks/{mine.task_id}").status_code == 404


def test_a_stale_form_keeps_the_typed_reason(app: Flask, client_of: ClientOf) -> None:
    mine = of(*MINE)
    client = client_of("daumoi")
    form = {"version": mine.version, "reason": "Lý do đã gõ kỹ"}
    client.post(f"/assignments/{mine.id}/accept", {"version": mine.version})
    for htmx in (False, True):
        answer = client.post(f"/assignments/{mine.id}/refuse", form, htmx=htmx)
        assert answer.status_code == 409
        assert "Lý do đã gõ kỹ" in answer.text
        assert "vừa được người khác thay đổi" in answer.text
    assert of(*MINE).work_state is WorkState.IN_PROGRESS


def test_the_same_press_sent_twice_is_one_act(app: Flask, client_of: ClientOf) -> None:
    mine = of(*MINE)
    client = client_of("daumoi")
    form = {"version": mine.version, "form_token": "one-showing-of-the-form"}
    for _ in range(2):
        assert client.post(f"/assignments/{mine.id}/accept", form).status_code == 303
    assert verbs_of(mine.task_id).count("task.accept") == 1


def test_strangers_and_readers_get_404_and_403(app: Flask, client_of: ClientOf) -> None:
    mine = of("III.1.c", "Sở NN&PTNT")
    assert client_of("thoilai").post(f"/assignments/{mine.id}/accept").status_code == 404
    assert client_of("dieuphoi").post(f"/assignments/{mine.id}/accept").status_code == 403
    assert client_of("lanhdao").post(f"/assignments/{mine.id}/accept").status_code == 403
