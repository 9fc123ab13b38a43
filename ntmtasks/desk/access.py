"""The one door to tasks and assignments: the object, or 404 (may not read) or 403 (may not do)."""

from collections.abc import Collection, Sequence

from flask import abort

from ntmtasks.accounts.models import User
from ntmtasks.core import clock
from ntmtasks.core.access import Permission
from ntmtasks.core.db import db
from ntmtasks.desk.models import SavedFilter
from ntmtasks.desk.queries.filters import filter_of
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries import asks, guests, guidance, occurrences, updates
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.progress.queries.readers import may_comment, may_read
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import may_direct, may_grant, may_guide, may_judge
from ntmtasks.progress.rules.guests import may_link, takes_reports
from ntmtasks.progress.rules.rights import may, may_enter, may_pass_on, may_update
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries import loading
from ntmtasks.tasks.queries.loading import assignment_with_task
from ntmtasks.tasks.rules import UNISSUED, Act, Phase


def task_to_read(user: User, task_id: int, papers: bool = True) -> Task:
    """The task with all that its page shows of it, or 404; without `papers` its plan and clauses are
    left out."""
    return _readable(user, loading.task(task_id, papers))


def _readable(user: User, task: Task | None) -> Task:
    if task is None or not may_read(user, task):
        abort(404)
    return task


def tasks_to_read(user: User, task_ids: Collection[int]) -> Sequence[Task]:
    """Tasks in the order of their numbers, or 404 where one of them may not be read; what may be done
    to which of them is said by the verb, so that one does not stop the others."""
    tasks = loading.task_with_assignments().where(Task.id.in_(task_ids)).order_by(Task.id)
    found = db.session.scalars(tasks).all()
    if len(found) != len(task_ids) or not all(may_read(user, task) for task in found):
        abort(404)
    return found


def task_to_comment(user: User, task_id: int) -> Task:
    """A task that one may write about, or 404, or 403 for those who only read."""
    task = _readable(user, loading.task(task_id, papers=False, people=False))
    if not may_comment(user):
        abort(403)
    return task


def assignment_to_read(user: User, assignment_id: int, whole_task: bool = False) -> Assignment:
    """An assignment of a readable task, or 404; `whole_task` brings the others of the task."""
    assignment = loading.assignment(assignment_id, whole_task)
    if assignment is None:
        abort(404)
    own = assignment.agency_id == user.agency_id and assignment.task.phase not in UNISSUED
    if not own and not may_read(user, assignment.task):
        abort(404)
    return assignment


def assignment_to_update(user: User, assignment_id: int, whole_task: bool = False) -> Assignment:
    """An assignment on which one may report, or 404 or 403; `whole_task` brings the others of the task."""
    assignment = assignment_to_read(user, assignment_id, whole_task)
    if assignment.task.phase is not Phase.ISSUED or not may_update(person(user), work(assignment)):
        abort(403)
    return assignment


def own_assignments(user: User, assignment_ids: Collection[int]) -> Sequence[Assignment]:
    """Assignments of the own agency, or 404 where one of them is none; on which of them one may report
    now is said by the verb, so that one that changed hands does not stop the others."""
    found = db.session.scalars(
        assignment_with_task().where(
            Assignment.id.in_(assignment_ids),
            Assignment.agency_id == user.agency_id,
            Task.phase.not_in(UNISSUED),
        )
    ).all()
    if len(found) != len(assignment_ids):
        abort(404)
    return found


def assignment_to_act(user: User, assignment_id: int, act: Act) -> Assignment:
    """An assignment to which one may do this when its state fits, or 404 or 403."""
    assignment = assignment_to_read(user, assignment_id)
    if not may(act, person(user), work(assignment)):
        abort(403)
    return assignment


def assignment_to_enter(user: User, assignment_id: int) -> Assignment:
    """An assignment of another agency for which one may enter progress, or 404 or 403."""
    assignment = assignment_to_read(user, assignment_id)
    if not may_enter(person(user), work(assignment)):
        abort(403)
    return assignment


def assignment_to_pass_on(user: User, assignment_id: int) -> Assignment:
    """An assignment of the own agency for which one speaks, or 404 or 403."""
    assignment = assignment_to_read(user, assignment_id)
    if not may_pass_on(person(user), work(assignment)):
        abort(403)
    return assignment


def assignment_to_arrange(user: User, assignment_id: int) -> Assignment:
    """An assignment whose officer one may set: the coordinator any, a focal point the own ones."""
    assignment = assignment_to_read(user, assignment_id)
    own = user.can(Permission.HAND_OUT) and assignment.agency_id == user.agency_id
    if not own and not user.can(Permission.COORDINATE):
        abort(403)
    return assignment


