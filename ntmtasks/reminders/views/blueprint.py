"""The blueprint of the room and who keeps it."""

from flask import Blueprint

from ntmtasks.core.access import Permission

bp = Blueprint("reminders", __name__, url_prefix="/reminders")
KEEPERS = (Permission.COORDINATE, Permission.ADMINISTER)
