"""Reading people and their sessions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BindParameter, ColumnElement, Integer, Select, bindparam, func, or_, select
from sqlalchemy.orm import contains_eager
from sqlalchemy.orm.attributes import set_committed_value

from ntmtasks.accounts.models import PasswordReset, User, UserSession
from ntmtasks.accounts.rules import MAY_STAND_IN, Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock, tokens
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import db
from ntmtasks.core.kept import objects
from ntmtasks.core.text import fold


class Asker(Protocol):
    """Who asks, as conditions of a query need it: a person, or `AnyAsker`."""

    @property
    def id(self) -> Any:
        """The person's number."""

    @property
    def agency_id(self) -> Any:
        """The agency's number."""

    @property
    def role(self) -> Role:
        """The role."""

    @property
    def stands_in(self) -> bool:
        """Whether the person now stands in for the leader of the city."""


@dataclass(frozen=True)
class AnyAsker:
    """Whoever has a role, for queries that are kept: `asked_by` gives the numbers when one runs."""

    role: Role
    stands_in: bool

    @property
    def id(self) -> BindParameter[int]:
        """A place for the person's number."""
        return bindparam("asker_id", type_=Integer)

    @property
    def agency_id(self) -> BindParameter[int]:
        """A place for the agency's number."""
        return bindparam("asker_agency_id", type_=Integer)


def asked_by(user: User) -> dict[str, int]:
    """The numbers that a kept query of `AnyAsker` lacks."""
    return {"asker_id": user.id, "asker_agency_id": user.agency_id}


_PASS_ON = (Role.FOCAL_POINT, Role.AGENCY_LEADER, Role.COORDINATOR)


def token_hash(token: str) -> str:
    """What the database keeps of a session or reset token."""
    return tokens.hashed(token)


def user_by_token(token: str) -> User | None:
    """Who is signed in with a token, the agency loaded; None when it has expired or the person is
    locked."""
    asked = _signed_in(db.engine.dialect.name)
    found = objects(asked, {"token_hash": token_hash(token)})
    if not found:
        return None
    user, agency = found[0]
    set_committed_value(user, "agency", agency)
    return user


@cache  # every request asks, and building the query takes longer than running it
def _signed_in(_database: str) -> Select[User, Agency]:
    return (
        select(User, Agency)
        .join_from(User, Agency, Agency.id == User.agency_id)
        .join(UserSession, UserSession.user_id == User.id)
        .where(
            UserSession.token_hash == bindparam("token_hash"),
            UserSession.expires_at > real_now_sql(),
            User.locked_at.is_(None),
        )
    )


def user_by_name(username: str) -> User | None:
    """The person who signs in as `username`, with the agency."""
    return db.session.scalar(
        select(User)
        .join(User.agency)
        .where(User.username == username.strip().lower())
        .options(contains_eager(User.agency))
    )


def person(person_id: int) -> User | None:
    """One person with the agency."""
    return db.session.scalar(
        select(User)
        .join(User.agency)
        .where(User.id == person_id)
        .options(contains_eager(User.agency))
    )


def people(words: str = "", agency_id: int | None = None) -> list[User]:
    """People by agency in protocol order, then by name; `words` are looked for without diacritics."""
    asked = (
        select(User)
        .join(User.agency)
        .order_by(Agency.position, User.name, User.id)
        .options(contains_eager(User.agency))
    )
    if agency_id is not None:
        asked = asked.where(User.agency_id == agency_id)
    wanted = fold(words).split()
    return [u for u in db.session.scalars(asked) if all(w in _searched(u) for w in wanted)]


def _searched(user: User) -> str:
    return fold(f"{user.name} {user.username} {user.title} {user.phone} {user.email}")


def people_to_reset(username_or_email: str) -> Sequence[User]:
    """Who may get a link to set a new password: not locked, with an address. An office's shared
    address finds everybody who uses it."""
    asked = username_or_email.strip().lower()
    return db.session.scalars(
        select(User).where(
            (User.username == asked) | (func.lower(User.email) == asked),
            User.email != "",
            User.locked_at.is_(None),
        )
    ).all()


def reset_by_token(token: str) -> PasswordReset | None:
    """The reset link of a token, its person loaded; None when used, expired or the person locked."""
    return db.session.scalar(
        select(PasswordReset)
        .join(PasswordReset.user)
        .join(User.agency)
        .where(
            PasswordReset.token_hash == token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > real_now_sql(),
            User.locked_at.is_(None),
        )
        .options(contains_eager(PasswordReset.user).contains_eager(User.agency))
    )


