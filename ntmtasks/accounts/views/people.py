"""The pages on which people are kept."""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts import access, service, sessions
from ntmtasks.accounts.forms import (
    NewPersonForm,
    PersonForm,
)
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import KEPT_BY_LEADER, Role
from ntmtasks.accounts.views.blueprint import bp, refuse
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved, wants_fragment
from ntmtasks.history import queries as history


@bp.get("/people/")
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def people() -> ResponseReturnValue:
    """Everybody, filtered by words and agency; the own agency's people for its leader."""
    words = request.args.get("q", "")
    keeps_all = current_user.can(Permission.ADMINISTER)
    agency_id = request.args.get("agency", type=int) if keeps_all else sessions.me().agency_id
    return render_template(
        "accounts/people.html",
        people=queries.people(words, agency_id),
        agencies=agencies.all_agencies() if keeps_all else (),
        kept=tuple(Role) if keeps_all else KEPT_BY_LEADER,
        words_asked=words,
        agency_asked=agency_id,
    )


@bp.route("/people/new", methods=["GET", "POST"])
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def person_new() -> ResponseReturnValue:
    """Add a person; the answer shows the one-time password this once."""
    form = NewPersonForm(agency_id=request.args.get("agency", type=int))
    offered = _offer(form)
    if form.validate_on_submit():
        new = _particulars(form, offered)
        try:
            person, told = service.add_user(
                sessions.me(),
                form.username.data or "",
                new.name,
                new.role,
                new.agency,
                new.title,
                new.phone,
                new.email,
            )
            return _tell_once(f"Đã thêm {person.name}.", person, told)
        except service.Refused as error:
            refuse(form, error)
    return _form_page(form, None, 422 if request.method == "POST" else 200)


@bp.route("/people/<id:person_id>", methods=["GET", "POST"])
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def person(person_id: int) -> ResponseReturnValue:
    """A person: particulars, role, agency, lock, record."""
    found = access.person_to_change(person_id, sessions.me())
    form, status = PersonForm(obj=found), 200
    offered = _offer(form)
    if request.method == "POST":
        status = 422
        if form.validate():
            new = _particulars(form, offered)
            try:
                service.change_user(sessions.me(), found, form.version.data, new)
                return _saved_page(found)
            except service.Refused as error:
                refuse(form, error)
            except service.ChangedMeanwhile:
                form.form_errors.append(
                    f"{found.name} đã được người khác sửa trong lúc bạn nhập. Nội dung bạn nhập "
                    "còn nguyên; hãy so với bản đang lưu rồi lưu lại."
                )
                form.version.process_data(found.version)
                form.version.raw_data = None
                status = 409
    return _form_page(form, found, status)


def _offer(form: PersonForm) -> dict[int, Agency]:
    """Let the form offer all agencies and roles, or those that the leader of an agency keeps; returns
    the agencies by id."""
    user = sessions.me()
    if user.can(Permission.ADMINISTER):
        offered = {agency.id: agency for agency in agencies.all_agencies()}
        form.offer(offered.values(), tuple(Role))
    else:
        offered = {user.agency_id: user.agency}
        form.offer(offered.values(), KEPT_BY_LEADER)
    return offered


def _particulars(form: PersonForm, offered: dict[int, Agency]) -> service.Particulars:
    return service.Particulars(
        form.name.data or "",
        form.title.data or "",
        form.phone.data or "",
        form.email.data or "",
        form.role.data,
        offered[form.agency_id.data],
    )


def _form_page(form: PersonForm, found: User | None, status: int) -> ResponseReturnValue:
    if wants_fragment():
        return _form_fragment(form, found, status), status
    record = history.of("user", found.id) if found else ()
    page = render_template(
        "accounts/person.html",
        form=form,
        person=found,
        status=status,
        record=record,
        is_me=found is not None and found.id == sessions.me().id,
    )
    return page, status


def _form_fragment(form: PersonForm, found: User | None, status: int) -> str:
    return render_template("accounts/_person_form.html", form=form, person=found, status=status)


def _saved_page(found: User) -> ResponseReturnValue:
    form = PersonForm(formdata=None, obj=found)
    _offer(form)
    back = url_for("accounts.person", person_id=found.id)
    return saved(f"Đã lưu {found.name}.", back, _form_fragment(form, found, 200))


@bp.post("/people/<id:person_id>/lock")
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def lock(person_id: int) -> ResponseReturnValue:
    """Keep a person out at once."""
    found = access.other_person(person_id, sessions.me())
    service.lock(sessions.me(), found)
    return _state(f"Đã khóa tài khoản {found.username}.", found)


@bp.post("/people/<id:person_id>/unlock")
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def unlock(person_id: int) -> ResponseReturnValue:
    """Let a locked person in again."""
    found = access.other_person(person_id, sessions.me())
    service.unlock(sessions.me(), found)
    return _state(f"Đã mở khóa tài khoản {found.username}.", found)


def _state(message: str, found: User) -> ResponseReturnValue:
    fragment = render_template("accounts/_person_state.html", person=found)
    return saved(message, url_for("accounts.person", person_id=found.id), fragment)


@bp.post("/people/<id:person_id>/password")
@require(Permission.ADMINISTER, Permission.KEEP_OWN_PEOPLE)
def renew_password(person_id: int) -> ResponseReturnValue:
    """Give a person a new one-time password; the answer shows it this once."""
    found = access.other_person(person_id, sessions.me())
    told = service.renew_password(sessions.me(), found)
    return _tell_once(f"Đã cấp mật khẩu mới cho {found.username}.", found, told)


def _tell_once(message: str, found: User, told: str) -> ResponseReturnValue:
    """The page or fragment with a one-time password: no redirect, for it is kept nowhere."""
    if wants_fragment():
        fragment = render_template("accounts/_one_time_password.html", person=found, told=told)
        return saved(message, "", fragment)
    return render_template(
        "accounts/one_time_password.html", person=found, told=told, message=message
    )
