"""The one page of the room: what opens with a guest link, without an account."""

from flask import Blueprint, Response, after_this_request, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.core import clock, settings
from ntmtasks.core.access import admitted_by
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import saved
from ntmtasks.progress.forms import GuestForm
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.queries import guests as queries
from ntmtasks.progress.rules.guests import takes_reports
from ntmtasks.progress.service import guests as service
from ntmtasks.tasks.labels import STATES
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import WorkState, WrongState

bp = Blueprint("progress", __name__)
HEADERS = {
    "Cache-Control": "no-store",
    # The address is the key: it goes to nobody, not even to our own files.
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
OPEN_TOO_LONG = "Trang này mở đã lâu. Nội dung còn nguyên; hãy bấm gửi lại."
CHANGED = "Nhiệm vụ vừa thay đổi: {}, {} %. Nội dung bạn nhập còn nguyên; hãy xem lại rồi gửi lại."
AGENCY_REPORTS = (
    "Cơ quan đã có nội dung chờ đầu mối chuyển nên chưa nhận thêm báo cáo hoàn thành; "
    "hãy gửi ở trạng thái Đang thực hiện."
)
WORDS_BYTES = 200_000
"""A form without files is smaller."""
TOO_MANY_POSTS = "Gửi nhiều lần quá. Nội dung còn nguyên; hãy chờ 10 phút rồi gửi lại."


@bp.after_request
def keep_to_yourself(response: Response) -> Response:
    """Nothing about a guest link is stored, found by search or told to other sites."""
    response.headers.update(HEADERS)
    return response


def _admit(token: str) -> ResponseReturnValue | None:
    """Let in what comes through a living link; too much of it only while it can be shown again."""
    found = _opened(token)
    if not isinstance(found, GuestLink):
        return found
    try:
        service.check_posts(found)
    except service.TooManyAttempts:
        if (request.content_length or 0) > WORDS_BYTES:
            return _gone(429, busy=True)
    return None


@bp.route("/guest/<token>", methods=["GET", "POST"])
@admitted_by(_admit)
def guest(token: str) -> ResponseReturnValue:
    """One task, and a form to report on it; a link that opens nothing does not say why."""
    found = _opened(token)
    if not isinstance(found, GuestLink):
        return found
    form = _form(found)
    if not form.is_submitted():
        after_this_request(lambda response: _note(found, response))
        return _page(found, form, 200)
    return _post(found, form)


def _opened(token: str) -> GuestLink | ResponseReturnValue:
    """The living link of a token, or what to answer instead."""
    try:
        found = service.opened(token, request.remote_addr or "")
    except service.TooManyAttempts:
        return _gone(429)
    return found or _gone(404)


def _gone(status: int, busy: bool = False) -> ResponseReturnValue:
    return render_template("progress/guest_gone.html", busy=busy), status


def _note(found: GuestLink, response: Response) -> Response:
    service.note_opening(found)
    return response


def _form(found: GuestLink) -> GuestForm:
    assignment = found.assignment
    form = GuestForm(data={"version": assignment.version, "percent": assignment.percent})
    form.megabytes = settings.number(settings.UPLOAD_MEGABYTES)
    form.total_megabytes = settings.number(settings.TOTAL_MEGABYTES)
    return form


def _post(found: GuestLink, form: GuestForm) -> ResponseReturnValue:
    try:
        service.check_posts(found)
    except service.TooManyAttempts:
        form.form_errors.append(TOO_MANY_POSTS)
        return _page(found, form, 429)
    if not _takes_from_reader(found):
        return _not_taken(found, form, 409)
    if not form.validate():
        if form.csrf_token.errors:
            form.form_errors.append(OPEN_TOO_LONG)
        return _not_taken(found, form, 422)
    said = service.GuestReport(
        form.written_by,
        WorkState(form.state.data),
        form.percent.data or 0,
        form.body.data or "",
        form.figure.data or "",
        form.proof(),
        form.product.data or "",
    )
    try:
        waits = service.report(found, said, form.form_token.data, form.version.data)
    except service.AgencyReports:
        form.form_errors.append(AGENCY_REPORTS)
        return _not_taken(found, form, 409)
    except (WrongState, ChangedMeanwhile):
        now = found.assignment
        form.form_errors.append(CHANGED.format(STATES[now.work_state], now.percent))
        form.see_version(now.version)
        return _not_taken(found, form, 409)
    tail = "; đầu mối của cơ quan xem và chuyển tiếp" if waits else ""
    return saved(f"Đã nhận{tail}. Cảm ơn {form.name.data}.", request.path)


def _not_taken(found: GuestLink, form: GuestForm, status: int) -> ResponseReturnValue:
    service.count_post(found)
    return _page(found, form, status)


def _takes_from_reader(found: GuestLink) -> bool:
    """Whether something can be reported now, by somebody who is not signed in: people with an account
    report under their own name."""
    work = found.assignment
    return takes_reports(work.task.phase, work.work_state) and not current_user.is_authenticated


def _page(found: GuestLink, form: GuestForm, status: int) -> ResponseReturnValue:
    work, takes = found.assignment, _takes_from_reader(found)
    page = render_template(
        "progress/guest.html",
        link=found,
        a=work,
        task=work.task,
        klass=counting.class_of(work, clock.today(), counting.windows()),
        form=form,
        takes=takes,
        lost=form if form.is_submitted() and not takes else None,
        is_signed_in=current_user.is_authenticated,
        reports=queries.reports_of_guests(found),
    )
    return make_response(page, status)
