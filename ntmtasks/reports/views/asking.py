"""Báo cáo đột xuất: asking several agencies for a report, and watching the answers come in."""

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, public, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import day_of
from ntmtasks.core.web import moved, refused, wants_fragment
from ntmtasks.history import queries as history
from ntmtasks.plans import queries as plans
from ntmtasks.reports import access
from ntmtasks.reports.forms.asking import AskForm, CloseForm
from ntmtasks.reports.queries.asked import answers
from ntmtasks.reports.service import asking
from ntmtasks.reports.service.asking import Question
from ntmtasks.reports.views.blueprint import ASKERS, bp

CLOSED_MEANWHILE = "Yêu cầu này vừa được người khác kết thúc."
SENT_MEANWHILE = "Có cơ quan vừa nộp nên chưa kết thúc; hãy xem rồi kết thúc lại."


@bp.route("/reports/asked/new", methods=["GET", "POST"])
@require(*ASKERS)
def ask() -> ResponseReturnValue:
    """Ask agencies for a report outside the regular ones."""
    plan = plans.current_plan() or abort(404)
    form = AskForm()
    living = agencies.living_agencies(clock.today())
    others = [agency for agency in living if agency.id != me().agency_id]
    form.offer(others, agencies.groups())
    if not form.is_submitted():
        return render_template("reports/ask.html", form=form)
    if not form.validate():
        return refused(
            422,
            lambda: render_template("reports/ask.html", form=form),
            lambda: render_template("reports/_ask_form.html", form=form),
        )
    question = Question(
        title=form.title.data or "",
        text=form.question.data or "",
        agencies=form.asked,
        due_on=day_of(form.due_on),
        due_time=form.due_time,
    )
    made = asking.ask(me(), plan, question, form.form_token.data)
    if made is None:  # sent twice
        return moved("Đã gửi yêu cầu.", url_for("reports.index"))
    message = f"Đã gửi yêu cầu đến {len(question.agencies)} cơ quan."
    return moved(message, url_for("reports.asked", requirement_id=made.id))


@bp.get("/reports/asked/<id:requirement_id>")
@require(Permission.READ_ALL)
def asked(requirement_id: int) -> ResponseReturnValue:
    """One question and who has answered it."""
    row = access.question_to_read(requirement_id)
    entries = history.of("report_requirement", row.id, history.FEW)
    may_close = row.closed_at is None and any(me().can(permission) for permission in ASKERS)
    return render_template(
        "reports/asked.html",
        row=row,
        answers=answers(row),
        close=CloseForm(formdata=None, version=row.version) if may_close else None,
        entries=entries,
    )


@bp.post("/reports/asked/<id:requirement_id>/close")
@require(*ASKERS)
def close_asked(requirement_id: int) -> ResponseReturnValue:
    """Wait no longer for those who have not answered."""
    row = access.question_to_read(requirement_id)
    form = CloseForm()
    try:
        count = asking.close(me(), row, form.version.data, form.form_token.data)
    except ChangedMeanwhile:
        is_closed = access.question_to_read(requirement_id).closed_at is not None
        message = CLOSED_MEANWHILE if is_closed else SENT_MEANWHILE
    else:
        message = f"Đã kết thúc; {count} cơ quan không phải nộp nữa."
    return moved(message, url_for("reports.asked", requirement_id=requirement_id))


@bp.get("/reports/asked/<id:requirement_id>/now")
@public
def asked_now(requirement_id: int) -> ResponseReturnValue:
    """The answers as they stand; 204 when the page knows already (`since`), or when the session has
    ended: this question comes by itself, and leading to the login would take the page away."""
    if not current_user.is_authenticated:
        return "", 204
    if not current_user.can(Permission.READ_ALL):
        abort(403)
    row = access.question_to_read(requirement_id)
    if not wants_fragment():
        return redirect(url_for("reports.asked", requirement_id=row.id), 303)
    now = answers(row)
    if request.args.get("since") == now.since:
        return "", 204
    return render_template("reports/_asked_live.html", row=row, answers=now)
