"""Putting evidence on a task and taking it back."""

from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.files import service as files
from ntmtasks.files.models import StoredFile
from ntmtasks.history import service as history
from ntmtasks.history.service import Guest
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.queries.evidence import last_number
from ntmtasks.progress.rules.evidence import NewEvidence, NewFile
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.service import changes
from ntmtasks.tasks.service.holding import hold


def attach(
    actor: User | Guest,
    assignment: Assignment,
    new: NewEvidence,
    update: ProgressUpdate | None = None,
    form_token: str | None = None,
) -> None:
    """Put files, or a paper without a scan, on a task for an assignment, together with the progress that
    they prove, if any."""
    with transaction():
        if not use_once(form_token) or not new:
            return
        hold(assignment)  # before its task
        # Two people who attach at once wait for each other, so that numbers stay apart; what only refers
        # to the task, like a comment, is not waited for.
        db.session.execute(
            select(Task.id).where(Task.id == assignment.task_id).with_for_update(key_share=True)
        ).all()
        number = last_number(assignment.task_id)
        author = None if isinstance(actor, Guest) else actor
        for each in new.files or (None,):
            number += 1
            db.session.add(
                Evidence(
                    task_id=assignment.task_id,
                    number=number,
                    assignment=assignment,
                    update=update,
                    file=_stored(author, each) if each else None,
                    document=new.document,
                    document_date=new.document_date,
                    author=author,
                    made_at=clock.now(),
                )
            )
        db.session.flush()
        changes.touch(assignment)
        history.record(
            actor,
            "task",
            assignment.task_id,
            "task.evidence",
            after={
                "Minh chứng": ", ".join(new.names),
                "Cơ quan": assignment.agency.short_name,
            },
        )


def _stored(author: User | None, new: NewFile) -> StoredFile:
    return files.store(author, new.name, new.content, new.content_type)


def withdraw(actor: User, piece: Evidence, reason: str) -> None:
    """Take evidence back: nobody gets it any more but the coordinator, who keeps the record."""
    with transaction():
        if piece.withdrawn_at is not None:
            return
        piece.withdrawn_at = clock.now()
        piece.withdrawn_by = actor
        piece.withdrawn_reason = reason
        changes.touch(piece.assignment)
        history.record(
            actor,
            "task",
            piece.task_id,
            "task.evidence_withdraw",
            after={"Minh chứng": piece.title, "Lý do": reason or "–"},
        )
