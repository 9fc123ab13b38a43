"""One act on many tasks at once: what is right is done, what is not stays as it was and says why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import RecipientBook, recipient_book
from ntmtasks.core.db import ChangedMeanwhile, db, part, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import may_guide
from ntmtasks.progress.rules.bulk import BulkFault
from ntmtasks.progress.service import urging
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import seen_mark
from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole, Phase, TaskKind, WorkState
from ntmtasks.tasks.service import changes


@dataclass(frozen=True)
class Picked:
    """A task of the selection, with the mark (tasks.queries.loading.seen_mark) that the person saw."""

    task: Task
    mark: int


@dataclass
class Outcome:
    """What became of a selection; `unreached` are assignments whose agency has nobody to mail."""

    done: list[Task] = field(default_factory=list)
    faults: dict[int, BulkFault] = field(default_factory=dict)
    unreached: list[Assignment] = field(default_factory=list)


class Unfit(Exception):
    """The act does not fit this task; `fault` says why."""

    def __init__(self, fault: BulkFault) -> None:
        super().__init__(fault)
        self.fault = fault


def to_hand_out(actor: User, task: Task) -> list[Assignment]:
    """The part of the own agency in a task, if it is still to be done; raises Unfit."""
    own = [a for a in _under_way(task) if a.agency_id == actor.agency_id]
    if not own:
        raise Unfit(BulkFault.NO_PART)
    return _unless_empty([a for a in own if a.work_state in OPEN_STATES], BulkFault.REPORTED)


def to_urge(actor: User, task: Task) -> list[Assignment]:
    """The leads of a task whose work is open and whom this person may push; raises Unfit."""
    leads = [a for a in _under_way(task) if a.role is AssignmentRole.LEAD]
    left = _unless_empty([a for a in leads if a.work_state in OPEN_STATES], BulkFault.REPORTED)
    who = person(actor)
    return _unless_empty([a for a in left if may_guide(who, work(a))], BulkFault.OWN)


def to_move(actor: User, task: Task) -> list[Assignment]:
    """The leads of a task whose deadline can be another day, as nobody has reported the work; raises
    Unfit. On a joint task all follow the lead."""
    leads = [a for a in _under_way(task) if a.role is AssignmentRole.LEAD]
    if task.kind is not TaskKind.CONCRETE:
        raise Unfit(BulkFault.ROUTINE)
    unreported = OPEN_STATES | {WorkState.REFUSED}
    return _unless_empty([a for a in leads if a.work_state in unreported], BulkFault.REPORTED)


def _under_way(task: Task) -> list[Assignment]:
    if task.phase is not Phase.ISSUED:
        raise Unfit(BulkFault.NOT_UNDER_WAY)
    return task.assignments


def _unless_empty(found: list[Assignment], fault: BulkFault) -> list[Assignment]:
    if not found:
        raise Unfit(fault)
    return found


def hand_out(
    actor: User, picked: Sequence[Picked], officer: User, form_token: str | None = None
) -> Outcome | None:
    """Put an officer in charge of the own agency's part of each; None for a form sent twice."""

    def act(task: Task, _outcome: Outcome) -> None:
        for own in to_hand_out(actor, task):
            if own.officer_id == officer.id:
                raise Unfit(BulkFault.SAME_OFFICER)
            changes.hand_to(actor, own, officer)

    return _each(actor, picked, act, form_token)


def urge(
    actor: User,
    picked: Sequence[Picked],
    body: str = "",
    again: bool = False,
    form_token: str | None = None,
) -> Outcome | None:
    """Push the leads of each, `again` also those that were pushed today; None for a form sent twice."""

    book = _book_of(picked)

    def act(task: Task, outcome: Outcome) -> None:
        try:
            pushed = to_urge(actor, task)
            outcome.unreached += urging.urge(actor, pushed, body, again, book=book)
        except urging.AlreadyUrged as problem:
            raise Unfit(BulkFault.URGED) from problem

    return _each(actor, picked, act, form_token)


def move_deadlines(
    actor: User,
    picked: Sequence[Picked],
    deadline: date,
    note: str,
    form_token: str | None = None,
) -> Outcome | None:
    """Give each another deadline for a reason; None for a form sent twice."""

    book = _book_of(picked)

    def act(task: Task, _outcome: Outcome) -> None:
        moved = [a for a in to_move(actor, task) if a.deadline != deadline]
        for lead in _unless_empty(moved, BulkFault.SAME_DAY):
            changes.change_deadline(actor, lead, deadline, note, book=book)

    return _each(actor, picked, act, form_token)


def _book_of(picked: Iterable[Picked]) -> RecipientBook:
    """Whom an act on these tasks may tell, read once for all of them."""
    return recipient_book(agencies={a.agency_id for one in picked for a in one.task.assignments})


def _each(
    actor: User,
    picked: Sequence[Picked],
    act: Callable[[Task, Outcome], None],
    form_token: str | None,
) -> Outcome | None:
    """Do an act to each task in a part of its own, all in one transaction."""
    outcome = Outcome()
    with transaction():
        if not use_once(form_token):
            return None
        held = _hold([one.task for one in picked])
        for one in sorted(picked, key=lambda p: p.task.id):
            try:
                with part():
                    _check_seen(actor, one, held)
                    act(one.task, outcome)
            except Unfit as problem:
                outcome.faults[one.task.id] = problem.fault
            except ChangedMeanwhile:
                outcome.faults[one.task.id] = BulkFault.CHANGED
            else:
                outcome.done.append(one.task)
    return outcome


def _hold(tasks: Iterable[Task]) -> dict[int, int]:
    """The versions of all assignments as they are, which nobody else changes until this transaction
    ends; always in the order in which a monthly round takes them."""
    rows = db.session.execute(
        select(Assignment.id, Assignment.version)
        .where(Assignment.task_id.in_([t.id for t in tasks]))
        .order_by(Assignment.task_id, Assignment.id)
        .with_for_update()
    )
    return {row.id: row.version for row in rows}


def _check_seen(actor: User, one: Picked, held: dict[int, int]) -> None:
    is_loaded_late = any(held.get(a.id) != a.version for a in one.task.assignments)
    if is_loaded_late or one.mark != seen_mark(one.task, actor.agency_id):
        raise ChangedMeanwhile
