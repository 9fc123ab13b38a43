"""The task page, whole or the one part of it that somebody opens.

Forms that are rarely wanted are no part of the page: it shows links to `?open=<name>`, which answer
with the page and that form in it, and to HTMX with the part alone. The name is that of the form's draft
(static/work.js), so that a draft finds its form again.
"""

import re
from itertools import chain

from flask import abort, render_template, request
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import require
from ntmtasks.core.web import wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.guests import guest_section
from ntmtasks.desk.views.offers import Offer, Offers
from ntmtasks.desk.views.panels import MENDING, asks_of, comment_forms, entry_fragment, forms_of
from ntmtasks.desk.views.task import GUEST_LINKS, task_page
from ntmtasks.tasks.models import Task


@bp.get("/tasks/<id:task_id>")
@require(*READERS)
def task(task_id: int) -> ResponseReturnValue:
    """One task with everything about it; `open` names the form that is wanted."""
    wanted = request.args.get("open", "")
    if wanted and wants_fragment():
        return _part(access.task_to_read(me(), task_id, papers=False), wanted)
    return task_page(access.task_to_read(me(), task_id), wanted=wanted)


def _part(task: Task, wanted: str) -> str:
    """The part of the page that `wanted` names, open; 409 where it is not offered any more, or where
    the page showed another version of what it is about."""
    mended = re.fullmatch(MENDING.format("([0-9]{1,9})"), wanted)
    if mended is not None:
        return _comment(task, int(mended[1]))
    if wanted == GUEST_LINKS.format(task.id):
        return guest_section(task, wanted=wanted)
    for ask in asks_of(Case(me(), task), wanted=wanted).offered:
        if ask.is_wanted:
            return render_template("desk/_ask.html", ask=ask, elsewhere=False)
    offer = _offer(task, wanted)
    if offer is None or offer.version != request.args.get("seen", offer.version, int):
        abort(409)
    return render_template(
        "desk/_act.html", o=offer, task=task, target=f"task-work-{task.id}", back=""
    )


def _offer(task: Task, wanted: str) -> Offer | None:
    user = me()
    offers = Offers(user, wanted=wanted)
    given = (each for _, each in offers.of_case(Case(user, task)))
    every = [*offers.of_task(task), *chain.from_iterable(given)]
    return next((each for each in every if each.is_wanted), None)


def _comment(task: Task, number: int) -> str:
    """A comment with the forms to mend and to withdraw it, while it may be."""
    comment = access.comment_to_change(me(), number)
    if comment.task_id != task.id:
        abort(404)
    may = forms_of(me(), comment, clock.today())
    return entry_fragment("comment", comment, comment_forms(comment) if may else {}, "")
