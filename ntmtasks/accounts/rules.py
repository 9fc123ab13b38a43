"""Roles and what each may do: the rights table of design.md section 3."""

from enum import StrEnum

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
    Role.AGENCY_LEADER: _SPEAKS_FOR_AGENCY,
    Role.COORDINATOR: _SPEAKS_FOR_AGENCY
    | {Permission.READ_ALL, Permission.OVERVIEW, Permission.COORDINATE, Permission.DECIDE},
    Role.CITY_LEADER: frozenset(
        {Permission.READ_ALL, Permission.OVERVIEW, Permission.DECIDE, Permission.COMMENT_ALL}
    ),
    Role.VIEWER: frozenset({Permission.READ_ALL, Permission.OVERVIEW}),
    Role.ADMIN: frozenset({Permission.READ_ALL, Permission.OVERVIEW, Permission.ADMINISTER}),
}

MIN_PASSWORD_LENGTH = 10
