"""Reading guest links and what came through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from ntmtasks.core import instance, tokens
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import db
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.rules.guests import is_ours
from ntmtasks.tasks.models import Assignment, Task


@dataclass(frozen=True)
class ShownLink:
    """A guest link and whether it opens its page now."""

    link: GuestLink
    is_living: bool


def token_hash(token: str) -> str:
    """What the database keeps of a token."""
    return tokens.hashed(token)


def is_signed(token: str) -> bool:
    """Whether this instance made the token at any time."""
    return is_ours(token, instance.config().secret_key)


def _living() -> ColumnElement[bool]:
    """Of a link joined with its assignment."""
    return and_(
        GuestLink.revoked_at.is_(None),
        GuestLink.expires_at > real_now_sql(),
        GuestLink.agency_id == Assignment.agency_id,
    )


@cache
def _links() -> Select[GuestLink]:
    return (
        select(GuestLink)
        .join(GuestLink.assignment)
        .join(Assignment.task)
        .options(
            contains_eager(GuestLink.assignment).options(
                contains_eager(Assignment.task).joinedload(Task.plan),
                joinedload(Assignment.agency),
            ),
            joinedload(GuestLink.made_by),
            joinedload(GuestLink.revoked_by),
            joinedload(GuestLink.agency),
        )
    )


def by_token(token: str) -> GuestLink | None:
    """The living link of a token, with its task; None where it is unknown, expired or revoked, or the
    work has gone to another agency."""
    return db.session.scalar(
        _links()
        .where(GuestLink.token_hash == token_hash(token), _living())
        .options(
            contains_eager(GuestLink.assignment)
            .contains_eager(Assignment.task)
            .selectinload(Task.clauses)
        )
    )


def link(link_id: int) -> GuestLink | None:
    """One link, living or not."""
    return db.session.scalar(_links().where(GuestLink.id == link_id))


def is_living(hashed: str) -> bool:
    """Whether the link with this hash opens its page now."""
    query = select(GuestLink.id).join(GuestLink.assignment)
    found = query.where(GuestLink.token_hash == hashed, _living())
    return db.session.scalar(found) is not None


def links_of(task_id: int) -> list[ShownLink]:
    """The newest links of a task, at most 200, the living ones first."""
    lives = _living()
    query = _links().where(Assignment.task_id == task_id).add_columns(lives)
    rows = db.session.execute(query.order_by(lives.desc(), GuestLink.id.desc()).limit(200))
    return [ShownLink(found, bool(living)) for found, living in rows]


def count_living(assignment_id: int) -> int:
    """How many links of an assignment open their page now."""
    query = select(func.count(GuestLink.id)).join(GuestLink.assignment)
    return db.session.scalar(query.where(Assignment.id == assignment_id, _living())) or 0


def reports_of_guests(found: GuestLink) -> Sequence[ProgressUpdate]:
    """What guests reported on the assignment of a link while the same agency had it, the newest first."""
    return db.session.scalars(
        select(ProgressUpdate)
        .join(ProgressUpdate.guest_link)
        .where(
            ProgressUpdate.assignment_id == found.assignment_id,
            GuestLink.agency_id == found.agency_id,
        )
        .order_by(ProgressUpdate.id.desc())
        .limit(50)
        .options(selectinload(ProgressUpdate.evidence).joinedload(Evidence.file))
    ).all()
