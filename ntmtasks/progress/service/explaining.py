"""Demanding, giving and judging explanations of a delay (giải trình); a demand that nobody can answer or
repeat any more falls with its work."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.history.service import Guest
from ntmtasks.outbox.rules import EXPLANATION
from ntmtasks.progress.labels import ENDINGS, day_words
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import (
    WORK_ITSELF,
    About,
    ExplanationState,
    ends_explaining,
    is_late,
    may_guide,
    may_judge,
)
from ntmtasks.progress.rules.occurrences import MISSED
from ntmtasks.progress.rules.rights import may_update
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.telling import tell, tell_people
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Ending
from ntmtasks.tasks.service.endings import when_ended


class NotLate(Exception):
    """Nobody has to explain work that is in time."""


class PastDay(Exception):
    """Nobody can answer by a day that is over."""


def demand(
    actor: User,
    assignment: Assignment,
    question: str,
    answer_by: date,
    form_token: str | None = None,
) -> None:
    """Ask an agency to explain until `answer_by` why its work is late; raises NotLate, PastDay,
    NotYours."""
    submitted = assignment.submitted_at
    submitted_on = clock.local(submitted).date() if submitted else None
    if not is_late(assignment.deadline, submitted_on, clock.today()):
        raise NotLate
    demand_about(actor, assignment, WORK_ITSELF, question, answer_by, form_token)


def demand_of_slot(
    actor: User, slot: Slot, question: str, answer_by: date, form_token: str | None = None
) -> None:
    """Ask who answers for a slot of recurring work to explain why it was missed; raises NotLate,
    PastDay, NotYours."""
    if slot.standing not in MISSED:
        raise NotLate
    it = slot.occurrence
    about = About(f"kỳ {day_words(it.on).lower()}", f"/tasks/{it.task_id}#occurrence-{it.id}")
    demand_about(actor, slot.assignment, about, question, answer_by, form_token)


def demand_about(
    actor: User,
    assignment: Assignment,
    about: About,
    question: str,
    answer_by: date,
    form_token: str | None = None,
) -> None:
    """Ask an agency to explain what the caller has found to be late and its work answers for; raises
    PastDay, NotYours."""
    with transaction():
        if use_once(form_token):
            _demand(actor, assignment, about, question, answer_by, "demand")


def _demand(
    actor: User, assignment: Assignment, about: About, question: str, answer_by: date, act: str
) -> None:
    if not may_guide(person(actor), work(assignment)):
        raise NotYours
    if answer_by < clock.today():
        raise PastDay
    asked = ExplanationRequest(
        assignment=assignment,
        about=about.words,
        about_url=about.url,
        state=ExplanationState.ASKED,
        question=question,
        answer_by=answer_by,
        asked_by_id=actor.id,
        asked_at=clock.now(),
    )
    db.session.add(asked)
    db.session.flush()
    named = f" về {about.words}" if about.words else ""
    what = f"Yêu cầu giải trình{named} trước ngày {day(answer_by)}: {question}"
    tell(recipient_book(), actor, assignment, EXPLANATION, what)
    _record(actor, asked, act, {"Trả lời trước": day(answer_by), "Nội dung": question})


def answer(actor: User, asked: ExplanationRequest, text: str, version: int | None = None) -> None:
    """Give the agency's explanation; raises ChangedMeanwhile, NotYours."""
    with transaction():
        if not may_update(person(actor), work(asked.assignment)):
            raise NotYours
        check_version(asked, version)
        if asked.state is not ExplanationState.ASKED:
            raise ChangedMeanwhile
        asked.state = ExplanationState.ANSWERED
        asked.answer = text
        asked.answered_by = actor
        asked.answered_at = clock.now()
        named = f" về {asked.about}" if asked.about else ""
        what = f"{asked.assignment.agency.short_name} đã giải trình{named}: {text}"
        tell_people([asked.asked_by_id], asked.assignment, EXPLANATION, what)
        _record(actor, asked, "answer", {"Nội dung": text})


def accept(actor: User, asked: ExplanationRequest, version: int | None = None) -> None:
    """Take an explanation as enough; raises ChangedMeanwhile, NotYours."""
    with transaction():
        _judge(actor, asked, ExplanationState.ACCEPTED, version)
        what = "Giải trình đã được chấp nhận."
        tell(recipient_book(), actor, asked.assignment, EXPLANATION, what)
        _record(actor, asked, "accept", {})


def ask_again(
    actor: User,
    asked: ExplanationRequest,
    question: str,
    answer_by: date,
    version: int | None = None,
) -> None:
    """The answer is not enough: it stays on record, a new question follows about the same, whether
    that is still late or has more time meanwhile; raises ChangedMeanwhile, PastDay, NotYours."""
    with transaction():
        _judge(actor, asked, ExplanationState.REPEATED, version)
        about = About(asked.about, asked.about_url)
        _demand(actor, asked.assignment, about, question, answer_by, "repeat")


def _judge(
    actor: User, asked: ExplanationRequest, state: ExplanationState, version: int | None
) -> None:
    who, about = person(actor), work(asked.assignment)
    if not may_judge(who, about, asked.asked_by.role, asked.answered_by_id):
        raise NotYours
    check_version(asked, version)
    if asked.state is not ExplanationState.ANSWERED:
        raise ChangedMeanwhile
    asked.state = state
    asked.judged_by = actor
    asked.judged_at = clock.now()


def _lapse(actor: User | Guest, ended: Sequence[Assignment], how: Ending) -> None:
    """Close the demands that fall with the work, answered or not, and tell who asked."""
    work_of = {a.id: a for a in ended}
    open_ones = select(ExplanationRequest).where(
        ExplanationRequest.assignment_id.in_(work_of),
        ExplanationRequest.state.in_((ExplanationState.ASKED, ExplanationState.ANSWERED)),
    )
    for asked in db.session.scalars(open_ones):
        if not ends_explaining(how, asked.about):
            continue
        asked.state, asked.judged_at = ExplanationState.LAPSED, clock.now()
        _record(actor, asked, "lapse", {"Lý do": ENDINGS[how]})
        named = f" về {asked.about}" if asked.about else ""
        what = f"Yêu cầu giải trình{named} không còn hiệu lực: {ENDINGS[how]}."
        people = {asked.asked_by_id} - {actor.id}
        tell_people(people, work_of[asked.assignment_id], EXPLANATION, what)


when_ended(_lapse)


def _record(
    actor: User | Guest, asked: ExplanationRequest, act: str, after: dict[str, str]
) -> None:
    assignment = asked.assignment
    after = {"Cơ quan": assignment.agency.short_name, "Về": asked.about, **after}
    history.record(actor, "task", assignment.task_id, f"task.explanation.{act}", after=after)
