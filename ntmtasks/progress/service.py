"""Posting progress and comments, confirming and returning."""

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import has_focal_point, recipient_book
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import shorten
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.progress.models import Comment, ProgressUpdate
from ntmtasks.progress.queries import person, work
from ntmtasks.progress.rules import completion_counts, may_decide
from ntmtasks.tasks.labels import STATES
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import WorkState, check_transition
from ntmtasks.tasks.service import changes


class NotYours(Exception):
    """One may not decide what the own agency submitted, or what another one decides."""


def post_progress(
    actor: User,
    assignment: Assignment,
    state: WorkState,
    percent: int,
    body: str,
    form_token: str | None = None,
) -> None:
    """Report progress (0–100 percent) or completion; raises WrongState.

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
        db.session.add(
            ProgressUpdate(
                assignment_id=assignment.id,
                author_id=actor.id,
                state=state,
                percent=assignment.percent,
                body=body,
                waits=waits,
                made_at=clock.now(),
            )
        )
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


def confirm(actor: User, assignment: Assignment) -> None:
    """Accept a reported completion. On time is judged by its submission day, not by today."""
    with transaction():
        _check_decider(actor, assignment)
        changes.change_state(assignment, WorkState.DONE)
        _tell(assignment, "confirmed", "Đã xác nhận hoàn thành")
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.confirm",
            after={"Cơ quan": assignment.agency.short_name},
        )


def return_for_rework(actor: User, assignment: Assignment, reason: str) -> None:
    """Send a reported completion back with a reason; it counts as not done."""
    with transaction():
        _check_decider(actor, assignment)
        assignment.submitted_at = None
        assignment.submitted_by = None
        changes.change_state(assignment, WorkState.RETURNED)
        _tell(assignment, "returned", f"Trả lại: {reason}")
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.return",
            after={"Cơ quan": assignment.agency.short_name, "Lý do": reason},
        )


def _check_decider(actor: User, assignment: Assignment) -> None:
    if not may_decide(person(actor), work(assignment)):
        raise NotYours


def _tell(assignment: Assignment, kind: str, what: str) -> None:
    task = assignment.task
    for recipient in recipient_book().of(assignment.agency_id, assignment.officer_id):
        if recipient.user_id is not None and not recipient.note:
            outbox.notify(
                recipient.user_id,
                kind,
                f"{what.partition(':')[0]} – mục {task.path}",
                f"{what}. {shorten(task.text)}",
                f"/tasks/{task.id}",
            )
