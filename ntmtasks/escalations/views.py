"""Pages of difficulties: the list, one, reporting, the next step, the route."""

from collections.abc import Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.escalations import access, labels, queries, service
from ntmtasks.escalations.forms import BehalfForm, EscalationForm, RouteForm, StepForm
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import OPEN_STATES, EscalationState, Route, needs_document
from ntmtasks.tasks.models import Task

bp = Blueprint("escalations", __name__)
READERS = (Permission.READ_OWN, Permission.READ_ALL)
CHANGED = "Khó khăn này vừa được người khác cập nhật; hãy xem lại trạng thái mới rồi gửi lại."


@bp.get("/escalations/")
@require(*READERS)
def index() -> ResponseReturnValue:
    """Difficulties that one may read, the oldest first; open ones unless the address asks."""
    user = me()
    asked = request.args.get("state", "")
    states = [s for s in EscalationState if s.value == asked] or sorted(OPEN_STATES)
    if asked == "all":
        states = list(EscalationState)
    agency = request.args.get("agency", "")
    agency_id = int(agency) if agency.isascii() and agency.isdigit() and len(agency) < 10 else None
    rows = queries.listed(user, states, agency_id)
    return render_template(
        "escalations/index.html",
        rows=rows,
        ages=queries.by_age(rows),
        asked=asked,
        agency_id=agency_id,
        agencies=agencies.all_agencies() if user.can(Permission.READ_ALL) else [],
        route=queries.route(),
        route_agency=_route_agency(),
        labels=labels,
    )


def _route_agency() -> str:
    way = queries.route()
    agency = agencies.agency(way.agency_id) if way else None
    return agency.name if agency else ""


@bp.route("/escalations/new", methods=["GET", "POST"])
@require(Permission.UPDATE_OWN)
def new() -> ResponseReturnValue:
    """Report a difficulty of the own agency; the coordinator also for another one."""
    user = me()
    coordinates = user.can(Permission.COORDINATE)
    form = BehalfForm(agency=user.agency_id) if coordinates else EscalationForm()
    choices = queries.linkable_tasks(None if coordinates else user.agency_id)
    form.tasks.choices = [(t.id, _task_choice(t)) for t in choices]
    if coordinates:
        form.own_agency = user.agency_id
        form.agency.choices = [(a.id, a.name) for a in agencies.all_agencies()]
    if not form.is_submitted():
        form.tasks.data = [t.id for t in choices if str(t.id) == request.args.get("task")]
    elif form.validate():
        try:
            it = service.report(user, _said(form, user, choices), form.form_token.data)
        except service.NoRoute:
            form.form_errors.append("Chưa có cơ quan tổng hợp khó khăn, vướng mắc trong Cài đặt.")
        else:
            here = url_for("escalations.show", escalation_id=it.id) if it else None
            return saved(
                "Đã gửi phản ánh khó khăn, vướng mắc.", here or url_for("escalations.index")
            )
    status = 422 if form.is_submitted() else 200
    return render_template("escalations/new.html", form=form, coordinates=coordinates), status


def _task_choice(task: Task) -> str:
    text = task.text if len(task.text) <= 90 else f"{task.text[:90].rstrip()}…"
    return f"{task.path}: {text}" if task.path else text


def _said(
    form: EscalationForm | BehalfForm, user: User, choices: Sequence[Task]
) -> service.NewEscalation:
    agency = user.agency
    source = ""
    if isinstance(form, BehalfForm) and form.agency.data != user.agency_id:
        agency = agencies.agency(form.agency.data) or agency
        source = form.source.data or ""
    chosen = set(form.tasks.data or ())
    return service.NewEscalation(
        agency=agency,
        problem=form.problem.data or "",
        effect=form.effect.data or "",
        decision=form.decision.data or "",
        tasks=[t for t in choices if t.id in chosen],
        source=source,
    )


@bp.get("/escalations/<id:escalation_id>")
@require(*READERS)
def show(escalation_id: int) -> ResponseReturnValue:
    """One difficulty: what it is, how far it has come, what I may do; in a list it opens in place."""
    it = access.escalation_to_read(me(), escalation_id)
    return _fragment(it) if wants_fragment() else _page(it)


@bp.post(
    "/escalations/<id:escalation_id>/<any(consolidated,submitted,concluded,resolved,withdrawn):step>"
)
@require(*READERS)
def take_step(escalation_id: int, step: str) -> ResponseReturnValue:
    """Bring a difficulty one step further."""
    user = me()
    it = access.escalation_to_step(user, escalation_id)
    after = EscalationState(step)
    form = StepForm()
    form.document_needed = needs_document(queries.person(user), after)
    if not form.validate_on_submit():
        return refused(422, lambda: _page(it, after, form), lambda: _fragment(it, after, form))
    try:
        service.step(
            user, it, after, form.note.data or "", form.document.data or "", form.version.data or 0
        )
    except service.NotYours:
        abort(403)
    except service.ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        form.see_version(it.version)
        return refused(409, lambda: _page(it, after, form), lambda: _fragment(it, after, form))
    now = access.escalation_to_read(user, escalation_id)
    fragments = (_fragment(now),) if wants_fragment() else ()
    return saved(
        f"Đã lưu: {labels.STATES[after].lower()}.",
        url_for("escalations.show", escalation_id=it.id),
        *fragments,
    )


def _context(
    it: Escalation, after: EscalationState | None, form: StepForm | None
) -> dict[str, object]:
    """What the page needs; a refused form stands at its step, fresh ones at the others."""
    user = me()
    row = queries.row(it, user)
    steps = row.steps
    if after is not None and after not in steps:
        steps = (after, *steps)  # what was typed is never lost, even when the step is gone
    who = queries.person(user)
    return {
        "row": row,
        "it": it,
        "forms": {s: _form_of(s, it, form if s is after else None) for s in steps},
        "needs": {s: needs_document(who, s) for s in steps},
        "labels": labels,
    }


def _form_of(step: EscalationState, it: Escalation, refused_form: StepForm | None) -> StepForm:
    form = refused_form or StepForm(formdata=None, data={"version": it.version})
    form.note.label.text = labels.NOTES[step]
    return form


def _page(
    it: Escalation, after: EscalationState | None = None, form: StepForm | None = None
) -> str:
    return render_template("escalations/show.html", **_context(it, after, form))


def _fragment(
    it: Escalation, after: EscalationState | None = None, form: StepForm | None = None
) -> str:
    return render_template("escalations/_escalation.html", **_context(it, after, form))


@bp.route("/escalations/route", methods=["GET", "POST"])
@require(Permission.COORDINATE, Permission.ADMINISTER)
def route() -> ResponseReturnValue:
    """Which way difficulties go from now on."""
    way = queries.route()
    form = RouteForm(
        agency=way.agency_id if way else 0,
        submitted_to=way.submitted_to if way else queries.DEFAULT_TO,
    )
    known = {a.id: a for a in agencies.all_agencies()}
    form.agency.choices = [(a.id, a.name) for a in known.values()]
    if form.validate_on_submit():
        chosen = Route(form.agency.data, form.submitted_to.data or "")
        service.set_route(me(), chosen, known[chosen.agency_id])
        return redirect(url_for("escalations.index"), 303)
    status = 422 if form.is_submitted() else 200
    return render_template("escalations/route.html", form=form), status
