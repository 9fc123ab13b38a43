"""Reading progress, comments, and what waits for a decision."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import ColumnElement, ScalarSelect, Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.people import Asker
from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.core.kept import objects
from ntmtasks.history.queries import NEWEST
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import SPEAKERS, Phase, WorkState


def person(user: User) -> Person:
    """A user as the rules see one."""
    return Person(user.id, user.role, user.agency_id, user.stands_in)


def work(assignment: Assignment) -> Work:
    """An assignment (its agency loaded) as the rules see one."""
    return Work(
        assignment.agency_id,
        assignment.agency.kind,
        assignment.officer_id,
        assignment.submitted_by_id,
        assignment.entered_by_id,
        assignment.submitted_guest != "",
    )


def progress_of(
    task_id: int, most: int | None = NEWEST, has_files: bool = True
) -> Sequence[ProgressUpdate]:
    """Progress on a task that is loaded with its assignments, the newest first, at most `most` (None =
    all). Where it is known that no files came with any, they are not looked for."""
    found = db.session.scalars(_updates(most, has_files), {"task_id": task_id}).all()
    if not has_files:
        for each in found:
            set_committed_value(each, "evidence", [])
    return found


@cache
def _updates(most: int | None, has_files: bool) -> Select[ProgressUpdate]:
    files = selectinload(ProgressUpdate.evidence).joinedload(Evidence.file)
    return (
        select(ProgressUpdate)
        .join(ProgressUpdate.assignment)
        .where(Assignment.task_id == bindparam("task_id"))
        .order_by(ProgressUpdate.id.desc())
        .limit(most)
        .options(joinedload(ProgressUpdate.author), *[files] * has_files)
    )


def newest(assignment_id: int) -> ProgressUpdate | None:
    """The last progress of one agency, with its author."""
    return db.session.scalar(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == assignment_id)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
        .options(joinedload(ProgressUpdate.author))
    )


def newest_of(assignment_ids: Collection[int]) -> dict[int, ProgressUpdate]:
    """The last progress of each of these assignments that has any, with its author."""
    if not assignment_ids:
        return {}
    last = (
        select(func.max(ProgressUpdate.id))
        .where(ProgressUpdate.assignment_id.in_(assignment_ids))
        .group_by(ProgressUpdate.assignment_id)
    )
    rows = db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.id.in_(last))
        .options(joinedload(ProgressUpdate.author))
    )
    return {each.assignment_id: each for each in rows}


@dataclass(frozen=True)
class Reported:
    """A reported completion as whoever decides on it needs it: its words, and the files that came with
    it or after it and were not withdrawn."""

    update: ProgressUpdate
    files: Sequence[Evidence]


def reported_of(assignment_ids: Collection[int]) -> dict[int, Reported]:
    """The last reported completion of each of these assignments that has any, in two queries."""
    if not assignment_ids:
        return {}
    completions = db.session.scalars(
        select(ProgressUpdate)
        .where(
            ProgressUpdate.assignment_id.in_(assignment_ids),
            ProgressUpdate.state == WorkState.SUBMITTED,
        )
        .order_by(ProgressUpdate.id)
        .options(joinedload(ProgressUpdate.author))
    )
    last: dict[int, ProgressUpdate] = {}
    since: dict[int, ProgressUpdate] = {}
    for each in completions:
        before = last.get(each.assignment_id)
        # What a focal point passed on repeats the officer's words; the files came with those.
        is_passed = before is not None and before.waits and each.body.endswith(before.body)
        since[each.assignment_id] = before if before is not None and is_passed else each
        last[each.assignment_id] = each
    files = _files_since(since)
    return {i: Reported(update, files.get(i, ())) for i, update in last.items()}


def _files_since(since: dict[int, ProgressUpdate]) -> dict[int, list[Evidence]]:
    """By assignment the files that came with that update or after it."""
    rows = db.session.scalars(
        select(Evidence)
        .where(Evidence.assignment_id.in_(since), Evidence.withdrawn_at.is_(None))
        .order_by(Evidence.task_id, Evidence.number)
        .options(joinedload(Evidence.file))
    )
    files: dict[int, list[Evidence]] = {}
    for each in rows:
        first = since[each.assignment_id]
        if each.made_at >= first.made_at if each.update_id is None else each.update_id >= first.id:
            files.setdefault(each.assignment_id, []).append(each)
    return files


def waiting_report(assignment_id: int, officer_id: int | None) -> ProgressUpdate | None:
    """What an officer, or a guest (None), last reported for the focal point to pass on."""
    return db.session.scalar(
        select(ProgressUpdate)
        .where(
            ProgressUpdate.assignment_id == assignment_id,
            ProgressUpdate.author_id == officer_id,
            ProgressUpdate.waits,
        )
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    )


def comments_of(task_id: int, most: int | None = NEWEST) -> Sequence[Comment]:
    """Comments on a task, the newest first, at most `most` (None = all)."""
    found = objects(_comments(most), {"task_id": task_id})
    for comment, author, agency in found:
        set_committed_value(comment, "author", author)
        set_committed_value(author, "agency", agency)
    return [comment for comment, _, _ in found]


def comment(comment_id: int) -> Comment | None:
    """One comment with its author."""
    author = joinedload(Comment.author).joinedload(User.agency)
    return db.session.scalar(select(Comment).where(Comment.id == comment_id).options(author))


@cache
def _comments(most: int | None) -> Select[Comment, User, Agency]:
    return (
        select(Comment, User, Agency)
        .join_from(Comment, User, Comment.author_id == User.id)
        .join(Agency, User.agency_id == Agency.id)
        .where(Comment.task_id == bindparam("task_id"))
        .order_by(Comment.id.desc())
        .limit(most)
    )


def waiting_to_pass_on(user: User) -> Sequence[Assignment]:
    """What officers of the own agency did and waits for this person's one press, the oldest first."""
    if user.role not in SPEAKERS:
        return ()
    return db.session.scalars(
        assignment_with_task().where(*_to_pass_on(user)).order_by(Assignment.pending_since)
    ).all()


def count_to_pass_on(user: Asker) -> ScalarSelect[int]:
    """How many of these wait for somebody who speaks for the agency, as a part of a query."""
    number = select(func.count()).select_from(Assignment)
    return number.where(*_to_pass_on(user)).scalar_subquery()


def _to_pass_on(user: Asker) -> tuple[ColumnElement[bool], ...]:
    return (
        Assignment.agency_id == user.agency_id,
        Assignment.pending_act.is_not(None),
        Assignment.task.has(phase=Phase.ISSUED),
    )
