"""Handing work to officers: several at once, and all of somebody who leaves."""

from collections.abc import Iterable

from ntmtasks.accounts import service as accounts
from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import check_version, transaction
from ntmtasks.core.forms import use_once
from ntmtasks.history import service as history
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.loading import open_of_officer
from ntmtasks.tasks.service.changes import hand_to
from ntmtasks.tasks.service.telling import tell_office


def hand_over(
    actor: User,
    picked: Iterable[tuple[Assignment, int]],
    officer: User | None,
    form_token: str | None = None,
) -> int:
    """Put `officer`, or nobody, in charge of work that was seen at the versions beside it, all or
    nothing; how many changed hands. Raises ChangedMeanwhile."""
    with transaction():
        if not use_once(form_token):
            return 0
        moved = 0
        for assignment, version in picked:
            check_version(assignment, version)
            if assignment.officer is not officer:
                hand_to(actor, assignment, officer)
                moved += 1
        return moved


def leave(actor: User, person: User, to: User | None) -> int:
    """Lock a person who leaves and hand all open work to another one or to nobody, in one step; how
    many assignments changed hands."""
    with transaction():
        accounts.lock(actor, person)
        work = open_of_officer(person.id)
        for assignment in work:
            hand_to(actor, assignment, to)
        after = {"Số việc": str(len(work)), "Người nhận": to.name if to else "chưa giao cho ai"}
        history.record(actor, "user", person.id, "user.hand_over", after=after)
        return len(work)


def leave_behind(actor: User, person: User, left: Agency) -> None:
    """Give the open work of a person who moved back to the agency that was left, in charge of nobody;
    who speaks there is told."""
    work = [a for a in open_of_officer(person.id) if a.agency_id == left.id]
    if not work:
        return
    with transaction():
        for assignment in work:
            hand_to(actor, assignment, None)
        after = {"Cơ quan": left.short_name, "Số việc": str(len(work))}
        history.record(actor, "user", person.id, "user.left_work", after=after)
        tell_office(
            left.id,
            None,
            "handed",
            f"{len(work)} việc chưa giao cho ai",
            f"{person.name} đã chuyển sang {person.agency.name}; hãy giao việc cho người khác.",
            "/agency-work/",
        )


accounts.when_moved(leave_behind)
