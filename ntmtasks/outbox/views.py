"""Pages of this room."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from ntmtasks.core.access import require

bp = Blueprint("outbox", __name__)


@bp.get("/outbox/")
@require()
def index() -> ResponseReturnValue:
    """Entry of the room."""
    return render_template("base.html")
