"""*Chờ tôi quyết định*: one list, grouped, each decided in place."""

from flask import render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.core.access import Permission, require
from ntmtasks.desk.queries import waiting as queries
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.offers import Offers
from ntmtasks.desk.views.panels import Forms, Refusal, answer_day, forms_of
from ntmtasks.escalations import labels as escalation_labels


@bp.get("/waiting/")
@require(Permission.DECIDE)
def waiting() -> ResponseReturnValue:
    """What waits for my decision."""
    return waiting_page(me())


def waiting_page(user: User, refusal: Refusal | None = None) -> str:
    """The page; a refused form stands in its row with what was typed."""
    found, day = queries.waiting(user), answer_day()
    rows: Forms = {f"extension-{e.id}": forms_of(user, e, day) for e in found.extensions}
    rows |= {f"explanation-{e.id}": forms_of(user, e, day) for e in found.explanations}
    if refusal is not None:
        rows[refusal.place] = {**rows.get(refusal.place, {}), refusal.act: refusal.form}
    return render_template(
        "desk/waiting.html",
        found=found,
        rows=rows,
        offers=Offers(user),
        escalation_words=escalation_labels.STATES,
    )