def task_to_link(user: User, task_id: int) -> tuple[Task, Sequence[Assignment]]:
    """A task with those of its assignments for which one may make guest links now, or 404 or 403."""
    task = task_to_read(user, task_id)
    kept = [a for a in task.assignments if may_link(person(user), work(a))]
    if not kept:
        abort(403)
    return task, [a for a in kept if takes_reports(task.phase, a.work_state)]


def guest_link_to_revoke(user: User, link_id: int) -> GuestLink:
    """A guest link that one may take back, or 404 or 403."""
    found = guests.link(link_id)
    if found is None:
        abort(404)
    assignment_to_read(user, found.assignment_id)
    if not may_link(person(user), work(found.assignment)):
        abort(403)
    return found


def task_to_guide(user: User, task_id: int) -> Task:
    """A task under way whose agencies one may push or ask to explain, or 404 or 403."""
    task = task_to_read(user, task_id)
    if task.phase is not Phase.ISSUED or not may_guide(person(user)):
        abort(403)
    return task


def task_to_direct(user: User, task_id: int) -> Task:
    """A task under way on which one may give directives, or 404 or 403."""
    task = task_to_guide(user, task_id)
    if not may_direct(person(user)):
        abort(403)
    return task


def directive_to_change(user: User, directive_id: int) -> Directive:
    """The own directive, or 404 or 403."""
    directive = guidance.directive(directive_id)
    if directive is None:
        abort(404)
    task_to_read(user, directive.task_id)
    if directive.author_id != user.id:
        abort(403)
    return directive


def comment_to_change(user: User, comment_id: int) -> Comment:
    """The own comment, or 404 or 403."""
    comment = updates.comment(comment_id)
    if comment is None:
        abort(404)
    task_to_comment(user, comment.task_id)
    if comment.author_id != user.id:
        abort(403)
    return comment


def extension_to_decide(user: User, extension_id: int) -> DeadlineExtension:
    """A request for more time that one may decide on, or 404 or 403."""
    asked = _extension_to_read(user, extension_id)
    if not may_grant(person(user), work(asked.assignment), asked.asked_by_id):
        abort(403)
    return asked


def extension_to_withdraw(user: User, extension_id: int) -> DeadlineExtension:
    """The own request for more time, or 404 or 403."""
    asked = _extension_to_read(user, extension_id)
    if asked.asked_by_id != user.id:
        abort(403)
    return asked


def _extension_to_read(user: User, extension_id: int) -> DeadlineExtension:
    asked = asks.extension(extension_id)
    if asked is None:
        abort(404)
    assignment_to_read(user, asked.assignment_id)
    return asked


def explanation_to_answer(user: User, explanation_id: int) -> ExplanationRequest:
    """A demand that one may answer for the agency, or 404 or 403."""
    asked = _explanation_to_read(user, explanation_id)
    assignment_to_update(user, asked.assignment_id)
    return asked


def explanation_to_judge(user: User, explanation_id: int) -> ExplanationRequest:
    """An explanation that one may accept or not, or 404 or 403."""
    asked = _explanation_to_read(user, explanation_id)
    who, about = person(user), work(asked.assignment)
    if not may_judge(who, about, asked.asked_by.role, asked.answered_by_id):
        abort(403)
    return asked


def _explanation_to_read(user: User, explanation_id: int) -> ExplanationRequest:
    asked = asks.explanation(explanation_id)
    if asked is None:
        abort(404)
    assignment_to_read(user, asked.assignment_id)
    return asked


def slot_to_record(user: User, occurrence_id: int) -> Slot:
    """A slot of which one may say how it went, for the own agency or another one, or 404 or 403."""
    slot = occurrences.slot(occurrence_id, clock.today())
    if slot is None:
        abort(404)
    assignment = assignment_to_read(user, slot.assignment.id)
    who, about = person(user), work(assignment)
    is_allowed = may_update(who, about) or may_enter(who, about)
    if assignment.task.phase is not Phase.ISSUED or not is_allowed:
        abort(403)
    return slot


def filter_to_remove(user: User, filter_id: int) -> SavedFilter:
    """A saved filter of the own agency that one may remove, or 404 or 403."""
    found = filter_of(user.agency_id, filter_id)
    if found is None:
        abort(404)
    if not may_remove(user, found):
        abort(403)
    return found


def may_remove(user: User, found: SavedFilter) -> bool:
    """Whoever made a filter removes it, and who speaks for the agency."""
    return found.author_id == user.id or user.can(Permission.SUBMIT_FOR_AGENCY)
