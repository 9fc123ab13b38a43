"""Headers and cookies that hold whatever page is asked for."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from ntmtasks.app import create_app
from tests.support import databases
from tests.support.client import Client


@pytest.mark.parametrize("address", ["/login", "/healthz", "/nowhere"])
def test_every_answer_carries_the_headers(outsider: Client, address: str) -> None:
    headers = outsider.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_are_not_kept_by_the_browser(client_of: Callable[[str], Client]) -> None:
    assert client_of("admin").get("/login", follow_redirects=True).headers["Cache-Control"] == (
        "no-store"
    )


def test_assets_are_kept_for_a_year_while_fresh(app: Flask, outsider: Client) -> None:
    page = outsider.get("/login").text
    address = page.partition('<link rel="stylesheet" href="')[2].partition('"')[0]
    answer = outsider.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    stale = "/".join(["/assets/000000000000", address.rsplit("/", 1)[1]])
    assert outsider.get(stale).headers["Cache-Control"] == "no-cache"
    assert outsider.get("/assets/000000000000/settings.py").status_code == 404


@pytest.mark.parametrize(
    ("base_url", "secure"), [("http://127.0.0.1", False), ("https://a.vn", True)]
)
def test_the_session_cookie_is_closed(tmp_path: Path, base_url: str, secure: bool) -> None:
    app = create_app(replace(databases.config(tmp_path), base_url=base_url))
    assert app.config["SESSION_COOKIE_HTTPONLY"] is True
    assert app.config["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert app.config["SESSION_COOKIE_SECURE"] is secure


def test_a_foreign_host_is_refused(outsider: Client) -> None:
    for address in ("/login", "/healthz", "/tasks/"):
        answer = outsider.get(address, headers={"Host": "evil.example"})
        assert answer.status_code == 400
        assert "evil.example" not in answer.text
