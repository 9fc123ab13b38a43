"""The one stream of the task page: every kind, the newest first, in a fixed number of queries."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.core.db import db, transaction
from ntmtasks.progress.service import commenting, posting
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client

ClientOf = Callable[[str], Client]


def lead_of(path: str) -> Assignment:
    """The first assignment of a task."""
    task = db.session.scalars(select(Task).where(Task.path == path)).one()
    return task.assignments[0]


def kinds(page: str) -> list[str]:
    """The kinds of the entries as they stand, one beside the other."""
    return re.findall(r'<li id="entry-([a-z]+)-\d+"', page)


def test_progress_decisions_and_comments_stand_in_one_stream_newest_first(
    app: Flask, client_of: ClientOf
) -> None:
    work = lead_of("III.9.a.-1")
    coordinator = client_of("dieuphoi")
    coordinator.post(f"/assignments/{work.id}/return", {"reason": "Thiếu danh sách"})
    coordinator.post(f"/tasks/{work.task_id}/comments", {"body": "Đề nghị gửi lại"})
    page = coordinator.get(f"/tasks/{work.task_id}").text
    assert kinds(page) == ["comment", "decision", "progress"]
    decision = page.split('id="entry-decision-')[1].split("</li>")[0]
    assert "trả lại" in decision
    assert "Thiếu danh sách" in decision


def test_htmx_gets_what_was_added_on_top_of_the_stream(app: Flask, client_of: ClientOf) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    said = {"body": "Ý mới", "form_token": "một-lần"}
    answer = client.post(f"/tasks/{mine.task_id}/comments", said, htmx=True)
    assert '<section id="comments"' in answer.text
    added = answer.text.split('hx-swap-oob="afterbegin:#stream-entries"')[1]
    assert kinds(added) == ["comment"]
    again = client.post(f"/tasks/{mine.task_id}/comments", said, htmx=True)
    assert kinds(again.text) == []  # the same form again adds nothing, here as in the database
    form = {"state": "in_progress", "percent": "61", "body": "Thêm một xã"}
    answer = client.post(f"/assignments/{mine.id}/progress", form, htmx=True)
    added = answer.text.split('hx-swap-oob="afterbegin:#stream-entries"')[1]
    assert kinds(added) == ["progress"]


def test_htmx_gets_the_whole_stream_where_more_may_have_changed(
    app: Flask, client_of: ClientOf
) -> None:
    mine = lead_of("III.1.c")
    form = {"state": "submitted", "percent": "100", "body": "Đã xong"}
    answer = client_of("chuyenvien").post(f"/assignments/{mine.id}/progress", form, htmx=True)
    stream = answer.text.split('<section id="stream"')[1]
    assert kinds(stream)[0] == "progress"
    assert 'hx-swap-oob="true"' in stream.split(">")[0]


def test_the_number_of_queries_does_not_grow_with_the_entries(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    mine = lead_of("III.1.c")
    client = client_of("chuyenvien")
    address = f"/tasks/{mine.task_id}"

    def count() -> int:
        with statements() as seen:
            client.get(address)
        return len(seen)

    def post(times: int) -> None:
        with transaction():
            for n in range(times):
                commenting.post(people[n % len(people)], mine.task, f"Ý {n}")
                posting.post_progress(people[0], mine, WorkState.IN_PROGRESS, n, f"Lần {n}")

    people = officers_of(mine.agency_id)
    post(1)  # a kind of entry that a task has none of is not asked for
    before = count()
    post(20)
    assert count() == before
