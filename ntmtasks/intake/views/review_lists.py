"""The lists of a review: many rows at once, twins, unknown names, findings."""

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core.access import require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.intake import access, queries
from ntmtasks.intake.forms import review as forms
from ntmtasks.intake.service import reviewing
from ntmtasks.intake.views import parts
from ntmtasks.intake.views.blueprint import bp
from ntmtasks.intake.views.review import READERS, answer_work
from ntmtasks.plans import labels as plan_labels
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import FindingState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import AssignmentRole, Phase
from ntmtasks.tasks.service import revising

SELECT_SOME = "Hãy đánh dấu các mục cần làm trước."
SELECT_TWO = "Hãy đánh dấu ít nhất hai mục cần gộp."
CHANGED = "Có mục vừa được người khác sửa nên chưa mục nào thay đổi. Hãy xem lại rồi bấm lần nữa."
Change = Callable[[Task], None]


@bp.post("/plans/<id:plan_id>/review/selected")
@require(*READERS)
def change_selected(plan_id: int) -> ResponseReturnValue:
    """Do one thing with all selected rows: agency, deadline, product, take over, merge, drop."""
    plan = access.draft_to_change(me(), plan_id)
    form = parts.selected_form(parts.agency_choices())
    seen = forms.seen_versions(request.form.getlist("task"))
    tasks = queries.tasks_of(plan.id)
    selected = [t for t in tasks if t.id in seen]
    change = _change(form, selected) if form.validate_on_submit() else None
    if not seen:
        form.form_errors.append(SELECT_SOME)
    if change is None or not seen:
        return _selected_refused(422, plan, form, seen)
    try:
        reviewing.change_selected(seen, tasks, change)
    except ChangedMeanwhile:
        form.form_errors.append(CHANGED)
        return _selected_refused(409, plan, form, seen)
    return answer_work(plan, f"Đã sửa {len(selected)} mục.", selected)


def _change(form: forms.SelectedForm, selected: list[Task]) -> Change | None:
    """What is to be done with each row; None, with a sentence in the form, where something lacks."""
    actor, act = me(), request.form.get("act", "")
    if act == "take":
        return lambda task: revising.take_proposals(actor, task)
    if act == "drop":
        return lambda task: revising.drop(actor, task)
    if act == "product":
        product = form.product.data or ""
        return lambda task: revising.set_product(actor, task, product)
    if act == "merge" and len(selected) > 1:
        kept = selected[0]
        return lambda task: (
            None if task is kept else revising.merge(actor, kept, task, join_text=True)
        )
    if act == "deadline" and form.deadline.data:
        day, note = form.deadline.data, form.note.data or ""
        return lambda task: revising.set_deadline(actor, task, day, note)
    agency = agencies.agency(form.agency.data)
    if act == "assign" and agency:
        role = AssignmentRole(form.role.data)
        return lambda task: revising.assign(actor, task, agency, role)
    _say_what_lacks(form, act)
    return None


def _say_what_lacks(form: forms.SelectedForm, act: str) -> None:
    if act == "merge":
        form.form_errors.append(SELECT_TWO)
    elif act == "deadline":
        form.deadline.errors = ["Hãy ghi thời hạn theo dạng ngày/tháng/năm."]
    elif act == "assign":
        form.agency.errors = ["Hãy chọn cơ quan."]
    else:
        form.form_errors.append("Hãy chọn việc cần làm với các mục đã đánh dấu.")


def _selected_refused(
    status: int, plan: Plan, form: forms.SelectedForm, seen: dict[int, int]
) -> ResponseReturnValue:
    kept = {"form": form, "chosen": tuple(seen)}
    return refused(
        status,
        lambda: parts.page(plan, **kept),
        lambda: parts.work(plan, queries.rows_of(plan.id), **kept),
    )


