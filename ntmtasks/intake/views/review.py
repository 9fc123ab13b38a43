"""The review of a draft plan: its page and its rows."""

from collections.abc import Sequence

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.queries.people import officers_of
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import Difference
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.intake import access, queries
from ntmtasks.intake.forms import review as forms
from ntmtasks.intake.rules.cutting import cut
from ntmtasks.intake.service import reviewing
from ntmtasks.intake.service.reviewing import Choice, SeveralLeads
from ntmtasks.intake.views import parts
from ntmtasks.intake.views.blueprint import bp
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, Phase, TaskKind
from ntmtasks.tasks.service import revising
from ntmtasks.tasks.service.revising import Wording

READERS = (Permission.READ_OWN, Permission.READ_ALL)
SEVERAL_LEADS = (
    "Việc này chỉ có một đơn vị chủ trì. Hãy để một cơ quan chủ trì, hoặc chọn cách thực hiện "
    "“Mỗi cơ quan thực hiện phần của mình”."
)
CHANGED = "Mục này vừa được người khác sửa. Hãy so hai bản bên dưới rồi lưu lại."
NO_CUT = "Hãy chỉ xuống dòng (Enter) một lần ở chỗ cần tách, không sửa chữ."


@bp.get("/plans/<id:plan_id>/review")
@require(*READERS)
def review(plan_id: int) -> ResponseReturnValue:
    """The document with its marks, the rows, what there is to clear; an issued plan has its page."""
    plan = access.plan_to_review(me(), plan_id)
    if plan.state is not PlanState.DRAFT:
        return redirect(url_for("plans.show", plan_id=plan.id))
    return parts.page(plan, open_id=request.args.get("open", 0, int))


@bp.get("/plans/<id:plan_id>/review/tasks/<id:task_id>")
@require(*READERS)
def review_row(plan_id: int, task_id: int) -> ResponseReturnValue:
    """A row, opened; `?closed=1` closes it again."""
    plan = access.plan_to_review(me(), plan_id)
    task = next((t for t in queries.tasks_of(plan.id) if t.id == task_id), None)
    if task is None or task.phase is not Phase.DRAFT:
        abort(404)
    if not wants_fragment():
        return redirect(parts.review_address(plan, task, is_open=True))
    form = None if request.args.get("closed") else parts.row_form(task)
    return parts.row(plan, queries.rows_of(plan.id).of(task.id), form)


