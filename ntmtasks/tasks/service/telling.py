"""Telling people what became of their work."""

from collections.abc import Iterable

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import Recipient, RecipientBook, recipient_book
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
        f"{subject} – {_where(assignment.task)}",
        f"{line} {shorten(assignment.task.text)}",
        url or f"/tasks/{assignment.task_id}",
    )


def tell_concerned(
    actor: User,
    kind: str,
    news: Iterable[tuple[Assignment, str, str]],
    book: RecipientBook | None = None,
    url: str = "",
) -> None:
    """Tell everybody whom the assignments of one act concern, but for who did it, each person once;
    `news` has subject and line of each, `book` is that of an act on many, `url` is a path of this site,
    the task's by default."""
    news, told = list(news), {actor.id}
    book = book or recipient_book(agencies={each.agency_id for each, _, _ in news})
    for each, subject, line in news:
        for recipient in book.concerned(each.agency_id, each.officer_id):
            if recipient.user_id not in told:
                _tell(
                    recipient,
                    kind,
                    f"{subject} – {_where(each.task)}",
                    f"{line} {shorten(each.task.text)}",
                    url or f"/tasks/{each.task_id}",
                )
            if recipient.user_id is not None:
                told.add(recipient.user_id)


def tell_office(
    agency_id: int,
    officer_id: int | None,
    kind: str,
    subject: str,
    line: str,
    url: str,
) -> None:
    """Tell who receives what concerns an agency: its people by notices, else its mailbox; `url` is a
    path of this site."""
    for recipient in recipient_book(agencies=[agency_id]).concerned(agency_id, officer_id):
        _tell(recipient, kind, subject, line, url)


def _tell(recipient: Recipient, kind: str, subject: str, line: str, url: str) -> None:
    if recipient.user_id is not None:
        outbox.notify(recipient.user_id, kind, subject, line, url)
        return
    outbox.write_to_office(recipient.address, recipient.name, kind, subject, line, url)


def tell(
    user_ids: Iterable[int], task: Task, kind: str, subject: str, line: str, place: str = ""
) -> None:
    """Tell these people something about a task; `place` is the id of an element on its page."""
    outbox.notify_all(
        sorted(set(user_ids)),
        kind,
        f"{subject} – {_where(task)}",
        f"{line} {shorten(task.text)}",
        f"/tasks/{task.id}#{place}" if place else f"/tasks/{task.id}",
    )


def _where(task: Task) -> str:
    return f"mục {task.path}" if task.path else "nhiệm vụ bổ sung"
