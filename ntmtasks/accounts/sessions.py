"""The one module that touches Flask-Login: a cookie carries a session's token, never a person's id."""

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from ntmtasks.accounts import service
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.agencies.models import Agency

TOKEN = "_user_id"


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
    manager = LoginManager(app, add_context_processor=False)  # pages know the person as `user`
    manager.session_protection = None

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
