"""The page behind a status link: no login, asked for again and again, mostly without any news."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Response, abort, after_this_request, make_response, render_template, request
from flask.typing import ResponseReturnValue

from ntmtasks.core import clock
from ntmtasks.core.access import public
from ntmtasks.core.assets import asset_url
from ntmtasks.core.formats import distance
from ntmtasks.oversight.labels import BLOCKS
from ntmtasks.oversight.queries.status import Target
from ntmtasks.oversight.queries.status import status as shown_status
from ntmtasks.oversight.queries.status_pages import Opened, subject_of
from ntmtasks.oversight.rules.charts import stacked
from ntmtasks.oversight.rules.status import REFRESH_SECONDS, TURN_SECONDS
from ntmtasks.oversight.service import status_pages as service
from ntmtasks.oversight.views.blueprint import bp
from ntmtasks.plans.labels import COMMITMENTS, LEVELS
from ntmtasks.tasks.rules import sum_of

HEADERS = {
    "Cache-Control": "private, no-cache",
    # The address is the key: it goes to nobody, not even to our own files.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
REFRESH = "X-Status-Refresh"
"""Header of an open page that looks for news: that is no view."""


@bp.get("/status/<token>")
@public
def status(token: str) -> ResponseReturnValue:
    """What the page shows now, or that nothing has changed; what opens nothing is any unknown page."""
    try:
        found = service.opened(token, request.remote_addr or "")
    except service.TooManyAttempts:
        abort(429)
    if found is None:
        abort(404)
    if REFRESH not in request.headers:
        after_this_request(lambda response: _noted(found, response))
    mark = _mark(found)
    is_known = request.if_none_match.contains_weak(mark)
    response = make_response("", 304) if is_known else make_response(_page(found))
    response.set_etag(mark, weak=True)
    response.headers.update(HEADERS)
    return response


def _noted(found: Opened, response: Response) -> Response:
    service.note_view(found)
    return response


def _mark(found: Opened) -> str:
    """Another word whenever the page might look different: it costs no counting."""
    page = found.page
    shown = (
        found.news,
        clock.today(),
        found.hour,
        page.id,
        page.version,
        request.args.get("wall"),
        request.cookies.get("theme"),
        *(asset_url(name) for name in ("app.css", "status.css", "status.js", "icons.svg")),
    )
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]


def _page(found: Opened) -> str:
    page, today = found.page, clock.today()
    subject = subject_of(page)
    blocks = [block for block in subject.offered if block.value in page.blocks]
    shown = shown_status(subject, blocks, today)
    lines = shown.tally.by_agency if shown.tally else []
    most = max((counters.total for _, counters in lines), default=1)
    return render_template(
        "oversight/status.html",
        page=page,
        subject=subject,
        blocks=blocks,
        block_words=BLOCKS,
        shown=shown,
        lines=[(agency, counters, stacked(counters, most)) for agency, counters in lines],
        whole=sum_of(counters for _, counters in lines),
        levels=LEVELS,
        commitments=COMMITMENTS,
        target_counts=_target_counts(shown.targets),
        at=clock.now(),
        is_wall=bool(request.args.get("wall")),
        refresh=REFRESH_SECONDS,
        turn=TURN_SECONDS,
        distance_on=lambda deadline: distance(deadline, today),
    )


def _target_counts(targets: Mapping[str, Sequence[Target]]) -> Counter[tuple[str, str]]:
    """How many communes by level and commitment."""
    return Counter((t.level, t.commitment) for found in targets.values() for t in found)
