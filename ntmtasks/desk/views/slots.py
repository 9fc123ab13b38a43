"""What one may say of the slots of recurring work, beside their rows: forms, and what the rows need."""

from collections.abc import Sequence

from flask import request

from ntmtasks.accounts.models import User
from ntmtasks.accounts.sessions import me
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.sources import SourceFields
from ntmtasks.desk.forms import occurrences as forms
from ntmtasks.desk.forms.occurrences import SlotForm
from ntmtasks.progress.queries import occurrences as queries
from ntmtasks.progress.queries.occurrences import Series, Slot
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.occurrences import AWAITED, OccurrenceState
from ntmtasks.progress.rules.rights import may_enter, may_update
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import OPEN_STATES, Mode, Phase, read_ids

SlotForms = dict[str, SlotForm]
"""The forms of an open slot by act: held, move, not_held, take_back."""
Opened = dict[int, SlotForms]
"""The open slots of a page."""
KINDS: dict[str, tuple[type[SlotForm], type[SlotForm]]] = {
    "held": (forms.HeldForm, forms.EnterHeldForm),
    "move": (forms.MoveForm, forms.EnterMoveForm),
    "not_held": (forms.NotHeldForm, forms.EnterNotHeldForm),
    "take_back": (SlotForm, forms.EnterTakeBackForm),
}
"""The form of each act for the own agency, and for another one."""


def fresh_forms(user: User, slot: Slot) -> SlotForms:
    """The forms of what a person may now say of a slot, filled with how it stands."""
    it = slot.occurrence
    acts = ["move", "not_held"]
    if it.on <= clock.today():
        acts.insert(0, "held")
    if it.state not in AWAITED:
        acts.append("take_back")
    return {act: form_of(user, slot, act) for act in acts}


def form_of(user: User, slot: Slot, act: str, sent: bool = False) -> SlotForm:
    """The form of one act, bound to the request when `sent`."""
    it = slot.occurrence
    own, other = KINDS[act]
    is_own = may_update(person(user), work(slot.assignment))
    kind = own if is_own else other
    reason = it.note if it.state is OccurrenceState.NOT_HELD and act == "not_held" else ""
    data = {
        "version": it.version,
        "topic": it.topic,
        "area": it.area_id or 0,
        "link": it.link,
        "reason": reason,
        "source_on": clock.today(),
    }
    form = kind() if sent else kind(formdata=None, data=data)
    if isinstance(form, forms.HeldForm):
        form.area.choices = _communes()
    if isinstance(form, SourceFields):
        form.issued_on = slot.assignment.task.plan.issued_on
    return form


def _communes() -> dict[str, list[tuple[int, str]]]:
    """The communes that a slot may be about, by district."""
    found = {"": [(0, "– không riêng xã nào –")]}
    for district in agencies.districts():
        found[f"Huyện {district.name}"] = [(c.id, c.name) for c in district.communes]
    return found


def records(user: User, slot: Slot) -> bool:
    """Whether a person may now say something of a slot."""
    assignment = slot.assignment
    who, about = person(user), work(assignment)
    is_open = assignment.task.phase is Phase.ISSUED and assignment.work_state in OPEN_STATES
    return is_open and (may_update(who, about) or may_enter(who, about))


def series_shown(user: User, task: Task, series: Sequence[Series]) -> Sequence[Series]:
    """The slots that a reader sees: an agency of a task for each its own ones."""
    own = [s for s in series if s.assignment.agency_id == user.agency_id]
    everything = user.can(Permission.READ_ALL) or task.mode is Mode.JOINT or not own
    return series if everything else own


def series_context(
    user: User, task: Task, series: Sequence[Series], refused: Opened | None = None
) -> dict[str, object]:
    """What the slots of a task need; `?slot=17` opens one."""
    shown = series_shown(user, task, series)
    return {
        "series": shown,
        "recordable": {s.assignment.id for s in shown if records(user, s.slots[0])},
        "opened": refused or _opened(user, [slot for s in shown for slot in s.slots]),
    }


def awaited_context() -> dict[str, object]:
    """What the slots in *Việc của tôi* need; `?slot=17` opens one."""
    user = me()
    awaited = queries.awaited_by(user, clock.today())
    recordable = {s.assignment.id for s in awaited if records(user, s)}
    return {
        "awaited": awaited,
        "recordable": recordable,
        "opened": _opened(user, awaited),
    }


def _opened(user: User, slots: Sequence[Slot]) -> Opened:
    wanted = read_ids([request.args.get("slot", "")])
    found = [s for s in slots if s.occurrence.id in wanted and records(user, s)]
    return {s.occurrence.id: fresh_forms(user, s) for s in found}
