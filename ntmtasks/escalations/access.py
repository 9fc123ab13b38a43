"""The one door to a difficulty."""

from flask import abort

from ntmtasks.accounts.models import User
from ntmtasks.core.access import Permission
from ntmtasks.escalations import queries
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState, steps_for


def escalation_to_read(user: User, escalation_id: int) -> Escalation:
    """The difficulty, or 404."""
    it = queries.escalation(user, escalation_id)
    if it is None:
        abort(404)
    return it


def escalation_to_step(user: User, escalation_id: int) -> Escalation:
    """The difficulty, or 404, or 403 for those whose role never takes a step on it."""
    it = escalation_to_read(user, escalation_id)
    who = queries.person(user)
    if not any(steps_for(who, s, it.agency_id, it.consolidator_id) for s in EscalationState):
        abort(403)
    return it


def may_export(user: User) -> bool:
    """Who puts difficulties together for submission: readers of everything, the consolidator."""
    way = queries.route()
    return user.can(Permission.READ_ALL) or (way is not None and way.agency_id == user.agency_id)
