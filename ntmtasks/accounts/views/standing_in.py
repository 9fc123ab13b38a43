"""Ủy quyền xác nhận: who decides in the city leader's place about the coordinating office's work."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts import service, sessions
from ntmtasks.accounts.forms import StandInForm
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.views.blueprint import bp, refuse
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved


@bp.route("/stand-ins/", methods=["GET", "POST"])
@require(Permission.NAME_STAND_IN)
def stand_ins() -> ResponseReturnValue:
    """Name somebody until a day; who is named now."""
    form = StandInForm()
    offered = {u.id: u for u in queries.people() if queries.can_stand_in(u)}
    names = [(u.id, f"{u.name} – {u.agency.short_name}") for u in offered.values()]
    form.person.choices = [(0, "– chọn –"), *names]
    if form.validate_on_submit() and form.until.data is not None:
        person = offered.get(form.person.data)
        try:
            if person is None:
                raise service.Refused("person", "Hãy chọn người được ủy quyền.")
            service.name_stand_in(sessions.me(), person, form.until.data)
            return saved(f"Đã ủy quyền cho {person.name}.", url_for("accounts.stand_ins"))
        except service.Refused as error:
            refuse(form, error)
    status = 422 if form.is_submitted() else 200
    page = render_template("accounts/stand_ins.html", form=form, named=queries.stand_ins())
    return page, status


@bp.post("/stand-ins/<id:person_id>/end")
@require(Permission.NAME_STAND_IN)
def end_stand_in(person_id: int) -> ResponseReturnValue:
    """Take it back."""
    person = queries.person(person_id)
    if person is None:
        abort(404)
    service.end_stand_in(sessions.me(), person)
    return saved(f"Đã thôi ủy quyền cho {person.name}.", url_for("accounts.stand_ins"))
