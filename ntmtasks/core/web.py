"""What every page shares: identifiers, answers to HTMX and to plain forms, headers, errors."""

import gzip
import io
import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from typing import IO
from urllib.parse import urlsplit

from flask import (
    Flask,
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    send_file,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, SecurityError, ServiceUnavailable
from werkzeug.routing import BaseConverter, ValidationError

from ntmtasks.core import access, addresses, clock, office, papers, settings, tables
from ntmtasks.core.db import ChangedMeanwhile, db, let_go, will_write
from ntmtasks.core.formats import number

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# Nothing but the mail's own inline style: what a mail quotes must not run, load or send anything.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGE_HEADERS = {**HEADERS, "Cache-Control": "no-store"}
ERRORS = {
    400: "Yêu cầu không hợp lệ hoặc trang đã mở quá lâu. Hãy tải lại trang rồi thử lại.",
    403: "Bạn được xem nội dung này nhưng không có quyền làm việc vừa chọn.",
    404: "Không có trang này, hoặc bạn không có quyền xem.",
    405: "Trang này không nhận cách gửi vừa dùng.",
    409: "Nội dung đã được người khác thay đổi trong lúc bạn sửa. Hãy tải lại trang để xem bản mới.",
    500: "Hệ thống gặp lỗi. Nội dung bạn vừa gửi chưa được lưu; hãy thử lại sau ít phút.",
    503: "Chưa lập được tệp vào lúc này. Hãy thử lại sau ít phút, hoặc lọc bớt dòng rồi lấy lại.",
}
PACK_FROM_BYTES = 1000
MEGABYTE = 2**20
WAS_SIGNED_IN = "_user_id"
"""What Flask-Login keeps in the signed cookie, also when the session behind it has gone."""
SHORT_BYTES = 16_000
"""A body up to here is taken in first: most forms are shorter."""
TEXT_MEGABYTES = 4
"""What may be typed or pasted into a form; Werkzeug's own limit is half a megabyte."""


class IdConverter(BaseConverter):
    """A row's number in an address: ASCII digits up to 2^31−1, else 404."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > 2**31 - 1:
            raise ValidationError
        return number


def wants_fragment() -> bool:
    """True when HTMX asks for a piece of the page."""
    return request.headers.get("HX-Request") == "true"


def target() -> str:
    """The id of the element that HTMX will replace, or ''."""
    return request.headers.get("HX-Target", "")


def saved(
    message: str, back: str, *fragments: str, status: int = 200, drafts: Iterable[str] = ()
) -> Response:
    """Answer an action that worked: to HTMX its fragments and a line in the live region, to a plain
    form a 303 to `back` with the line on top of that page. `drafts` names forms beside the sent one
    whose typed text the browser need not keep any longer (static/work.js)."""
    kept = [*drafts, *_draft_sent()]
    if not wants_fragment():
        tell_next_page(message)
        return make_response(redirect(back, 303))
    line = current_app.jinja_env.get_template("core/_live.html")  # needs nothing else
    live = line.render(message=message, oob=True)
    response = make_response("\n".join((*fragments, live)), status)
    if kept:
        response.headers["HX-Trigger"] = json.dumps({"saved": kept})
    return response


def drawn(*fragments: str, **context: object) -> str:
    """Fragments of pages, one below the other, with what all of them need."""
    current_app.update_template_context(context)
    templates = map(current_app.jinja_env.get_template, fragments)
    return "\n".join(template.render(context) for template in templates)


def tell_next_page(message: str) -> None:
    """Put a line on top of the next page, and let its browser forget the typed text of the form that
    was saved."""
    flash(message)
    for name in _draft_sent():
        flash(name, "draft")


def _draft_sent() -> list[str]:
    """The name under which the browser keeps the typed text of the form that it sent."""
    name = request.form.get("draft", "")
    return [name] if re.fullmatch(r"[a-z0-9_-]{1,60}", name) else []


def moved(message: str, address: str) -> Response:
    """Answer an action that leads to another page, with the line on top of it."""
    tell_next_page(message)
    if wants_fragment():  # htmx would follow a 303 unseen and put that page in place of the form
        return make_response("", 204, {"HX-Redirect": address})
    return make_response(redirect(address, 303))


def refused(status: int, page: Callable[[], str], fragment: Callable[[], str]) -> Response:
    """Answer an action that did not work: the same form with its messages, whole page or fragment."""
    return make_response(fragment() if wants_fragment() else page(), status)


def handed_out(content: bytes, content_type: str, name: str) -> Response:
    """Answer with a file that was made for this request; `name` is ASCII."""
    answer = send_file(io.BytesIO(content), content_type, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def taken_away(table: tables.Table, ending: str, name: str, back: str) -> Response:
    """Answer with a list as a file with an ending of core.tables.ENDINGS, `name` and today's date;
    where it is too long, with a 303 to `back` that says so. The table holds plain values alone, as no
    transaction stays open while it is written."""
    if len(table.rows) > tables.MOST_ROWS:
        flash(f"Mỗi lần chỉ lấy được {number(tables.MOST_ROWS)} dòng. Hãy lọc bớt rồi lấy lại.")
        return make_response(redirect(back, 303))
    content = by_office(lambda: tables.written(table, ending))
    return handed_out(content, tables.ENDINGS[ending], f"{name}-{clock.today()}.{ending}")


def paper_taken_away(paper: papers.Paper, name: str, template: bytes = b"") -> Response:
    """Answer with a paper as .docx, `name` and today's date; the paper holds plain values alone.
    `template` is the office's own, b"" for ours."""
    content = by_office(lambda: papers.to_docx(paper, template))
    return handed_out(content, papers.CONTENT_TYPE, f"{name}-{clock.today()}.docx")


def by_office(write: Callable[[], bytes]) -> bytes:
    """What the office child writes, while no transaction is open; 503 where it does not."""
    let_go()
    try:
        return write()
    except office.OfficeError as error:
        current_app.logger.error("no file at %s: %s", request.path, error)
        raise ServiceUnavailable from error


def with_frame(page: str) -> Response:
    """Answer with a page that shows another one of this site in a frame."""
    answer = make_response(page)
    answer.headers["Content-Security-Policy"] = f"{CSP}; frame-src 'self'"
    return answer


def mail_body(html: str) -> Response:
    """Answer with the formatted body of a mail, for a frame of this site."""
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = MAIL_CSP
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer


def safe_next(address: str | None) -> str | None:
    """`address` when it is a path on this site, else None (an open redirect otherwise)."""
    if not address or not address.startswith("/") or address.startswith(("//", "/\\")):
        return None
    parts = urlsplit(address)
    return address if not parts.netloc and not parts.scheme else None


def errors_at(app: Flask, prefix: str, answer: Callable[[int], ResponseReturnValue]) -> None:
    """Let `answer` say, by its status, what went wrong at addresses that begin with `prefix`: where
    programs ask and no page is shown."""
    app.extensions["ntmtasks_errors"][prefix] = answer


def init_app(app: Flask, frozen: date | None) -> None:
    """Attach converters, the per-request clock, headers and error pages."""
    app.extensions["ntmtasks_errors"] = {}
    app.url_map.converters["id"] = IdConverter
    app.config["MAX_FORM_MEMORY_SIZE"] = TEXT_MEGABYTES * MEGABYTE

    @app.before_request
    def prepare() -> ResponseReturnValue | None:
        addresses.mount(request.script_root)
        writes = request.method not in {"GET", "HEAD", "OPTIONS"} and request.endpoint is not None
        is_here = writes and _takes_short()
        if is_here:  # one transaction does, as nobody keeps it waiting
            request.get_data(parse_form_data=True)
            will_write(True)
        if request.endpoint != "assets.show" and request.endpoint != "health.healthz":
            clock.freeze(frozen or settings.sample_date())
        answer = _turn_away(is_here) if writes else None
        if writes and answer is None and not is_here:
            _receive()
            will_write(True)
        return answer

    @app.teardown_request
    def forget(_error: BaseException | None) -> None:
        will_write(False)
        clock.freeze(None)
        addresses.mount(None)

    app.after_request(_finish)
    app.register_error_handler(CSRFError, _csrf_error)
    app.register_error_handler(ChangedMeanwhile, _stale)
    app.register_error_handler(SecurityError, _foreign_host)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _crash)


