"""*Chờ tôi quyết định*: what waits for one person, out of all rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import select
from sqlalchemy.sql.selectable import TypedReturnsRows

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import AnyAsker, asked_by
from ntmtasks.accounts.rules import Role
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.core.kept import columns, written_out
from ntmtasks.escalations import queries as escalations
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries import waiting as progress
from ntmtasks.progress.queries.updates import Reported, reported_of, waiting_to_pass_on
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import waiting as reports
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Act, WorkState


@dataclass(frozen=True)
class Waiting:
    """What waits for one person, each list the oldest first.

    `pending` is what officers of the own agency did, `reported` by assignment what was said of
    completions, `overdue` are explanations that were asked for and not given in time, `on_their_way`
    difficulties that wait for somebody else.
    """

    pending: Sequence[Assignment]
    completions: Sequence[Assignment]
    refusals: Sequence[Assignment]
    extensions: Sequence[DeadlineExtension]
    explanations: Sequence[ExplanationRequest]
    overdue: Sequence[ExplanationRequest]
    difficulties: Sequence[EscalationRow]
    on_their_way: Sequence[EscalationRow]
    reports: Sequence[Report]
    reported: Mapping[int, Reported]

    def __bool__(self) -> bool:
        return any(
            (
                self.pending,
                self.completions,
                self.refusals,
                self.extensions,
                self.explanations,
                self.overdue,
                self.difficulties,
                self.reports,
            )
        )


def waiting(user: User) -> Waiting:
    """All that waits for the decision of this person."""
    decides = progress.decides(user)
    pending = waiting_to_pass_on(user)
    found = progress.waiting_for(user) if decides else ()
    return Waiting(
        pending=pending,
        completions=[a for a in found if a.work_state is WorkState.SUBMITTED],
        refusals=[a for a in found if a.work_state is WorkState.REFUSED],
        extensions=progress.extensions_for(user) if decides else (),
        explanations=progress.explanations_for(user) if decides else (),
        overdue=progress.unanswered(user, clock.today()) if decides else (),
        difficulties=escalations.waiting_for(user),
        on_their_way=escalations.on_their_way(user),
        reports=reports.waiting_for(user) if decides else (),
        reported=reported_on([*pending, *found]),
    )


def reported_on(found: Sequence[Assignment]) -> Mapping[int, Reported]:
    """By assignment what was reported, of those whose completion somebody has to decide on."""
    return reported_of([a.id for a in found if is_completion(a)])


def is_completion(assignment: Assignment) -> bool:
    """Whether a reported completion waits, of the agency or of its officer."""
    if assignment.pending_act is not None:
        return assignment.pending_act is Act.SUBMIT
    return assignment.work_state is WorkState.SUBMITTED


def count(user: User) -> int:
    """How many things wait for the decision of this person, in one query."""
    query = _counts(db.engine.dialect.name, user.role, user.stands_in)
    (counts,) = columns(query, asked_by(user))
    return sum(counts)


@cache  # every page asks, and building the query takes longer than running it
def _counts(_database: str, role: Role, stands_in: bool) -> TypedReturnsRows[*tuple[int, ...]]:
    asker = AnyAsker(role, stands_in)
    counts = [*progress.counts_for(asker), escalations.count_for(asker)]
    if progress.decides(asker):
        counts.append(reports.count_for(asker))
    return written_out(select(*counts))
