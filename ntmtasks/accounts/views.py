"""Signing in and out, the theme."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts import service, sessions
from ntmtasks.accounts.forms import LoginForm
from ntmtasks.core.access import public
from ntmtasks.core.web import safe_next

bp = Blueprint("accounts", __name__)
THEMES = ("light", "dark")


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
