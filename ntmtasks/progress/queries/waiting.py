"""What of the work waits for a person's decision: rules.rights.may_decide and its like in SQL."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
)

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import Asker
from ntmtasks.accounts.rules import PERMISSIONS, Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries.asks import explanations, extensions
from ntmtasks.progress.queries.updates import count_to_pass_on
from ntmtasks.progress.rules.asks import ExplanationState, ExtensionState, may_grant, may_judge
from ntmtasks.progress.rules.rights import Person, Work, may
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import SPEAKERS, Act, AssignmentRole, Phase, TaskKind, WorkState

LIMIT = 200
"""So many of each kind are shown at once; the next come up as these are decided."""


TO_DECIDE = (WorkState.SUBMITTED, WorkState.REFUSED)


def waiting_for(user: User) -> Sequence[Assignment]:
    """Completions and refusals that this person may decide, the oldest first."""
    query = (
        assignment_with_task()
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(
            Assignment.work_state.in_(TO_DECIDE),
            Assignment.agency_id != user.agency_id,
            Task.phase == Phase.ISSUED,
            _decided_by(user),
        )
        .order_by(func.coalesce(Assignment.submitted_at, Assignment.updated_at))
        .limit(LIMIT)
    )
    return db.session.scalars(query).all()


def count_waiting_for(user: User) -> int:
    """How many completions and refusals this person may decide."""
    return db.session.scalar(select(_reported(user))) or 0


def awaits_decision() -> tuple[ColumnElement[bool], ...]:
    """Of spans: work under way now that was reported complete, or refused, and waits for a decision."""
    return (
        AssignmentSpan.to_at.is_(None),
        AssignmentSpan.role.in_(AssignmentRole),  # any: the index begins with role and kind
        AssignmentSpan.kind.in_(TaskKind),
        AssignmentSpan.phase == Phase.ISSUED,
        AssignmentSpan.work_state.in_(TO_DECIDE),
    )


def _reported(user: Asker) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(AssignmentSpan)
        .join(Assignment, Assignment.id == AssignmentSpan.assignment_id)
        .join(Agency, Agency.id == AssignmentSpan.agency_id)
        .where(
            *awaits_decision(),
            AssignmentSpan.agency_id != user.agency_id,
            _decided_by(user),
        )
        .scalar_subquery()
    )


def _decided_by(user: Asker) -> ColumnElement[bool]:
    """progress.rules.may of the decisions in SQL, without the own agency."""
    office = Agency.kind == AgencyKind.OFFICE
    not_entered_by_me = or_(Assignment.entered_by_id.is_(None), Assignment.entered_by_id != user.id)
    if user.role is Role.CITY_LEADER:
        return or_(office, Assignment.entered_by_id.is_not(None))
    if user.role is Role.COORDINATOR:
        return and_(Agency.kind != AgencyKind.OFFICE, not_entered_by_me)
    return office if user.stands_in else false()


def _extended(user: Asker) -> ColumnElement[bool]:
    """rules.asks.may_grant in SQL."""
    office = Agency.kind == AgencyKind.OFFICE
    if user.role is Role.COORDINATOR:
        office = Agency.kind != AgencyKind.OFFICE
    elif user.role is not Role.CITY_LEADER and not user.stands_in:
        office = false()
    return and_(
        office,
        Assignment.agency_id != user.agency_id,
        DeadlineExtension.state == ExtensionState.ASKED,
        DeadlineExtension.asked_by_id != user.id,
        Task.phase == Phase.ISSUED,
    )


def _explained(user: Asker) -> ColumnElement[bool]:
    """rules.asks.may_judge in SQL."""
    return and_(
        ExplanationRequest.state == ExplanationState.ANSWERED,
        ExplanationRequest.asked_by.has(User.role == user.role),
        ExplanationRequest.answered_by_id != user.id,
        Assignment.agency_id != user.agency_id,
        Task.phase == Phase.ISSUED,
    )


def extensions_for(user: User) -> Sequence[DeadlineExtension]:
    """Requests for more time that this person decides on, the oldest first."""
    query = extensions().join(Agency, Agency.id == Assignment.agency_id).where(_extended(user))
    return db.session.scalars(query.order_by(DeadlineExtension.id).limit(LIMIT)).all()


def explanations_for(user: User) -> Sequence[ExplanationRequest]:
    """Explanations that this person accepts or not, the oldest first."""
    query = explanations().where(_explained(user))
    return db.session.scalars(query.order_by(ExplanationRequest.answered_at).limit(LIMIT)).all()


def unanswered(user: User, today: date) -> Sequence[ExplanationRequest]:
    """Explanations that this person's office asked for and did not get in time, the oldest first."""
    query = explanations().where(
        ExplanationRequest.state == ExplanationState.ASKED,
        ExplanationRequest.answer_by < today,
        ExplanationRequest.asked_by.has(User.role == user.role),
        Task.phase == Phase.ISSUED,
    )
    return db.session.scalars(query.order_by(ExplanationRequest.answer_by).limit(LIMIT)).all()


