"""What waits for whom, whoever takes it there."""

from collections import Counter
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    Case,
    ColumnElement,
    CompoundSelect,
    Select,
    case,
    func,
    literal,
    select,
    union_all,
)

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import OPEN_STATES, EscalationState
from ntmtasks.oversight.rules.waiting import Desk, Matter
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries.waiting import awaits_decision
from ntmtasks.progress.rules.asks import ExplanationState, ExtensionState
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.rules import Phase, WorkState


def waiting_for_whom() -> dict[Desk, Counter[Matter]]:
    """How many things of each kind wait with whom now, in one query; what nobody waits for is left
    out."""
    found: dict[Desk, Counter[Matter]] = {}
    for desk, matter, number in db.session.execute(_asked()):
        if number:
            found.setdefault(Desk(desk), Counter())[Matter(matter)] += number
    return {desk: found[desk] for desk in Desk if desk in found}


@cache  # building it takes longer than running it
def _asked() -> CompoundSelect[str, str, int]:
    return union_all(*_parts())


def _parts() -> list[Select[str, str, int]]:
    """Whose turn it is: progress.queries.waiting and reports.queries.waiting for the
    acts of agencies, escalations.rules."""
    decided = _either(Agency.kind == AgencyKind.OFFICE, Desk.LEADERS, Desk.COORDINATORS)
    judged = _either(User.role == Role.CITY_LEADER, Desk.LEADERS, Desk.COORDINATORS)
    concluded = Escalation.state == EscalationState.SUBMITTED
    refused = AssignmentSpan.work_state == WorkState.REFUSED
    issued = Task.phase == Phase.ISSUED
    reported = (
        select(decided, _either(refused, Matter.REFUSAL, Matter.COMPLETION), func.count())
        .join(Agency, Agency.id == AssignmentSpan.agency_id)
        .where(*awaits_decision())
        .group_by(Agency.kind, AssignmentSpan.work_state)
    )
    extended = (
        select(decided, literal(Matter.EXTENSION.value), func.count())
        .select_from(DeadlineExtension)
        .join(DeadlineExtension.assignment)
        .join(Assignment.agency)
        .join(Assignment.task)
        .where(DeadlineExtension.state == ExtensionState.ASKED, issued)
        .group_by(Agency.kind)
    )
    explained = (
        select(judged, literal(Matter.EXPLANATION.value), func.count())
        .select_from(ExplanationRequest)
        .join(ExplanationRequest.asked_by)
        .join(ExplanationRequest.assignment)
        .join(Assignment.task)
        .where(ExplanationRequest.state == ExplanationState.ANSWERED, issued)
        .group_by(User.role)
    )
    demanded = (
        select(literal(Desk.AGENCIES.value), literal(Matter.EXPLANATION.value), func.count())
        .select_from(ExplanationRequest)
        .join(ExplanationRequest.assignment)
        .join(Assignment.task)
        .where(ExplanationRequest.state == ExplanationState.ASKED, issued)
    )
    pending = (
        select(literal(Desk.SPEAKERS.value), literal(Matter.COMPLETION.value), func.count())
        .select_from(Assignment)
        .join(Assignment.task)
        .where(Assignment.pending_act.is_not(None), issued)
    )
    difficult = (
        select(
            _either(concluded, Desk.LEADERS, Desk.AGENCIES),
            literal(Matter.DIFFICULTY.value),
            func.count(),
        )
        .where(Escalation.state.in_(OPEN_STATES))
        .group_by(Escalation.state)
    )
    sent = (
        select(decided, literal(Matter.REPORT.value), func.count())
        .select_from(Report)
        .join(Agency, Agency.id == Report.agency_id)
        .where(Report.state == ReportState.SUBMITTED)
        .group_by(Agency.kind)
    )
    return [reported, sent, extended, explained, demanded, pending, difficult]


def _either(condition: ColumnElement[bool], first: StrEnum, second: StrEnum) -> Case[str]:
    return case((condition, literal(first.value)), else_=literal(second.value))
