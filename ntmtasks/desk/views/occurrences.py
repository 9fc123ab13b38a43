"""Slots of recurring work: shown beside their task and in *Việc của tôi*, each row opens in place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.access import Permission, require
from ntmtasks.core.db import ChangedMeanwhile
from ntmtasks.core.forms import day_of
from ntmtasks.core.sources import SourceFields
from ntmtasks.core.web import refused, saved, wants_fragment
from ntmtasks.desk import access
from ntmtasks.desk.forms.occurrences import SlotForm
from ntmtasks.desk.views.blueprint import CONFLICT, bp
from ntmtasks.desk.views.case import Case
from ntmtasks.desk.views.slots import SlotForms, form_of, fresh_forms, records
from ntmtasks.desk.views.task import task_page, work_context
from ntmtasks.progress.labels import OCCURRENCES, SLOT_FAULTS
from ntmtasks.progress.queries import occurrences as queries
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.progress.rules.occurrences import BadSlot, SlotFault
from ntmtasks.progress.service import occurring
from ntmtasks.progress.service.occurring import Held, Seen
from ntmtasks.tasks.rules import WrongState

PAGES = {"my-work": "desk.my_work"}
GONE = (
    "Không có kỳ này, hoặc lịch vừa được đổi nên kỳ không còn. Nội dung bạn gõ chưa được lưu; hãy chép lại "
    "sang kỳ khác nếu cần."
)
TYPED = ("topic", "link", "to", "reason", "source_ref")
"""Fields whose words a person would miss."""


@dataclass(frozen=True)
class Said:
    """An act, what it does with a valid form, and the words for the person who did it."""

    act: str
    carry_out: Callable[[Slot, Any, Seen], None]
    message: str


def _held(slot: Slot, form: Any, seen: Seen) -> None:
    area = agencies.area(form.area.data) if form.area.data else None
    held = Held(form.topic.data or "", area, form.link.data or "")
    occurring.record_held(me(), slot, held, seen)


def _move(slot: Slot, form: Any, seen: Seen) -> None:
    occurring.move(me(), slot, day_of(form.to), form.reason.data or "", seen)


def _not_held(slot: Slot, form: Any, seen: Seen) -> None:
    occurring.record_not_held(me(), slot, form.reason.data or "", seen)


def _take_back(slot: Slot, _form: Any, seen: Seen) -> None:
    occurring.take_back(me(), slot, seen)


@bp.get("/occurrences/<id:occurrence_id>")
@require(Permission.UPDATE_OWN)
def slot_row(occurrence_id: int) -> ResponseReturnValue:
    """The row of a slot, opened; `?closed=1` closes it again."""
    slot = access.slot_to_record(me(), occurrence_id)
    is_open = not request.args.get("closed")
    if not wants_fragment():
        return redirect(_address(slot, opened=is_open), 303)
    return _row(slot, fresh_forms(me(), slot) if is_open else None)


@bp.post("/occurrences/<id:occurrence_id>/held")
@require(Permission.UPDATE_OWN)
def slot_held(occurrence_id: int) -> ResponseReturnValue:
    """Say that a slot was held, or correct what was said of it."""
    return _say(occurrence_id, Said("held", _held, "Đã ghi nhận kỳ thực hiện."))


@bp.post("/occurrences/<id:occurrence_id>/move")
@require(Permission.UPDATE_OWN)
def move_slot(occurrence_id: int) -> ResponseReturnValue:
    """Move a slot to another day."""
    return _say(occurrence_id, Said("move", _move, "Đã dời ngày."))


@bp.post("/occurrences/<id:occurrence_id>/not-held")
@require(Permission.UPDATE_OWN)
def slot_not_held(occurrence_id: int) -> ResponseReturnValue:
    """Say that a slot was left out."""
    return _say(occurrence_id, Said("not_held", _not_held, "Đã ghi nhận kỳ không thực hiện."))


@bp.post("/occurrences/<id:occurrence_id>/take-back")
@require(Permission.UPDATE_OWN)
def take_slot_back(occurrence_id: int) -> ResponseReturnValue:
    """Take back what was said of a slot."""
    return _say(occurrence_id, Said("take_back", _take_back, "Đã bỏ ghi nhận."))


def _say(occurrence_id: int, said: Said) -> ResponseReturnValue:
    try:
        slot = access.slot_to_record(me(), occurrence_id)
    except NotFound:
        return _gone()
    form = form_of(me(), slot, said.act, sent=True)
    if not form.validate_on_submit():
        return _refused(422, slot, said.act, form)
    source = form.source() if isinstance(form, SourceFields) else None
    try:
        said.carry_out(slot, form, Seen(form.version.data, form.form_token.data, source))
    except BadSlot as problem:
        _put(form, problem.fault)
        return _refused(422, slot, said.act, form)
    except (ChangedMeanwhile, WrongState):
        now = queries.slot(occurrence_id, clock.today())
        if now is None:
            return _gone()
        form.form_errors += [CONFLICT, _as_stored(now)]
        form.see_version(now.occurrence.version)
        return _refused(409, now, said.act, form)
    fragments: tuple[str, ...] = ()
    if wants_fragment():
        now = access.slot_to_record(me(), occurrence_id)
        fragments = (_row(now, None), *(() if _back() else _around(now)))
    return saved(said.message, _address(slot), *fragments)


def _gone() -> ResponseReturnValue:
    """The slot is in the schedule no more: HTMX leaves the row with what was typed as it is, a plain form
    gets it shown."""
    if wants_fragment():
        live = render_template("core/_live.html", message=GONE, oob=True)
        return live, 404, {"HX-Reswap": "none"}
    typed = [text for name in TYPED if (text := request.form.get(name, "").strip())]
    return render_template("desk/slot_gone.html", message=GONE, typed=typed), 404


def _put(form: SlotForm, fault: SlotFault) -> None:
    """The sentence of a fault beside the field that it is about."""
    field = getattr(form, "to", None)
    if field is None:
        form.form_errors.append(SLOT_FAULTS[fault])
    else:
        field.errors = [SLOT_FAULTS[fault]]


def _as_stored(slot: Slot) -> str:
    it = slot.occurrence
    who = f" ({it.recorded_by.name})" if it.recorded_by else ""
    words = "; ".join(filter(None, (it.topic, it.area.name if it.area else "", it.link, it.note)))
    return f"Bản đang lưu{who}: {OCCURRENCES[it.state]}{f' – {words}' if words else ''}."


def _back() -> str:
    """The page other than the task's on which the slot stands, "" for the task page."""
    asked = request.values.get("back", "")
    return asked if asked in PAGES else ""


