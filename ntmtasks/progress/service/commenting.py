"""Comments (ý kiến) on a task, and who is told of them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import RecipientBook, recipient_book
from ntmtasks.accounts.rules import Role
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.formats import shorten
from ntmtasks.core.forms import use_once
from ntmtasks.core.rows import write_row
from ntmtasks.core.text import search_text
from ntmtasks.history import service as history
from ntmtasks.outbox.rules import COMMENT, MENTION
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries.readers import may_read, mentionable
from ntmtasks.progress.rules.asks import is_editable
from ntmtasks.progress.rules.mentions import Named, find, names_somebody
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.directing import OnRecord
from ntmtasks.progress.service.telling import write_to_offices
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import AssignmentRole, Mode
from ntmtasks.tasks.service.spans import touch_tasks
from ntmtasks.tasks.service.telling import tell

QUOTED = 300  # characters of a comment that a notice repeats


@dataclass
class Told:
    """What came of the mentions in a comment: by their labels who was told now and who has nobody to be
    told, and the words that mean nobody. `people` are the ids of those told."""

    labels: list[str] = field(default_factory=list)
    unreached: list[str] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    people: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class Posted:
    """What came of a comment: its row, None where the same form had been sent before; and who was
    told."""

    comment: Comment | None
    told: Told


def post(actor: User, task: Task, body: str, form_token: str | None = None) -> Posted:
    """Add a comment for everybody who may read the task.

    The mentioned get a notice and a mail, whoever else is concerned sees it at the bell alone.
    """
    with transaction():
        known = mentionable(task) if names_somebody(body) else []
        found = find(body, known)
        if not use_once(form_token):
            return Posted(None, Told(unknown=found.unknown))
        values = {
            "task_id": task.id,
            "author_id": actor.id,
            "body": body,
            "mentions": list(found.words),
            "search_text": search_text(body),
            "made_at": clock.now(),
            "version": 1,
        }
        comment = write_row(Comment, values, author=actor)
        touch_tasks(comment.made_at, task.id)
        told = Told(unknown=found.unknown)
        _tell_mentioned(actor, task, comment, found.named, known, told)
        _tell_concerned(actor, task, comment, told.people | {actor.id})
        history.record(actor, "task", task.id, "task.comment")
        return Posted(comment, told)


def edit(actor: User, comment: Comment, body: str, version: int | None = None) -> Told:
    """Change the words within 15 minutes; who is mentioned only now is told. Raises OnRecord,
    ChangedMeanwhile, NotYours."""
    with transaction():
        _check(actor, comment, version)
        known = mentionable(comment.task)
        before, found = find(comment.body, known), find(body, known)
        words = {"Nội dung": comment.body}, {"Nội dung": body}
        comment.body, comment.mentions = body, list(found.words)
        comment.search_text = search_text(body)
        comment.edited_at = clock.now()
        db.session.flush()
        touch_tasks(comment.edited_at, comment.task_id)
        history.record(actor, "task", comment.task_id, "task.comment.edit", *words)
        new = [who for who in found.named if who not in before.named]
        told = Told(unknown=found.unknown)
        _tell_mentioned(actor, comment.task, comment, new, known, told)
        return told


def withdraw(actor: User, comment: Comment, version: int | None = None) -> None:
    """Take a comment back within 15 minutes: a line of it stays, its words are in the record. Raises
    OnRecord, ChangedMeanwhile, NotYours."""
    with transaction():
        _check(actor, comment, version)
        comment.withdrawn_at = clock.now()
        touch_tasks(comment.withdrawn_at, comment.task_id)
        words = {"Nội dung": comment.body}
        history.record(actor, "task", comment.task_id, "task.comment.withdraw", words)


def _check(actor: User, comment: Comment, version: int | None) -> None:
    if actor.id != comment.author_id:
        raise NotYours
    check_version(comment, version)
    if comment.withdrawn_at is not None:
        raise ChangedMeanwhile
    if not is_editable(comment.made_at, clock.now()):
        raise OnRecord


def _readers(known: Iterable[Named]) -> set[int]:
    return {user_id for who in known for user_id in who.user_ids}


def _tell_mentioned(
    actor: User,
    task: Task,
    comment: Comment,
    named: Collection[Named],
    known: Iterable[Named],
    told: Told,
) -> None:
    """Tell each of the mentioned once, people first, and note in `told` whom that reaches."""
    if not named:
        return
    book = recipient_book(agencies={a.agency_id for a in task.assignments})
    said, reached = shorten(comment.body, QUOTED), set()
    for who in sorted(named, key=lambda who: who.agency_id is not None):
        name = "bạn" if who.agency_id is None else who.label
        what = f"{actor.name} nhắc đến {name}: “{said}”"
        ids, by_letter = set(who.user_ids), False
        parts = [a for a in task.assignments if a.agency_id == who.agency_id]
        if parts:
            found, by_letter = _told_at(book, actor, parts, what)
            ids = found & _readers(known)
        new = ids - told.people - {actor.id}
        _notify(new, task, comment, MENTION, f"Nhắc đến {name} trong ý kiến", what)
        told.people |= new
        if new or by_letter:
            reached.add(who)
        elif not ids:
            told.unreached.append(who.label)
    told.labels = [who.label for who in named if who in reached]


def _told_at(
    book: RecipientBook, actor: User, parts: Iterable[Assignment], what: str
) -> tuple[set[int], bool]:
    """Who is told what concerns these assignments, and whether a mailbox was written to."""
    ids: set[int] = set()
    by_letter = False
    for part in parts:
        found = book.concerned(part.agency_id, part.officer_id)
        write_to_offices(found, actor, part, MENTION, what)
        by_letter = by_letter or any(r.user_id is None for r in found)
        ids |= {r.user_id for r in found if r.user_id is not None}
    return ids, by_letter


def _tell_concerned(actor: User, task: Task, comment: Comment, told: set[int]) -> None:
    """The lead's people, of a task that each does for itself those of the own agency; and the
    coordinators of what an agency writes. Nobody of those who were told, or may not read the task."""
    leads = [a for a in task.assignments if a.role is AssignmentRole.LEAD]
    own = [a for a in leads if a.agency_id == actor.agency_id]
    parts = own if task.mode is Mode.EACH and own else leads
    book = recipient_book(agencies={a.agency_id for a in parts})
    found = (r.user_id for a in parts for r in book.concerned(a.agency_id, a.officer_id))
    ids = {user_id for user_id in found if user_id is not None}
    if actor.role not in (Role.COORDINATOR, Role.CITY_LEADER):
        ids |= book.with_role(Role.COORDINATOR)
    ids = {user_id for user_id in ids - told if may_read(book.known[user_id], task)}
    what = f"{actor.name}: “{shorten(comment.body, QUOTED)}”"
    _notify(ids, task, comment, COMMENT, "Ý kiến mới", what)


def _notify(
    ids: Iterable[int], task: Task, comment: Comment, kind: str, subject: str, what: str
) -> None:
    tell(ids, task, kind, subject, what, place=f"entry-comment-{comment.id}")
