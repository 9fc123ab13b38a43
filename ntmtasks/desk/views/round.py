"""*Việc của tôi*: rows that open in place, reported on one by one or many in one go.

All rows stand in one form, so that it works without JavaScript; the names of a row's fields begin with
the number of its assignment. Whatever cannot be saved comes back as it was typed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock, settings
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved, taken_away, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.work import ProgressForm
from ntmtasks.desk.queries import mine as queries
from ntmtasks.desk.queries.lists import work_rows
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.limits import limited
from ntmtasks.desk.views.panels import forms_of
from ntmtasks.desk.views.reporting import changed_meanwhile, done_words, draft_of
from ntmtasks.desk.views.slots import awaited_context
from ntmtasks.desk.views.task import progress_form
from ntmtasks.escalations.queries import held_up
from ntmtasks.progress.queries.asks import owed_by
from ntmtasks.progress.queries.silence import silences
from ntmtasks.progress.queries.updates import newest_of
from ntmtasks.progress.service import posting
from ntmtasks.reports.queries.lists import ReportRow, to_write
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import PAGE_ROWS, WorkState, read_ids
from ntmtasks.tasks.service.tables import assignments_table

NOTHING_TYPED = "Chưa có việc nào được nhập nội dung; hãy ghi kết quả ở việc cần cập nhật rồi lưu."
REPORTS_AHEAD = timedelta(days=7)
"""A report to write stands with the work from this long before its due day: data is cut off some days
before it (NĐ 09/2019/NĐ-CP)."""
CHOOSE_AGAIN = "Tệp chưa được lưu; hãy chọn lại."

Forms = dict[int, ProgressForm]
"""The open rows by assignment."""


@dataclass
class Outcome:
    """What became of a round: what was posted, and what stays open with its sentences."""

    posted: list[Assignment] = field(default_factory=list)
    hints: dict[int, str] = field(default_factory=dict)
    left: Forms = field(default_factory=dict)
    wrong: int = 0
    status: int = 200

    @property
    def message(self) -> str:
        """The outcome in words."""
        said = [done_words(me(), self.posted)] if self.posted else []
        if self.wrong:
            said.append(f"{self.wrong} việc chưa lưu được, nội dung còn nguyên; xem từng việc.")
        return " ".join(said) or NOTHING_TYPED


@bp.get("/my-work/")
@require()
def my_work() -> ResponseReturnValue:
    """What the person has to do, red first; `?edit=17,18` opens rows, `?edit=all` all of the page."""
    page = queries.my_work(me(), clock.today(), _page_number())
    wanted = request.args.get("edit", "")
    ids = set(read_ids(wanted.split(",")))
    forms = {
        row.assignment.id: _fresh(row.assignment)
        for row in page.rows
        if row.takes_update and (wanted == "all" or row.assignment.id in ids)
    }
    return _section(page, forms) if wants_fragment() else _page(page, forms)


@bp.get("/my-work/export.<any(xlsx,csv):ending>")
@require()
def take_my_work(ending: str) -> ResponseReturnValue:
    """*Việc của tôi* as a file."""
    user = me()
    rows = queries.all_my_work(user, clock.today())
    shows, quiet = f"Việc của {user.name}", silences(rows, clock.today())
    table = assignments_table(user, "Việc của tôi", shows, rows, held_up(), quiet)
    return taken_away(table, ending, "viec-cua-toi", url_for("desk.my_work"))


@bp.get("/assignments/<id:assignment_id>/progress")
@require(Permission.UPDATE_OWN)
def progress_row(assignment_id: int) -> ResponseReturnValue:
    """The row of *Việc của tôi*, opened for an update; `?closed=1` closes it again."""
    assignment = access.assignment_to_update(me(), assignment_id)
    if not wants_fragment():
        return redirect(url_for("desk.task", task_id=assignment.task_id) + "#cap-nhat", 303)
    return _row(assignment, None if request.args.get("closed") else _fresh(assignment))


@bp.post("/my-work/")
@require(Permission.UPDATE_OWN)
def post_round() -> ResponseReturnValue:
    """Save what was typed into open rows, with `only` of one row; without JavaScript also open or close
    a row or fill it from its last update, which saves nothing and keeps what was typed."""
    only = read_ids(request.form.getlist("only"))
    ids = only or read_ids(request.form.getlist("row"))[:PAGE_ROWS]
    works = {a.id: a for a in access.own_assignments(me(), ids)}
    forms = {i: _sent(i) for i in works}
    if {"open", "close", "reuse"} & request.form.keys():
        return _arranged(forms)
    outcome = _save(works, forms, must=bool(only))
    if only and wants_fragment():
        return _row_answer(works[only[0]], outcome)
    return _round_answer(outcome)


def _arranged(forms: Forms) -> ResponseReturnValue:
    """The same page with a row opened, closed or filled."""
    asked = {name: read_ids(request.form.getlist(name)) for name in ("open", "close", "reuse")}
    for assignment in access.own_assignments(me(), asked["open"]):
        forms.setdefault(assignment.id, _fresh(assignment))
    for closed in asked["close"]:
        forms.pop(closed, None)
    for at, last in newest_of(asked["reuse"]).items():
        if at in forms:
            forms[at].body.data = forms[at].body.data or last.body
            forms[at].figure.data = forms[at].figure.data or last.figure
    page = queries.my_work(me(), clock.today(), _page_number())
    return _page(page, forms)


def _save(works: Mapping[int, Assignment], forms: Forms, must: bool) -> Outcome:
    """Post what is right and take note of the rest; `must`: also a row in which nothing was typed."""
    typed = {i for i, form in forms.items() if must or _is_typed(form, works[i])}
    right = {i for i in typed if forms[i].validate()}
    posts = [_post(works[i], forms[i]) for i in sorted(right)]
    refused = posting.post_round(me(), posts) if posts else set()
    posted = right - refused
    outcome = Outcome(wrong=len(typed - posted))
    outcome.posted = [works[i] for i in sorted(posted)]
    outcome.hints = {i: hint for i in posted if (hint := forms[i].hint)}
    outcome.left = {i: form for i, form in forms.items() if i not in posted}
    for i in refused:
        changed_meanwhile(forms[i], works[i])
    for i in typed - posted:
        if any(forms[i].files.data or ()) and not forms[i].files.errors:
            forms[i].files.errors = [CHOOSE_AGAIN]
    if typed - right or not typed:
        outcome.status = 422
    elif refused:
        outcome.status = 409
    return outcome


def _post(assignment: Assignment, form: ProgressForm) -> posting.Post:
    return posting.Post(
        assignment=assignment,
        state=WorkState(form.state.data),
        percent=form.percent.data or 0,
        body=form.body.data or "",
        figure=form.figure.data or "",
        product=form.product.data or "",
        form_token=form.form_token.data,
        proof=form.proof(),
        version=form.version.data,
    )


def _is_typed(form: ProgressForm, assignment: Assignment) -> bool:
    """Whether a person put anything into an open row."""
    blank = progress_form(assignment)
    changed = (form.state.data, form.percent.data) != (blank.state.data, blank.percent.data)
    said = (form.body, form.figure, form.product, form.document, form.document_date)
    return changed or any(f.data for f in said) or any(form.files.data or ())


def _row_answer(assignment: Assignment, outcome: Outcome) -> ResponseReturnValue:
    form = outcome.left.get(assignment.id)
    if form is not None:
        return make_response(_row(assignment, form), outcome.status)
    return saved(
        outcome.message,
        "",
        _row(assignment, None, outcome.hints.get(assignment.id, "")),
        _counters(),
        drafts=[draft_of(assignment)],
    )


def _round_answer(outcome: Outcome) -> ResponseReturnValue:
    drafts = [draft_of(a) for a in outcome.posted]
    number = _page_number()
    if outcome.status == 200 and not wants_fragment():
        return saved(
            " ".join((outcome.message, *outcome.hints.values())),
            url_for("desk.my_work", page=number if number > 1 else None),
        )
    page = queries.my_work(me(), clock.today(), number)
    if wants_fragment():
        section = _section(page, outcome.left, outcome.hints)
        status = outcome.status
        return saved(outcome.message, "", section, _counters(), status=status, drafts=drafts)
    flash(outcome.message)
    return make_response(_page(page, outcome.left, outcome.hints), outcome.status)


def _page_number() -> int:
    return (read_ids([request.args.get("page", "")]) or [1])[0]


def _fresh(assignment: Assignment) -> ProgressForm:
    return progress_form(assignment, f"{assignment.id}-")


def _sent(assignment_id: int) -> ProgressForm:
    return limited(ProgressForm(prefix=f"{assignment_id}-"))


def _row(assignment: Assignment, form: ProgressForm | None, hint: str = "") -> str:
    row = work_rows([assignment], me(), clock.today())[0]
    last = newest_of([assignment.id] if form else ()).get(assignment.id)
    return render_template("desk/_work_row.html", row=row, form=form, last=last, hint=hint)


def _counters() -> str:
    return render_template("tasks/_counters.html", **_counted(), oob=True)


def _counted() -> dict[str, object]:
    agency_id = me().agency_id
    return {
        "counters": counting.counters(clock.today(), agency_id),
        "agency_id": agency_id,
    }


def _section(page: queries.WorkPage, forms: Forms, hints: Mapping[int, str] | None = None) -> str:
    return render_template("desk/_work.html", **_shown(page, forms, hints or {}))


def _page(page: queries.WorkPage, forms: Forms, hints: Mapping[int, str] | None = None) -> str:
    owed = [(asked, forms_of(me(), asked, clock.today())) for asked in owed_by(me())]
    shown = _shown(page, forms, hints or {})
    return render_template(
        "desk/my_work.html",
        owed=owed,
        to_write=_to_write(),
        **awaited_context(),
        **shown,
        **_counted(),
    )


def _to_write() -> list[ReportRow]:
    """The reports that the person's agency has to write now; nothing for those who write none."""
    user, today = me(), clock.today()
    if not user.can(Permission.UPDATE_OWN):
        return []
    window = settings.number(settings.WARNING_DAYS)
    return to_write(user.agency_id, today + REPORTS_AHEAD, today, window)


def _shown(page: queries.WorkPage, forms: Forms, hints: Mapping[int, str]) -> dict[str, object]:
    """What the rows need; a form whose row went elsewhere meanwhile is shown above them."""
    here = {row.assignment.id for row in page.rows}
    return {
        "page": page,
        "forms": forms,
        "hints": hints,
        "lasts": newest_of(forms.keys()),
        "gone": _others(forms, here),
        "at_page": lambda number: url_for("desk.my_work", page=number),
    }


def _others(forms: Forms, here: Iterable[int]) -> list[ProgressForm]:
    return [form for i, form in forms.items() if i not in set(here)]