def _view() -> Callable[..., object]:
    return current_app.view_functions[request.endpoint or ""]


def _takes_short() -> bool:
    """Whether the body is short and may come from somebody whom we know."""
    length = request.content_length
    is_short = length is not None and length <= SHORT_BYTES
    return is_short and (WAS_SIGNED_IN in session or access.is_public(_view()))


def _turn_away(is_here: bool) -> ResponseReturnValue | None:
    """The answer to what nobody who is signed in sends, before a long body is read; None to go on.

    Who was signed in before has it read, and forgotten, to its end: browsers show no answer that comes
    while they send a lot.
    """
    check = access.admission(_view())
    if check is not None:
        return check(**(request.view_args or {}))
    if current_user.is_authenticated or access.is_public(_view()):
        return None
    length = request.content_length or 0
    if not is_here and WAS_SIGNED_IN in session and length <= _most_bytes(with_files=True):
        _swallow(length)
    return _to_login()


def _most_bytes(with_files: bool) -> int:
    files = 2 * settings.number(settings.TOTAL_MEGABYTES) if with_files else 0
    return (TEXT_MEGABYTES + files) * MEGABYTE


def _receive() -> None:
    """Take in a long body while no transaction is open: a slow line must keep no lock.

    Up to twice of what files may have together is read, so that a form can say beside its field that
    they are too big, and keep what was typed; nothing but text of somebody whom nobody knows.
    """
    is_known = current_user.is_authenticated or access.admission(_view()) is not None
    with_files = is_known and request.mimetype == "multipart/form-data"
    g.pop("_login_user", None)  # read again by whoever asks, as its transaction ends here
    most = _most_bytes(with_files)
    request.max_content_length = most
    let_go()
    length = request.content_length or 0
    if most < length <= 4 * most:
        _swallow(length)
    request.get_data(parse_form_data=True)


