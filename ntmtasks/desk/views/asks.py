"""Gia hạn and giải trình: asking, answering, deciding."""

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import Form, day_of
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.asks import (
    ExtensionDecisionForm,
    ExtensionForm,
    WithdrawExtensionForm,
)
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.panels import (
    Refusal,
    asks_of,
    demand_form,
    entry_fragment,
    forms_of,
    is_elsewhere,
    late_of,
)
from ntmtasks.desk.views.task import new_stream, task_page, work_context
from ntmtasks.desk.views.waiting import waiting_page
from ntmtasks.progress.forms import AnswerForm, JudgementForm
from ntmtasks.progress.labels import EXTENSION_FAULTS, NOT_LATE, OPEN_REQUEST, PAST_DAY
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.queries.asks import answer_day
from ntmtasks.progress.rules.asks import ExtensionFault
from ntmtasks.progress.service import explaining, extending
from ntmtasks.tasks.models import Assignment, Task

SETTLED = "Người khác vừa xử lý mục này; hãy xem kết quả ở trên. Nội dung bạn gõ vẫn còn đây."
BACK = {"waiting": "desk.waiting", "my-work": "desk.my_work"}
ABOUT = "about"
"""The page of what an explanation is about, which stands in the demand."""


@bp.post("/assignments/<id:assignment_id>/extensions")
@require(Permission.UPDATE_OWN)
def ask_extension(assignment_id: int) -> ResponseReturnValue:
    """Ask for more time."""
    user = me()
    assignment = access.assignment_to_update(user, assignment_id)
    form = ExtensionForm()
    if not form.validate_on_submit():
        return asks_refused(422, assignment.task_id, "extension", form)
    wish = extending.Wish(day_of(form.deadline), form.reason.data or "", bool(form.beyond.data))
    try:
        extending.ask_extension(user, assignment, wish, form.form_token.data)
    except extending.CannotExtend as problem:
        if problem.fault in (ExtensionFault.NOT_LATER, ExtensionFault.BEYOND_YEAR):
            form.deadline.errors = [EXTENSION_FAULTS[problem.fault]]
            return asks_refused(422, assignment.task_id, "extension", form)
        form.form_errors.append(EXTENSION_FAULTS[problem.fault])
        return asks_refused(409, assignment.task_id, "extension", form)
    except extending.AlreadyAsked:
        form.form_errors.append(OPEN_REQUEST)
        return asks_refused(409, assignment.task_id, "extension", form)
    return asks_saved(assignment.task_id, "Đã gửi đề nghị gia hạn; chờ quyết định.")


@bp.post("/extensions/<id:extension_id>/decide")
@require(Permission.DECIDE)
def decide_extension(extension_id: int) -> ResponseReturnValue:
    """Grant or deny more time."""
    user = me()
    asked = access.extension_to_decide(user, extension_id)
    form = ExtensionDecisionForm()
    if not form.validate_on_submit():
        return entry_refused(422, "extension", asked, "decide", form)
    try:
        if form.decision.data == "deny":
            extending.deny(user, asked, form.note.data or "", form.version.data)
            return entry_saved("extension", asked, "Đã trả lời: không duyệt gia hạn.")
        extending.grant(user, asked, day_of(form.deadline), form.version.data)
    except extending.CannotExtend as problem:
        if problem.fault is not ExtensionFault.NOT_LATER:
            form.form_errors.append(EXTENSION_FAULTS[problem.fault])
            return entry_refused(409, "extension", asked, "decide", form)
        form.deadline.errors = [EXTENSION_FAULTS[problem.fault]]
        return entry_refused(422, "extension", asked, "decide", form)
    except ChangedMeanwhile:
        return settled("extension", asked, "decide", form)
    return entry_saved("extension", asked, "Đã duyệt gia hạn.")


@bp.post("/extensions/<id:extension_id>/withdraw")
@require(Permission.UPDATE_OWN)
def withdraw_extension(extension_id: int) -> ResponseReturnValue:
    """Take the own request back."""
    user = me()
    asked = access.extension_to_withdraw(user, extension_id)
    form = WithdrawExtensionForm()
    try:
        extending.withdraw(user, asked)
    except ChangedMeanwhile:
        return settled("extension", asked, "withdraw", form)
    return entry_saved("extension", asked, "Đã rút đề nghị gia hạn.")


@bp.post("/tasks/<id:task_id>/explanations")
@require(Permission.DECIDE)
def demand(task_id: int) -> ResponseReturnValue:
    """Demand an explanation of a delay."""
    user = me()
    task = access.task_to_guide(user, task_id)
    late = late_of(Case(user, task))
    form = demand_form(late, sent=True)
    if not form.validate_on_submit():
        return asks_refused(422, task_id, "demand", form)
    chosen = next(each for each in late if each.key == form.assignment.data)
    said = (form.question.data or "", day_of(form.answer_by), form.form_token.data)
    try:
        if chosen.slot is not None:
            explaining.demand_of_slot(user, chosen.slot, *said)
        else:
            explaining.demand(user, chosen.assignment, *said)
    except explaining.PastDay:
        form.answer_by.errors = [PAST_DAY]
        return asks_refused(422, task_id, "demand", form)
    except explaining.NotLate:
        form.form_errors.append(NOT_LATE)
        return asks_refused(409, task_id, "demand", form)
    return asks_saved(task_id, "Đã gửi yêu cầu giải trình.")


