"""Pausing, cancelling and reopening tasks; opening again what was confirmed."""

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import Phase, WorkState
from tests.support.work import ClientOf, of, told, verbs_of


@pytest.mark.parametrize(
    ("act", "phase", "verb"),
    [("pause", Phase.PAUSED, "task.pause"), ("cancel", Phase.CANCELLED, "task.cancel")],
)
def test_a_task_that_rests_is_not_counted_until_it_is_reopened(
    app: Flask, client_of: ClientOf, act: str, phase: Phase, verb: str
) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    before = counting.counters(clock.today())
    url = f"/tasks/{work.task_id}/{act}"
    assert client.post(url, {"reason": " "}).status_code == 422
    assert client.post(url, {"reason": "Chờ trung ương hướng dẫn"}).status_code == 303
    resting = of("III.1.c", "Sở NN&PTNT")
    assert resting.task.phase is phase
    assert verbs_of(work.task_id)[0] == verb
    now = counting.counters(clock.today())
    assert (now.total, now.overdue) == (before.total - 1, before.overdue - 1)
    assert any("Chờ trung ương" in line for line in told("daumoi", verb))
    assert told("dieuphoi", verb) == []
    spans = db.session.scalars(
        select(AssignmentSpan.phase)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .where(Assignment.task_id == work.task_id, AssignmentSpan.to_at.is_(None))
    ).all()
    assert set(spans) == {phase}
    form = {"state": "in_progress", "percent": "70", "body": "Vẫn làm"}
    url = f"/assignments/{work.id}/progress"
    assert client_of("daumoi").post(url, form).status_code == 403
    reopened = client.post(f"/tasks/{work.task_id}/resume", {"reason": "Đã có hướng dẫn"})
    assert reopened.status_code == 303
    assert counting.counters(clock.today()) == before
    assert verbs_of(work.task_id)[0] == "task.resume"


def test_what_does_not_fit_is_refused_and_keeps_the_reason(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    seen = work.task.version
    form = {"reason": "Lý do đã gõ kỹ", "version": seen}
    assert client.post(f"/tasks/{work.task_id}/resume", form).status_code == 409
    client.post(f"/tasks/{work.task_id}/pause", {"reason": "Tạm dừng"})
    answer = client.post(f"/tasks/{work.task_id}/cancel", form, htmx=True)
    assert answer.status_code == 409
    assert "Lý do đã gõ kỹ" in answer.text
    assert db.session.get_one(Task, work.task_id).phase is Phase.PAUSED


def test_only_the_coordinator_changes_the_phase(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    for username in ("daumoi", "lanhdao", "admin"):
        for act in ("pause", "cancel", "resume"):
            answer = client_of(username).post(f"/tasks/{work.task_id}/{act}", {"reason": "x"})
            assert answer.status_code == 403


def test_the_board_shows_what_rests_by_its_filter(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    row = f'id="task-row-{work.task_id}"'
    assert row not in client.get("/tasks/?phase=paused").text
    client.post(f"/tasks/{work.task_id}/pause", {"reason": "Chờ hướng dẫn"})
    paused = client.get("/tasks/?phase=paused").text
    assert row in paused
    assert "Tạm dừng" in paused
    assert row not in client.get("/tasks/?phase=issued&q=III.1.c").text
    assert "Đã bỏ qua phần địa chỉ" in client.get("/tasks/?phase=draft").text


def test_confirmed_work_is_reopened_with_a_reason_on_record(
    app: Flask, client_of: ClientOf
) -> None:
    done = of("III.4.b", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    url = f"/assignments/{done.id}/reopen"
    assert client_of("lanhdao").post(url, {"reason": "x"}).status_code == 403
    assert client.post(url, {"reason": ""}).status_code == 422
    before = counting.counters(clock.today())
    assert client.post(url, {"reason": "Kiểm tra lại: thiếu 2 xã"}).status_code == 303
    opened = of("III.4.b", "Sở NN&PTNT")
    assert (opened.work_state, opened.submitted_at) == (WorkState.RETURNED, None)
    after = counting.counters(clock.today())
    assert after.done_on_time == before.done_on_time - 1
    assert after.total == before.total
    entry = history.of("task", done.task_id)[0]
    assert entry.verb == "task.reopen"
    assert entry.after["Bản báo cáo ngày"].startswith("12/09/2024")
    assert any("thiếu 2 xã" in line for line in told("daumoi", "reopened"))


def test_the_leader_reopens_what_the_coordinating_office_led(
    app: Flask, client_of: ClientOf
) -> None:
    done = of("III.3", "VP Điều phối NTM")
    assert (
        client_of("dieuphoi").post(f"/assignments/{done.id}/reopen", {"reason": "x"}).status_code
        == 403
    )
    assert (
        client_of("lanhdao")
        .post(f"/assignments/{done.id}/reopen", {"reason": "Chưa đủ hồ sơ"})
        .status_code
        == 303
    )
    assert of("III.3", "VP Điều phối NTM").work_state is WorkState.RETURNED


def test_returned_work_submitted_again_is_on_time_by_the_accepted_version(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("IV.4.-1", "Hội LHPN")
    first = work.submitted_at
    client_of("dieuphoi").post(f"/assignments/{work.id}/return", {"reason": "Thiếu số liệu"})
    form = {"state": "submitted", "percent": "100", "body": "Đã bổ sung"}
    client_of("mau.phunu").post(f"/assignments/{work.id}/progress", form)
    again = of("IV.4.-1", "Hội LHPN")
    assert again.submitted_at is not None
    assert first is not None
    assert again.submitted_at > first
    page = client_of("dieuphoi").get(f"/tasks/{work.task_id}").text
    assert "Thiếu số liệu" in page
    assert "12/11/2024" in page  # the earlier submission stays in the list of updates


def test_nobody_is_told_of_the_own_act(app: Flask, client_of: ClientOf) -> None:
    office = of("III.1.a", "VP Điều phối NTM")
    client = client_of("dieuphoi")
    assert client.post(f"/tasks/{office.task_id}/pause", {"reason": "Chờ"}).status_code == 303
    assert told("dieuphoi", "task.pause") == []
