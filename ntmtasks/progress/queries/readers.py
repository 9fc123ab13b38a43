"""Who may read a task, and who of them may be named in a comment."""

from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import (
    ColumnElement,
    and_,
    exists,
    or_,
    select,
)
from sqlalchemy.orm import contains_eager, selectinload

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import Asker
from ntmtasks.accounts.rules import PERMISSIONS
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.progress.rules.mentions import Named
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import UNISSUED

_READ_ALL = [role for role, may in PERMISSIONS.items() if Permission.READ_ALL in may]


def may_read(user: Asker, task: Task) -> bool:
    """Everything for those who read everything, else tasks in which the own agency has a role; work of
    the coordinating office for who stands in for the leader. The task's agencies are loaded."""
    may = PERMISSIONS[user.role]
    if task.phase in UNISSUED and Permission.COORDINATE not in may:
        return False
    if Permission.READ_ALL in may:
        return True
    if user.stands_in and any(a.agency.kind is AgencyKind.OFFICE for a in task.assignments):
        return True
    return any(a.agency_id == user.agency_id for a in task.assignments)


def readable(user: User) -> ColumnElement[bool]:
    """`may_read` of issued work, as a condition on Task."""
    if user.can(Permission.READ_ALL):
        return Task.phase.not_in(UNISSUED)
    agencies = Assignment.agency_id == user.agency_id
    if user.stands_in:
        office = select(Agency.id).where(Agency.kind == AgencyKind.OFFICE)
        agencies = or_(agencies, Assignment.agency_id.in_(office))
    part = exists().where(Assignment.task_id == Task.id, agencies)
    return and_(Task.phase.not_in(UNISSUED), part)


def readers(task: Task) -> Sequence[User]:
    """Everybody who may sign in and read a task, by agency in protocol order and by name, their agencies
    with all names loaded."""
    own = {a.agency_id for a in task.assignments}
    found = db.session.scalars(
        select(User)
        .join(User.agency)
        .where(
            User.locked_at.is_(None),
            or_(
                User.agency_id.in_(own),
                User.role.in_(_READ_ALL),
                User.stands_in_until >= clock.today(),
            ),
        )
        .order_by(Agency.position, Agency.id, User.name, User.id)
        .options(contains_eager(User.agency).selectinload(Agency.aliases))
    )
    return [user for user in found if may_read(user, task)]


def mentionable(task: Task) -> list[Named]:
    """Whom a comment on a task may mention: its agencies and those of other readers, then the readers.

    Two people of one name are offered by their usernames.
    """
    people = readers(task)
    agencies = {user.agency_id: user.agency for user in people}
    if task.phase not in UNISSUED:
        silent = {a.agency_id for a in task.assignments} - agencies.keys()
        agencies |= {a.id: a for a in _with_names(silent)}
    ordered = sorted(agencies.values(), key=lambda a: (a.position, a.id))
    names = Counter(user.name for user in people)
    return [
        *(
            Named(a.short_name, _names_of(a), a.name, _staff(people, a.id), agency_id=a.id)
            for a in ordered
        ),
        *(
            Named(
                user.name if names[user.name] == 1 else user.username,
                (user.name, user.username),
                f"{user.name}, {user.agency.short_name}",
                (user.id,),
            )
            for user in people
        ),
    ]


def _staff(people: Iterable[User], agency_id: int) -> tuple[int, ...]:
    """The readers of an agency who take part in the work."""
    return tuple(u.id for u in people if u.agency_id == agency_id and may_comment(u))


def may_comment(user: User) -> bool:
    """Whether somebody writes about the tasks that he may read, and does not only read them."""
    return user.can(Permission.UPDATE_OWN) or user.can(Permission.COMMENT_ALL)


def _with_names(agency_ids: Iterable[int]) -> Sequence[Agency]:
    """Agencies in which nobody signs in."""
    return db.session.scalars(
        select(Agency).where(Agency.id.in_(list(agency_ids))).options(selectinload(Agency.aliases))
    ).all()


def _names_of(agency: Agency) -> tuple[str, ...]:
    return (agency.short_name, agency.name, *(alias.name for alias in agency.aliases))
