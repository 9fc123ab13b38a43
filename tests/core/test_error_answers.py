"""An action that meets an error page must not take away the form that the person filled in; every
error page stands in the frame, also when the database itself fails."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from ntmtasks.core.db import ChangedMeanwhile, db


def test_to_htmx_an_error_is_a_line_in_the_live_region_and_swaps_nothing(
    client_of: Callable[[str], Any],
) -> None:
    answer = client_of("chuyenvien").post("/no-such-page", {}, htmx=True)
    assert answer.status_code == 404
    assert answer.headers["HX-Reswap"] == "none"
    assert 'id="live"' in answer.text
    assert 'hx-swap-oob="innerHTML"' in answer.text


def in_the_frame(answer: Any, code: int, signed_in: bool = True) -> None:
    """The answer has this code, and its page the frame, with the person's menu where there is one."""
    assert answer.status_code == code
    assert '<main id="main"' in answer.text
    assert f"Mã {code}" in answer.text
    assert ('class="side"' in answer.text) is signed_in


def test_to_a_browser_an_error_is_a_page_in_the_frame(client_of: Callable[[str], Any]) -> None:
    client = client_of("chuyenvien")
    in_the_frame(client.get("/no-such-page"), 404)
    in_the_frame(client.get("/people/"), 403)
    in_the_frame(client.post("/tasks/1/comments", {"csrf_token": "another"}), 400)
    in_the_frame(client.post("/theme", {"back": "x" * 6_000_000}), 413)


@contextmanager
def as_it_is_served(app: Flask) -> Iterator[None]:
    """Errors are shown as pages instead of failing the test."""
    app.testing = False
    try:
        yield
    finally:
        app.testing = True


@contextmanager
def broken_view(app: Flask, endpoint: str, error: Exception) -> Iterator[None]:
    """A view that raises."""

    def broken(**_given: object) -> str:
        raise error

    view = app.view_functions[endpoint]
    app.view_functions[endpoint] = broken
    try:
        with as_it_is_served(app):
            yield
    finally:
        app.view_functions[endpoint] = view


@pytest.mark.parametrize(
    ("code", "error"), [(409, ChangedMeanwhile()), (500, RuntimeError("a mistake of ours"))]
)
def test_what_a_view_does_not_catch_is_a_page_in_the_frame(
    app: Flask, client_of: Callable[[str], Any], code: int, error: Exception
) -> None:
    client = client_of("chuyenvien")
    with broken_view(app, "desk.my_work", error):
        in_the_frame(client.get("/my-work/"), code)


@pytest.mark.parametrize("since", ["SELECT", "FROM assignment"])
def test_a_database_that_fails_is_a_page_in_the_frame_without_a_person(
    app: Flask, client_of: Callable[[str], Any], since: str
) -> None:
    """From the first query on, or only after the person was found."""
    client = client_of("dieuphoi")

    def fail(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if since in sql:
            raise OperationalError(sql, {}, Exception("disk I/O error"))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", fail)
    try:
        with as_it_is_served(app):
            in_the_frame(client.get("/tasks/"), 500, signed_in=False)
            answer = client.get("/tasks/", htmx=True)
            assert (answer.status_code, answer.headers["HX-Reswap"]) == (500, "none")
    finally:
        event.remove(engine, "before_cursor_execute", fail)
