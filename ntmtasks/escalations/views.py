"""Pages of difficulties: the list, one, reporting, the next step, the route."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import (
    paper_taken_away,
    refused,
    saved,
    taken_away,
    target,
    wants_fragment,
)
from ntmtasks.escalations import access, labels, queries
from ntmtasks.escalations.forms import (
    BehalfForm,
    EscalationForm,
    RouteForm,
    StepForm,
    step_forms,
)
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import OPEN_STATES, EscalationState, Route, needs_document
from ntmtasks.escalations.service import raising
from ntmtasks.escalations.service.papers import summary
from ntmtasks.escalations.service.tables import escalations_table
from ntmtasks.history import queries as history
from ntmtasks.plans.queries import current_plan
from ntmtasks.tasks.models import Task

ROUTE_CHANGED = (
    "Tuyến này đã được người khác đổi trong lúc bạn nhập. Hãy xem bản đang lưu rồi lưu lại."
)

bp = Blueprint("escalations", __name__)
WAITING = "waiting"
"""What a form carries as `back` when it stands among what waits for somebody."""
READERS = (Permission.READ_OWN, Permission.READ_ALL)
TOO_MANY = (
    f"Mỗi lần chỉ xuất được {queries.MOST_ROWS} khó khăn, vướng mắc. Hãy lọc bớt rồi xuất lại."
)
CHANGED = "Khó khăn này vừa được người khác cập nhật; hãy xem lại trạng thái mới rồi gửi lại."


@dataclass(frozen=True)
class Asked:
    """What an address asks for: `state` as written there, "all" or nothing for the open ones; which
    states that means; an agency."""

    state: str
    states: Sequence[EscalationState]
    agency: Agency | None

    @property
    def address(self) -> dict[str, Any]:
        """The same as arguments of an address."""
        return {"state": self.state or None, "agency": self.agency.id if self.agency else None}


def _asked() -> Asked:
    """An unknown value asks for nothing."""
    state, agency = request.args.get("state", ""), request.args.get("agency", "")
    is_number = agency.isascii() and agency.isdigit() and len(agency) < 10
    found = agencies.agency(int(agency)) if is_number else None
    if state == "all":
        return Asked(state, list(EscalationState), found)
    one = [s for s in EscalationState if s.value == state]
    return Asked(state if one else "", one or sorted(OPEN_STATES), found)


@bp.get("/escalations/")
@require(*READERS)
def index() -> ResponseReturnValue:
    """Difficulties that one may read, the oldest first; open ones unless the address asks."""
    user, asked = me(), _asked()
    rows = queries.listed(user, asked.states, asked.agency)
    way, consolidator = _way()
    return render_template(
        "escalations/index.html",
        rows=rows,
        ages=queries.by_age(rows),
        asked=asked,
        agencies=agencies.all_agencies() if user.can(Permission.READ_ALL) else [],
        route=way,
        consolidator=consolidator,
        states=_state_labels(way, consolidator),
        can_export=bool(rows) and access.may_export(user),
    )


def _way() -> tuple[Route | None, Agency | None]:
    way = queries.route()
    return way, agencies.agency(way.agency_id) if way else None


def _state_labels(way: Route | None, consolidator: Agency | None) -> dict[EscalationState, str]:
    """The states with the names of the route that holds now."""
    names = (consolidator.short_name if consolidator else "", way.submitted_to if way else "")
    return {s: labels.state_label(s, *names) for s in EscalationState}


@bp.get("/escalations/export.docx")
@require(*READERS)
def take_away() -> ResponseReturnValue:
    """The difficulties that the list shows as a paper for submission."""
    user, asked = me(), _asked()
    if not access.may_export(user):
        abort(403)
    rows = queries.to_submit(user, asked.states, asked.agency)
    if not 0 < len(rows) <= queries.MOST_ROWS:
        flash(TOO_MANY if rows else "Không có khó khăn, vướng mắc nào để xuất.")
        return redirect(url_for("escalations.index", **asked.address), 303)
    return paper_taken_away(summary(user, rows), "kho-khan-vuong-mac")


@bp.get("/escalations/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_list(ending: str) -> ResponseReturnValue:
    """The difficulties that the list shows as a file."""
    user, asked = me(), _asked()
    rows = queries.listed(user, asked.states, asked.agency)
    table = escalations_table(user, _said_of(asked), rows)
    back = url_for("escalations.index", **asked.address)
    return taken_away(table, ending, "kho-khan-vuong-mac", back)


def _said_of(asked: Asked) -> str:
    """The filter in words."""
    names = _state_labels(*_way())
    states = "tất cả" if asked.state == "all" else ", ".join(names[s] for s in asked.states)
    return "; ".join(filter(None, (states, asked.agency.name if asked.agency else "")))


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
        plan = current_plan()
        form.issued_on = plan.issued_on if plan else None
    if not form.is_submitted():
        form.tasks.data = [t.id for t in choices if str(t.id) == request.args.get("task")]
    elif form.validate():
        try:
            it = raising.report(user, _said(form, user, choices), form.form_token.data)
        except raising.NoRoute:
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
) -> raising.NewEscalation:
    agency, source = user.agency, None
    if isinstance(form, BehalfForm) and form.is_on_behalf:
        agency, source = agencies.agency(form.agency.data) or agency, form.source()
    chosen = set(form.tasks.data or ())
    return raising.NewEscalation(
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
    """One difficulty: what it is, how far it has come, what I may do."""
    return _page(access.escalation_to_read(me(), escalation_id))


@bp.post(
    "/escalations/<id:escalation_id>/<any(consolidated,submitted,concluded,resolved,withdrawn):step>"
)
@require(*READERS)
def take_step(escalation_id: int, step: str) -> ResponseReturnValue:
    """Bring a difficulty one step further, on its page or among what waits."""
    user = me()
    it = access.escalation_to_step(user, escalation_id)
    after, form = EscalationState(step), StepForm()
    form.document_needed = needs_document(queries.person(user), after)
    if not form.validate_on_submit():
        return _refused(422, it, after, form)
    try:
        raising.step(
            user, it, after, form.note.data or "", form.document.data or "", form.version.data or 0
        )
    except raising.NotYourStep:
        abort(403)
    except ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        form.see_version(it.version)
        return _refused(409, it, after, form)
    now = access.escalation_to_read(user, escalation_id)
    here = url_for("escalations.show", escalation_id=it.id)
    back = url_for("desk.waiting") if form.back.data == WAITING else here
    return saved(
        f"Đã lưu: {now.words(after)}.", back, *((_fragment(now),) if wants_fragment() else ())
    )


def _refused(
    status: int, it: Escalation, after: EscalationState, form: StepForm
) -> ResponseReturnValue:
    return refused(status, lambda: _page(it, (after, form)), lambda: _fragment(it, (after, form)))


def _page(it: Escalation, again: tuple[EscalationState, StepForm] | None = None) -> str:
    entries = history.of("escalation", it.id, history.FEW)
    return render_template("escalations/show.html", **_context(it, "", again), entries=entries)


def _fragment(it: Escalation, again: tuple[EscalationState, StepForm] | None = None) -> str:
    """The piece that was pressed on: a row of what waits, or the whole of its page."""
    if target() == f"difficulty-{it.id}":
        return render_template("escalations/_difficulty.html", **_context(it, WAITING, again))
    return render_template("escalations/_escalation.html", **_context(it, "", again))


def _context(
    it: Escalation, back: str, again: tuple[EscalationState, StepForm] | None
) -> dict[str, object]:
    user = me()
    row = queries.held_row(it, user)
    forms = step_forms(queries.person(user), row, back, again)
    return {"row": row, "it": it, "forms": forms, "labels": labels}


@bp.route("/escalations/route", methods=["GET", "POST"])
@require(Permission.COORDINATE, Permission.ADMINISTER)
def route() -> ResponseReturnValue:
    """Which way difficulties go from now on."""
    known = {a.id: a for a in agencies.all_agencies()}
    form = _route_form(known.values())
    status = 422 if form.is_submitted() else 200
    if form.validate_on_submit():
        chosen = Route(form.agency.data, form.submitted_to.data or "")
        try:
            raising.set_route(me(), chosen, known[chosen.agency_id], form.version.data)
            return redirect(url_for("escalations.index"), 303)
        except ChangedMeanwhile:
            form.collide(_route_form(agencies.all_agencies(), formdata=None), ROUTE_CHANGED)
            status = 409
    return render_template("escalations/route.html", form=form), status


def _route_form(known: Iterable[Agency], **options: None) -> RouteForm:
    way = queries.route()
    form = RouteForm(
        **options,
        agency=way.agency_id if way else 0,
        submitted_to=way.submitted_to if way else queries.DEFAULT_TO,
        version=queries.route_version().version,
    )
    form.agency.choices = [(a.id, a.name) for a in known]
    return form
