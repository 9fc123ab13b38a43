"""What people say of a slot of recurring work: held, moved, not held, or nothing after all."""

from dataclasses import dataclass
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Area
from ntmtasks.core import clock
from ntmtasks.core.db import check_version, db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.forms import use_once
from ntmtasks.core.sources import Source, check_day, source_words
from ntmtasks.history import service as history
from ntmtasks.progress.labels import OCCURRENCES
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries.occurrences import Slot, tally_of
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.occurrences import (
    AWAITED,
    OccurrenceState,
    check_held,
    check_move,
)
from ntmtasks.progress.rules.rights import may_enter, may_update
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.entering import CORRECT
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import OPEN_STATES, Phase, WorkState, WrongState
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.telling import tell_agency


@dataclass(frozen=True)
class Seen:
    """What a person saw and where it comes from: the `version` of the slot, the token of the form, and
    the `source` where somebody enters it for another agency."""

    version: int | None = None
    form_token: str | None = None
    source: Source | None = None


@dataclass(frozen=True)
class Held:
    """What was done in a slot."""

    topic: str
    area: Area | None = None
    link: str = ""


def record_held(actor: User, slot: Slot, held: Held, seen: Seen) -> None:
    """Say that a slot was held, or correct what was said of it. Raises BadSlot before its day,
    WrongState, NotYours, ChangedMeanwhile and BadDay of a source."""
    with transaction():
        it = slot.occurrence
        before = _begin(actor, slot, seen)
        if before is None:
            return
        check_held(it.on, clock.today())
        it.state, it.note = OccurrenceState.DONE, ""
        it.topic, it.area, it.link = held.topic, held.area, held.link
        _keep(actor, slot, seen, before, "task.occurrence.done")


def move(actor: User, slot: Slot, to: date, reason: str, seen: Seen) -> None:
    """Move a slot to another day of the plan's year for a reason; moved back to the day of the schedule
    it is a planned one again. Raises BadSlot and as record_held does."""
    with transaction():
        it, plan = slot.occurrence, slot.assignment.task.plan
        before = _begin(actor, slot, seen)
        if before is None:
            return
        check_move(it.on, to, plan.year, plan.issued_on)
        _forget(it)
        it.moved_to = None if to == it.day else to
        it.state = OccurrenceState.MOVED if it.moved_to else OccurrenceState.PLANNED
        it.note = reason
        _keep(actor, slot, seen, before, "task.occurrence.move")


def record_not_held(actor: User, slot: Slot, reason: str, seen: Seen) -> None:
    """Say that a slot was or will be left out, and why. Raises as record_held does."""
    with transaction():
        before = _begin(actor, slot, seen)
        if before is None:
            return
        _forget(slot.occurrence)
        slot.occurrence.state, slot.occurrence.note = OccurrenceState.NOT_HELD, reason
        _keep(actor, slot, seen, before, "task.occurrence.not_held")


def take_back(actor: User, slot: Slot, seen: Seen) -> None:
    """Take back what was said of a slot; its day stays. Raises as record_held does."""
    with transaction():
        it = slot.occurrence
        before = _begin(actor, slot, seen)
        if before is None or it.state in AWAITED:
            return
        _forget(it)
        it.state = OccurrenceState.MOVED if it.moved_to else OccurrenceState.PLANNED
        _keep(actor, slot, seen, before, "task.occurrence.take_back")


def may_record(actor: User, assignment: Assignment, *, for_agency: bool) -> bool:
    """Whether a person may say something of the slots of an agency in work under way: the own ones, or
    with `for_agency` those of another (cập nhật thay)."""
    allowed = may_enter if for_agency else may_update
    return allowed(person(actor), work(assignment))


def _begin(actor: User, slot: Slot, seen: Seen) -> dict[str, str] | None:
    """How the slot stood, once all allows the act; None where the form was sent before."""
    assignment = slot.assignment
    if not use_once(seen.form_token):
        return None
    check_version(slot.occurrence, seen.version)
    if not may_record(actor, assignment, for_agency=seen.source is not None):
        raise NotYours
    if assignment.task.phase is not Phase.ISSUED or assignment.work_state not in OPEN_STATES:
        raise WrongState(assignment.work_state)
    if seen.source is not None:
        check_day(seen.source.on, assignment.task.plan.issued_on, clock.today())
    return _shown(slot.occurrence)


def _forget(it: Occurrence) -> None:
    it.topic, it.area, it.link, it.note = "", None, "", ""


def _keep(actor: User, slot: Slot, seen: Seen, before: dict[str, str], verb: str) -> None:
    """Store the slot with who said it; the work is under way by it, and the record tells of it."""
    it, assignment, source = slot.occurrence, slot.assignment, seen.source
    it.recorded_by, it.recorded_at = actor, clock.now()
    it.source_kind = source.kind if source else None
    it.source_ref, it.source_on = (source.ref, source.on) if source else ("", None)
    db.session.flush()
    if assignment.work_state is WorkState.ASSIGNED:
        changes.begin(assignment)
    changes.note_word(assignment, percent=tally_of(assignment, clock.today()).percent)
    after = _shown(it)
    changed = [name for name in after if before.get(name) != after[name]]
    named = {"Cơ quan": assignment.agency.short_name, "Kỳ": day(it.day)}
    named |= {"Nguồn": source_words(source)} if source else {}
    history.record(
        actor,
        "task",
        it.task_id,
        verb,
        {name: before[name] for name in changed},
        named | {name: after[name] for name in changed},
    )
    if source is not None:
        line = f"{actor.name} nhập thay theo {source_words(source)}: kỳ {day(it.on)}, "
        what = f"{OCCURRENCES[it.state].lower()}. {CORRECT}"
        tell_agency(assignment, "entered", "Kỳ thực hiện được nhập thay", line + what)


def _shown(it: Occurrence) -> dict[str, str]:
    return {
        "Trạng thái": OCCURRENCES[it.state],
        "Ngày": day(it.on),
        "Chủ đề": it.topic,
        "Xã": it.area.name if it.area else "",
        "Đường dẫn": it.link,
        "Lý do": it.note,
    }