def officers_of(*agency_ids: int) -> Sequence[User]:
    """The people of these agencies who may be handed work, by name."""
    return db.session.scalars(
        select(User)
        .where(
            User.agency_id.in_(agency_ids),
            User.locked_at.is_(None),
            User.role.in_([Role.OFFICER, Role.FOCAL_POINT, Role.COORDINATOR]),
        )
        .order_by(User.name)
    ).all()


def has_focal_point(agency_id: int) -> bool:
    """Whether somebody speaks for the agency; otherwise an officer's act counts at once."""
    return (
        db.session.scalar(
            select(User.id)
            .where(
                User.agency_id == agency_id,
                User.locked_at.is_(None),
                User.role.in_(_PASS_ON),
            )
            .limit(1)
        )
        is not None
    )


def speakers_of(agency_id: int) -> Sequence[int]:
    """Ids of those who speak for an agency and so pass on what its officers did."""
    return _ids(User.agency_id == agency_id, User.role.in_(_PASS_ON))


def deciders(of_office: bool) -> Sequence[int]:
    """Ids of those who decide what agencies submit or refuse: the coordinators; about work of the
    coordinating office the city leaders and whoever they named."""
    if not of_office:
        return _ids(User.role == Role.COORDINATOR)
    stands_in = User.stands_in_until >= clock.today()
    return _ids(or_(User.role == Role.CITY_LEADER, stands_in))


def can_stand_in(person: User) -> bool:
    """Whether the city leader may name this person (its agency loaded): outside the coordinating
    office, not locked, of a role that reads and decides nothing of that office otherwise."""
    outside = person.agency.kind is not AgencyKind.OFFICE
    return outside and person.locked_at is None and person.role in MAY_STAND_IN


def stand_ins() -> list[User]:
    """Who decides in the city leader's place today or later, by name."""
    return [u for u in people() if u.stands_in]


def names(user_ids: Collection[int]) -> Sequence[str]:
    """The names of these people, by name."""
    return db.session.scalars(
        select(User.name).where(User.id.in_(user_ids)).order_by(User.name)
    ).all()


def _ids(*conditions: ColumnElement[bool]) -> Sequence[int]:
    return db.session.scalars(
        select(User.id).where(User.locked_at.is_(None), *conditions).order_by(User.id)
    ).all()


def absences(day: date) -> list[User]:
    """Who is away on a day or will be, by the first day; agencies loaded."""
    return list(
        db.session.scalars(
            select(User)
            .join(User.agency)
            .where(User.away_until >= day, User.locked_at.is_(None))
            .order_by(User.away_from, User.id)
            .options(contains_eager(User.agency))
        )
    )


def deputies_of(person: User) -> list[User]:
    """Who may read a person's mail meanwhile: colleagues with an address, for they may open the same
    work; by name."""
    return [each for each in _receivers_of(person.agency_id) if each.id != person.id]


def _receivers_of(agency_id: int) -> Sequence[User]:
    return db.session.scalars(
        select(User)
        .where(User.agency_id == agency_id, User.locked_at.is_(None), User.email != "")
        .order_by(User.name, User.id)
    ).all()


def names_by_id(user_ids: Collection[int]) -> dict[int, str]:
    """The names of these people by their numbers."""
    rows = db.session.execute(select(User.id, User.name).where(User.id.in_(user_ids)))
    return {row.id: row.name for row in rows}


def name_of(user_id: int | None) -> str:
    """A person's name; empty for nobody."""
    return db.session.scalar(select(User.name).where(User.id == user_id)) or ""


def reminder_hour(user_id: int | None) -> time | None:
    """From when on the person wants the morning's mail; None for the office's own hour."""
    return db.session.scalar(select(User.reminder_at).where(User.id == user_id))


def reminder_hours() -> dict[int | None, time]:
    """The hours that people have set for themselves, by their numbers."""
    rows = db.session.execute(
        select(User.id, User.reminder_at).where(User.reminder_at.is_not(None))
    )
    return {row.id: row.reminder_at for row in rows}


def earliest_reminder_hour() -> time | None:
    """The earliest hour that anybody has set; None where nobody has."""
    return db.session.scalar(
        select(func.min(User.reminder_at)).where(User.locked_at.is_(None), User.email != "")
    )


def head_of(agency_id: int) -> User | None:
    """Who leads an agency, as far as we know: of several the first by name."""
    return db.session.scalar(
        select(User)
        .where(
            User.agency_id == agency_id,
            User.role.in_([Role.AGENCY_LEADER, Role.CITY_LEADER]),
            User.locked_at.is_(None),
        )
        .order_by(User.name)
        .limit(1)
    )


def people_of_role(role: Role) -> Sequence[User]:
    """Everybody with a role who may sign in, by name."""
    return db.session.scalars(
        select(User).where(User.role == role, User.locked_at.is_(None)).order_by(User.name)
    ).all()
