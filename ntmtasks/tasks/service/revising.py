"""What the coordinator changes on draft tasks before they are issued."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.text import search_text
from ntmtasks.history import service as history
from ntmtasks.tasks.labels import KINDS, MODES, ROLES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, Phase, TaskKind
from ntmtasks.tasks.service import drafts
from ntmtasks.tasks.service.drafts import NewAssignment
from ntmtasks.tasks.service.spans import erase_spans, open_spans, write_spans

LEAD = AssignmentRole.LEAD


@dataclass(frozen=True)
class Wording:
    """What a draft says besides its agencies. `deadline` None means the end of the plan's year."""

    text: str
    product: str
    kind: TaskKind
    mode: Mode
    deadline: date | None
    deadline_note: str


def revise(
    actor: User, task: Task, version: int | None, wording: Wording, owners: Sequence[NewAssignment]
) -> None:
    """Write what a person says over the `version` of a draft. Raises ChangedMeanwhile."""
    with transaction():
        _refuse_changed(task, version)
        before = _shown(task)
        _word(task, wording)
        _put_owners(task, owners)
        _keep(actor, task, "task.revise", before)


def assign(actor: User, task: Task, agency: Agency, role: AssignmentRole, reason: str = "") -> None:
    """Give a draft an agency in a role; the lead of a joint task takes the place of the other."""
    with transaction():
        before = _shown(task)
        others = [o for o in owners_of(task) if o.agency.id != agency.id]
        if role is LEAD and task.mode is Mode.JOINT:
            others = [o for o in others if o.role is not LEAD]
        new = NewAssignment(agency, role, reason)
        _put_owners(task, [new, *others] if role is LEAD else [*others, new])
        _keep(actor, task, "task.revise", before)


def name_agency(actor: User, task: Task, agency: Agency, role: AssignmentRole) -> None:
    """Give a draft an agency that its text names; a stand-in for an unknown lead steps back."""
    with transaction():
        before = _shown(task)
        _join_owners(task, [NewAssignment(agency, role)], task.mode)
        _keep(actor, task, "task.revise", before)


def set_deadline(actor: User, task: Task, deadline: date, note: str) -> None:
    """Give a draft of concrete work a deadline by hand; other kinds are judged by their periods."""
    with transaction():
        before = _shown(task)
        if task.kind is TaskKind.CONCRETE:
            task.deadline, task.deadline_note = deadline, note
            task.deadline_basis = DeadlineBasis.BY_HAND
        _keep(actor, task, "task.revise", before)


def set_product(actor: User, task: Task, product: str) -> None:
    """Say what a draft is to bring forth."""
    with transaction():
        before = _shown(task)
        task.product = product
        _keep(actor, task, "task.revise", before)


def take_proposals(actor: User, task: Task) -> None:
    """Take over the proposed agencies of a draft: they are the coordinator's own choice now."""
    with transaction():
        before = _shown(task)
        for assignment in task.assignments:
            assignment.reason = ""
        _keep(actor, task, "task.take", before)


def split(actor: User, task: Task, version: int | None, first: str, second: str) -> Task:
    """Cut a draft in two; both cite the clause, the second starts with the first one's agencies.

    Raises ChangedMeanwhile.
    """
    with transaction():
        _refuse_changed(task, version)
        before = _shown(task)
        task.text = first
        _keep(actor, task, "task.split", before)
        twin = drafts.add_draft(task.plan, _like(task, second), owners_of(task))
        _move_behind(twin, task)
        after = {"Nội dung": second, "Tách từ": task.path}
        history.record(actor, "task", twin.id, "task.split", after=after)
        return twin


def merge(actor: User, kept: Task, other: Task, join_text: bool) -> None:
    """Make two drafts one that cites the clauses of both; the other is dropped and may be restored.

    A lead that the plan names wins over a proposed one; two named leads make it *each*.
    """
    with transaction():
        before = _shown(kept)
        if join_text:
            kept.text = _joined(kept, other)
        kept.product = kept.product or other.product
        kept.deadline_text = kept.deadline_text or other.deadline_text
        if kept.deadline_basis is DeadlineBasis.PLAN_YEAR and kept.kind is other.kind:
            kept.deadline, kept.deadline_basis = other.deadline, other.deadline_basis
            kept.deadline_note = other.deadline_note
        _join_owners(kept, owners_of(other), other.mode)
        kept.clauses.extend(c for c in other.clauses if c not in kept.clauses)
        _keep(actor, kept, "task.merge", before)
        other.merged_into = kept
        _change_phase(actor, other, Phase.DROPPED, "task.drop", {"Gộp vào": kept.path})


def drop(actor: User, task: Task) -> None:
    """Leave a draft out: it never becomes work unless somebody restores it."""
    with transaction():
        _change_phase(actor, task, Phase.DROPPED, "task.drop", {})


def restore(actor: User, task: Task) -> None:
    """Take a dropped draft back; the task that had taken it up cites it no longer."""
    with transaction():
        kept = task.merged_into
        if kept is not None:
            before = _shown(kept)
            kept.text = kept.text.removesuffix(f"\n{task.text}")
            kept.clauses = [c for c in kept.clauses if c not in task.clauses or c.path == kept.path]
            _keep(actor, kept, "task.revise", before)
            task.merged_into = None
        _change_phase(actor, task, Phase.DRAFT, "task.restore", {})


def owners_of(task: Task) -> list[NewAssignment]:
    """The agencies of a draft as they stand."""
    return [NewAssignment(a.agency, a.role, a.reason, a.officer) for a in task.assignments]


