"""What waits for a decision."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.offers import Offers
from ntmtasks.progress.queries import updates as progress_queries


@bp.get("/waiting/")
@require(Permission.DECIDE)
def waiting() -> ResponseReturnValue:
    """What waits for my decision."""
    offers = Offers(me())
    rows = [(a, offers.of(a)) for a in progress_queries.waiting_for(me())]
    return render_template("desk/waiting.html", rows=rows)