def decides(user: Asker) -> bool:
    """Whether there can be anything of other agencies for this person to decide."""
    return user.stands_in or Permission.DECIDE in PERMISSIONS[user.role]


def counts_for(user: Asker) -> list[ScalarSelect[int]]:
    """How many of each kind wait, as parts of one query."""
    counts = [count_to_pass_on(user)] if user.role in SPEAKERS else []
    return [*counts, *_decided(user)] if decides(user) else counts


def _decided(user: Asker) -> list[ScalarSelect[int]]:
    number = select(func.count())
    extended = number.select_from(DeadlineExtension).join(DeadlineExtension.assignment)
    explained = number.select_from(ExplanationRequest).join(ExplanationRequest.assignment)
    return [
        _reported(user),
        extended.join(Assignment.task)
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(_extended(user))
        .scalar_subquery(),
        explained.join(Assignment.task).where(_explained(user)).scalar_subquery(),
    ]


class Undecided(NamedTuple):
    """Something that waits for a decision, whoever takes it; `kind` is completion, refusal, extension
    or explanation, `id` that of the assignment or the request; `sent_by_id` asked for more time or gave
    the explanation, `asker` is who wants that one."""

    kind: str
    id: int
    task_id: int
    path: str
    text: str
    agency: str
    since: datetime
    work: Work
    sent_by_id: int | None
    asker: Role | None

    def decided_by(self, person: Person) -> bool:
        """Whether this person may decide it; nobody does what the own agency sent in."""
        if person.agency_id == self.work.agency_id:
            return False
        if self.asker is not None:
            return may_judge(person, self.work, self.asker, self.sent_by_id)
        if self.sent_by_id is not None:
            return may_grant(person, self.work, self.sent_by_id)
        return may(Act.CONFIRM if self.kind == "completion" else Act.GIVE_BACK, person, self.work)


def undecided(before: datetime) -> list[Undecided]:
    """All that waits for a decision since before a moment, the oldest first, in three queries."""
    refused = Assignment.work_state == WorkState.REFUSED
    since = case((refused, Assignment.updated_at), else_=Assignment.submitted_at)
    kind = case((refused, "refusal"), else_="completion")
    found = [
        *_waiting(
            select(kind, Assignment.id, since, *_FACTS)
            .select_from(Assignment)
            .where(Assignment.work_state.in_(TO_DECIDE), since < before)
        ),
        *_waiting(
            select(literal("extension"), DeadlineExtension.id, DeadlineExtension.asked_at, *_FACTS)
            .add_columns(DeadlineExtension.asked_by_id)
            .select_from(DeadlineExtension)
            .join(DeadlineExtension.assignment)
            .where(
                DeadlineExtension.state == ExtensionState.ASKED,
                DeadlineExtension.asked_at < before,
            )
        ),
        *_waiting(
            select(literal("explanation"), ExplanationRequest.id, ExplanationRequest.answered_at)
            .add_columns(*_FACTS, ExplanationRequest.answered_by_id, User.role)
            .select_from(ExplanationRequest)
            .join(ExplanationRequest.assignment)
            .join(User, User.id == ExplanationRequest.asked_by_id)
            .where(
                ExplanationRequest.state == ExplanationState.ANSWERED,
                ExplanationRequest.answered_at < before,
            )
        ),
    ]
    return sorted(found, key=lambda each: each.since)


_FACTS = (
    Task.id,
    Task.path,
    Task.text,
    Agency.short_name,
    Agency.id,
    Agency.kind,
    Assignment.officer_id,
    Assignment.submitted_by_id,
    Assignment.entered_by_id,
)


def _waiting(query: Select[Any]) -> Iterator[Undecided]:
    issued = (
        query.join(Task, Task.id == Assignment.task_id)
        .join(Agency, Agency.id == Assignment.agency_id)
        .where(Task.phase == Phase.ISSUED)
    )
    for kind, number, since, task_id, path, text, agency, *rest in db.session.execute(issued):
        agency_id, agency_kind, officer_id, submitted_by, entered_by, *asked = rest
        work = Work(agency_id, agency_kind, officer_id, submitted_by, entered_by)
        by_id, role = (*asked, None, None)[:2]
        yield Undecided(kind, number, task_id, path, text, agency, since, work, by_id, role)
