"""Looking for words in all that one may read (Tìm kiếm)."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.oversight.labels import KINDS
from ntmtasks.oversight.queries import search as queries
from ntmtasks.oversight.queries.search import Hit
from ntmtasks.oversight.rules.search import Kind, read_query, snippet
from ntmtasks.oversight.views.blueprint import bp, page_of
from ntmtasks.tasks.rules import PAGE_ROWS

MOST_TYPED = 200
FIRST = 5
"""So many of each kind stand on the page of all kinds."""


@bp.get("/search")
@require(Permission.READ_OWN, Permission.READ_ALL)
def search() -> ResponseReturnValue:
    """What was found, by kind: the first of each, or all of the kind that the address names."""
    q = request.args.get("q", "").strip()[:MOST_TYPED]
    terms = read_query(q)
    found = queries.search(me(), terms)
    only = next((kind for kind in found if kind.value == request.args.get("kind")), None)
    page, pages = page_of(len(found[only].hits) if only else 0)
    first = (page - 1) * PAGE_ROWS
    shown = {
        kind: each.hits[first : first + PAGE_ROWS] if only else each.hits[:FIRST]
        for kind, each in found.items()
        if only in (None, kind)
    }
    return render_template(
        "oversight/search.html",
        searched=q,
        terms=terms,
        found=found,
        shown=shown,
        only=only,
        kinds=KINDS,
        most=queries.MOST,
        page=page,
        pages=pages,
        at_page=lambda number: url_for("oversight.search", q=q, kind=only, page=number),
        pieces=lambda text: snippet(text, terms),
        address_of=address_of,
    )


def address_of(hit: Hit) -> str:
    """Where what was found stands."""
    if hit.kind is Kind.TASK:
        return url_for("desk.task", task_id=hit.number)
    if hit.kind is Kind.COMMENT:
        anchor = f"entry-comment-{hit.number}"
        return url_for("desk.task", task_id=hit.parent, _anchor=anchor)
    if hit.kind is Kind.CLAUSE:
        return url_for("plans.show", plan_id=hit.parent, _anchor=f"clause-{hit.number}")
    if hit.kind is Kind.REPORT:
        return url_for("reports.show", report_id=hit.number)
    if hit.kind is Kind.AGENCY:
        return url_for("desk.board", agency=hit.number)
    if hit.parent is not None:
        return url_for("plans.show", plan_id=hit.parent, _anchor=f"commune-{hit.number}")
    return url_for("desk.board", q=hit.title)
