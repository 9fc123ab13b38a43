"""Signing in and out, the theme, the own password, people."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf import FlaskForm

from ntmtasks.accounts import access, queries, service, sessions
from ntmtasks.accounts.forms import (
    ForgotForm,
    LoginForm,
    NewPersonForm,
    PasswordForm,
    PersonForm,
    ResetForm,
)
from ntmtasks.accounts.models import User
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core.access import Permission, public, require
from ntmtasks.core.web import safe_next, saved, wants_fragment
from ntmtasks.history import queries as history
from ntmtasks.history.labels import VERBS

bp = Blueprint("accounts", __name__)
THEMES = ("light", "dark")
OPEN_WITH_OLD_PASSWORD = {
    "accounts.password",
    "accounts.login",
    "accounts.logout",
    "accounts.theme",
    "assets.show",
    "health.healthz",
    "health.readyz",
}
TOO_MANY = "Thử nhiều lần quá. Hãy chờ 10 phút rồi thử lại."


@bp.before_app_request
def insist_on_own_password() -> ResponseReturnValue | None:
    """Lead to the password page whoever still has a one-time password."""
    if request.endpoint is None or request.endpoint in OPEN_WITH_OLD_PASSWORD:
        return None
    if not current_user.is_authenticated or not current_user.must_change_password:
        return None
    address = url_for("accounts.password")
    if wants_fragment():
        return "", 403, {"HX-Redirect": address}
    return redirect(address, 303)


@bp.route("/login", methods=["GET", "POST"])
@public
def login() -> ResponseReturnValue:
    """Sign in, then go where one wanted to go."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(url_for("desk.home"))
    form = LoginForm()
    if form.validate_on_submit():
        try:
            user = service.authenticate(
                form.username.data or "", form.password.data or "", request.remote_addr or ""
            )
        except service.TooManyAttempts:
            form.form_errors.append("Sai nhiều lần quá. Hãy chờ 10 phút rồi thử lại.")
            return _login_page(form), 429
        if user is not None:
            sessions.begin(user)
            return redirect(safe_next(request.args.get("next")) or url_for("desk.home"), 303)
        form.form_errors.append("Tên đăng nhập hoặc mật khẩu không đúng.")
    return _login_page(form), 422 if request.method == "POST" else 200


def _login_page(form: LoginForm) -> str:
    password = current_app.extensions.get("ntmtasks_sample_password")
    return render_template("accounts/login.html", form=form, sample_password=password)


@bp.post("/logout")
@public
def logout() -> ResponseReturnValue:
    """Sign out and let the browser forget what it kept of us."""
    sessions.end()
    response = redirect(url_for("accounts.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.post("/theme")
@public
def theme() -> ResponseReturnValue:
    """Light or dark, kept in a cookie for a year."""
    response = redirect(safe_next(request.form.get("back")) or url_for("desk.home"), 303)
    chosen = request.form.get("theme")
    if chosen in THEMES:
        secure = bool(current_app.config["SESSION_COOKIE_SECURE"])
        response.set_cookie(
            "theme", chosen, max_age=31_536_000, samesite="Lax", httponly=True, secure=secure
        )
    return response


def _refuse(form: FlaskForm, error: service.Refused) -> None:
    """Show a service's sentence beside the field it is about."""
    field = form[error.field]
    field.errors = [*field.errors, error.message]


@bp.route("/password", methods=["GET", "POST"])
@require()
def password() -> ResponseReturnValue:
    """Change the own password."""
    form, status = PasswordForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                service.change_password(
                    sessions.me(), form.current.data or "", form.new.data or "", current_user.token
                )
                return saved("Đã đổi mật khẩu.", url_for("desk.home"))
            except service.Refused as error:
                _refuse(form, error)
            except service.TooManyAttempts:
                form.form_errors.append(TOO_MANY)
                status = 429
    return render_template("accounts/password.html", form=form), status


@bp.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> ResponseReturnValue:
    """Ask for a link by mail; the answer is the same whether the person exists or not."""
    form, status = ForgotForm(), 200
    if request.method == "POST":
        status = 422
        if form.validate():
            try:
                service.ask_reset(form.asked.data or "", request.remote_addr or "", _reset_link)
                return saved(
                    "Nếu tài khoản có địa chỉ thư điện tử, liên kết đặt mật khẩu mới đã được gửi; "
                    "liên kết dùng được trong 60 phút.",
                    url_for("accounts.login"),
                )
            except service.TooManyAttempts:
                form.form_errors.append(TOO_MANY)
                status = 429
    return render_template("accounts/forgot.html", form=form), status


def _reset_link(token: str) -> str:
    base: str = current_app.extensions["ntmtasks_config"].base_url
    return base + url_for("accounts.reset", token=token)


@bp.route("/reset/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> ResponseReturnValue:
    """Set a new password by the link of a mail."""
    found = queries.reset_by_token(token)
    if found is None:
        return render_template("accounts/reset_gone.html"), 410
    form = ResetForm()
    if form.validate_on_submit():
        try:
            service.reset_password(found, form.new.data or "")
            return saved("Đã đặt mật khẩu mới. Hãy đăng nhập.", url_for("accounts.login"))
        except service.Refused as error:
            _refuse(form, error)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/reset.html", form=form, person=found.user), status


@bp.get("/people/")
@require(Permission.ADMINISTER)
def people() -> ResponseReturnValue:
    """Everybody, filtered by words and agency."""
    words = request.args.get("q", "")
    agency_id = request.args.get("agency", type=int)
    return render_template(
        "accounts/people.html",
        people=queries.people(words, agency_id),
        agencies=agencies.all_agencies(),
        words_asked=words,
        agency_asked=agency_id,
    )


@bp.route("/people/new", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
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
            _refuse(form, error)
    return _form_page(form, None, 422 if request.method == "POST" else 200)


@bp.route("/people/<id:person_id>", methods=["GET", "POST"])
@require(Permission.ADMINISTER)
def person(person_id: int) -> ResponseReturnValue:
    """A person: particulars, role, agency, lock, record."""
    found = access.person_to_change(person_id)
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
                _refuse(form, error)
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
    """Let the form offer all agencies; returns them by id."""
    offered = {agency.id: agency for agency in agencies.all_agencies()}
    form.offer(offered.values())
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
        verbs=VERBS,
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
@require(Permission.ADMINISTER)
def lock(person_id: int) -> ResponseReturnValue:
    """Keep a person out at once."""
    found = access.other_person(person_id, sessions.me())
    service.lock(sessions.me(), found)
    return _state(f"Đã khóa tài khoản {found.username}.", found)


@bp.post("/people/<id:person_id>/unlock")
@require(Permission.ADMINISTER)
def unlock(person_id: int) -> ResponseReturnValue:
    """Let a locked person in again."""
    found = access.other_person(person_id, sessions.me())
    service.unlock(sessions.me(), found)
    return _state(f"Đã mở khóa tài khoản {found.username}.", found)


def _state(message: str, found: User) -> ResponseReturnValue:
    fragment = render_template("accounts/_person_state.html", person=found)
    return saved(message, url_for("accounts.person", person_id=found.id), fragment)


@bp.post("/people/<id:person_id>/password")
@require(Permission.ADMINISTER)
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
