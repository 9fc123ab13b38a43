"""What was asked about work falls with it: no more time and no explanation for what nobody does now."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.queries import by_short_name
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox.models import Notice
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries import waiting
from ntmtasks.progress.rules.asks import (
    ExplanationState,
    ExtensionFault,
    ExtensionState,
    ends_explaining,
    granting_fault,
    may_judge,
)
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.progress.service import explaining, extending, posting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Ending, Phase, TaskKind, WorkState
from ntmtasks.tasks.service import changes, kinds, phases
from tests.support.work import ClientOf, of, somebody, verbs_of

LATE = ("III.4.a.-1", "Sở NN&PTNT")
DUE = date(2024, 12, 10)


def both_asked(path: str = LATE[0]) -> Assignment:
    """Work that somebody wants explained and for which somebody wants more time."""
    work = of(path, LATE[1])
    with transaction():
        work.deadline = date(2024, 11, 1)
        explaining.demand(somebody("dieuphoi"), work, "Vì sao chậm?", date(2024, 11, 19))
        work.deadline = DUE
        wish = extending.Wish(date(2024, 12, 20), "Mưa lũ")
        extending.ask_extension(somebody("chuyenvien"), work, wish)
    return work


def states(work: Assignment) -> tuple[ExtensionState, ExplanationState]:
    """How the last request and the last demand stand."""
    of_work = (
        select(kind.state).where(kind.assignment_id == work.id).order_by(kind.id.desc())
        for kind in (DeadlineExtension, ExplanationRequest)
    )
    extension, explanation = (db.session.scalars(query).first() for query in of_work)
    return extension, explanation


def test_what_may_still_be_given_and_what_falls() -> None:
    assert granting_fault(Phase.ISSUED, DUE) is None
    assert granting_fault(Phase.ISSUED, None) is ExtensionFault.NO_DEADLINE
    assert granting_fault(Phase.PAUSED, DUE) is ExtensionFault.NOT_UNDER_WAY
    assert [ends_explaining(how, "") for how in Ending] == [True, True, True]
    assert [ends_explaining(how, "kỳ thứ hai") for how in Ending] == [True, False, True]


def test_nobody_judges_what_the_own_agency_or_they_themselves_answered() -> None:
    coordinator, theirs = Person(1, Role.COORDINATOR, 10), Work(20, AgencyKind.DEPARTMENT, None)
    assert may_judge(coordinator, theirs, Role.COORDINATOR, 2)
    assert not may_judge(coordinator, theirs, Role.CITY_LEADER, 2)
    assert not may_judge(coordinator, theirs, Role.COORDINATOR, 1)
    assert not may_judge(coordinator, Work(10, AgencyKind.OFFICE, None), Role.COORDINATOR, 2)


def test_another_agency_ends_what_was_asked_of_the_first(app: Flask, client_of: ClientOf) -> None:
    work = both_asked()
    asked = db.session.scalars(
        select(DeadlineExtension).where(DeadlineExtension.assignment_id == work.id)
    ).one()
    form = {"decision": "grant", "deadline": "2024-12-20", "note": "", "version": asked.version}
    posting.post_progress(somebody("daumoi"), work, WorkState.IN_PROGRESS, 30, "Đã có 4 xã")
    changes.change_agency(somebody("dieuphoi"), work, by_short_name()["Sở TT&TT"], "Đúng việc hơn")
    assert states(work) == (ExtensionState.LAPSED, ExplanationState.LAPSED)
    assert {"task.extension.lapse", "task.explanation.lapse"} <= set(verbs_of(work.task_id))
    news = db.session.execute(
        select(Notice.user_id, Notice.url).where(Notice.line.contains("không còn hiệu lực"))
    ).all()
    # Nobody is told of the own act, and the page of the work is another agency's now.
    assert news == [(somebody("chuyenvien").id, "/my-work/")]
    client = client_of("dieuphoi")
    answer = client.post(f"/extensions/{asked.id}/decide", form)
    assert answer.status_code == 409
    assert "Không còn hiệu lực" in answer.text
    assert "việc đã giao cơ quan khác" in answer.text
    assert of(LATE[0], "Sở TT&TT").deadline == DUE
    page = client.get(f"/tasks/{work.task_id}").text
    assert "Nguyễn Thị Lan · Sở NN&amp;PTNT · Đề nghị gia hạn" in page
    assert "Yêu cầu giải trình · Sở NN&amp;PTNT" in page
    assert "Sở NN&amp;PTNT · Đang thực hiện · 30 %" in page


def test_each_other_end_closes_what_it_leaves_without_sense(app: Flask) -> None:
    coordinator, routine = somebody("dieuphoi"), kinds.Habit(TaskKind.CONTINUOUS)
    made_routine, cancelled = both_asked(), both_asked("III.1.d")
    kinds.change_kind(coordinator, made_routine.task, routine, "Làm cả năm")
    phases.change_phase(coordinator, cancelled.task, Phase.CANCELLED, "Không làm nữa")
    for work in (made_routine, cancelled):
        assert states(work) == (ExtensionState.LAPSED, ExplanationState.LAPSED)


def test_no_time_is_given_while_a_task_rests(app: Flask, client_of: ClientOf) -> None:
    work = both_asked()
    asked = db.session.scalars(
        select(DeadlineExtension).where(DeadlineExtension.assignment_id == work.id)
    ).one()
    phases.change_phase(somebody("dieuphoi"), work.task, Phase.PAUSED, "Chờ vốn")
    form = {"decision": "grant", "deadline": "2024-12-20", "note": "", "version": asked.version}
    answer = client_of("dieuphoi").post(f"/extensions/{asked.id}/decide", form)
    assert answer.status_code == 409
    assert "hãy mở lại nhiệm vụ trước" in answer.text
    assert states(work)[0] is ExtensionState.ASKED
    assert of(*LATE).deadline == DUE


def test_who_coordinates_does_not_judge_the_own_office(app: Flask, client_of: ClientOf) -> None:
    work, coordinator = both_asked(), somebody("dieuphoi")
    asked = db.session.scalars(
        select(ExplanationRequest).where(ExplanationRequest.assignment_id == work.id)
    ).one()
    explaining.answer(somebody("daumoi"), asked, "Mưa lũ")
    assert asked in waiting.explanations_for(coordinator)
    with transaction():
        work.agency = db.session.get_one(Agency, coordinator.agency_id)
    assert asked not in waiting.explanations_for(coordinator)
    answer = client_of("dieuphoi").post(f"/explanations/{asked.id}/judge", {"decision": "accept"})
    assert answer.status_code == 403
