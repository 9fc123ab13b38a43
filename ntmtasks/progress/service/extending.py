"""Asking for more time (gia hạn) and deciding on it; a request that nobody decided falls with its work."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.history.service import Guest
from ntmtasks.progress.labels import ENDINGS
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import (
    ExtensionFault,
    ExtensionState,
    asking_fault,
    date_fault,
    granting_fault,
    may_grant,
)
from ntmtasks.progress.rules.rights import may_update
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.telling import tell, tell_deciders, tell_people
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Ending
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.endings import when_ended
from ntmtasks.tasks.service.holding import hold

KIND = "extension"


class CannotExtend(Exception):
    """More time cannot be asked for or given, or not until that day; `fault` says why."""

    def __init__(self, fault: ExtensionFault) -> None:
        super().__init__(fault)
        self.fault = fault


class AlreadyAsked(Exception):
    """A request of this assignment waits for its decision."""


@dataclass(frozen=True)
class Wish:
    """More time until `deadline`, and why; `knows_beyond`: the asker knows that this is after the
    plan's year."""

    deadline: date
    reason: str
    knows_beyond: bool = False


def ask_extension(
    actor: User, assignment: Assignment, wish: Wish, form_token: str | None = None
) -> None:
    """Ask for more time; raises CannotExtend, AlreadyAsked, NotYours."""
    with transaction():
        if not use_once(form_token):
            return
        hold(assignment)
        if not may_update(person(actor), work(assignment)):
            raise NotYours
        deadline = _present_deadline(assignment, wish)
        if _count(assignment, DeadlineExtension.state == ExtensionState.ASKED):
            raise AlreadyAsked
        kept = DeadlineExtension.state.not_in((ExtensionState.WITHDRAWN, ExtensionState.LAPSED))
        db.session.add(
            DeadlineExtension(
                assignment_id=assignment.id,
                state=ExtensionState.ASKED,
                ordinal=_count(assignment, kept) + 1,
                old_deadline=deadline,
                wanted_deadline=wish.deadline,
                reason=wish.reason,
                asked_by_id=actor.id,
                asked_at=clock.now(),
            )
        )
        _record(actor, assignment, "ask", wish.deadline, wish.reason)
        what = f"{assignment.agency.short_name} đề nghị gia hạn đến {day(wish.deadline)}."
        tell_deciders(actor, assignment, KIND, what)


def _present_deadline(assignment: Assignment, wish: Wish) -> date:
    deadline = assignment.deadline
    fault = asking_fault(assignment.work_state, deadline, clock.today())
    if fault is None and deadline is not None:
        fault = date_fault(deadline, wish.deadline, assignment.task.plan.year, wish.knows_beyond)
    if fault is not None or deadline is None:
        raise CannotExtend(fault or ExtensionFault.NO_DEADLINE)
    return deadline


def _count(assignment: Assignment, where: ColumnElement[bool]) -> int:
    query = select(func.count()).where(DeadlineExtension.assignment_id == assignment.id, where)
    return int(db.session.scalar(query) or 0)


def grant(
    actor: User, asked: DeadlineExtension, deadline: date, version: int | None = None
) -> None:
    """Give more time until `deadline`, which may be another day than the one asked for.

    The original deadline stays; on a joint task the lead's moves all. Raises ChangedMeanwhile, NotYours, or
    CannotExtend where the work has ended or rests, or the day is not after the present deadline.
    """
    with transaction():
        assignment = asked.assignment
        _settle(actor, asked, ExtensionState.GRANTED, "", version)
        fault = granting_fault(assignment.task.phase, assignment.deadline)
        if fault is not None:
            raise CannotExtend(fault)
        if assignment.deadline is not None and deadline <= assignment.deadline:
            raise CannotExtend(ExtensionFault.NOT_LATER)
        asked.granted_deadline = deadline
        why = f"gia hạn theo đề nghị ngày {day(clock.local(asked.asked_at).date())}"
        changes.change_deadline(actor, assignment, deadline, why, by_extension=True)
        _record(actor, assignment, "grant", deadline, "")
        _answer(actor, asked, f"Đã duyệt gia hạn đến {day(deadline)}.")


def deny(actor: User, asked: DeadlineExtension, reason: str, version: int | None = None) -> None:
    """Refuse more time, with a reason; raises ChangedMeanwhile, NotYours."""
    with transaction():
        _settle(actor, asked, ExtensionState.DENIED, reason, version)
        _record(actor, asked.assignment, "deny", asked.wanted_deadline, reason)
        _answer(actor, asked, f"Không duyệt gia hạn: {reason}")


def withdraw(actor: User, asked: DeadlineExtension) -> None:
    """Take the own request back; raises ChangedMeanwhile, NotYours."""
    with transaction():
        if actor.id != asked.asked_by_id:
            raise NotYours
        if asked.state is not ExtensionState.ASKED:
            raise ChangedMeanwhile
        asked.state = ExtensionState.WITHDRAWN
        asked.decided_at = clock.now()
        _record(actor, asked.assignment, "withdraw", asked.wanted_deadline, "")


def _lapse(actor: User | Guest, ended: Sequence[Assignment], how: Ending) -> None:
    """Close the requests on work that ended before anybody decided, and tell who asked."""
    work_of = {a.id: a for a in ended}
    waiting = select(DeadlineExtension).where(
        DeadlineExtension.assignment_id.in_(work_of),
        DeadlineExtension.state == ExtensionState.ASKED,
    )
    for asked in db.session.scalars(waiting):
        assignment = work_of[asked.assignment_id]
        asked.state, asked.note, asked.decided_at = (
            ExtensionState.LAPSED,
            ENDINGS[how],
            clock.now(),
        )
        _record(actor, assignment, "lapse", asked.wanted_deadline, ENDINGS[how])
        until = day(asked.wanted_deadline)
        what = f"Đề nghị gia hạn đến {until} không còn hiệu lực: {ENDINGS[how]}."
        # Who loses the work cannot open its page any more.
        url = "/my-work/" if how is Ending.MOVED else ""
        tell_people({asked.asked_by_id} - {actor.id}, assignment, KIND, what, url)


when_ended(_lapse)


def _settle(
    actor: User, asked: DeadlineExtension, state: ExtensionState, note: str, version: int | None
) -> None:
    if not may_grant(person(actor), work(asked.assignment), asked.asked_by_id):
        raise NotYours
    check_version(asked, version)
    if asked.state is not ExtensionState.ASKED:
        raise ChangedMeanwhile
    asked.state = state
    asked.note = note
    asked.decided_by = actor
    asked.decided_at = clock.now()


def _answer(actor: User, asked: DeadlineExtension, what: str) -> None:
    tell(recipient_book(), actor, asked.assignment, KIND, what, also=asked.asked_by_id)


def _record(
    actor: User | Guest, assignment: Assignment, act: str, deadline: date, reason: str
) -> None:
    name = "Thời hạn mới" if act == "grant" else "Thời hạn đề nghị"
    after = {"Cơ quan": assignment.agency.short_name, name: day(deadline)}
    if reason:
        after["Lý do"] = reason
    history.record(actor, "task", assignment.task_id, f"task.extension.{act}", after=after)
