"""The one door to a person as an object of administration."""

from flask import abort

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import KEPT_BY_LEADER
from ntmtasks.core.access import Permission


def person_to_change(person_id: int, actor: User) -> User:
    """The person: any for an admin; for the leader of an agency its officers and focal points, 404
    for people of other agencies and 403 for the others of the own one."""
    person = queries.person(person_id)
    if person is None:
        abort(404)
    if not actor.can(Permission.ADMINISTER):
        if person.agency_id != actor.agency_id:
            abort(404)
        if person.role not in KEPT_BY_LEADER:
            abort(403)
    return person


def person_to_excuse(person_id: int, actor: User) -> User:
    """A person whose absence one may set: oneself; anybody for whoever administers or coordinates; the
    own people for the leader of an agency. 404 for people of other agencies of whom one reads nothing,
    403 else."""
    person = queries.person(person_id)
    if person is None:
        abort(404)
    keeps_all = actor.can(Permission.ADMINISTER) or actor.can(Permission.COORDINATE)
    is_own = person.agency_id == actor.agency_id
    keeps_own = is_own and actor.can(Permission.KEEP_OWN_PEOPLE)
    if person.id == actor.id or keeps_all or keeps_own:
        return person
    abort(403 if is_own or actor.can(Permission.READ_ALL) else 404)


def other_person(person_id: int, actor: User) -> User:
    """A person other than the acting one, or 404/403: nobody locks out or resets oneself."""
    person = person_to_change(person_id, actor)
    if person.id == actor.id:
        abort(403)
    return person
