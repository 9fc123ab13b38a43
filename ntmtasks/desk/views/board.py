"""The board, and adding a task by hand."""

from urllib.parse import urlencode

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.web import saved
from ntmtasks.desk.forms.work import NewTaskForm
from ntmtasks.desk.queries import lists as queries
from ntmtasks.desk.views.blueprint import READERS, bp
from ntmtasks.plans.queries import current_plan, plans
from ntmtasks.tasks import queries as task_queries
from ntmtasks.tasks.rules import (
    AssignmentRole,
    BoardFilter,
    Mode,
    read_filter,
)
from ntmtasks.tasks.service import drafts


@bp.get("/tasks/")
@require(*READERS)
def board() -> ResponseReturnValue:
    """All tasks one may read, filtered by the address."""
    user = me()
    chosen, ignored = read_filter(request.args.items(multi=True))
    scope = None if user.can(Permission.READ_ALL) else user.agency_id
    today = clock.today()
    return render_template(
        "desk/board.html",
        chosen=chosen,
        ignored=ignored,
        page=queries.board(chosen, scope, today),
        counters=task_queries.counters(today, scope),
        agencies=agencies.all_agencies(),
        plans=plans(with_drafts=False),
        scope=scope,
        at_page=lambda number: _address(chosen, page=number),
    )


def _address(chosen: BoardFilter, **changes: object) -> str:
    return f"{url_for('desk.board')}?{urlencode(chosen.pairs(**changes))}".rstrip("?")


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
        new = drafts.NewTask(
            path="",
            section="",
            text=form.text.data or "",
            source_note=form.source_note.data or "",
            product=form.product.data or "",
            mode=Mode.JOINT,
            deadline=form.deadline.data,
        )
        added = drafts.add_by_hand(me(), plan, new, owners)
        return saved("Đã thêm và giao nhiệm vụ.", url_for("desk.task", task_id=added.id))
    status = 422 if form.is_submitted() else 200
    return render_template("desk/new_task.html", form=form), status
