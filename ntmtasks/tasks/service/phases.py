"""Pausing, cancelling and reopening whole tasks."""

from ntmtasks.accounts.models import User
from ntmtasks.core.db import check_version, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.tasks.labels import PHASE_ACTS, PHASES
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import PHASE_CHANGES, Ending, Phase, WrongState
from ntmtasks.tasks.service.changes import hear
from ntmtasks.tasks.service.endings import end
from ntmtasks.tasks.service.spans import write_spans
from ntmtasks.tasks.service.telling import tell_concerned

VERBS = {
    Phase.PAUSED: "task.pause",
    Phase.CANCELLED: "task.cancel",
    Phase.ISSUED: "task.resume",
}


def change_phase(
    actor: User,
    task: Task,
    phase: Phase,
    reason: str,
    version: int | None = None,
    form_token: str | None = None,
) -> None:
    """Pause (Tạm dừng), cancel (Hủy) or reopen (Mở lại) a task for a reason; its agencies are told.

    Paused and cancelled tasks are not counted. Raises WrongState, ChangedMeanwhile.
    """
    with transaction():
        if not use_once(form_token):
            return
        check_version(task, version)
        if task.phase not in PHASE_CHANGES[phase]:
            raise WrongState(task.phase, phase)
        before = {"Nhiệm vụ": PHASES[task.phase]}
        task.phase = phase
        if phase is Phase.ISSUED:
            hear(*task.assignments)
        write_spans(*task.assignments)
        if phase is Phase.CANCELLED:
            end(actor, task.assignments, Ending.CANCELLED)
        after = {"Nhiệm vụ": PHASES[phase], "Lý do": reason}
        history.record(actor, "task", task.id, VERBS[phase], before, after)
        what = f"{PHASE_ACTS[phase]} nhiệm vụ"
        news = [(assignment, what, f"{what}: {reason}.") for assignment in task.assignments]
        tell_concerned(actor, VERBS[phase], news)
