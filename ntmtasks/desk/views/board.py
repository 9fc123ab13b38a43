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
from ntmtasks.desk.access import may_remove
from ntmtasks.desk.forms.filters import SaveFilterForm
from ntmtasks.desk.forms.work import NewTaskForm
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.queries.filters import filters_of
from ntmtasks.desk.service.tables import board_table
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.plans.models import Plan
from ntmtasks.plans.queries import current_plan, plans
from ntmtasks.progress.service import scheduling
from ntmtasks.tasks.labels import filter_words
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import (
    AssignmentRole,
    BoardFilter,
    Mode,
    read_filter,
    read_ids,
)
from ntmtasks.tasks.service import drafts

Left = Sequence[tuple[Task, str]]
KEEPERS = (Permission.UPDATE_OWN, Permission.COMMENT_ALL, Permission.ADMINISTER)
"""Who keeps filters for the own agency: everybody but those who only read."""


@bp.get("/tasks/")
@require(*READERS)
def board() -> ResponseReturnValue:
    """All tasks one may read, filtered by the address."""
    return board_page(*read_filter(request.args.items(multi=True)))


def board_page(
    chosen: BoardFilter,
    ignored: Sequence[str] = (),
    left: Left = (),
    filter_form: SaveFilterForm | None = None,
) -> str:
    """The whole page under a filter; `left` are tasks that an act on a selection left, and why; a refused
    form keeps what was typed."""
    known, issued = agencies.all_agencies(), plans(with_drafts=False)
    return render_template(
        "desk/board.html",
        ignored=ignored,
        agencies=known,
        plans=issued,
        shows=_said(chosen, known, issued),
        **filter_context(chosen, filter_form),
        **_counted(),
        **_listed(chosen, left),
    )


def filter_context(chosen: BoardFilter, form: SaveFilterForm | None = None) -> dict[str, object]:
    """What the tabs above the board need: the saved filters of the own agency, and the form that keeps
    the one that is shown, where it is none of them."""
    saved_filters = filters_of(me().agency_id)
    here = urlencode(chosen.pairs(page=1))
    may_keep = any(me().can(permission) for permission in KEEPERS)
    is_new = may_keep and bool(here) and all(each.address != here for each in saved_filters)
    fresh = SaveFilterForm(formdata=None, data={"address": here}) if is_new else None
    return {
        "filters": saved_filters,
        "removable": {each.id for each in saved_filters if may_remove(me(), each)},
        "filter_form": form or fresh,
    }


def board_section(chosen: BoardFilter, left: Left = (), oob: bool = False) -> str:
    """The list of the board as a fragment."""
    return render_template("desk/_board.html", **_listed(chosen, left), oob=oob)


def board_counters() -> str:
    """The counters of the board as a fragment beside another one."""
    return render_template("tasks/_counters.html", **_counted(), oob=True)


def _counted() -> dict[str, object]:
    scope = queries.scope_of(me())
    return {"counters": counting.counters(clock.today(), scope), "agency_id": scope}


def _listed(chosen: BoardFilter, left: Left) -> dict[str, object]:
    scope = queries.scope_of(me())
    page = queries.board(chosen, scope, clock.today())
    here = {row.task.id for row in page.rows}
    return {
        "chosen": chosen,
        "scope": scope,
        "page": page,
        "at_page": lambda number: address(chosen, page=number),
        "left": {task.id: why for task, why in left},
        "gone": [(task, why) for task, why in left if task.id not in here],
    }


def address(chosen: BoardFilter, at: str = "desk.board", **changes: object) -> str:
    """Where the board, or another page about its list, shows a filter with some values changed."""
    return f"{url_for(at)}?{urlencode(chosen.pairs(**changes))}".rstrip("?")


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
    chosen = read_filter(pairs)[0]
    picked = read_ids(pick.partition(":")[0] for pick in request.args.getlist("pick"))
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