def _address(slot: Slot, opened: bool = False) -> str:
    it, back = slot.occurrence, _back()
    anchor, given = f"occurrence-{it.id}", it.id if opened else None
    if back:
        return url_for(PAGES[back], slot=given, _anchor=anchor if opened else None)
    return url_for("desk.task", task_id=it.task_id, slot=given, _anchor=anchor)


def _row(slot: Slot, opened: SlotForms | None) -> str:
    return render_template(
        "desk/_occurrence.html",
        slot=slot,
        forms=opened,
        back=_back(),
        may_record=records(me(), slot),
    )


def _around(slot: Slot) -> tuple[str, ...]:
    """What else on the task page tells how far the slots are."""
    user = me()
    task = access.task_to_read(user, slot.occurrence.task_id)
    series = queries.series_of(task.id, clock.today())
    own = next(s for s in series if s.assignment.id == slot.assignment.id)
    return (
        render_template("desk/_series_head.html", each=own, task=task, oob=True),
        render_template("desk/_task_facts.html", **work_context(Case(user, task)), oob=True),
    )


def _refused(status: int, slot: Slot, act: str, form: SlotForm) -> ResponseReturnValue:
    """The row with what was typed; to a plain form on the task page, where every slot has its row."""
    opened = {**fresh_forms(me(), slot), act: form}
    it = slot.occurrence
    return refused(
        status,
        lambda: task_page(access.task_to_read(me(), it.task_id), opened={it.id: opened}),
        lambda: _row(slot, opened),
    )
