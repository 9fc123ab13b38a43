"""Rights of a page: asks the signed-in person, knows no model."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort
from flask.typing import ResponseReturnValue
from flask_login import current_user

P = ParamSpec("P")
R = TypeVar("R")


class Permission(StrEnum):
    """What a role may do; which role has which stands in accounts/rules.py."""

    READ_OWN = "read_own"
    """Tasks and periods in which the own agency has any role."""
    READ_ALL = "read_all"
    OVERVIEW = "overview"
    UPDATE_OWN = "update_own"
    """Progress and comments on work of the own agency."""
    COMMENT_ALL = "comment_all"
    SUBMIT_FOR_AGENCY = "submit_for_agency"
    HAND_OUT = "hand_out"
    COORDINATE = "coordinate"
    """Import, issue, assign, change deadlines, add tasks."""
    DECIDE = "decide"
    """Confirm or return what other agencies submitted."""
    KEEP_OWN_PEOPLE = "keep_own_people"
    """Officers and focal points of the own agency."""
    NAME_STAND_IN = "name_stand_in"
    """Let somebody decide in the city leader's place."""
    ADMINISTER = "administer"
    """People, agencies, days off, settings, outbox."""


def signed_in() -> None:
    """Answer 401 (shown as a redirect to the login page) unless somebody is signed in."""
    if not current_user.is_authenticated:
        abort(401)


def require(*permissions: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a view run for people who have at least one of `permissions`; 401 or 403 otherwise.

    Without arguments, anybody who is signed in may call it.
    """

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            signed_in()
            if permissions and not any(current_user.can(p) for p in permissions):
                abort(403)
            return view(*args, **kwargs)

        return guarded

    return decorate


Admission = Callable[..., ResponseReturnValue | None]
"""Looks at the arguments of a view's address: None lets a form in, else that is the answer."""


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a view that needs no login; the test of all routes insists on one of the two marks."""
    vars(view)["is_public"] = True
    return view


def admitted_by(check: Admission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let `check` answer what is sent to a public view before a long body is read; what it lets in may
    bring files."""

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        vars(view)["admission"] = check
        return public(view)

    return decorate


def admission(view: Callable[..., object]) -> Admission | None:
    """The check of a view that is marked with `admitted_by`."""
    return vars(view).get("admission")


def is_public(view: Callable[..., object]) -> bool:
    """Whether a view is marked as one that needs no login."""
    return "is_public" in vars(view)
