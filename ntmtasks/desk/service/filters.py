"""Saving filters of the board for an agency, and removing them."""

from urllib.parse import urlencode

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import db, insert, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.desk.models import SavedFilter
from ntmtasks.desk.queries.filters import filters_of
from ntmtasks.history import service as history
from ntmtasks.tasks.rules import BoardFilter

MOST = 12
"""So many tabs an agency has at most."""


class NameTaken(Exception):
    """The agency has a filter of this name already."""


class TooMany(Exception):
    """The agency has MOST filters already."""


def save_filter(actor: User, name: str, chosen: BoardFilter, form_token: str | None = None) -> None:
    """Keep a filter under a name for the agency of the actor; a form that comes again does nothing. Raises
    NameTaken, TooMany."""
    with transaction():
        if not use_once(form_token):
            return
        known = filters_of(actor.agency_id)
        if len(known) >= MOST:
            raise TooMany
        new = insert(SavedFilter).values(
            agency_id=actor.agency_id,
            author_id=actor.id,
            name=name,
            address=urlencode(chosen.pairs(page=1)),
            made_at=clock.now(),
        )
        made = db.session.scalar(new.on_conflict_do_nothing().returning(SavedFilter.id))
        if made is None:
            raise NameTaken
        history.record(actor, "agency", actor.agency_id, "filter.save", after={"Bộ lọc": name})


def remove_filter(actor: User, found: SavedFilter) -> None:
    """Remove a filter of the own agency."""
    with transaction():
        db.session.delete(found)
        history.record(
            actor, "agency", actor.agency_id, "filter.remove", before={"Bộ lọc": found.name}
        )
