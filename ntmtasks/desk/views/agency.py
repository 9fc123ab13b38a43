"""Công việc của cơ quan: what waits for the focal point, who carries how much, handing over."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.access import other_person
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import refused, saved, taken_away, wants_fragment
from ntmtasks.desk.forms.work import HandOverForm, LeaveForm
from ntmtasks.desk.queries import agency as queries
from ntmtasks.desk.queries.waiting import reported_on
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.offers import Offers
from ntmtasks.escalations.queries import held_up
from ntmtasks.progress.queries.silence import silences
from ntmtasks.progress.queries.updates import waiting_to_pass_on
from ntmtasks.tasks.queries.loading import open_of_officer
from ntmtasks.tasks.service import handing
from ntmtasks.tasks.service.tables import assignments_table

NOBODY = (0, "Chưa giao cho ai")


@bp.get("/agency-work/")
@require(Permission.HAND_OUT)
def agency_work() -> ResponseReturnValue:
    """What waits for the one press, the load of each officer, all open work of the agency."""
    return _page(_form(None))


@bp.post("/agency-work/")
@require(Permission.HAND_OUT)
def hand_over() -> ResponseReturnValue:
    """Hand picked work to an officer, or take it back."""
    form = _form(HandOverForm())
    if not form.validate_on_submit():
        return _refused(422, form)
    found = queries.own_assignments(me(), form.picked)
    if len(found) != len(form.picked):
        abort(404)
    officers = {o.id: o for o in officers_of(me().agency_id)}
    officer = None if form.take.data else officers.get(form.officer.data)
    picked = [(a, form.picked[a.id]) for a in found]
    try:
        moved = handing.hand_over(me(), picked, officer, form.form_token.data)
    except ChangedMeanwhile:
        form.form_errors.append(CONFLICT)
        return _refused(409, form)
    done = f"Đã giao {moved} việc cho {officer.name}." if officer else f"Đã lấy lại {moved} việc."
    fragments = (_section(_form(None)),) if wants_fragment() else ()
    return saved(done, url_for("desk.agency_work"), *fragments)


@bp.get("/agency-work/export.<any(xlsx,csv):ending>")
@require(Permission.HAND_OUT)
def take_agency_work(ending: str) -> ResponseReturnValue:
    """The open work of the agency as a file."""
    user = me()
    rows = [row.assignment for row in queries.agency_work(user, clock.today())]
    shows = f"Việc đang làm của {user.agency.name}"
    quiet = silences(rows, clock.today())
    table = assignments_table(user, "Việc của cơ quan", shows, rows, held_up(), quiet)
    return taken_away(table, ending, "viec-cua-co-quan", url_for("desk.agency_work"))


def _form(form: HandOverForm | None) -> HandOverForm:
    form = form or HandOverForm(formdata=None)
    officers = officers_of(me().agency_id)
    form.officer.choices = [(0, "– chọn người –"), *((o.id, o.name) for o in officers)]
    return form


def _refused(status: int, form: HandOverForm) -> ResponseReturnValue:
    return refused(status, lambda: _page(form), lambda: _section(form))


def _page(form: HandOverForm) -> str:
    offers = Offers(me())
    pending = waiting_to_pass_on(me())
    return render_template(
        "desk/agency_work.html",
        waiting=[(a, offers.of(a)) for a in pending],
        reported=reported_on(pending),
        **_context(form),
    )


def _section(form: HandOverForm) -> str:
    return render_template("desk/_agency_work.html", **_context(form))


def _context(form: HandOverForm) -> dict[str, object]:
    rows = queries.agency_work(me(), clock.today())
    return {
        "form": form,
        "rows": rows,
        "loads": queries.loads(rows, officers_of(me().agency_id)),
        "picked": form.picked,
    }


@bp.route("/people/<id:person_id>/leave", methods=["GET", "POST"])
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def leave(person_id: int) -> ResponseReturnValue:
    """Lock a person who leaves and hand the open work over, in one step."""
    person = other_person(person_id, me())
    form = LeaveForm()
    heirs = _heirs(person)
    form.officer.choices = [NOBODY, *((o.id, o.name) for o in heirs.values())]
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        work = open_of_officer(person.id)
        return render_template("desk/leave.html", person=person, form=form, work=work), status
    moved = handing.leave(me(), person, heirs.get(form.officer.data))
    back = url_for("accounts.person", person_id=person.id)
    return saved(f"Đã khóa {person.name} và bàn giao {moved} việc.", back)


def _heirs(person: User) -> dict[int, User]:
    return {o.id: o for o in officers_of(person.agency_id) if o.id != person.id}
