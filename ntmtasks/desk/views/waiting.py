"""*Chờ tôi quyết định*: one list, grouped, each decided in place."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.desk.queries import waiting as queries
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.offers import Offers
from ntmtasks.desk.views.panels import Forms, Refusal, forms_of
from ntmtasks.escalations import labels as escalation_labels
from ntmtasks.escalations import queries as escalations
from ntmtasks.escalations.forms import StepForm, step_forms
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.progress.queries.asks import answer_day
from ntmtasks.reports.access import acts_on
from ntmtasks.reports.forms.deciding import decision_forms
from ntmtasks.reports.queries.one import class_now


@bp.get("/waiting/")
@require(Permission.DECIDE, Permission.SUBMIT_FOR_AGENCY)
def waiting() -> ResponseReturnValue:
    """What waits for my decision."""
    return waiting_page(me())


def waiting_page(user: User, refusal: Refusal | None = None) -> str:
    """The page; a refused form stands in its row with what was typed."""
    found, day = queries.waiting(user), answer_day(clock.today())
    rows: Forms = {f"extension-{e.id}": forms_of(user, e, day) for e in found.extensions}
    rows |= {f"explanation-{e.id}": forms_of(user, e, day) for e in found.explanations}
    if refusal is not None:
        rows[refusal.place] = {**rows.get(refusal.place, {}), refusal.act: refusal.form}
    return render_template(
        "desk/waiting.html",
        found=found,
        rows=rows,
        offers=Offers(user),
        steps=_steps(user, [*found.difficulties, *found.on_their_way]),
        labels=escalation_labels,
        reports=[
            (r, class_now(r), decision_forms(acts_on(r), r, "waiting")) for r in found.reports
        ],
    )


def _steps(user: User, rows: Sequence[EscalationRow]) -> dict[int, dict[EscalationState, StepForm]]:
    """By difficulty the forms of the steps that this person may take."""
    who = escalations.person(user)
    return {row.it.id: step_forms(who, row, back="waiting") for row in rows}
