"""Posting progress and comments."""

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import has_focal_point
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.queries.updates import person
from ntmtasks.progress.rules.evidence import NO_EVIDENCE, NewEvidence
from ntmtasks.progress.rules.rights import completion_counts
from ntmtasks.progress.service.evidence import attach
from ntmtasks.tasks.labels import STATES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import WorkState, check_transition
from ntmtasks.tasks.service import changes


def post_progress(
    actor: User,
    assignment: Assignment,
    state: WorkState,
    percent: int,
    body: str,
    form_token: str | None = None,
    proof: NewEvidence = NO_EVIDENCE,
) -> None:
    """Report progress (0–100 percent) or completion, with its evidence; raises WrongState.

    The completion of an officer waits for the focal point where the agency has one: the work stays
    in progress and carries the mark *chờ đầu mối* with the officer's day.
    """
    with transaction():
        if not use_once(form_token):
            return
        before = assignment.work_state
        check_transition(before, state)
        waits = state is WorkState.SUBMITTED and not completion_counts(
            person(actor), has_focal_point(assignment.agency_id)
        )
        reached = WorkState.IN_PROGRESS if waits else state
        assignment.percent = 100 if state is WorkState.SUBMITTED else percent
        assignment.pending_since = clock.now() if waits else None
        if reached is WorkState.SUBMITTED:
            assignment.submitted_at = clock.now()
            assignment.submitted_by = actor
        if reached is before:
            changes.touch(assignment)
        else:
            changes.change_state(assignment, reached)
        update = ProgressUpdate(
            assignment_id=assignment.id,
            author_id=actor.id,
            state=state,
            percent=assignment.percent,
            body=body,
            waits=waits,
            made_at=clock.now(),
        )
        db.session.add(update)
        attach(actor, assignment, proof, update)
        verb = "task.pend" if waits else "task.submit"
        history.record(
            actor,
            "task",
            assignment.task_id,
            verb if state is WorkState.SUBMITTED else "task.progress",
            {"Trạng thái": STATES[before]},
            {"Trạng thái": STATES[reached], "Tiến độ": f"{assignment.percent} %"},
        )


def post_comment(actor: User, task: Task, body: str, form_token: str | None = None) -> None:
    """Add a comment for everybody who may read the task."""
    with transaction():
        if not use_once(form_token):
            return
        db.session.add(Comment(task_id=task.id, author_id=actor.id, body=body, made_at=clock.now()))
        task.updated_at = clock.now()
        history.record(actor, "task", task.id, "task.comment")
