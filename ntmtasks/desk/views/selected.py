"""One act on the tasks that were ticked on the board: what it will do, and the act."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved, tell_next_page, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.selected import (
    DeadlineOfSelectedForm,
    OfficerOfSelectedForm,
    SelectedForm,
    UrgeSelectedForm,
)
from ntmtasks.desk.views.blueprint import bp
from ntmtasks.desk.views.board import address, board_counters, board_page, board_section
from ntmtasks.progress.labels import BULK_FAULTS, DEFAULT_URGING
from ntmtasks.progress.queries.guidance import urged_today
from ntmtasks.progress.rules.bulk import BulkFault
from ntmtasks.progress.service import bulk
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import seen_mark
from ntmtasks.tasks.rules import BoardFilter, read_filter

REPEATED = "Lần bấm trước đã được thực hiện; danh sách là bản mới."
UNREACHED = "Chưa có người nhận thư ở {}; hãy gọi điện."
Verb = Callable[[Sequence[bulk.Picked]], bulk.Outcome | None]


@dataclass(frozen=True)
class SelectedAct:
    """An act as its dialog names it; `reach` finds what it will change of a task."""

    name: str
    label: str
    done: str
    reach: Callable[[User, Task], list[Assignment]]


OFFICER = SelectedAct("officer", "Giao chuyên viên", "đã giao", bulk.to_hand_out)
URGE = SelectedAct("urge", "Đôn đốc", "đã đôn đốc", bulk.to_urge)
DEADLINE = SelectedAct("deadline", "Đổi thời hạn", "đã đổi thời hạn", bulk.to_move)


@dataclass(frozen=True)
class Forecast:
    """What an act will do: the tasks that it changes, the agencies behind them, those that were urged
    today and are urged only on demand, and what it leaves."""

    fit: list[Task] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    again: list[Task] = field(default_factory=list)
    left: list[tuple[Task, str]] = field(default_factory=list)


@bp.route("/tasks/selected/officer", methods=["GET", "POST"])
@require(Permission.HAND_OUT)
def selected_officer() -> ResponseReturnValue:
    """Put an officer in charge of the own agency's part in the ticked tasks."""
    form = OfficerOfSelectedForm(data=_ticked())
    officers = {o.id: o for o in officers_of(me().agency_id)}
    form.officer.choices = [(0, "– chọn người –"), *((o.id, o.name) for o in officers.values())]

    def verb(picked: Sequence[bulk.Picked]) -> bulk.Outcome | None:
        return bulk.hand_out(me(), picked, officers[form.officer.data], form.form_token.data)

    return _answer(OFFICER, form, verb)


@bp.route("/tasks/selected/urge", methods=["GET", "POST"])
@require(Permission.DECIDE)
def selected_urge() -> ResponseReturnValue:
    """Push those who lead the ticked tasks."""
    form = UrgeSelectedForm(data={**_ticked(), "body": DEFAULT_URGING})

    def verb(picked: Sequence[bulk.Picked]) -> bulk.Outcome | None:
        body, again = form.body.data or "", bool(form.again.data)
        return bulk.urge(me(), picked, body, again, form.form_token.data)

    return _answer(URGE, form, verb)


@bp.route("/tasks/selected/deadline", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def selected_deadline() -> ResponseReturnValue:
    """Give the ticked tasks another deadline, for a reason."""
    form = DeadlineOfSelectedForm(data=_ticked())
    form.today = clock.today()

    def verb(picked: Sequence[bulk.Picked]) -> bulk.Outcome | None:
        day, note = form.deadline.data or form.today, form.note.data or ""
        return bulk.move_deadlines(me(), picked, day, note, form.form_token.data)

    return _answer(DEADLINE, form, verb)


def _ticked() -> dict[str, object]:
    return {"pick": request.args.getlist("pick")}


def _answer(act: SelectedAct, form: SelectedForm, verb: Verb) -> ResponseReturnValue:
    """Ask first; once agreed, do it and show what became of each row."""
    chosen = read_filter(p for p in request.args.items(multi=True) if p[0] != "pick")[0]
    tasks = [] if form.fault else access.tasks_to_read(me(), form.picked)
    picked = [bulk.Picked(task, form.picked[task.id]) for task in tasks]
    if not form.validate_on_submit():
        dialog, page = "desk/_selected_act.html", "desk/selected.html"
        shown = render_template(
            dialog if wants_fragment() else page,
            act=act,
            form=form,
            forecast=_forecast(act, picked),
            back=address(chosen),
            action=address(chosen, at=f"desk.selected_{act.name}"),
            in_dialog=wants_fragment(),
        )
        return make_response(shown, 422 if form.is_submitted() else 200)
    return _done(act, chosen, tasks, verb(picked))


def _forecast(act: SelectedAct, picked: Sequence[bulk.Picked]) -> Forecast:
    found, reached = Forecast(), dict[int, list[Assignment]]()
    for one in picked:
        try:
            if one.mark != seen_mark(one.task, me().agency_id):
                raise bulk.Unfit(BulkFault.CHANGED)
            reached[one.task.id] = act.reach(me(), one.task)
        except bulk.Unfit as problem:
            found.left.append((one.task, BULK_FAULTS[problem.fault]))
    assignments = [a for several in reached.values() for a in several]
    urged = urged_today([a.id for a in assignments]) if act is URGE else ()
    today = {each.assignment.task_id for each in urged}
    for one in picked:
        if one.task.id in reached:
            (found.again if one.task.id in today else found.fit).append(one.task)
    in_order = sorted(assignments, key=lambda a: a.agency.position)
    found.agencies.extend(dict.fromkeys(a.agency.short_name for a in in_order))
    return found


def _done(
    act: SelectedAct, chosen: BoardFilter, tasks: Sequence[Task], outcome: bulk.Outcome | None
) -> ResponseReturnValue:
    if outcome is None:
        outcome, message = bulk.Outcome(), REPEATED
    else:
        message = _said(act, outcome)
    left = [(t, BULK_FAULTS[outcome.faults[t.id]]) for t in tasks if t.id in outcome.faults]
    status = 422 if left else 200
    if BulkFault.CHANGED in outcome.faults.values():
        status = 409
    if wants_fragment():
        closed = render_template("desk/_selected_act.html", act=None)
        pieces = (closed, board_section(chosen, left, oob=True), board_counters())
        return saved(message, "", *pieces, status=status)
    if not left:
        return saved(message, address(chosen))
    tell_next_page(message)
    return make_response(board_page(chosen, left=left), status)


def _said(act: SelectedAct, outcome: bulk.Outcome) -> str:
    """The outcome in a sentence: "12 việc đã đôn đốc, 2 việc không: hôm nay đã đôn đốc (2)"."""
    said = f"{len(outcome.done)} việc {act.done}"
    if outcome.faults:
        counts = Counter(BULK_FAULTS[fault] for fault in outcome.faults.values())
        why = "; ".join(f"{words} ({number})" for words, number in counts.most_common())
        said += f", {len(outcome.faults)} việc không: {why}"
    names = dict.fromkeys(a.agency.short_name for a in outcome.unreached)
    return f"{said}." + (f" {UNREACHED.format(', '.join(names))}" if names else "")
