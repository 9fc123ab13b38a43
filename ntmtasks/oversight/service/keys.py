"""Making, revoking and using keys of programs."""

from datetime import timedelta

from sqlalchemy import or_, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, instance, tokens
from ntmtasks.core.db import db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.core.throttle import failures, record_failure
from ntmtasks.history import service as history
from ntmtasks.oversight.models import AccessToken
from ntmtasks.oversight.queries import keys as queries
from ntmtasks.oversight.rules.keys import MOST_CALLS, MOST_GUESSES, TokenUse

CALLS = "api-calls"
SEEN_EVERY = timedelta(minutes=1)


class TooManyAttempts(Exception):
    """Too many guesses from one address, or calls with one key, within minutes."""


def make_calendar(actor: User, is_own: bool, form_token: str | None = None) -> str:
    """Make the address of the actor's calendar, or that of the agency's; the one so far opens nothing any
    more. Returns the token, which is kept nowhere; '' when the same form was sent before."""
    with transaction():
        if not use_once(form_token):
            return ""
        user_id = actor.id if is_own else None
        before = queries.calendars(actor.agency_id, user_id)
        _end(actor, *before)
        token = _add(actor, TokenUse.CALENDAR, actor.agency_id, user_id)
        _record(actor, is_own, "calendar.renew" if before else "calendar.make")
        return token


def revoke_calendar(actor: User, is_own: bool) -> None:
    """Let the address of the actor's calendar, or of the agency's, open nothing any more."""
    with transaction():
        living = queries.calendars(actor.agency_id, actor.id if is_own else None)
        if living:
            _end(actor, *living)
            _record(actor, is_own, "calendar.revoke")


def make_api(actor: User, agency: Agency, name: str, form_token: str | None = None) -> str:
    """Make a key for another system, which reads what the agency may read; returns the token, which is
    kept nowhere, and '' when the same form was sent before."""
    with transaction():
        if not use_once(form_token):
            return ""
        token = _add(actor, TokenUse.API, agency.id, None, name)
        history.record(actor, "agency", agency.id, "api.make", after={"Cấp cho": name})
        return token


def revoke_api(actor: User, key: AccessToken) -> None:
    """Let a key open nothing any more; a second press changes nothing."""
    with transaction():
        if key.revoked_at is None:
            _end(actor, key)
            before = {"Cấp cho": key.name}
            history.record(actor, "agency", key.agency_id, "api.revoke", before=before)


def _add(actor: User, use: TokenUse, agency_id: int, user_id: int | None, name: str = "") -> str:
    token = tokens.new(use, instance.config().secret_key)
    db.session.add(
        AccessToken(
            use=use,
            name=name,
            agency_id=agency_id,
            user_id=user_id,
            token_hash=tokens.hashed(token),
            made_by=actor,
            made_at=clock.real_now(),
        )
    )
    return token


def _end(actor: User, *keys: AccessToken) -> None:
    for key in keys:
        key.revoked_at, key.revoked_by = clock.real_now(), actor


def _record(actor: User, is_own: bool, verb: str) -> None:
    subject = ("user", actor.id) if is_own else ("agency", actor.agency_id)
    history.record(actor, *subject, verb)


def opened(use: TokenUse, token: str, source: str) -> AccessToken | None:
    """The living key of a token, else None; `source` is the asking address, which is stopped when it
    guesses too often. Raises TooManyAttempts."""
    if queries.is_signed(use, token):
        return queries.by_token(use, token)
    if failures(use, source) >= MOST_GUESSES:
        raise TooManyAttempts
    record_failure(use, source)
    return None


def note_use(key: AccessToken) -> None:
    """Keep when a key was last used, at most once a minute."""
    with transaction():
        now = clock.real_now()
        long_ago = or_(
            AccessToken.last_used_at.is_(None), AccessToken.last_used_at < now - SEEN_EVERY
        )
        db.session.execute(
            update(AccessToken).where(AccessToken.id == key.id, long_ago).values(last_used_at=now)
        )


def check_calls(key: AccessToken) -> None:
    """Raise TooManyAttempts when too much was asked with a key within minutes."""
    if failures(CALLS, str(key.id)) >= MOST_CALLS:
        raise TooManyAttempts


def note_call(key: AccessToken) -> None:
    """Count a call with a key, and keep when it was."""
    with transaction():
        record_failure(CALLS, str(key.id))
        note_use(key)
