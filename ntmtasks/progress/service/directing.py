"""A leader's directives (ý kiến chỉ đạo) on a task."""

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import recipient_book
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, check_version, db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.queries.updates import person
from ntmtasks.progress.rules.asks import is_editable, may_direct
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.telling import tell
from ntmtasks.tasks.models import Task

KIND = "directive"


class OnRecord(Exception):
    """The time in which a directive can be edited is over."""


def direct(actor: User, task: Task, body: str, form_token: str | None = None) -> None:
    """Pin a directive to a task and tell all its agencies; raises NotYours."""
    with transaction():
        if not use_once(form_token):
            return
        if not may_direct(person(actor)):
            raise NotYours
        directive = Directive(task_id=task.id, author_id=actor.id, body=body, made_at=clock.now())
        db.session.add(directive)
        db.session.flush()
        _tell(actor, task, f"Ý kiến chỉ đạo của {actor.name}: {body}")
        history.record(actor, "task", task.id, "task.directive", after={"Nội dung": body})


def edit(actor: User, directive: Directive, body: str, version: int | None = None) -> None:
    """Change the words within 15 minutes; the agencies are told again. Raises OnRecord, ChangedMeanwhile,
    NotYours."""
    with transaction():
        _check(actor, directive, version)
        if not is_editable(directive.made_at, clock.now()):
            raise OnRecord
        before, directive.body = directive.body, body
        directive.edited_at = clock.now()
        what = f"Ý kiến chỉ đạo của {actor.name} (đã sửa): {body}"
        _tell(actor, directive.task, what)
        history.record(
            actor,
            "task",
            directive.task_id,
            "task.directive.edit",
            {"Nội dung": before},
            {"Nội dung": body},
        )


def withdraw(actor: User, directive: Directive, reason: str, version: int | None = None) -> None:
    """Take a directive back; it stays on record with the reason. Raises ChangedMeanwhile, NotYours."""
    with transaction():
        _check(actor, directive, version)
        directive.withdrawn_at = clock.now()
        directive.withdrawn_reason = reason
        what = f"{actor.name} rút ý kiến chỉ đạo: {reason}"
        _tell(actor, directive.task, what)
        after = {"Nội dung": directive.body, "Lý do": reason}
        history.record(actor, "task", directive.task_id, "task.directive.withdraw", after=after)


def _check(actor: User, directive: Directive, version: int | None) -> None:
    if actor.id != directive.author_id:
        raise NotYours
    check_version(directive, version)
    if directive.withdrawn_at is not None:
        raise ChangedMeanwhile


def _tell(actor: User, task: Task, what: str) -> None:
    book = recipient_book()
    for assignment in task.assignments:
        tell(book, actor, assignment, KIND, what)
