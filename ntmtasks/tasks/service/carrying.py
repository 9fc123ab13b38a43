"""Work that had begun elsewhere, before it came here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import transaction
from ntmtasks.core.formats import day
from ntmtasks.history import service as history
from ntmtasks.tasks.labels import STATES
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState, WrongState
from ntmtasks.tasks.service.spans import write_spans


@dataclass(frozen=True)
class Begun:
    """How far an assignment was: state, percent, moment of submission if any."""

    assignment: Assignment
    state: WorkState
    percent: int
    submitted_at: datetime | None


def carry_over(actor: User, work: Sequence[Begun], source: str) -> None:
    """Give work just issued the state it had reached; `source` is the file that says so.

    It is no step of rules.TRANSITIONS: nobody here reported or confirmed it. Raises rules.WrongState
    for work that has begun here.
    """
    with transaction():
        for each in work:
            before = each.assignment.work_state
            if before is not WorkState.ASSIGNED:
                raise WrongState(before, each.state)
            each.assignment.work_state = each.state
            each.assignment.percent = each.percent
            each.assignment.submitted_at = each.submitted_at
            after = {
                "Trạng thái": STATES[each.state],
                "Tiến độ": f"{each.percent} %",
                "Theo": source,
            }
            if each.submitted_at is not None:
                after["Ngày hoàn thành"] = day(clock.local(each.submitted_at).date())
            history.record(
                actor,
                "task",
                each.assignment.task_id,
                "task.carry_over",
                {"Trạng thái": STATES[before]},
                after,
            )
        write_spans(*(each.assignment for each in work))
