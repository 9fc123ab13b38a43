"""Making issued work concrete, continuous or recurring."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ntmtasks.accounts.models import User
from ntmtasks.core.db import check_version, transaction
from ntmtasks.core.formats import day
from ntmtasks.history import service as history
from ntmtasks.tasks.labels import KINDS
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import DeadlineBasis, Ending, Phase, TaskKind, WorkState, WrongState
from ntmtasks.tasks.service.endings import end
from ntmtasks.tasks.service.spans import write_spans
from ntmtasks.tasks.service.telling import tell_concerned


@dataclass(frozen=True)
class Habit:
    """How work comes: concrete work until a `deadline`, recurring work in a `recurrence` whose days are
    told by `words`."""

    kind: TaskKind
    deadline: date | None = None
    recurrence: Sequence[str] = ()
    words: str = ""


def change_kind(
    actor: User, task: Task, habit: Habit, reason: str, version: int | None = None
) -> None:
    """Give a task under way another kind, rhythm or deadline, for a reason.

    Only concrete work has a deadline; the original ones stay beside it. Whom it concerns is told.
    Raises WrongState, ChangedMeanwhile.
    """
    with transaction():
        check_version(task, version)
        if task.phase is not Phase.ISSUED:
            raise WrongState(task.phase)
        before = _shown(task)
        task.kind, task.recurrence = habit.kind, list(habit.recurrence)
        task.deadline = habit.deadline if habit.kind is TaskKind.CONCRETE else None
        task.deadline_basis, task.deadline_note = DeadlineBasis.BY_HAND, habit.words
        open_ones = [a for a in task.assignments if a.work_state is not WorkState.DONE]
        for assignment in open_ones:  # what was done in time stays so
            assignment.deadline = task.deadline
            assignment.original_deadline = assignment.original_deadline or task.deadline
        write_spans(*task.assignments)
        if task.kind is not TaskKind.CONCRETE:
            end(actor, task.assignments, Ending.ROUTINE)
        after = _shown(task) | {"Lý do": reason}
        history.record(actor, "task", task.id, "task.kind", before, after)
        when = f"hạn {day(task.deadline)}" if task.deadline else habit.words
        line = f"Nay là: {KINDS[task.kind].lower()}{f', {when}' if when else ''} ({reason}):"
        subject = "Đổi loại việc, lịch thực hiện"
        tell_concerned(actor, "deadline", [(a, subject, line) for a in open_ones])


def _shown(task: Task) -> dict[str, str]:
    return {
        "Loại việc": KINDS[task.kind],
        "Thời hạn": day(task.deadline),
        "Lịch": task.deadline_note or task.deadline_text,
    }
