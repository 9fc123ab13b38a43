"""*Chờ tôi quyết định*: what waits for one person, out of all rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, select

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import AnyAsker, asked_by
from ntmtasks.accounts.rules import Role
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
    counts = db.session.execute(_counts(user.role, user.stands_in), asked_by(user)).one()
    return sum(counts)


@cache  # every page asks, and building the query takes longer than running it
def _counts(role: Role, stands_in: bool) -> Select[*tuple[int, ...]]:
    asker = AnyAsker(role, stands_in)
    return select(*progress.counts_for(asker), escalations.count_for(asker))
