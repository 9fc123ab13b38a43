"""The fair comparison of agencies."""

from flask import request
from flask.typing import ResponseReturnValue

from ntmtasks.core.access import Permission, require
from ntmtasks.oversight.labels import COMPARED, OUTSIDE
from ntmtasks.oversight.rules.comparison import FEWEST_JUDGED, FEWEST_RANKED, is_enough, ranks
from ntmtasks.oversight.views.blueprint import asked_day, bp, no_such_day, page
from ntmtasks.tasks.queries.comparing import Record, records


@bp.get("/overview/comparison")
@require(Permission.OVERVIEW)
def comparison() -> ResponseReturnValue:
    """How each agency stands with what it leads; in protocol order, or by rank on request."""
    day = asked_day().day
    if day.fault:
        return no_such_day(day, "So sánh các cơ quan")
    found = records(day.on)
    places = ranks([(record.done_on_time, record.judged) for _, record in found])
    rows = [(agency, record, place) for (agency, record), place in zip(found, places, strict=True)]
    by_rank = request.args.get("sort") == "rank"
    if by_rank:  # who has no rank stands below, in protocol order
        rows.sort(key=lambda row: (row[2] is None, row[2] or 0))
    return page(
        "comparison",
        day,
        rows=rows,
        whole=sum((record for _, record in found), Record()),
        columns=COMPARED,
        outside=OUTSIDE,
        by_rank=by_rank,
        fewest=FEWEST_JUDGED,
        fewest_ranked=FEWEST_RANKED,
        is_enough=is_enough,
    )
