"""*Chờ tôi quyết định*: what waits for one person, out of all rooms."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.escalations import queries as escalations
from ntmtasks.escalations.queries import EscalationRow
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries import waiting as progress
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState


@dataclass(frozen=True)
class Waiting:
    """What waits for one person, each list the oldest first; `overdue` are explanations that were
    asked for and not given in time."""

    completions: Sequence[Assignment]
    refusals: Sequence[Assignment]
    extensions: Sequence[DeadlineExtension]
    explanations: Sequence[ExplanationRequest]
    overdue: Sequence[ExplanationRequest]
    difficulties: Sequence[EscalationRow]

    def __bool__(self) -> bool:
        return any(vars(self).values())


def waiting(user: User) -> Waiting:
    """All that waits for the decision of this person."""
    reported = progress.waiting_for(user)
    return Waiting(
        [a for a in reported if a.work_state is WorkState.SUBMITTED],
        [a for a in reported if a.work_state is WorkState.REFUSED],
        progress.extensions_for(user),
        progress.explanations_for(user),
        progress.unanswered(user, clock.today()),
        escalations.waiting_for(user),
    )


def count(user: User) -> int:
    """How many things wait for the decision of this person, in one query."""
    parts = [*progress.counts_for(user), escalations.count_for(user)]
    return sum(db.session.execute(select(*parts)).one())
