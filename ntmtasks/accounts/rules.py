"""Roles and what each may do (design.md section 3), and what a username or an address is."""

import re
from datetime import time
from enum import StrEnum

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from ntmtasks.core.access import Permission


class Role(StrEnum):
    """One role a person."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    CITY_LEADER = "city_leader"
    AGENCY_LEADER = "agency_leader"
    FOCAL_POINT = "focal_point"
    OFFICER = "officer"
    VIEWER = "viewer"


_OWN_AGENCY = frozenset({Permission.READ_OWN, Permission.UPDATE_OWN})
_SPEAKS_FOR_AGENCY = _OWN_AGENCY | {Permission.SUBMIT_FOR_AGENCY, Permission.HAND_OUT}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.OFFICER: _OWN_AGENCY,
    Role.FOCAL_POINT: _SPEAKS_FOR_AGENCY,
    Role.AGENCY_LEADER: _SPEAKS_FOR_AGENCY | {Permission.KEEP_OWN_PEOPLE},
    Role.COORDINATOR: _SPEAKS_FOR_AGENCY
    | {Permission.READ_ALL, Permission.OVERVIEW, Permission.COORDINATE, Permission.DECIDE},
    Role.CITY_LEADER: frozenset(
        {
            Permission.READ_ALL,
            Permission.OVERVIEW,
            Permission.DECIDE,
            Permission.COMMENT_ALL,
            Permission.NAME_STAND_IN,
        }
    ),
    Role.VIEWER: frozenset({Permission.READ_ALL, Permission.OVERVIEW}),
    Role.ADMIN: frozenset({Permission.READ_ALL, Permission.OVERVIEW, Permission.ADMINISTER}),
}

KEPT_BY_LEADER = (Role.OFFICER, Role.FOCAL_POINT)
"""Roles that the leader of an agency gives to its people."""
MAY_STAND_IN = (Role.AGENCY_LEADER, Role.FOCAL_POINT, Role.OFFICER, Role.VIEWER)
"""Roles of those who may be named to decide in the city leader's place."""

FIRST_HOUR, LAST_HOUR = time(5, 0), time(17, 0)
"""Between these a person wants the morning's mail."""
HALF_HOURS = tuple(
    time(hour, minute)
    for hour in range(FIRST_HOUR.hour, LAST_HOUR.hour + 1)
    for minute in (0, 30)
    if time(hour, minute) <= LAST_HOUR
)


def office_hour(hour: int, minute: int) -> time:
    """The hour of whoever has set no other, out of the settings; never later than the last one."""
    return min(time(hour, minute), LAST_HOUR)


MIN_PASSWORD_LENGTH = 10
_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
# The sample's people have addresses that can never reach anybody (RFC 2606).
SPECIAL_USE_DOMAIN_NAMES.remove("invalid")


def is_username(text: str) -> bool:
    """Whether `text` may be a username: 2 to 40 of a-z, digits, dot, dash, underscore."""
    return _USERNAME.fullmatch(text) is not None


def plain_email(text: str) -> str | None:
    """The address in the form in which we keep it, "" for none, None when it is no address."""
    if not text:
        return ""
    try:
        return validate_email(text, check_deliverability=False, allow_smtputf8=False).normalized
    except EmailNotValidError:
        return None
