"""What changed since a moment: every act that changes who owes what until when is found, nothing else."""

from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.history.models import HistoryEntry
from ntmtasks.plans.queries import current_plan
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.service import answering, extending
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.revisions import Revision, RevisionKind, issued_at, revisions
from ntmtasks.tasks.rules import AssignmentRole, Phase, TaskKind, WorkState
from ntmtasks.tasks.service import changes, drafts, kinds, members, phases
from tests.conftest import SAMPLE_DAY
from tests.support.work import somebody

LEAD = AssignmentRole.LEAD


def since_yesterday() -> list[Revision]:
    """The revisions of the sample's day."""
    (found,) = revisions([clock.start_of_day(SAMPLE_DAY)], SAMPLE_DAY, issued_at())
    return found


def kinds_of(assignment: Assignment) -> list[str]:
    """What the revisions say of a task."""
    return [each.kind.value for each in since_yesterday() if each.task_id == assignment.task_id]


def leads(number: int, *, joint: bool = True) -> list[Assignment]:
    """Leads of different concrete tasks, with nothing done yet, of joint ones or those for each."""
    found: dict[int, Assignment] = {}
    for each in db.session.scalars(select(Assignment).order_by(Assignment.id)):
        fresh = each.role is LEAD and each.work_state is WorkState.ASSIGNED
        is_joint = each.task.mode.value == "joint"
        if fresh and each.task.kind is TaskKind.CONCRETE and is_joint is joint:
            found.setdefault(each.task_id, each)
    return list(found.values())[:number]


def test_each_act_that_revises_is_found_once(app: Flask) -> None:
    coordinator, focal_point = somebody("dieuphoi"), somebody("daumoi")
    assert since_yesterday() == []
    moved, given, swapped, paused, routine, kept, reported = leads(7)
    (shared,) = leads(1, joint=False)
    refused = next(
        a for a in db.session.scalars(select(Assignment).order_by(Assignment.id))
        if a.agency_id == focal_point.agency_id and a.role is LEAD
        and a.work_state is WorkState.ASSIGNED and a not in (moved, given, swapped, paused)
        and a.task.kind is TaskKind.CONCRETE and a.task_id != shared.task_id
    )  # fmt: skip
    taken = {a.agency_id for work in (given, swapped, shared) for a in work.task.assignments}
    free = select(Agency).where(Agency.id.not_in(taken)).order_by(Agency.id)
    other = db.session.scalars(free).first()
    assert other is not None
    deadline = date(2024, 12, 20)
    changes.change_deadline(coordinator, moved, deadline, "Theo công văn")
    changes.change_agency(coordinator, given, other, "Đúng lĩnh vực hơn")
    members.add_agency(coordinator, swapped.task, other, AssignmentRole.SUPPORTING)
    heir = next(a for a in swapped.task.assignments if a.agency_id == other.id)
    members.change_role(coordinator, heir, LEAD)
    members.add_agency(coordinator, shared.task, other, LEAD)
    phases.change_phase(coordinator, paused.task, Phase.PAUSED, "Chờ hướng dẫn")
    habit = kinds.Habit(TaskKind.CONTINUOUS, words="thường xuyên")
    kinds.change_kind(coordinator, routine.task, habit, "Làm quanh năm")
    answering.refuse(focal_point, refused, "Không thuộc chức năng")
    changes.hand_to(coordinator, kept, None)
    plan = current_plan()
    assert plan is not None
    new = drafts.NewTask(path="", section="", text="Việc mới", deadline=deadline)
    added = drafts.add_by_hand(coordinator, plan, new, [drafts.NewAssignment(other, LEAD)])

    assert kinds_of(moved) == ["moved"]
    assert kinds_of(given) == ["reassigned"]
    assert kinds_of(swapped) == ["reassigned"]
    assert kinds_of(shared) == ["added"]
    assert kinds_of(paused) == ["dropped"]
    assert kinds_of(routine) == ["dropped"]
    assert kinds_of(refused) == ["dropped"]
    assert kinds_of(added.assignments[0]) == ["added"]
    assert kinds_of(kept) == kinds_of(reported) == []
    found = {each.task_id: each for each in since_yesterday()}
    assert len(found) == len(since_yesterday()) == 8
    assert found[moved.task_id].days == (deadline - (moved.original_deadline or deadline)).days < 0
    assert found[swapped.task_id].after is not None
    assert found[swapped.task_id].after.agency_id == other.id
    # The day before knows nothing of it, and what was undone is no revision any more.
    yesterday = SAMPLE_DAY - timedelta(days=1)
    assert revisions([clock.start_of_day(yesterday)], yesterday, issued_at()) == [[]]
    phases.change_phase(coordinator, paused.task, Phase.ISSUED, "Đã có hướng dẫn")
    assert kinds_of(paused) == []


def test_more_time_on_request_and_a_refusal_passed_on_are_found_too(app: Flask) -> None:
    officer, focal_point, coordinator = map(somebody, ("chuyenvien", "daumoi", "dieuphoi"))
    asked = db.session.scalars(select(DeadlineExtension)).one()
    extending.grant(coordinator, asked, asked.wanted_deadline)
    assert kinds_of(asked.assignment) == ["moved"]
    handed = next(a for a in leads(50) if a.agency_id == officer.agency_id)
    answering.refuse(officer, handed, "Không thuộc chức năng")
    assert kinds_of(handed) == []
    answering.pass_on(focal_point, handed)
    assert kinds_of(handed) == ["dropped"]


def test_since_the_issue_the_acts_of_issuing_are_no_revision(app: Flask) -> None:
    (found,) = revisions([None], SAMPLE_DAY, issued_at())
    moved = {
        entry.subject_id
        for entry in db.session.scalars(
            select(HistoryEntry).where(HistoryEntry.verb == "task.deadline")
        )
    }
    assert {each.task_id for each in found if each.kind is RevisionKind.MOVED} == moved
    assert len(found) == len(moved)
    assert revisions([None], date(2024, 5, 26), issued_at()) == [[]]
