"""Status pages: making, changing and revoking them, and who looks at them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import or_, update

from ntmtasks.accounts.models import User
from ntmtasks.core import clock, instance, tokens
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.formats import moment
from ntmtasks.core.forms import use_once
from ntmtasks.core.throttle import failures, record_failure
from ntmtasks.history import service as history
from ntmtasks.oversight.labels import BLOCKS
from ntmtasks.oversight.models import StatusPage
from ntmtasks.oversight.queries import status_pages as queries
from ntmtasks.oversight.queries.status_pages import Opened
from ntmtasks.oversight.rules.status import COUNT_EVERY, MOST_GUESSES, PURPOSE, Block, SubjectKind

GUESS = "status-address"


class TooManyAttempts(Exception):
    """Too many addresses that open nothing, from one source within minutes."""


@dataclass(frozen=True)
class Showing:
    """What a page is called, what it shows, and for how many days from now; 0 leaves its end."""

    title: str
    blocks: Sequence[Block]
    days: int


def make(
    actor: User, subject: tuple[SubjectKind, int], shows: Showing, form_token: str | None = None
) -> str:
    """Make a page about what `subject` names; returns its token, which is kept nowhere, or '' when the
    same form was sent before."""
    with transaction():
        if not use_once(form_token):
            return ""
        token = tokens.new(PURPOSE, instance.config().secret_key)
        kind, number = subject
        now = clock.real_now()
        made = StatusPage(
            title=shows.title,
            plan_id=number if kind is SubjectKind.PLAN else None,
            agency_id=number if kind is SubjectKind.AGENCY else None,
            area_id=number if kind is SubjectKind.AREA else None,
            blocks=list(shows.blocks),
            token_hash=tokens.hashed(token),
            made_by=actor,
            made_at=now,
            expires_at=now + timedelta(days=shows.days),
        )
        db.session.add(made)
        db.session.flush()
        about = {"Nói về": queries.subject_of(made).name}
        history.record(
            actor, "status_page", made.id, "status_page.make", after=about | _words(made)
        )
        return token


def change(
    actor: User,
    page: StatusPage,
    shows: Showing,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Let a page show something else, or live longer; its link stays. Raises ChangedMeanwhile."""
    with transaction():
        if not use_once(form_token):
            return
        check_version(page, version)
        before = _words(page)
        page.title, page.blocks = shows.title, list(shows.blocks)
        if shows.days:
            page.expires_at = clock.real_now() + timedelta(days=shows.days)
        if before != _words(page):
            history.record(
                actor, "status_page", page.id, "status_page.change", before, _words(page)
            )


def revoke(actor: User, page: StatusPage) -> None:
    """Let a page's link open nothing any more; a second press changes nothing."""
    with transaction():
        if page.revoked_at is None:
            page.revoked_at, page.revoked_by = clock.real_now(), actor
            history.record(actor, "status_page", page.id, "status_page.revoke")


def _words(page: StatusPage) -> dict[str, str]:
    return {
        "Tên": page.title,
        "Hiện": ", ".join(BLOCKS[Block(block)] for block in page.blocks),
        "Dùng được đến": moment(page.expires_at),
    }


def opened(token: str, source: str) -> Opened | None:
    """The page of a token while it lives, else None; `source` is the asking address.

    A source that asks too often for what opens nothing is stopped; whoever has a living link is not.
    Raises TooManyAttempts.
    """
    is_ours = tokens.is_ours(PURPOSE, token, instance.config().secret_key)
    found = queries.opened(token) if is_ours else None
    if found is None:
        if failures(GUESS, source) >= MOST_GUESSES:
            raise TooManyAttempts
        record_failure(GUESS, source)
    return found


_unwritten: Counter[str] = Counter()
"""Views by the hash of the page's token that this process has not written yet; they may be lost."""


def note_view(found: Opened) -> None:
    """Count a view of a page, with those that came since the number was last written."""
    page = found.page
    _unwritten[page.token_hash] += 1
    last = page.last_viewed_at
    if last is not None and found.now - last < COUNT_EVERY:
        return
    seen = _unwritten.pop(page.token_hash, 0)
    with transaction():
        long_ago = or_(
            StatusPage.last_viewed_at.is_(None),
            StatusPage.last_viewed_at <= found.now - COUNT_EVERY,
        )
        written = db.session.execute(
            update(StatusPage)
            .where(StatusPage.id == page.id, long_ago)
            .values(view_count=StatusPage.view_count + seen, last_viewed_at=found.now)
            .returning(StatusPage.id)
        ).first()
    if written is None:  # another process was quicker
        _unwritten[page.token_hash] += seen
