"""The one module that touches Flask-Login: a cookie carries a session's token, never a person's id."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from flask import Flask, Request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from itsdangerous import BadSignature

from ntmtasks.accounts import service
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.agencies.models import Agency

TOKEN = "_user_id"


class Cookies(SecureCookieSessionInterface):
    """Flask's sessions in a signed cookie. One whose signature was found true is known again, as checking
    it takes as long as reading a task. How long somebody stays signed in is up to the session's row."""

    def __init__(self, app: Flask) -> None:
        signer = self.get_signing_serializer(app)
        assert signer is not None
        self._said = lru_cache(maxsize=5_000)(signer.loads)  # remembers no refusals

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession:
        """What the cookie of a request says."""
        cookie = request.cookies.get(self.get_cookie_name(app), "")
        try:
            said: Mapping[str, Any] = self._said(cookie) if cookie else {}
        except BadSignature:
            said = {}
        # Messages for the next page are in a list, which grows.
        return self.session_class(
            {name: list(v) if isinstance(v, list) else v for name, v in said.items()}
        )


class SignedIn:
    """A person as Flask-Login sees one: all of `User`, identified by the session's token."""

    is_authenticated = True
    is_active = True
    is_anonymous = False
    agency: Agency

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token

    def get_id(self) -> str:
        """What goes into the cookie."""
        return self.token

    def __getattr__(self, name: str) -> object:
        return getattr(self.user, name)


def init_app(app: Flask, secure: bool) -> None:
    """Attach Flask-Login; cookies insist on HTTPS where `secure`."""
    app.config.update(
        SESSION_COOKIE_NAME="ntmtasks",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
    )
    app.session_interface = Cookies(app)
    manager = LoginManager(app, add_context_processor=False)  # pages know the person as `user`
    manager.session_protection = None
    # It would hash what the protection compares all the same: who turns it on gives this back.
    manager._session_identifier_generator = str

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask_login ships no types
    def load(token: str) -> SignedIn | None:
        user = queries.user_by_token(token)
        if user is None:
            return None
        person = SignedIn(user, token)
        person.agency = user.agency  # held, so that it outlives the rollback of a refused act
        return person


def begin(user: User) -> None:
    """Sign `user` in: a new token, and a new cookie session."""
    token = service.sign_in(user)
    session.clear()
    login_user(SignedIn(user, token))


def end() -> None:
    """Sign out whoever is signed in."""
    token = session.get(TOKEN)
    if token:
        service.sign_out(token)
    logout_user()
    session.clear()


def me() -> User:
    """The signed-in person; only for views behind `require`."""
    user: User = current_user.user
    return user
