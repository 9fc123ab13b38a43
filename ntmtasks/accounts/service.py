"""Signing in and out; people and their passwords."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, update

from ntmtasks.accounts import mails
from ntmtasks.accounts.labels import ROLES
from ntmtasks.accounts.models import PasswordReset, User, UserSession
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import (
    MIN_PASSWORD_LENGTH,
    Role,
    is_username,
    plain_email,
)
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.clock import real_now
from ntmtasks.core.db import check_version, db, let_go, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.text import nfc
from ntmtasks.core.throttle import failures, record_failure
from ntmtasks.history import service as history
from ntmtasks.history.service import Actor
from ntmtasks.outbox import service as outbox

SESSION_LIFE = timedelta(hours=12)
RESET_LIFE = timedelta(minutes=60)
MAX_FAILURES = 8
MAX_RESETS = 5
# No letters that look alike: a one-time password is read out on the phone.
ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_hasher = PasswordHasher()
NO_PASSWORD = "!"  # no hash, so that no password fits
_NOBODY = _hasher.hash(
    secrets.token_hex()
)  # compared for unknown names, so that time tells nothing


class TooManyAttempts(Exception):
    """Too many attempts for this name or from this address within minutes."""


class Refused(Exception):
    """A value that cannot be taken; `message` is shown beside the form's `field`."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.message = message


class ChangedMeanwhile(Exception):
    """Somebody else changed the person since the form was shown."""


