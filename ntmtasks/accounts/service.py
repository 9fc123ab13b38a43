"""Signing in and out; people and their passwords."""

import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete

from ntmtasks.accounts import queries
from ntmtasks.accounts.labels import ROLES
from ntmtasks.accounts.models import User, UserSession
from ntmtasks.accounts.rules import Role, is_username, plain_email
from ntmtasks.agencies.models import Agency
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.text import nfc
from ntmtasks.core.throttle import failures, record_failure
from ntmtasks.history import service as history
from ntmtasks.history.service import Actor

SESSION_LIFE = timedelta(hours=12)
MAX_FAILURES = 8
# No letters that look alike: a one-time password is read out on the phone.
ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
_NOBODY = _hasher.hash(
    secrets.token_hex()
)  # compared for unknown names, so that time tells nothing


class TooManyAttempts(Exception):
    """Too many wrong passwords for this name or from this address within minutes."""


class Refused(Exception):
    """A value that cannot be taken; `message` is shown beside the form's `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


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


def one_time_password() -> str:
    """A random password to be told once: three groups of four letters (59 bits)."""
    groups = ("".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


def add_user(
    actor: Actor | None,
    username: str,
    name: str,
    role: Role,
    agency: Agency,
    title: str = "",
    phone: str = "",
    email: str = "",
    password: str | None = None,
) -> tuple[User, str]:
    """Add a person; returns the person and the password to hand over, which is kept nowhere.

    Without `password` a one-time password is made, to be changed at the first login; a given one
    stays. `actor` None means the program (sample, command line). Raises Refused for a bad or taken
    username or a bad address.
    """
    username = username.strip().lower()
    _check_username(username)
    address = _checked_email(email)
    told = nfc(password).strip() if password else one_time_password()
    hashed = hash_password(told)
    with transaction():
        user = User(
            username=username,
            name=name,
            title=title,
            phone=phone,
            email=address,
            role=role,
            agency=agency,
            password_hash=hashed,
            must_change_password=password is None,
            created_at=real_now(),
        )
        db.session.add(user)
        db.session.flush()
        history.record(actor, "user", user.id, "user.add", after=_shown(user))
    return user, told


def _check_username(username: str) -> None:
    if not is_username(username):
        raise Refused(
            "username", "Tên đăng nhập gồm 2 đến 40 ký tự: chữ thường không dấu, số, dấu . - _"
        )
    if queries.user_by_name(username) is not None:
        raise Refused("username", f"Tên đăng nhập “{username}” đã có người dùng.")


def _checked_email(email: str) -> str:
    address = plain_email(email.strip())
    if address is None:
        raise Refused("email", "Địa chỉ thư điện tử không đúng.")
    return address


def _shown(user: User) -> dict[str, str]:
    """What the record keeps of a person, in the words of the screen; never a password."""
    return {
        "Tên đăng nhập": user.username,
        "Họ và tên": user.name,
        "Chức vụ": user.title,
        "Điện thoại": user.phone,
        "Thư điện tử": user.email,
        "Vai trò": ROLES[user.role],
        "Cơ quan": user.agency.short_name,
    }
