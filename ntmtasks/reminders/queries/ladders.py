"""The ladders as the office has set them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from ntmtasks.core.db import db
from ntmtasks.reminders.models import ReminderRule
from ntmtasks.reminders.rules import QUIET, RUNGS, Ladder, Ladders, Rungs


@dataclass(frozen=True)
class Rule:
    """A ladder as the office has it: its days, whether these differ from the defaults, the version to
    change (0 = never changed), and since when it pauses by whose hand."""

    ladder: Ladder
    rungs: Rungs
    is_own: bool
    version: int
    paused_at: datetime | None
    paused_by: str


def rules() -> Sequence[Rule]:
    """All ladders, in their order."""
    stored = {row.ladder: row for row in db.session.scalars(select(ReminderRule))}
    return [_rule(ladder, stored.get(ladder)) for ladder in Ladder]


def rule(ladder: Ladder) -> Rule:
    """One ladder as it is now in the database."""
    asked = select(ReminderRule).where(ReminderRule.ladder == ladder)
    row = db.session.scalar(asked.execution_options(populate_existing=True))
    return _rule(ladder, row)


def ladders_now() -> Ladders:
    """What holds for the next mails; nobody is reminded by a ladder that pauses."""
    return {rule.ladder: QUIET if rule.paused_at else rule.rungs for rule in rules()}


def rungs_of(row: ReminderRule) -> Rungs:
    """The days that a row holds."""
    return Rungs(tuple(row.before), tuple(row.after), row.step, row.in_working_days)


def _rule(ladder: Ladder, row: ReminderRule | None) -> Rule:
    if row is None:
        return Rule(ladder, RUNGS[ladder], False, 0, None, "")
    rungs = rungs_of(row)
    is_own = rungs != RUNGS[ladder]
    return Rule(ladder, rungs, is_own, row.version, row.paused_at, row.paused_by)
