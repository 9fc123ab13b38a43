"""What a coordinator decides while reviewing a draft plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ntmtasks.accounts.models import User
from ntmtasks.agencies import service as agencies
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.text import fold
from ntmtasks.history import service as history
from ntmtasks.intake import queries
from ntmtasks.intake.models import KeptApart, UnknownName
from ntmtasks.intake.rules.twins import speaks_of
from ntmtasks.plans import queries as plans
from ntmtasks.plans.labels import FINDING_STATES
from ntmtasks.plans.models import Finding, Plan
from ntmtasks.plans.rules import FindingState
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, Mode, Phase
from ntmtasks.tasks.service import revising
from ntmtasks.tasks.service.drafts import NewAssignment
from ntmtasks.tasks.service.revising import Wording

LEAD, SUPPORTING = AssignmentRole.LEAD, AssignmentRole.SUPPORTING


class SeveralLeads(Exception):
    """A joint task has exactly one lead."""


@dataclass(frozen=True)
class Choice:
    """What a person chose for one agency of a row."""

    agency: Agency
    role: AssignmentRole
    officer: User | None


def save_row(
    actor: User,
    task: Task,
    version: int | None,
    wording: Wording,
    choices: Sequence[Choice],
    take: bool,
) -> None:
    """Write a row as typed; `take` takes over its proposed agencies.

    Whoever is made lead of a joint task takes the place of the lead so far: a proposal goes, an
    agency that the plan names supports. Raises ChangedMeanwhile, SeveralLeads.
    """
    with transaction():
        before = {a.agency_id: a for a in task.assignments}
        owners = [_owner(c, before.get(c.agency.id), take) for c in choices]
        if wording.mode is Mode.JOINT:
            owners = _one_lead(owners, before)
        revising.revise(actor, task, version, wording, owners)


def _owner(choice: Choice, before: Assignment | None, take: bool) -> NewAssignment:
    same = before and (before.role, before.officer) == (choice.role, choice.officer)
    reason = before.reason if before and same and not take else ""
    return NewAssignment(choice.agency, choice.role, reason, choice.officer)


def _one_lead(owners: list[NewAssignment], before: Mapping[int, Assignment]) -> list[NewAssignment]:
    leads = [o for o in owners if o.role is LEAD]
    new = [o for o in leads if o.agency.id not in before or before[o.agency.id].role is not LEAD]
    if len(leads) < 2:
        return owners
    if len(new) != 1:
        raise SeveralLeads
    rest = [o for o in owners if o.role is not LEAD]
    stepped_back = [
        NewAssignment(o.agency, SUPPORTING) for o in leads if o is not new[0] and not o.reason
    ]
    return [*new, *stepped_back, *rest]


def change_selected(
    seen: Mapping[int, int], tasks: Sequence[Task], change: Callable[[Task], None]
) -> None:
    """Change all selected tasks or none; `seen` are their versions by id. Raises ChangedMeanwhile."""
    with transaction():
        selected = [t for t in tasks if t.id in seen and t.phase is Phase.DRAFT]
        if len(selected) < len(seen):
            raise ChangedMeanwhile
        for task in selected:
            check_version(task, seen[task.id])
        for task in selected:
            change(task)


def join_twins(actor: User, kept: Task, other: Task) -> list[Finding]:
    """Make two tasks one with two citations; the words of the kept one stay.

    Returns the findings that asked for it, which are settled now.
    """
    with transaction():
        revising.merge(actor, kept, other, join_text=False)
        return _settle_twins(actor, kept, other, FindingState.FIXED, f"Đã gộp vào {kept.path}")


def keep_apart(actor: User, one: Task, other: Task) -> list[Finding]:
    """Say that two tasks which look alike are two; returns the findings settled by it."""
    with transaction():
        if db.session.get(KeptApart, (one.id, other.id)) is None:
            db.session.add(KeptApart(task_id=one.id, other_id=other.id))
        return _settle_twins(actor, one, other, FindingState.ACCEPTED, "Giữ riêng hai nhiệm vụ")


def _settle_twins(
    actor: User, one: Task, other: Task, state: FindingState, note: str
) -> list[Finding]:
    asking = [
        f
        for f in plans.findings(one.plan_id)
        if f.state is FindingState.OPEN and speaks_of(f.message, one.path, other.path)
    ]
    for finding in asking:
        settle_finding(actor, finding, finding.version, state, note)
    return asking


def settle_finding(
    actor: User, finding: Finding, version: int | None, state: FindingState, note: str
) -> None:
    """Say what became of a finding, or open it again. Raises ChangedMeanwhile."""
    with transaction():
        check_version(finding, version)
        before = FINDING_STATES[finding.state]
        finding.state, finding.note = state, note
        is_open = state is FindingState.OPEN
        finding.settled_by = None if is_open else actor
        finding.settled_at = None if is_open else clock.now()
        db.session.flush()
        history.record(
            actor,
            "plan",
            finding.plan_id,
            "finding.settle",
            {"Xử lý": before},
            {"Điểm": finding.message, "Xử lý": FINDING_STATES[state], "Ghi chú": note},
        )


def name_agency(actor: User, plan: Plan, name: str, agency: Agency, as_alias: bool) -> int:
    """Say which agency an unknown name means, in every task that has it; how many. `as_alias`: the
    next reading knows it too."""
    with transaction():
        unknown = _unknown(plan, name)
        by_id = {t.id: t for t in queries.tasks_of(plan.id)}
        for each in unknown:
            revising.name_agency(actor, by_id[each.task_id], agency, each.role)
            db.session.delete(each)
        if as_alias:
            agencies.add_alias(agency, name, actor)
        return len(unknown)


def ignore_name(actor: User, plan: Plan, name: str) -> None:
    """Say that an unknown name means nobody who is given work."""
    with transaction():
        for each in _unknown(plan, name):
            db.session.delete(each)
        history.record(actor, "plan", plan.id, "plan.ignore_name", after={"Tên": name})


def _unknown(plan: Plan, name: str) -> list[UnknownName]:
    return [u for u in queries.unknown_names(plan.id) if fold(u.name) == fold(name)]