def _swallow(length: int) -> None:
    """Read what will be refused and keep nothing: a browser that is still sending sees no answer."""
    source: IO[bytes] = request.environ["wsgi.input"]
    while length > 0 and (piece := source.read(min(length, MEGABYTE))):
        length -= len(piece)


def _finish(response: Response) -> Response:
    is_page = response.mimetype == "text/html"
    given = {name.lower() for name, _ in response.headers}
    for name, value in (PAGE_HEADERS if is_page else HEADERS).items():
        if name.lower() not in given:
            response.headers.add(name, value)
    if is_page:
        response.vary.update(["HX-Request", "Cookie"])
        _pack(response)
    return response


def _pack(response: Response) -> None:
    """Compress pages: many offices sit behind slow lines."""
    if "gzip" not in request.headers.get("Accept-Encoding", "") or response.is_streamed:
        return
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) >= PACK_FROM_BYTES and "Content-Encoding" not in response.headers:
        response.set_data(gzip.compress(body, 5))
        response.headers["Content-Encoding"] = "gzip"


def _to_login() -> ResponseReturnValue:
    """Lead to the login page and back; HTMX needs its own header, or it would swap the login in. What
    a plain form has sent is lost: the login page says so, and leads back to where it was written."""
    if wants_fragment():
        current = urlsplit(request.headers.get("HX-Current-URL", ""))
        here = current._replace(scheme="", netloc="", fragment="").geturl()
        address = url_for("accounts.login", next=safe_next(here))
        return "", 401, {"HX-Redirect": address}
    if request.method == "GET":
        back = request.full_path.rstrip("?")
        return redirect(url_for("accounts.login", next=safe_next(back)), 303)
    came = urlsplit(request.referrer or "")
    here = came._replace(scheme="", netloc="", fragment="").geturl()
    back = here if came.netloc == request.host else ""
    return redirect(url_for("accounts.login", next=safe_next(back), lost=1), 303)


def _csrf_error(error: CSRFError) -> ResponseReturnValue:
    if wants_fragment() and not current_user.is_authenticated:
        return _to_login()
    return _error_page(400)


def _stale(error: ChangedMeanwhile) -> ResponseReturnValue:
    db.session.rollback()
    return _error_page(409)


def _foreign_host(_error: SecurityError) -> ResponseReturnValue:
    # Without a host that we know there are no addresses, so no page with links either.
    return ERRORS[400], 400, {"Content-Type": "text/plain; charset=utf-8"}


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code == 401:
        return _to_login()
    if error.code is None or error.code < 400:
        return error.get_response()
    return _error_page(error.code)


def _crash(error: Exception) -> ResponseReturnValue:
    with suppress(SQLAlchemyError):  # there may be no database to tell
        db.session.rollback()
    # An address with a token is a key: the log names its rule alone.
    path = request.url_rule if "token" in (request.view_args or {}) else request.path
    current_app.logger.exception("unexpected error at %s %s", request.method, path)
    if current_app.testing:
        raise error
    return _error_page(500)


def _message(code: int) -> str:
    if code == 413:
        one, together = map(settings.number, (settings.UPLOAD_MEGABYTES, settings.TOTAL_MEGABYTES))
        return (
            f"Nội dung gửi lên quá lớn nên chưa được lưu: mỗi tệp tối đa {one} MB, các tệp trong một "
            f"lần gửi tối đa {together} MB, văn bản dán tối đa {TEXT_MEGABYTES} MB. Hãy quay lại, chọn "
            "tệp nhỏ hơn hoặc gửi làm nhiều lần; phần chữ đã nhập thường còn trên trang đó."
        )
    return ERRORS.get(code, "Yêu cầu không thực hiện được.")


def _error_page(code: int) -> ResponseReturnValue:
    answers: dict[str, Callable[[int], ResponseReturnValue]]
    answers = current_app.extensions["ntmtasks_errors"]
    for prefix, answer in answers.items():
        if request.path.startswith(prefix):
            return answer(code)
    try:
        return _shown_error(code)
    except SQLAlchemyError:
        # The frame asks for the person and what waits; where that fails too, nobody is signed in.
        g._login_user = AnonymousUserMixin()
        return _shown_error(code)


def _shown_error(code: int) -> ResponseReturnValue:
    message = _message(code)
    if wants_fragment():  # a swap would put nothing in place of the form and lose what was typed
        line = render_template("core/_live.html", message=message, oob=True)
        return line, code, {"HX-Reswap": "none"}
    return render_template("error.html", code=code, message=message, back=_came_from()), code


def _came_from() -> str | None:
    """The page of this site from which a form was sent, if the browser says so."""
    parts = urlsplit(request.referrer or "")
    if request.method == "GET" or parts.netloc != request.host:
        return None
    return safe_next(parts._replace(scheme="", netloc="", fragment="").geturl())