@bp.post("/plans/<id:plan_id>/review/twins")
@require(*READERS)
def settle_twins(plan_id: int) -> ResponseReturnValue:
    """Join two tasks that are one work, or keep them apart."""
    plan = access.draft_to_change(me(), plan_id)
    form = forms.TwinsForm()
    drafts = {t.id: t for t in queries.tasks_of(plan.id) if t.phase is Phase.DRAFT}
    one, other = drafts.get(form.one.data or 0), drafts.get(form.other.data or 0)
    if one is None or other is None or one is other:
        return answer_work(plan, "Một trong hai mục không còn; đã cập nhật danh sách.", [])
    if request.form.get("act") == "join":
        settled = reviewing.join_twins(me(), one, other)
        return answer_work(plan, f"Đã gộp {other.path} vào {one.path}.", [one, other], settled)
    settled = reviewing.keep_apart(me(), one, other)
    return answer_work(plan, f"Giữ riêng {one.path} và {other.path}.", [one, other], settled)


@bp.post("/plans/<id:plan_id>/review/names")
@require(*READERS)
def settle_name(plan_id: int) -> ResponseReturnValue:
    """Say which agency an unknown name means, here or from now on, or that it means none."""
    plan = access.draft_to_change(me(), plan_id)
    form = forms.NameForm()
    form.agency.choices = [forms.NOBODY, *parts.agency_choices()]
    name, act = form.name.data or "", request.form.get("act", "")
    if act == "ignore":
        reviewing.ignore_name(me(), plan, name)
        return answer_work(plan, f"Đã bỏ qua “{name}”.", [])
    agency = agencies.agency(form.agency.data or 0) if form.validate_on_submit() else None
    if agency is None:
        form.agency.errors = ["Hãy chọn cơ quan."]
        return refused(
            422,
            lambda: parts.page(plan, name_form=form),
            lambda: parts.work(plan, queries.rows_of(plan.id), name_form=form),
        )
    count = reviewing.name_agency(me(), plan, name, agency, as_alias=act == "alias")
    return answer_work(plan, f"“{name}” là {agency.short_name}: đã sửa {count} mục.", [])


@bp.post("/plans/<id:plan_id>/review/findings/<id:finding_id>")
@require(*READERS)
def settle_finding(plan_id: int, finding_id: int) -> ResponseReturnValue:
    """Say what became of a finding, or open it again."""
    found = access.finding_to_settle(me(), plan_id, finding_id)
    plan = access.draft_to_change(me(), plan_id)
    form = forms.FindingForm()
    problem = _finding_problem(form)
    status = 422
    if not problem:
        try:
            state = FindingState(form.state.data or "")
            reviewing.settle_finding(me(), found, form.version.data, state, form.note.data or "")
            return _finding_settled(plan, found)
        except ChangedMeanwhile:
            status, problem = 409, "Điểm này vừa được người khác xử lý; hãy xem rồi bấm lại."
    return refused(
        status,
        lambda: parts.page(plan, finding_id=found.id, finding_form=form, problem=problem),
        lambda: parts.finding(plan, found, form, problem),
    )


def _finding_problem(form: forms.FindingForm) -> str:
    if form.state.data not in set(FindingState):
        return "Hãy bấm Chấp nhận, Đã sửa hoặc Ghi chú."
    if not form.validate_on_submit():
        return " ".join(str(e) for errors in form.errors.values() for e in errors)
    if form.state.data == FindingState.NOTED and not form.note.data:
        return "Hãy ghi nội dung cần ghi chú."
    return ""


def _finding_settled(plan: Plan, found: Finding) -> ResponseReturnValue:
    message = f"{plan_labels.FINDING_STATES[found.state]}: đã lưu."
    if not wants_fragment():
        return saved(message, f"{parts.review_address(plan)}#review-finding-{found.id}")
    rows = queries.rows_of(plan.id)
    beside = parts.beside(plan, rows, [], found.path)
    return saved(message, "", parts.finding(plan, found), *beside)
