"""The blueprint of the room and who reads in it."""

from flask import Blueprint

from ntmtasks.core.access import Permission

bp = Blueprint("reports", __name__)
READERS = (Permission.READ_OWN, Permission.READ_ALL)
