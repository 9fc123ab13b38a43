"""The one door to an agency, a group, a field of work: the row, or 404."""

from typing import TypeVar

from flask import abort

from ntmtasks.agencies import queries
from ntmtasks.agencies.models import Agency, AgencyGroup, FieldOwner

Row = TypeVar("Row")


def agency_to_edit(agency_id: int) -> Agency:
    """The agency with its other names."""
    return _found(queries.agency(agency_id))


def group_to_edit(group_id: int) -> AgencyGroup:
    """The group with its members."""
    return _found(queries.group(group_id))


def field_to_edit(field_id: int) -> FieldOwner:
    """The field of work with its agency."""
    return _found(queries.field(field_id))


def _found(row: Row | None) -> Row:
    return row if row is not None else abort(404)
