"""Telling the people of an agency what happened to their work."""

from collections.abc import Iterable

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import deciders
from ntmtasks.accounts.queries.recipients import Recipient, RecipientBook
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.formats import shorten
from ntmtasks.outbox import service as outbox
from ntmtasks.tasks.models import Assignment


def tell(
    book: RecipientBook,
    actor: User,
    assignment: Assignment,
    kind: str,
    what: str,
    also: int | None = None,
) -> bool:
    """Tell the officer in charge and the agency's focal points, `also` one more person; where nobody
    signs in, the agency's mailbox.

    `what` is one sentence. False when the agency has neither people nor a mailbox.
    """
    found = book.concerned(assignment.agency_id, assignment.officer_id)
    write_to_offices(found, actor, assignment, kind, what)
    people = {r.user_id for r in found} | {also}
    tell_people(people - {actor.id, None}, assignment, kind, what)
    return bool(found)


def write_to_offices(
    found: Iterable[Recipient],
    actor: User,
    assignment: Assignment,
    kind: str,
    what: str,
    please: str = "Xin trả lời",
) -> None:
    """Mail to those of the recipients that are mailboxes; `what` as in `tell`, `please` what to do, with
    `actor` as the one to turn to."""
    for office in (r for r in found if r.user_id is None):
        reply = f"{please} {actor.name}{f', điện thoại {actor.phone}' if actor.phone else ''}."
        outbox.write_to_office(
            office.address,
            office.name,
            kind,
            _subject(assignment, what),
            f"{_line(assignment, what)} {reply}",
            f"/tasks/{assignment.task_id}",
        )


def tell_deciders(actor: User, assignment: Assignment, kind: str, what: str) -> None:
    """Tell who decides on this work; nobody about what they asked themselves."""
    ids = deciders(assignment.agency.kind is AgencyKind.OFFICE)
    tell_people(set(ids) - {actor.id}, assignment, kind, what)


def tell_people(
    user_ids: Iterable[int | None], assignment: Assignment, kind: str, what: str, url: str = ""
) -> None:
    """A notice about an assignment for each of these people, with the beginning of its clause; `url` is
    a path of this site, the task's by default."""
    subject, line = _subject(assignment, what), _line(assignment, what)
    people = [user_id for user_id in user_ids if user_id is not None]
    outbox.notify_all(people, kind, subject, line, url or f"/tasks/{assignment.task_id}")


def _subject(assignment: Assignment, what: str) -> str:
    path = assignment.task.path
    return shorten(f"Mục {path}: {what}" if path else f"Nhiệm vụ bổ sung: {what}")


def _line(assignment: Assignment, what: str) -> str:
    return f"{what} {shorten(assignment.task.text)}"
