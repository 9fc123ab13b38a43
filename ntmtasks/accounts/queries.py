"""Reading people and their sessions; who receives what concerns an agency."""

import hashlib
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ntmtasks.accounts.models import User, UserSession
from ntmtasks.accounts.rules import Role
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import db


def token_hash(token: str) -> str:
    """What the database keeps of a session or reset token."""
    return hashlib.sha256(token.encode()).hexdigest()


def session_by_token(token: str) -> UserSession | None:
    """The living session of a token, its person and agency loaded; None when expired or locked."""
    return db.session.scalar(
        select(UserSession)
        .join(UserSession.user)
        .join(User.agency)
        .where(
            UserSession.token_hash == token_hash(token),
            UserSession.expires_at > real_now_sql(),
            User.locked_at.is_(None),
        )
        .options(contains_eager(UserSession.user).contains_eager(User.agency))
    )


def user_by_name(username: str) -> User | None:
    """The person who signs in as `username`, with the agency."""
    return db.session.scalar(
        select(User)
        .join(User.agency)
        .where(User.username == username.strip().lower())
        .options(contains_eager(User.agency))
    )


def officers_of(agency_id: int) -> Sequence[User]:
    """The people of an agency who may be handed work, by name."""
    return db.session.scalars(
        select(User)
        .where(
            User.agency_id == agency_id,
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
                User.role.in_([Role.FOCAL_POINT, Role.AGENCY_LEADER, Role.COORDINATOR]),
            )
            .limit(1)
        )
        is not None
    )


