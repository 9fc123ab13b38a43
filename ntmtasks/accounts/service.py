"""Signing in and out."""

import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from ntmtasks.accounts import queries
from ntmtasks.accounts.models import User, UserSession
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.throttle import failures, record_failure

SESSION_LIFE = timedelta(hours=12)
MAX_FAILURES = 8
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(secrets.token_hex())  # compared for unknown names, so that time tells nothing


class TooManyAttempts(Exception):
    """Too many wrong passwords for this name or from this address within minutes."""


def hash_password(password: str) -> str:
    """The argon2 hash of a password."""
    return _hasher.hash(password)


def verify(password_hash: str, password: str) -> bool:
    """Whether `password` is the one behind `password_hash`."""
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def authenticate(username: str, password: str, address: str) -> User | None:
    """The person with this name and password, or None. Raises TooManyAttempts."""
    name = username.strip().lower()[:100]
    sources = (("login-name", name), ("login-address", address))
    if any(failures(kind, source) >= MAX_FAILURES for kind, source in sources):
        raise TooManyAttempts
    user = queries.user_by_name(name)
    let_go()  # argon2 takes its time; nobody should wait for our lock meanwhile
    right = verify(user.password_hash if user else _NOBODY, password)
    if user is None or not right or user.locked_at is not None:
        with transaction():
            for kind, source in sources:
                record_failure(kind, source)
        return None
    return user


def sign_in(user: User) -> str:
    """Begin a session of `user`; returns the token for the cookie."""
    token = secrets.token_urlsafe(32)
    with transaction():
        now = real_now()
        db.session.execute(delete(UserSession).where(UserSession.expires_at < now))
        db.session.add(
            UserSession(
                token_hash=queries.token_hash(token),
                user_id=user.id,
                created_at=now,
                last_seen_at=now,
                expires_at=now + SESSION_LIFE,
            )
        )
    return token


def sign_out(token: str) -> None:
    """End one session: a copy of its cookie is worth nothing from now on."""
    with transaction():
        db.session.execute(
            delete(UserSession).where(UserSession.token_hash == queries.token_hash(token))
        )
