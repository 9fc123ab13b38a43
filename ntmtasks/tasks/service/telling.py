"""Telling people what became of their work."""

from collections.abc import Iterable

from ntmtasks.accounts.queries import recipient_book
from ntmtasks.core.formats import shorten
from ntmtasks.outbox import service as outbox
from ntmtasks.tasks.models import Assignment, Task


def tell_agency(assignment: Assignment, kind: str, subject: str, line: str) -> None:
    """Tell who receives what concerns this assignment; the mailbox where nobody signs in."""
    address = f"/tasks/{assignment.task_id}"
    told = f"{line} {shorten(assignment.task.text)}"
    subject = f"{subject} – {_where(assignment.task)}"
    for recipient in recipient_book().of(assignment.agency_id, assignment.officer_id):
        if recipient.user_id is None:
            key = f"{kind}:{assignment.id}:{assignment.version}:{recipient.address}"
            outbox.write_to_office(
                key, recipient.address, recipient.name, kind, subject, told, address
            )
        elif not recipient.note:
            outbox.notify(recipient.user_id, kind, subject, told, address)


def tell(user_ids: Iterable[int], task: Task, kind: str, subject: str, line: str) -> None:
    """Tell these people something about a task."""
    for user_id in set(user_ids):
        outbox.notify(
            user_id,
            kind,
            f"{subject} – {_where(task)}",
            f"{line} {shorten(task.text)}",
            f"/tasks/{task.id}",
        )


def _where(task: Task) -> str:
    return f"mục {task.path}" if task.path else "nhiệm vụ bổ sung"
