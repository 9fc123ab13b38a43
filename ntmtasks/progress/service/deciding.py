"""Confirming and returning what was reported as complete."""

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import recipient_book
from ntmtasks.core.db import transaction
from ntmtasks.core.formats import shorten
from ntmtasks.history import service as history
from ntmtasks.outbox import service as outbox
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.rights import may_decide
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from ntmtasks.tasks.service import changes


class NotYours(Exception):
    """One may not decide what the own agency submitted, or what another one decides."""


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
