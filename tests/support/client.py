"""A signed-in browser for tests."""

from collections.abc import Mapping
from contextvars import Context
from typing import Any

from flask import Flask, has_app_context, session
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf
from werkzeug.test import TestResponse

from ntmtasks.accounts import service
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.sessions import TOKEN
from ntmtasks.core.db import db
from tests.support import pages


class Client(FlaskClient):
    """Sends the CSRF token with every POST and looks at every whole page that it gets.

    Each request runs in a context of its own: with the context of the test, Flask would share
    the session of the database, `g` and the frozen day with it.
    """

    csrf_token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; afterwards the test's own session sees what it has changed."""
        response = Context().run(super().open, *args, **kwargs)
        if has_app_context():  # not so where this request follows a redirect of another
            db.session.rollback()
            db.session.expire_all()
        path = response.request.path
        is_mail = path.startswith(("/outbox/", "/reminders/")) and path.endswith(
            "/html"
        )  # another one's frame
        whole = "HX-Request" not in response.request.headers
        if (
            whole
            and not is_mail
            and response.status_code == 200
            and response.mimetype == "text/html"
        ):
            found = pages.faults(response.text)
            assert not found, f"{path}: {found}"
        return response

    def get(self, *args: Any, htmx: bool = False, **kwargs: Any) -> TestResponse:
        """GET; as HTMX does it when asked."""
        return super().get(*args, **_with_htmx(htmx, kwargs))

    def post(
        self, url: str, data: Mapping[str, Any] | None = None, htmx: bool = False, **kwargs: Any
    ) -> TestResponse:
        """POST a form, with the CSRF token unless `data` has one; as HTMX does it when asked."""
        form = {"csrf_token": self.csrf_token, **(data or {})}
        return super().post(url, data=form, **_with_htmx(htmx, kwargs))


def _with_htmx(htmx: bool, kwargs: dict[str, Any]) -> dict[str, Any]:
    if htmx:
        kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "HX-Request": "true"}
    return kwargs


def new_client(app: Flask, username: str | None = None) -> Client:
    """A browser, signed in as `username` without the slow way over the password."""
    return Context().run(_new_client, app, username)


def _new_client(app: Flask, username: str | None) -> Client:
    client = Client(app, app.response_class)
    with app.test_request_context():
        client.csrf_token = generate_csrf()
        cookie = {"csrf_token": session["csrf_token"]}
        if username is not None:
            user = queries.user_by_name(username)
            assert user is not None, f"the sample has no {username}"
            cookie[TOKEN] = service.sign_in(user)
    with client.session_transaction() as kept:
        kept.update(cookie)
    return client
