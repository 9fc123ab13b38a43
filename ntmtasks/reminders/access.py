"""The one door to a rule."""

from flask import abort

from ntmtasks.reminders.rules import Ladder


def ladder_of(name: str) -> Ladder:
    """The ladder of an address, or 404."""
    return Ladder(name) if name in set(Ladder) else abort(404)
