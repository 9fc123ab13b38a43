"""Telling people what became of their work."""

from collections.abc import Iterable

from ntmtasks.accounts.queries import recipient_book
from ntmtasks.core.formats import shorten
from ntmtasks.outbox import service as outbox
from ntmtasks.tasks.models import Assignment, Task


def tell_agency(assignment: Assignment, kind: str, subject: str, line: str, url: str = "") -> None:
    """Tell who receives what concerns this assignment; the mailbox where nobody signs in. `url` is a
    path of this site, the task's by default."""
    tell_office(
        assignment.agency_id,
        assignment.officer_id,
        kind,
        f"{kind}:{assignment.id}:{assignment.version}",
        f"{subject} – {_where(assignment.task)}",
        f"{line} {shorten(assignment.task.text)}",
        url or f"/tasks/{assignment.task_id}",
    )


def tell_office(
    agency_id: int,
    officer_id: int | None,
    kind: str,
    key: str,
    subject: str,
    line: str,
    url: str,
) -> None:
    """Tell who receives what concerns an agency: its people by notices, else its mailbox by a mail;
    `key` keeps that mail from being made twice, `url` is a path of this site."""
    for recipient in recipient_book().concerned(agency_id, officer_id):
        if recipient.user_id is None:
            outbox.write_to_office(
                f"{key}:{recipient.address}",
                recipient.address,
                recipient.name,
                kind,
                subject,
                line,
                url,
            )
        else:
            outbox.notify(recipient.user_id, kind, subject, line, url)


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
