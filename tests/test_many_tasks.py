"""Pages ask the database as often with 20,000 tasks as with 200."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import select, text

from benchmarks.many import fill
from ntmtasks.core.db import db
from ntmtasks.tasks.models import Task
from tests.support.client import Client

MOST_QUERIES = 20


@pytest.mark.lengthy
def test_the_number_of_queries_does_not_grow_with_the_tasks(
    app: Flask,
    client_of: Callable[[str], Client],
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    coordinator, officer = client_of("dieuphoi"), client_of("chuyenvien")
    fill(200)
    task = db.session.scalars(select(Task.id).where(Task.path == "V.150")).one()
    pages = {
        "/": coordinator,
        "/overview": coordinator,
        "/overdue": coordinator,
        "/tasks/": coordinator,
        "/tasks/?deadline=overdue&state=in_progress&q=xa": coordinator,
        "/tasks/?silent=1": coordinator,
        "/waiting/": coordinator,
        f"/tasks/{task}": coordinator,
        "/my-work/": officer,
    }

    def count(client: Client, page: str) -> int:
        with statements() as seen:
            assert client.get(page).status_code in (200, 302)
        return len(seen)

    before = {page: count(client, page) for page, client in pages.items()}
    fill(20_000)
    if db.engine.dialect.name == "postgresql":  # which does it by itself after a while
        db.session.execute(text("ANALYZE"))
        db.session.commit()
    assert {page: count(client, page) for page, client in pages.items()} == before
    assert max(before.values()) <= MOST_QUERIES, before
