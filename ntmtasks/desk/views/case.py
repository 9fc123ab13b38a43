"""A task before the person who reads it."""

from functools import cached_property

from ntmtasks.accounts.models import User
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.rights import may_update
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import TRANSITIONS, Act, Phase, WorkState


class Case:
    """One task before one person, both as the rules see them: worked out once for all that an answer
    asks of them, and anew after an act."""

    def __init__(self, user: User, task: Task) -> None:
        self.user = user
        self.task = task
        self.person = person(user)
        self.works = [(a, work(a)) for a in task.assignments]
        self.is_issued = task.phase is Phase.ISSUED

    @cached_property
    def own(self) -> list[Assignment]:
        """Those on which the person reports, once the task is under way."""
        return [a for a, about in self.works if may_update(self.person, about)]

    @cached_property
    def reportable(self) -> Assignment | None:
        """The one on which the person may report now, if there is one."""
        return next(filter(_takes_progress, self.own), None) if self.is_issued else None


def _takes_progress(assignment: Assignment) -> bool:
    """Open work, and a completion that others reported for the agency, which may correct it."""
    return assignment.work_state in TRANSITIONS[Act.PROGRESS].before or (
        assignment.is_reported_for and assignment.work_state is WorkState.SUBMITTED
    )
