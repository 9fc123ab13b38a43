"""The board, and adding a task by hand."""

from collections.abc import Sequence
from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, tables
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved, taken_away
from ntmtasks.desk.forms.work import NewTaskForm
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.service.tables import board_table
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.plans.models import Plan
from ntmtasks.plans.queries import current_plan, plans
from ntmtasks.progress.service import scheduling
from ntmtasks.tasks.labels import filter_words
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import (
    AssignmentRole,
    BoardFilter,
    Mode,
    read_filter,
    read_ids,
)
from ntmtasks.tasks.service import drafts


@bp.get("/tasks/")
@require(*READERS)
def board() -> ResponseReturnValue:
    """All tasks one may read, filtered by the address."""
    user = me()
    chosen, ignored = read_filter(request.args.items(multi=True))
    scope, today = queries.scope_of(user), clock.today()
    known, issued = agencies.all_agencies(), plans(with_drafts=False)
    return render_template(
        "desk/board.html",
        chosen=chosen,
        ignored=ignored,
        page=queries.board(chosen, scope, today),
        counters=counting.counters(today, scope),
        agencies=known,
        plans=issued,
        scope=scope,
        shows=_said(chosen, known, issued),
        at_page=lambda number: address(chosen, page=number),
    )


def address(chosen: BoardFilter, **changes: object) -> str:
    """Where the board shows a filter, with some of its values changed."""
    return f"{url_for('desk.board')}?{urlencode(chosen.pairs(**changes))}".rstrip("?")


def _said(chosen: BoardFilter, known: Sequence[Agency], issued: Sequence[Plan]) -> str:
    agency = next((a.name for a in known if a.id == chosen.agency), "")
    plan = next((p.number for p in issued if p.id == chosen.plan), "")
    return filter_words(chosen, agency, plan)


@bp.get("/tasks/export.<any(xlsx,csv):ending>")
@require(*READERS)
def take_away(ending: str) -> ResponseReturnValue:
    """The board as its address filters it, or those of it that were picked, as a file."""
    user = me()
    pairs = [p for p in request.args.items(multi=True) if p[0] != "pick"]
    chosen, picked = read_filter(pairs)[0], read_ids(request.args.getlist("pick"))
    if picked:
        chosen = BoardFilter(sort=chosen.sort)
    rows = queries.all_rows(chosen, queries.scope_of(user), clock.today(), tables.MOST_ROWS, picked)
    said = _said(chosen, agencies.all_agencies(), plans(with_drafts=False))
    shows = f"{len(rows)} nhiệm vụ đã chọn" if picked else said
    return taken_away(board_table(user, shows, rows), ending, "nhiem-vu", address(chosen))


@bp.route("/tasks/new", methods=["GET", "POST"])
@require(Permission.COORDINATE)
def new_task() -> ResponseReturnValue:
    """A task outside the plan's text."""
    form = NewTaskForm()
    known = agencies.all_agencies()
    form.lead.choices = [(0, "– chọn –"), *queries.agency_choices(known)]
    form.supporting.choices = queries.agency_choices(known)
    plan = current_plan()
    if plan is None:
        form.form_errors.append("Chưa có kế hoạch nào được ban hành giao việc.")
    elif form.validate_on_submit():
        by_id = {a.id: a for a in known}
        owners = [drafts.NewAssignment(by_id[form.lead.data], AssignmentRole.LEAD)]
        owners += [
            drafts.NewAssignment(by_id[i], AssignmentRole.SUPPORTING)
            for i in form.supporting.data or ()
            if i != form.lead.data
        ]
        habit = form.habit()
        new = drafts.NewTask(
            path="",
            section="",
            text=form.text.data or "",
            source_note=form.source_note.data or "",
            product=form.product.data or "",
            mode=Mode.JOINT,
            kind=habit.kind,
            deadline=habit.deadline,
            deadline_note=habit.words,
            recurrence=habit.recurrence,
        )
        added = scheduling.add_by_hand(me(), plan, new, owners, form.schedule())
        return saved("Đã thêm và giao nhiệm vụ.", url_for("desk.task", task_id=added.id))
    status = 422 if form.is_submitted() else 200
    return render_template("desk/new_task.html", form=form), status