@bp.post("/explanations/<id:explanation_id>/answer")
@require(Permission.UPDATE_OWN)
def answer_explanation(explanation_id: int) -> ResponseReturnValue:
    """Explain, for the agency."""
    user = me()
    asked = access.explanation_to_answer(user, explanation_id)
    form = AnswerForm()
    if not form.validate_on_submit():
        return entry_refused(422, "explanation", asked, "answer", form)
    try:
        explaining.answer(user, asked, form.answer.data or "", form.version.data)
    except ChangedMeanwhile:
        return settled("explanation", asked, "answer", form)
    return entry_saved("explanation", asked, "Đã gửi giải trình.")


@bp.post("/explanations/<id:explanation_id>/judge")
@require(Permission.DECIDE)
def judge_explanation(explanation_id: int) -> ResponseReturnValue:
    """Accept an explanation, or ask again."""
    user = me()
    asked = access.explanation_to_judge(user, explanation_id)
    form = JudgementForm()
    if not form.validate_on_submit():
        return entry_refused(422, "explanation", asked, "judge", form)
    try:
        if form.decision.data == "accept":
            explaining.accept(user, asked, form.version.data)
            return entry_saved("explanation", asked, "Đã chấp nhận giải trình.")
        explaining.ask_again(
            user,
            asked,
            form.question.data or "",
            day_of(form.answer_by),
            form.version.data,
        )
    except explaining.PastDay:
        form.answer_by.errors = [PAST_DAY]
        return entry_refused(422, "explanation", asked, "judge", form)
    except ChangedMeanwhile:
        return settled("explanation", asked, "judge", form)
    return entry_saved("explanation", asked, "Đã yêu cầu giải trình lại.")


def asks_saved(task_id: int, message: str) -> Response:
    """Answer an act above the stream: its forms and the stream as they are now."""
    address = url_for("desk.task", task_id=task_id)
    if not wants_fragment():
        return saved(message, address)
    user = me()
    task = access.task_to_read(user, task_id)
    panel = render_template("desk/_task_asks.html", task=task, asks=asks_of(Case(user, task)))
    return saved(message, address, panel, *([] if is_elsewhere() else [new_stream(task)]))


def asks_refused(status: int, task_id: int, act: str, form: Form) -> Response:
    """Answer a refused act above the stream with its form and what was typed."""
    user = me()
    task = access.task_to_read(user, task_id)
    refusal = Refusal("asks", act, form)
    return refused(
        status,
        lambda: task_page(task, refusal=refusal),
        lambda: render_template(
            "desk/_task_asks.html", task=task, asks=asks_of(Case(user, task), refusal)
        ),
    )


def _back() -> str:
    """The page other than the task's on which the entry stands, "" for the task page."""
    asked = request.form.get("back", "")
    return asked if asked in {*BACK, ABOUT} else ""


def entry_saved(kind: str, item: Any, message: str) -> Response:
    """Answer an act on an entry, where it stands: in the stream or among what waits."""
    task_id = item.assignment.task_id
    back = _back()
    address = url_for(BACK[back]) if back in BACK else url_for("desk.task", task_id=task_id)
    if back == ABOUT and isinstance(item, ExplanationRequest):
        address = item.about_url or address
    if not wants_fragment():
        return saved(message, address)
    user = me()
    entry = entry_fragment(
        kind, item, {} if back else forms_of(user, item, answer_day(clock.today())), back
    )
    if back:
        return saved(message, address, entry)
    return saved(message, address, entry, *_around(user, access.task_to_read(user, task_id)))


def _around(user: User, task: Task) -> tuple[str, ...]:
    """What else on the task page says what has changed."""
    facts = render_template("desk/_task_facts.html", **work_context(Case(user, task)), oob=True)
    return (facts,)


def entry_refused(status: int, kind: str, item: Any, act: str, form: Form) -> Response:
    """Answer a refused act on an entry with its form and what was typed."""
    user = me()
    assignment: Assignment = item.assignment
    back = _back()
    refusal = Refusal(f"{kind}-{item.id}", act, form)

    def page() -> str:
        if back == "waiting":
            return waiting_page(user, refusal)
        return task_page(access.task_to_read(user, assignment.task_id), refusal=refusal)

    return refused(status, page, lambda: entry_fragment(kind, item, {act: form}, back))


def settled(kind: str, item: Any, act: str, form: Form) -> Response:
    """Somebody else was quicker: 409, the row as it is now, and what was typed."""
    form.form_errors.append(SETTLED)
    return entry_refused(409, kind, item, act, form)