@dataclass(frozen=True)
class Particulars:
    """What an admin says of a person."""

    name: str
    title: str
    phone: str
    email: str
    role: Role
    agency: Agency


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
    stays; an empty one lets nobody in until it is reset. `actor` None means the program (sample,
    command line). Raises Refused for a bad or taken username or a bad address.
    """
    username = username.strip().lower()
    _check_username(username)
    address = _checked_email(email)
    told = one_time_password() if password is None else nfc(password).strip()
    hashed = hash_password(told) if told else NO_PASSWORD
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


WhenMoved = Callable[[User, User, Agency], None]
_when_moved: list[WhenMoved] = []


def when_moved(act: WhenMoved) -> None:
    """Let a room above do its part when a person comes to another agency, in the same transaction:
    `act(actor, person, the agency that was left)`."""
    _when_moved.append(act)


def change_user(actor: User, user: User, version: int | None, new: Particulars) -> None:
    """Change a person's particulars, role or agency; `version` is the one that the form was made of.

    Raises ChangedMeanwhile, and Refused for a bad address or when an admin would stop being one.
    """
    if version is not None and version != user.version:
        raise ChangedMeanwhile
    address = _checked_email(new.email)
    if actor.id == user.id and user.can(Permission.ADMINISTER) and new.role is not user.role:
        raise Refused("role", "Bạn không thể tự bỏ quyền quản trị của mình.")
    before, left = _shown(user), user.agency
    with transaction():
        user.name, user.title, user.phone = new.name, new.title, new.phone
        user.email, user.role, user.agency = address, new.role, new.agency
        after = _shown(user)
        changed = [word for word, value in before.items() if after[word] != value]
        if changed:
            history.record(
                actor,
                "user",
                user.id,
                "user.change",
                {word: before[word] for word in changed},
                {word: after[word] for word in changed},
            )
        if user.agency is not left:
            for act in _when_moved:
                act(actor, user, left)


def lock(actor: User, user: User) -> None:
    """Keep a person out: no login, all sessions and reset links end at once."""
    if user.locked_at is not None:
        return
    with transaction():
        user.locked_at = real_now()
        _shut_out(user)
        history.record(actor, "user", user.id, "user.lock")


def unlock(actor: User, user: User) -> None:
    """Let a locked person in again, with the old password."""
    if user.locked_at is None:
        return
    with transaction():
        user.locked_at = None
        history.record(actor, "user", user.id, "user.unlock")


def name_stand_in(actor: User, person: User, until: date) -> None:
    """Let a person outside the coordinating office decide in the city leader's place about that
    office's work, `until` included; on record, and the person is told.

    Raises Refused for a day that has passed and for whom it cannot be.
    """
    if until < clock.today():
        raise Refused("until", "Ngày ủy quyền không được trước hôm nay.")
    if not queries.can_stand_in(person):
        raise Refused("person", "Hãy chọn người ngoài Văn phòng Điều phối, không bị khóa.")
    with transaction():
        before = {"Đến hết ngày": day(person.stands_in_until)}
        person.stands_in_until = until
        after = {"Đến hết ngày": day(until)}
        history.record(actor, "user", person.id, "user.stand_in", before, after)
        line = f"{actor.name} ủy quyền cho bạn xác nhận việc của Văn phòng Điều phối"
        outbox.notify(
            person.id, "stand_in", "Ủy quyền xác nhận", f"{line} đến hết {day(until)}.", "/waiting/"
        )


def end_stand_in(actor: User, person: User) -> None:
    """Take back what `name_stand_in` gave, on record; the person is told."""
    if person.stands_in_until is None:
        return
    with transaction():
        before = {"Đến hết ngày": day(person.stands_in_until)}
        person.stands_in_until = None
        history.record(actor, "user", person.id, "user.stand_in_end", before)
        line = f"{actor.name} đã thôi ủy quyền xác nhận cho bạn."
        outbox.notify(person.id, "stand_in", "Thôi ủy quyền xác nhận", line, "/my-work/")


def set_absence(
    actor: Actor,
    person: User,
    seen: int | None,
    first: date,
    last: date,
    deputy: User | None,
) -> None:
    """Let a person's mail go to a deputy, or to the focal points of the agency, from `first` to `last`;
    on record, and both are told. Raises Refused for days that cannot be, core.db.ChangedMeanwhile."""
    if last < first:
        raise Refused("until", "Ngày cuối phải từ ngày đầu trở đi.")
    if last < clock.today():
        raise Refused("until", "Kỳ nghỉ này đã qua.")
    with transaction():
        check_version(person, seen)
        before = _shown_absence(person)
        person.away_from, person.away_until = first, last
        person.deputy_id = deputy.id if deputy else None
        after = _shown_absence(person)
        if before == after:
            return
        history.record(actor, "user", person.id, "user.away", before, after)
        days = f"từ {day(first)} đến hết {day(last)}"
        if deputy:
            line = f"Bạn nhận thư nhắc việc thay {person.name} {days}."
            outbox.notify(deputy.id, "away", "Nhận thư thay", line, "/my-work/")
        if actor.id != person.id:
            line = f"{actor.name} ghi bạn nghỉ {days}."
            outbox.notify(person.id, "away", "Nghỉ", line, f"/people/{person.id}/absence")


def end_absence(actor: Actor, person: User) -> None:
    """Let a person read the own mail again; on record."""
    if person.away_until is None:
        return
    with transaction():
        before = _shown_absence(person)
        person.away_from = person.away_until = person.deputy_id = None
        history.record(actor, "user", person.id, "user.back", before)


def _shown_absence(person: User) -> dict[str, str]:
    if person.away_until is None:
        return {}
    deputy = queries.name_of(person.deputy_id) or "đầu mối cơ quan"
    return {
        "Nghỉ từ ngày": day(person.away_from),
        "Đến hết ngày": day(person.away_until),
        "Người nhận thư": deputy,
    }


def set_reminder_hour(user: User, hour: time | None) -> None:
    """From when on the person wants the morning's mail; None for the office's own hour."""
    if user.reminder_at == hour:
        return
    with transaction():
        before = {"Giờ nhận thư nhắc việc": _shown_hour(user.reminder_at)}
        user.reminder_at = hour
        after = {"Giờ nhận thư nhắc việc": _shown_hour(hour)}
        history.record(user, "user", user.id, "user.hour", before, after)


def _shown_hour(hour: time | None) -> str:
    return hour.strftime("%H:%M") if hour else "giờ chung"


def renew_password(actor: User, user: User) -> str:
    """Give a person a one-time password, which is returned and kept nowhere; ends all sessions."""
    told = one_time_password()
    hashed = hash_password(told)
    with transaction():
        user.password_hash = hashed
        user.must_change_password = True
        _shut_out(user)
        history.record(actor, "user", user.id, "user.reset")
    return told


def change_password(user: User, current: str, new: str, token: str) -> None:
    """Set the own password; all sessions but the one of `token` end.

    Raises Refused for a wrong current or a poor new password, TooManyAttempts for guessing.
    """
    if failures("password", user.username) >= MAX_FAILURES:
        raise TooManyAttempts
    if not verify(user.password_hash, current):
        record_failure("password", user.username)
        raise Refused("current", "Mật khẩu hiện tại không đúng.")
    if new == current:
        raise Refused("new", "Mật khẩu mới phải khác mật khẩu hiện tại.")
    _check_password(user, new)
    with transaction():
        _set_password(user, new, "đổi khi đang đăng nhập", queries.token_hash(token))


def ask_reset(asked: str, address: str, link: Callable[[str], str]) -> None:
    """Send a link for a new password to whoever has `asked` as username or e-mail, if anybody has.

    `address` is the asking browser's, `link` makes the full address of a token. Every attempt counts,
    also for unknown names, so that the answer tells nothing. Raises TooManyAttempts.
    """
    sources = (("reset-name", asked.strip().lower()[:100]), ("reset-address", address))
    if any(failures(kind, source) >= MAX_RESETS for kind, source in sources):
        raise TooManyAttempts
    with transaction():
        for kind, source in sources:
            record_failure(kind, source)
        for user in queries.people_to_reset(asked):
            _send_reset(user, link)


def reset_password(reset: PasswordReset, new: str) -> None:
    """Set the password of the person who holds a living reset link; the link works this once.

    Raises Refused for a poor password or when the link has just been used.
    """
    _check_password(reset.user, new)
    with transaction():
        now = real_now()
        taken = db.session.execute(
            update(PasswordReset)
            .where(PasswordReset.token_hash == reset.token_hash, PasswordReset.used_at.is_(None))
            .values(used_at=now)
            .returning(PasswordReset.token_hash)
        ).scalar()
        if taken is None:
            raise Refused("new", "Liên kết này đã được dùng.")
        _set_password(reset.user, new, "đặt lại qua thư điện tử")


def _send_reset(user: User, link: Callable[[str], str]) -> None:
    token = secrets.token_urlsafe(32)
    hashed = queries.token_hash(token)
    db.session.add(
        PasswordReset(token_hash=hashed, user_id=user.id, expires_at=real_now() + RESET_LIFE)
    )
    letter = mails.password_reset(user, link(token), RESET_LIFE)
    outbox.post(
        f"password_reset:{hashed}",
        "password_reset",
        user.email,
        user.name,
        letter.subject,
        letter.text,
        letter.html,
        user.id,
    )


def _check_password(user: User, new: str) -> None:
    if len(new) < MIN_PASSWORD_LENGTH:
        raise Refused("new", f"Mật khẩu mới cần ít nhất {MIN_PASSWORD_LENGTH} ký tự.")
    if new.lower() == user.username:
        raise Refused("new", "Mật khẩu mới không được trùng tên đăng nhập.")


def _set_password(user: User, new: str, how: str, kept_session: str = "") -> None:
    user.password_hash = hash_password(new)
    user.must_change_password = False
    _shut_out(user, kept_session)
    history.record(user, "user", user.id, "user.password", after={"Cách": how})


def _shut_out(user: User, kept_session: str = "") -> None:
    """End all sessions but one, and all reset links that are still open."""
    db.session.execute(
        delete(UserSession).where(
            UserSession.user_id == user.id, UserSession.token_hash != kept_session
        )
    )
    db.session.execute(
        delete(PasswordReset).where(
            PasswordReset.user_id == user.id, PasswordReset.used_at.is_(None)
        )
    )
