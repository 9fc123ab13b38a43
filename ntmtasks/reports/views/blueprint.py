"""The blueprint of the room and who reads in it."""

from flask import Blueprint

from ntmtasks.core.access import Permission

bp = Blueprint("reports", __name__)
ASKERS = (Permission.COORDINATE, Permission.COMMENT_ALL)
"""Who may ask agencies for a report: the coordinator and the city leader."""
READERS = (Permission.READ_OWN, Permission.READ_ALL)
