"""A request commits at most once, and core/db.py is the only place that commits."""

import ast
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event, select

from ntmtasks import paths
from ntmtasks.core.db import db
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment
from tests.support.client import Client


def commits(source: str) -> list[int]:
    """Lines that call `….commit()`."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def test_only_the_door_of_the_database_commits() -> None:
    door = paths.PACKAGE / "core" / "db.py"
    assert commits(door.read_text())
    found = {
        str(file.relative_to(paths.PACKAGE)): lines
        for file in sorted(paths.PACKAGE.rglob("*.py"))
        if file != door and (lines := commits(file.read_text()))
    }
    assert not found


POSTS = {
    "/login": {"username": "chuyenvien", "password": "sai"},
    "/theme": {"theme": "dark"},
    "/tasks/{task}/comments": {"body": "Đề nghị báo cáo."},
    "/assignments/{assignment}/progress": {
        "state": "in_progress",
        "percent": "40",
        "body": "Đã làm một phần.",
    },
    "/assignments/{assignment}/extensions": {
        "deadline": "2025-02-01",
        "reason": "Mưa",
        "beyond": "y",
    },
    "/tasks/{task}/urgings": {"body": "Đề nghị báo cáo."},
    "/tasks/{task}/explanations": {"question": "Vì sao chậm?", "answer_by": "2024-11-20"},
    "/reports/{report}/explanations": {"question": "Vì sao chậm?", "answer_by": "2024-11-20"},
    "/logout": {},
}


@pytest.mark.parametrize("address", POSTS)
@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_request_commits_at_most_once(
    app: Flask, client_of: Callable[[str], Client], address: str, htmx: bool
) -> None:
    client = client_of("dieuphoi")
    assignment = db.session.scalars(select(Assignment).order_by(Assignment.id)).first()
    assert assignment is not None
    seen: list[object] = []
    late = db.session.scalar(
        select(Report.id).where(Report.state == ReportState.MISSING).order_by(Report.due_on)
    )
    url = address.format(task=assignment.task_id, assignment=assignment.id, report=late)
    note = seen.append
    event.listen(db.engine, "commit", note)
    answer = client.post(url, POSTS[address], htmx=htmx)
    event.remove(db.engine, "commit", note)
    assert answer.status_code < 500
    assert len(seen) <= 1