@bp.post("/plans/<id:plan_id>/review/tasks/<id:task_id>")
@require(*READERS)
def save_row(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Store a row as typed; this is what happens by itself after each change."""
    task = access.task_to_review(me(), plan_id, task_id)
    form = parts.row_form(task, request.form)
    if not form.validate_on_submit():
        return _row_refused(422, task, form)
    before = _shown_agencies(task)
    try:
        _save(task, form)
    except SeveralLeads:
        form.mode.errors = [SEVERAL_LEADS]
        return _row_refused(422, task, form)
    except ChangedMeanwhile:
        found = forms.differences(form, task)
        if found:
            return _row_refused(409, task, form, found)
    rows = queries.rows_of(plan_id)
    fragments = [parts.line(task.plan, rows.of(task.id), oob=False), parts.version_of(task)]
    if _shown_agencies(task) != before:
        fragments.append(parts.agencies_of(task))
    fragments += parts.beside(task.plan, rows, [task])
    back = parts.review_address(task.plan, task, is_open=True)
    kept = (f"review-{task.id}",)
    return saved(f"Đã lưu mục {task.path}.", back, *fragments, drafts=kept)


def _save(task: Task, form: forms.RowForm) -> None:
    known = {a.id: a for a in agencies.all_agencies()}
    people = {o.id: o for o in officers_of(*(i for i, _ in form.agencies))}
    choices = [
        Choice(known[i], AssignmentRole(form.role_of(i).data), people.get(form.officer_of(i).data))
        for i, _ in form.agencies
        if form.role_of(i).data != forms.REMOVE
    ]
    if form.new_agency.data and form.new_agency.data not in dict(form.agencies):
        role = AssignmentRole(form.new_role.data)
        choices.append(Choice(known[form.new_agency.data], role, None))
    wording = Wording(
        form.text.data or "",
        form.product.data or "",
        TaskKind(form.kind.data),
        Mode(form.mode.data),
        form.deadline.data,
        form.deadline_note.data or "",
    )
    take = bool(request.form.get("take"))
    reviewing.save_row(me(), task, form.version.data, wording, choices, take)


def _shown_agencies(task: Task) -> list[tuple[object, ...]]:
    return [(a.agency_id, a.role, a.officer_id, a.reason) for a in task.assignments]


def _row_refused(
    status: int,
    task: Task,
    form: forms.RowForm,
    conflict: list[Difference] | None = None,
    split: forms.SplitForm | None = None,
) -> ResponseReturnValue:
    """The row with what was typed; from now on it stands on the version that is stored."""
    if conflict is not None:
        form.form_errors.append(CHANGED)
        form.version.data, form.version.raw_data = task.version, None
    rows = queries.rows_of(task.plan_id)
    kept = {"open_id": task.id, "open_form": form, "open_conflict": conflict, "open_split": split}
    answer = refused(
        status,
        lambda: parts.page(task.plan, **kept),
        lambda: parts.row(task.plan, rows.of(task.id), form, conflict, split),
    )
    answer.headers["HX-Retarget"] = f"#review-row-{task.id}"
    answer.headers["HX-Reswap"] = "outerHTML"
    return answer


@bp.post("/plans/<id:plan_id>/review/tasks/<id:task_id>/split")
@require(*READERS)
def split_row(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Make two rows out of one, cut at the line break that was put into its text."""
    task = access.task_to_review(me(), plan_id, task_id)
    form = forms.SplitForm()
    halves = cut(task.text, form.typed.data or "")
    if not form.validate_on_submit() or halves is None:
        form.typed.errors = [*form.typed.errors, NO_CUT]
        return _row_refused(422, task, parts.row_form(task), split=form)
    twin = revising.split(me(), task, task.version, *halves)
    return answer_work(task.plan, f"Đã tách thành {task.path} và {twin.path}.", [task, twin])


@bp.post("/plans/<id:plan_id>/review/tasks/<id:task_id>/drop")
@require(*READERS)
def drop_row(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Leave a row out of what will be work."""
    task = access.task_to_review(me(), plan_id, task_id)
    revising.drop(me(), task)
    return answer_work(task.plan, f"Đã bỏ mục {task.path}; khôi phục được ở cuối trang.", [task])


@bp.post("/plans/<id:plan_id>/review/tasks/<id:task_id>/restore")
@require(*READERS)
def restore_row(plan_id: int, task_id: int) -> ResponseReturnValue:
    """Take a row back that was left out or merged into another one."""
    task = access.task_to_review(me(), plan_id, task_id)
    kept = task.merged_into
    revising.restore(me(), task)
    changed = [task, kept] if kept else [task]
    return answer_work(task.plan, f"Đã khôi phục mục {task.path}.", changed)


def answer_work(
    plan: Plan, message: str, changed: list[Task], settled: Sequence[Finding] = ()
) -> ResponseReturnValue:
    """Answer an act that adds, takes or joins rows: the whole right column, focus on what changed."""
    rows = queries.rows_of(plan.id)
    there = {row.task.id for row in rows.kept}
    focus = next((t for t in changed if t.id in there), None)
    if focus is None and changed:
        focus = next((r.task for r in rows.kept if r.task.position > changed[0].position), None)
    if not wants_fragment():
        return saved(message, parts.review_address(plan, focus))
    column = parts.work(plan, rows, focus=focus.id if focus else 0)
    findings = [parts.finding(plan, found, oob=True) for found in settled]
    beside = parts.beside(plan, rows, changed)
    typed = [f"review-{task.id}" for task in changed]
    return saved(message, "", column, *findings, *beside, drafts=typed)
