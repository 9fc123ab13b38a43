"""Reading keys of programs."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from ntmtasks.accounts.models import User
from ntmtasks.core import instance, tokens
from ntmtasks.core.db import db
from ntmtasks.oversight.models import AccessToken
from ntmtasks.oversight.rules.keys import TokenUse


def is_signed(use: TokenUse, token: str) -> bool:
    """Whether this instance made the token for this use at any time."""
    return tokens.is_ours(use, token, instance.config().secret_key)


def by_token(use: TokenUse, token: str) -> AccessToken | None:
    """The living key of a token with its agency; None where it is unknown or revoked, or its person is
    locked."""
    return db.session.scalar(
        select(AccessToken)
        .outerjoin(AccessToken.user)
        .where(
            AccessToken.use == use,
            AccessToken.token_hash == tokens.hashed(token),
            AccessToken.revoked_at.is_(None),
            or_(AccessToken.user_id.is_(None), User.locked_at.is_(None)),
        )
        .options(joinedload(AccessToken.agency), joinedload(AccessToken.user))
    )


def calendars(agency_id: int, user_id: int | None) -> Sequence[AccessToken]:
    """The living keys of a person's calendar, or of an agency's: at most one but for a race."""
    return db.session.scalars(
        select(AccessToken)
        .where(
            AccessToken.use == TokenUse.CALENDAR,
            AccessToken.revoked_at.is_(None),
            AccessToken.user_id == user_id
            if user_id
            else AccessToken.user_id.is_(None) & (AccessToken.agency_id == agency_id),
        )
        .order_by(AccessToken.id)
        .options(joinedload(AccessToken.made_by))
    ).all()


MOST_SHOWN = 200


def api_keys() -> Sequence[AccessToken]:
    """The keys of other systems, the living ones first, then the newest; at most MOST_SHOWN."""
    return db.session.scalars(
        select(AccessToken)
        .where(AccessToken.use == TokenUse.API)
        .order_by(AccessToken.revoked_at.is_not(None), AccessToken.id.desc())
        .limit(MOST_SHOWN)
        .options(
            joinedload(AccessToken.agency),
            joinedload(AccessToken.made_by),
            joinedload(AccessToken.revoked_by),
        )
    ).all()


def api_key(key_id: int) -> AccessToken | None:
    """One key of another system, living or not."""
    return db.session.scalar(
        select(AccessToken).where(AccessToken.id == key_id, AccessToken.use == TokenUse.API)
    )