def _refuse_changed(task: Task, version: int | None) -> None:
    check_version(task, version)
    if task.phase is not Phase.DRAFT:
        raise ChangedMeanwhile


def _word(task: Task, wording: Wording) -> None:
    task.text, task.product = wording.text, wording.product
    task.kind, task.mode = wording.kind, wording.mode
    if wording.kind is not TaskKind.CONCRETE:
        task.deadline = None  # recurring and continuous work is judged by its periods
    elif wording.deadline is None:
        task.deadline = date(task.plan.year, 12, 31)
        task.deadline_basis, task.deadline_note = DeadlineBasis.PLAN_YEAR, ""
    elif (wording.deadline, wording.deadline_note) != (task.deadline, task.deadline_note):
        # A reason given for the same day makes the year's end a day that somebody meant.
        task.deadline, task.deadline_note = wording.deadline, wording.deadline_note
        task.deadline_basis = DeadlineBasis.BY_HAND


def _put_owners(task: Task, owners: Sequence[NewAssignment]) -> None:
    """Make these the agencies of a draft, leads first."""
    wanted = {o.agency.id: o for o in owners}
    for gone in [a for a in task.assignments if a.agency.id not in wanted]:
        erase_spans(gone)
        task.assignments.remove(gone)
        db.session.delete(gone)
    present = {a.agency.id: a for a in task.assignments}
    ordered = sorted(wanted.values(), key=lambda o: o.role is not LEAD)
    for position, owner in enumerate(ordered, 1):
        assignment = present.get(owner.agency.id)
        if assignment is None:
            task.assignments.append(drafts.new_assignment(task, owner, position))
            continue
        assignment.role, assignment.position = owner.role, position
        assignment.reason, assignment.officer = owner.reason, owner.officer
    task.assignments.sort(key=lambda a: a.position)


def _join_owners(kept: Task, theirs: list[NewAssignment], mode: Mode) -> None:
    """Add the agencies of another task of that `mode` to a draft."""
    mine = owners_of(kept)
    my_leads = [o for o in mine if o.role is LEAD and not o.reason]
    their_leads = [o for o in theirs if o.role is LEAD and not o.reason]
    if their_leads and not my_leads:
        mine = [o for o in mine if o.role is not LEAD]
        kept.mode = mode
    elif not their_leads:
        theirs = [o for o in theirs if o.role is not LEAD]
    known = {o.agency.id: o for o in [*theirs, *mine]}
    known |= {o.agency.id: o for o in [*my_leads, *their_leads]}
    if sum(o.role is LEAD for o in known.values()) > 1:
        kept.mode = Mode.EACH
    _put_owners(kept, list(known.values()))


def _like(task: Task, text: str) -> drafts.NewTask:
    """A new task that differs from `task` in its words alone."""
    base = task.path.partition(" (")[0]
    same = select(func.count()).where(
        Task.plan_id == task.plan_id, Task.path.startswith(f"{base} (", autoescape=True)
    )
    return drafts.NewTask(
        path=f"{base} ({int(db.session.scalar(same) or 0) + 2})",
        section=task.section,
        text=text,
        kind=task.kind,
        mode=task.mode,
        product=task.product,
        source_note=task.source_note,
        deadline=task.deadline,
        deadline_text=task.deadline_text,
        deadline_basis=task.deadline_basis,
        deadline_note=task.deadline_note,
        quarter_four=task.quarter_four,
        recurrence=task.recurrence,
        clauses=task.clauses,
    )


def _move_behind(task: Task, before: Task) -> None:
    """Let a task follow another one in the plan; the rest moves on by one."""
    db.session.execute(
        update(Task)
        .where(Task.plan_id == before.plan_id, Task.position > before.position)
        .values(position=Task.position + 1)
        .execution_options(synchronize_session=False)
    )
    task.position = before.position + 1
    db.session.flush()


def _joined(kept: Task, other: Task) -> str:
    return f"{kept.text}\n{other.text}"


def _change_phase(actor: User, task: Task, phase: Phase, verb: str, after: dict[str, str]) -> None:
    task.phase = phase
    task.updated_at = clock.now()
    write_spans(*task.assignments)
    history.record(actor, "task", task.id, verb, after=after)


def _keep(actor: User, task: Task, verb: str, before: dict[str, str]) -> None:
    """Store a changed draft with its spans and the record; nothing where nothing changed."""
    after = _shown(task)
    changed = [name for name in after if before[name] != after[name]]
    if not changed:
        return
    now = task.updated_at = clock.now()
    task.search_text = search_text(task.path, task.text, task.product, task.source_note)
    for each in task.assignments:
        each.deadline = each.original_deadline = task.deadline
    new = [a for a in task.assignments if not a.id]
    write_spans(*(a for a in task.assignments if a.id))
    open_spans(new, now)
    history.record(
        actor,
        "task",
        task.id,
        verb,
        {name: before[name] for name in changed},
        {name: after[name] for name in changed},
    )


def _shown(task: Task) -> dict[str, str]:
    return {
        "Nội dung": task.text,
        "Sản phẩm": task.product,
        "Loại việc": KINDS[task.kind],
        "Cách thực hiện": MODES[task.mode],
        "Thời hạn": day(task.deadline),
        "Căn cứ thời hạn": task.deadline_note,
        "Căn cứ": ", ".join(c.path for c in task.clauses),
        "Cơ quan": "; ".join(_shown_owner(a) for a in task.assignments),
    }


def _shown_owner(a: Assignment) -> str:
    officer = f", {a.officer.name}" if a.officer else ""
    proposed = f" – đề xuất: {a.reason}" if a.reason else ""
    return f"{a.agency.short_name} ({ROLES[a.role]}{officer}){proposed}"
