"""Posting progress and comments, with HTMX and without."""

import re
from collections.abc import Callable

from flask import Flask
from sqlalchemy import func, select

from ntmtasks.core.db import db
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def lead_of(path: str) -> Assignment:
    """The first assignment of a task."""
    task = db.session.scalars(select(Task).where(Task.path == path)).one()
    return task.assignments[0]


def test_a_plain_form_is_answered_by_303_and_found_again(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    answer = client.post(
        f"/assignments/{mine.id}/progress",
        {"state": "in_progress", "percent": "75", "body": "Mở 12 lớp khuyến nông"},
    )
    assert answer.status_code == 303
    page = client.get(answer.location)
    assert "Mở 12 lớp khuyến nông" in page.text
    assert "75 %" in page.text


def test_htmx_gets_the_row_and_the_counters(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    row = f"work-row-{mine.id}"
    answer = client_of("daumoi").post(
        "/my-work/",
        {
            "only": mine.id,
            f"{mine.id}-state": "submitted",
            f"{mine.id}-percent": "10",
            f"{mine.id}-body": "Đã xong 36/36 xã",
        },
        htmx=True,
    )
    assert answer.status_code == 200
    assert f'<tbody id="{row}"' in answer.text
    assert 'id="counters"' in answer.text
    assert 'data-counter="submitted">1<' in answer.text
    assert "<html" not in answer.text
    assert lead_of("III.1.c").percent == 100


def test_an_officers_completion_waits_for_the_focal_point(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    url = f"/assignments/{mine.id}/progress"
    form = {"state": "submitted", "percent": "100", "body": "Đã xong"}
    client_of("chuyenvien").post(url, form)
    waiting = lead_of("III.1.c")
    assert waiting.work_state is WorkState.IN_PROGRESS
    assert waiting.pending_since is not None
    client_of("daumoi").post(url, form)
    passed = lead_of("III.1.c")
    assert passed.work_state is WorkState.SUBMITTED
    assert passed.pending_since is None


def test_where_nobody_speaks_for_the_agency_the_officer_counts(
    app: Flask, client_of: ClientOf
) -> None:
    mine = lead_of("III.7.-1")
    client_of("vhttdl").post(
        f"/assignments/{mine.id}/progress",
        {"state": "submitted", "percent": "100", "body": "Đã xong"},
    )
    assert lead_of("III.7.-1").work_state is WorkState.SUBMITTED


def test_bad_values_get_a_sentence_and_keep_the_text(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    for htmx in (False, True):
        answer = client.post(
            f"/assignments/{mine.id}/progress",
            {"state": "done", "percent": "x7", "body": "Nội dung đã gõ"},
            htmx=htmx,
        )
        assert answer.status_code == 422
        assert "Tiến độ là số nguyên từ 0 đến 100." in answer.text
        assert "Nội dung đã gõ" in answer.text
        assert 'value="x7"' in answer.text


def test_the_same_form_sent_twice_makes_one_record(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    page = client.get(f"/tasks/{mine.task_id}").text
    token = re.findall(r'name="form_token"[^>]*value="([^"]+)"', page)
    before = db.session.scalar(select(func.count()).select_from(ProgressUpdate)) or 0
    form = {"state": "in_progress", "percent": "70", "body": "Một lần", "form_token": token[0]}
    for _ in range(2):
        assert client.post(f"/assignments/{mine.id}/progress", form).status_code == 303
    after = db.session.scalar(select(func.count()).select_from(ProgressUpdate))
    assert after == before + 1


def test_what_has_been_submitted_takes_no_more_progress(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    form = {"state": "submitted", "percent": "100", "body": "Lần nữa"}
    client = client_of("daumoi")
    client.post(f"/assignments/{mine.id}/progress", form)
    answer = client.post(f"/assignments/{mine.id}/progress", form)
    assert answer.status_code == 409
    assert lead_of("III.1.c").work_state is WorkState.SUBMITTED


def test_strangers_find_neither_the_task_nor_its_forms(app: Flask, client_of: ClientOf) -> None:
    theirs = lead_of("III.1.c")
    client = client_of("vhttdl")
    form = {"state": "in_progress", "percent": "1", "body": "x"}
    assert client.get(f"/tasks/{theirs.task_id}").status_code == 404
    assert client.post(f"/tasks/{theirs.task_id}/comments", {"body": "x"}).status_code == 404
    assert client.post(f"/assignments/{theirs.id}/progress", form).status_code == 404


def test_comments_by_htmx_and_by_form(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    url = f"/tasks/{mine.task_id}/comments"
    fragment = client.post(url, {"body": "Xin <b>danh sách</b> xã"}, htmx=True)
    assert fragment.status_code == 200
    assert '<section id="comments"' in fragment.text
    assert "Xin &lt;b&gt;danh sách&lt;/b&gt; xã" in fragment.text
    assert client.post(url, {"body": "Ý thứ hai"}).status_code == 303
    assert client.post(url, {"body": "  "}, htmx=True).status_code == 422
    page = client.get(f"/tasks/{mine.task_id}")
    assert "Ý thứ hai" in page.text
    bodies = db.session.scalars(select(Comment.body).where(Comment.task_id == mine.task_id)).all()
    assert "Ý thứ hai" in bodies
