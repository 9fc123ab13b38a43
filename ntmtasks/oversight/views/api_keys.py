"""Kết nối: keys with which other systems read /api/v1."""

from flask import abort, render_template, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.oversight.forms import ApiKeyForm
from ntmtasks.oversight.queries import keys
from ntmtasks.oversight.service import keys as service
from ntmtasks.oversight.views.blueprint import bp

MADE_BEFORE = "Khóa này đã được cấp và chỉ hiện một lần; nếu chưa chép, hãy thu hồi và cấp lại."


@bp.get("/api-keys/")
@require(Permission.ADMINISTER)
def api_keys() -> ResponseReturnValue:
    """Who has a key, and a form to make one."""
    return _whole(_form())


@bp.post("/api-keys/")
@require(Permission.ADMINISTER)
def make_api_key() -> ResponseReturnValue:
    """Make a key; the answer shows it this once."""
    form = ApiKeyForm().offer(agencies.all_agencies())
    if not form.validate():
        return refused(422, lambda: _whole(form), lambda: _piece(form))
    agency = agencies.agency(form.agency_id.data) or abort(404)
    token = service.make_api(me(), agency, form.name.data or "", form.form_token.data)
    if not token:
        return _saved(MADE_BEFORE)
    if wants_fragment():
        return saved("Đã cấp khóa.", "", _piece(_form(), token))
    return _whole(_form(), token)


@bp.post("/api-keys/<id:key_id>/revoke")
@require(Permission.ADMINISTER)
def revoke_api_key(key_id: int) -> ResponseReturnValue:
    """Let a key open nothing any more."""
    key = keys.api_key(key_id) or abort(404)
    service.revoke_api(me(), key)
    return _saved(f"Đã thu hồi khóa cấp cho {key.name}.")


def _saved(message: str) -> ResponseReturnValue:
    pieces = (_piece(_form()),) if wants_fragment() else ()
    return saved(message, url_for("oversight.api_keys"), *pieces)


def _form() -> ApiKeyForm:
    return ApiKeyForm(formdata=None).offer(agencies.all_agencies())


def _whole(form: ApiKeyForm, token: str = "") -> str:
    return _drawn("oversight/api_keys.html", form, token)


def _piece(form: ApiKeyForm, token: str = "") -> str:
    return _drawn("oversight/_api_keys.html", form, token)


def _drawn(template: str, form: ApiKeyForm, token: str) -> str:
    return render_template(template, found=keys.api_keys(), form=form, token=token)
