"""Nghỉ: from when to when somebody's mail goes to others."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts import access, service, sessions
from ntmtasks.accounts.forms import AbsenceForm
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.views.blueprint import bp, refuse
from ntmtasks.core.access import require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import moved


@bp.route("/people/<id:person_id>/absence", methods=["GET", "POST"])
@require()
def absence(person_id: int) -> ResponseReturnValue:
    """Somebody's absence: the own one, or that of people whom one keeps."""
    person = access.person_to_excuse(person_id, sessions.me())
    deputies = {each.id: each for each in queries.deputies_of(person)}
    given = {"first": person.away_from, "until": person.away_until, "deputy": person.deputy_id}
    form = AbsenceForm(version=person.version, **given).offer(deputies.values())
    if not form.is_submitted():
        return _page(person, form, 200)
    if not form.validate() or form.first.data is None or form.until.data is None:
        return _page(person, form, 422)
    deputy = deputies.get(form.deputy.data)
    try:
        service.set_absence(
            sessions.me(), person, form.version.data, form.first.data, form.until.data, deputy
        )
    except service.Refused as error:
        refuse(form, error)
        return _page(person, form, 422)
    except ChangedMeanwhile:
        form.form_errors.append(
            f"{person.name} vừa được người khác sửa. Nội dung bạn nhập còn nguyên; hãy so với bản "
            "đang lưu rồi lưu lại."
        )
        form.see_version(person.version)
        return _page(person, form, 409)
    return moved(f"Đã ghi kỳ nghỉ của {person.name}.", _address(person))


@bp.post("/people/<id:person_id>/absence/end")
@require()
def end_absence(person_id: int) -> ResponseReturnValue:
    """The person reads the own mail again."""
    person = access.person_to_excuse(person_id, sessions.me())
    service.end_absence(sessions.me(), person)
    return moved(f"{person.name} nhận thư của mình trở lại.", _address(person))


def _address(person: User) -> str:
    return url_for("accounts.absence", person_id=person.id)


def _page(person: User, form: AbsenceForm, status: int) -> ResponseReturnValue:
    deputy = queries.name_of(person.deputy_id)
    page = render_template(
        "accounts/absence.html", person=person, form=form, status=status, deputy=deputy
    )
    return page, status
