"""Pushing (đôn đốc): a person's act, logged, that mails the people concerned."""

from collections.abc import Sequence

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import RecipientBook, recipient_book
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.formats import day
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.outbox.rules import URGING
from ntmtasks.progress.labels import DEFAULT_URGING
from ntmtasks.progress.models.guidance import Urging
from ntmtasks.progress.queries.guidance import urged_today
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import may_guide
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.progress.service.telling import tell
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import OPEN_STATES, WrongState
from ntmtasks.tasks.service.holding import hold


class AlreadyUrged(Exception):
    """Some were urged today already, and nobody has said that they shall be once more."""

    def __init__(self, urgings: Sequence[Urging]) -> None:
        super().__init__()
        self.urgings = urgings


def urge(
    actor: User,
    assignments: Sequence[Assignment],
    body: str = "",
    again: bool = False,
    form_token: str | None = None,
    book: RecipientBook | None = None,
) -> list[Assignment]:
    """Push these assignments, with a fair text where `body` is empty; all or none. `book` is that of an
    act on many.

    Gives back those whose agency has nobody to mail. Raises NotYours, WrongState where work is not
    open, and AlreadyUrged where some were urged today, unless `again`.
    """
    with transaction():
        if not use_once(form_token):
            return []
        hold(*assignments)
        for assignment in assignments:
            if not may_guide(person(actor), work(assignment)):
                raise NotYours
            if assignment.work_state not in OPEN_STATES:
                raise WrongState(assignment.work_state, assignment.work_state)
        if not again and (before := urged_today([a.id for a in assignments])):
            raise AlreadyUrged(before)
        book = book or recipient_book()
        unreached = []
        for assignment in assignments:
            urging = _note(actor, assignment, body or DEFAULT_URGING)
            when = f" (hạn {day(assignment.deadline)})" if assignment.deadline else ""
            what = f"{actor.name} đôn đốc{when}: {urging.body}"
            if not tell(book, actor, assignment, URGING, what):
                unreached.append(assignment)
        return unreached


def _note(actor: User, assignment: Assignment, body: str) -> Urging:
    urging = Urging(assignment_id=assignment.id, author_id=actor.id, body=body, made_at=clock.now())
    db.session.add(urging)
    db.session.flush()
    history.record(
        actor,
        "task",
        assignment.task_id,
        "task.urge",
        after={"Cơ quan": assignment.agency.short_name, "Nội dung": body},
    )
    return urging
