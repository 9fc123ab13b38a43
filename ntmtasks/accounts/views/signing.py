"""Signing in and out, the theme, the own password."""

from datetime import time

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts import service, sessions
from ntmtasks.accounts.forms import (
    ForgotForm,
    HourForm,
    LoginForm,
    PasswordForm,
    ResetForm,
)
from ntmtasks.accounts.queries import people as queries
from ntmtasks.accounts.rules import office_hour
from ntmtasks.accounts.views.blueprint import bp, refuse
from ntmtasks.core import instance, settings
from ntmtasks.core.access import public, require
from ntmtasks.core.web import moved, safe_next, saved, wants_fragment

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
    """Sign out and let the browser forget the pages that it kept; the own drafts are forgotten by
    static/work.js, those of others who use the same browser stay theirs."""
    sessions.end()
    response = redirect(url_for("accounts.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
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
                refuse(form, error)
            except service.TooManyAttempts:
                form.form_errors.append(TOO_MANY)
                status = 429
    return _password_page(form, _hour_form()), status


@bp.post("/password/reminder-hour")
@require()
def reminder_hour() -> ResponseReturnValue:
    """From when on one wants the morning's mail."""
    form = HourForm().offer(_office_hour())
    if not form.validate():
        return _password_page(PasswordForm(formdata=None), form), 422
    service.set_reminder_hour(sessions.me(), form.hour)
    return moved("Đã lưu giờ nhận thư nhắc việc.", url_for("accounts.password"))


def _password_page(form: PasswordForm, hour_form: HourForm) -> str:
    return render_template("accounts/password.html", form=form, hour_form=hour_form)


def _hour_form() -> HourForm:
    hour = sessions.me().reminder_at
    chosen = f"{hour:%H:%M}" if hour else ""
    return HourForm(formdata=None, at=chosen).offer(_office_hour())


def _office_hour() -> time:
    return office_hour(
        settings.number(settings.REMINDER_HOUR), settings.number(settings.REMINDER_MINUTE)
    )


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
    return instance.config().base_url + url_for("accounts.reset", token=token)


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
            refuse(form, error)
    status = 422 if request.method == "POST" else 200
    return render_template("accounts/reset.html", form=form, person=found.user), status
