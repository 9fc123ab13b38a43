"""The one door to a person as an object of administration."""

from flask import abort

from ntmtasks.accounts import queries
from ntmtasks.accounts.models import User


def person_to_change(person_id: int) -> User:
    """The person, or 404."""
    person = queries.person(person_id)
    if person is None:
        abort(404)
    return person


def other_person(person_id: int, actor: User) -> User:
    """A person other than the acting one, or 404/403: nobody locks out or resets oneself."""
    person = person_to_change(person_id)
    if person.id == actor.id:
        abort(403)
    return person
