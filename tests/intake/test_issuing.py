"""Issuing a reviewed plan: all or nothing, and every agency gets its list."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks import worker
from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import Agency, AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.intake import mails
from ntmtasks.intake.service import issuing
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import ISSUED
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.reports.models import ReportRequirement
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries.counting import counters
from ntmtasks.tasks.rules import AssignmentRole, DeadlineBasis, Mode, Phase, TaskKind, WorkState
from ntmtasks.tasks.service import revising
from tests.support.client import Client
from tests.support.drafts import agency, coordinator, draft_plan, item

ClientOf = Callable[[str], Client]


def letters(plan: Plan) -> list[OutboxMail]:
    """The letters of this plan."""
    key = OutboxMail.key.startswith(f"issued:{plan.id}:")
    return list(db.session.scalars(select(OutboxMail).where(key).order_by(OutboxMail.id)))


def owed(plan: Plan) -> list[tuple[object, ...]]:
    """What every open span of a plan counts, without the ids that differ between two plans."""
    span = AssignmentSpan
    rows = db.session.execute(
        select(
            Task.path, span.agency_id, span.role, span.kind, span.phase, span.work_state,
            span.deadline, span.quarter_four,
        )
        .join(Task, Task.id == span.task_id)
        .where(Task.plan_id == plan.id, span.to_at.is_(None))
    )  # fmt: skip
    return sorted((tuple(r) for r in rows), key=str)


def test_the_dialog_says_what_will_happen(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    client = client_of("dieuphoi")
    for htmx in (True, False):
        shown = client.get(f"/plans/{plan.id}/issue", htmx=htmx).text
        assert "<b>69</b> nhiệm vụ được giao cho <b>32</b> cơ quan" in shown
        assert "<b>44</b> nhiệm vụ kế hoạch không nêu chủ trì" in shown
        assert "<b>69</b> mục còn chưa đủ 5 rõ" in shown
    assert client.get("/plans/1/issue").location == "/plans/1"
    assert client_of("lanhdao").get(f"/plans/{plan.id}/issue").status_code == 404


def test_a_plan_is_issued_once_and_agencies_get_their_lists(
    app: Flask, client_of: ClientOf
) -> None:
    plan = draft_plan()
    client = client_of("dieuphoi")
    answer = client.post(f"/plans/{plan.id}/issue")
    assert (answer.status_code, answer.location) == (303, f"/plans/{plan.id}")
    assert "69 nhiệm vụ cho 32 cơ quan" in client.get(answer.location).text
    assert plan.state is PlanState.ISSUED
    assert client.post(f"/plans/{plan.id}/issue").status_code == 409
    assert client.get(f"/plans/{plan.id}/review").location == f"/plans/{plan.id}"
    sent = letters(plan)
    assert len(sent) == 32
    women = next(m for m in sent if "Hội LHPN" in m.subject)
    given = [p for p, agency_id, *_ in owed(plan) if agency_id == agency("Hội LHPN").id]
    assert (
        women.subject == f"[Giao việc] {len(given)} nhiệm vụ theo Kế hoạch 108/KH-UBND – Hội LHPN"
    )
    assert all(f"Mục {path}:" in women.text for path in given)
    told = db.session.scalars(
        select(Notice).where(Notice.kind == "issued", Notice.mail_id.in_([m.id for m in sent]))
    ).all()
    assert {n.mail_id for n in told} == {m.id for m in sent if m.user_id}


def test_reviewing_to_the_end_counts_like_importing(app: Flask) -> None:
    """Every proposal taken over and nothing else changed: the plan that `import --issue` makes."""
    before = counters(clock.today())
    plan = draft_plan()
    actor = coordinator()
    for task in db.session.scalars(select(Task).where(Task.plan_id == plan.id)):
        revising.take_proposals(actor, task)
    issuing.issue_plan(actor, plan)
    straight = draft_plan()
    issuing.issue_plan(None, straight)
    assert owed(plan) == owed(straight)
    after = counters(clock.today())
    assert after.total - before.total == 2 * sum(
        role is AssignmentRole.LEAD and kind is TaskKind.CONCRETE
        for _, _, role, kind, *_ in owed(plan)
    )
    requirements = select(func.count()).where(ReportRequirement.plan_id == plan.id)
    assert db.session.scalar(requirements) == 3  # districts, the office, departments


def test_a_task_that_nobody_leads_stops_everything(app: Flask, client_of: ClientOf) -> None:
    plan = draft_plan()
    task = item(plan, "III.1.d")
    client = client_of("dieuphoi")
    with transaction():
        revising.revise(
            coordinator(),
            task,
            None,
            revising.Wording(task.text, "", task.kind, task.mode, task.deadline, ""),
            [],
        )
    for htmx in (True, False):
        answer = client.post(f"/plans/{plan.id}/issue", htmx=htmx)
        assert answer.status_code == 422
        assert "1 mục không có đơn vị chủ trì – III.1.d." in answer.text
    assert plan.state is PlanState.DRAFT
    assert letters(plan) == []
    phases = set(db.session.scalars(select(Task.phase).where(Task.plan_id == plan.id)))
    assert phases == {Phase.DRAFT}
    client.post(f"/plans/{plan.id}/review/tasks/{task.id}/drop")
    assert client.post(f"/plans/{plan.id}/issue").status_code == 303
    assert (task.phase, item(plan, "III.1.e").phase) == (Phase.DROPPED, Phase.ISSUED)
    assert f"/tasks/{task.id}" not in client.get(f"/tasks/?plan={plan.id}&q=III.1.d").text


def test_coordinators_hear_of_agencies_where_nobody_is_told(app: Flask) -> None:
    plan = draft_plan()
    with transaction():
        mute = agency("Sở Y tế")
        mute.mailbox = ""
        for person in db.session.scalars(select(User).where(User.agency_id == mute.id)):
            person.email = ""
    issuing.issue_plan(coordinator(), plan)
    assert len(letters(plan)) == 31
    lines = db.session.scalars(
        select(Notice.line).where(
            Notice.user_id == coordinator().id, Notice.url == f"/plans/{plan.id}"
        )
    ).all()
    assert len(lines) == 1
    assert "Chưa có người nhận ở: Sở Y tế." in lines[0]


def test_a_letter_waits_for_no_mailbox_but_for_its_person(app: Flask) -> None:
    plan = draft_plan()
    issuing.issue_plan(coordinator(), plan)
    is_wanted = worker.STILL_WANTED[ISSUED]
    to_office = next(m for m in letters(plan) if m.user_id is None)
    to_person = next(m for m in letters(plan) if m.user_id is not None)
    assert is_wanted(to_office)
    assert is_wanted(to_person)
    with transaction():
        db.session.get_one(User, to_person.user_id).locked_at = clock.real_now()
    assert is_wanted(to_office)
    assert not is_wanted(to_person)


def test_a_kind_changed_by_hand_makes_no_report(app: Flask) -> None:
    plan = draft_plan()
    actor = coordinator()
    for path in ("IV.5.-3", "IV.5.-5"):
        task = item(plan, path)
        wording = revising.Wording(
            task.text, "", TaskKind.CONCRETE, task.mode, date(2024, 12, 1), "CV"
        )
        revising.revise(actor, task, None, wording, revising.owners_of(task))
    issuing.issue_plan(actor, plan)
    requirements = select(func.count()).where(ReportRequirement.plan_id == plan.id)
    assert db.session.scalar(requirements) == 1  # the appraisals; the office has nothing to gather


def example(**changes: object) -> Assignment:
    """An assignment as the letter sees it."""
    given: dict[str, object] = {
        "id": 5, "path": "III.2.c", "text": "Xây dựng chuyên mục <truyền hình>",
        "product": "", "kind": TaskKind.CONCRETE, "mode": Mode.JOINT, "phase": Phase.ISSUED,
        "deadline": date(2024, 12, 31), "deadline_text": "", "section": "III", "position": 1,
        "deadline_basis": DeadlineBasis.PLAN_YEAR, "clauses": [Clause(path="III.2.c")],
    }  # fmt: skip
    task = Task(**{**given, **changes})
    return Assignment(
        task=task,
        task_id=task.id,
        role=AssignmentRole.LEAD,
        work_state=WorkState.ASSIGNED,
        deadline=task.deadline,
    )


@pytest.mark.parametrize("part", ["txt", "html"])
def test_the_letter_is_the_agreed_text(app: Flask, part: str) -> None:
    office = Agency(
        name="Sở Thông tin và Truyền thông", short_name="Sở TT&TT", kind=AgencyKind.BODY
    )
    plan = Plan(number="108/KH-UBND", issued_on=date(2024, 5, 24))
    steady = example(
        id=6, path="IV.5.-3", text="Báo cáo định kỳ", kind=TaskKind.RECURRING, deadline=None,
        deadline_text="hàng tháng, quý, năm", product="Báo cáo",
    )  # fmt: skip
    steady.role = AssignmentRole.SUPPORTING
    letter = mails.issued(plan, office, "Văn thư Sở TT&TT", [example(), steady])
    db.session.expunge_all()
    golden = Path(__file__).parent / "golden" / f"issued.{part}"
    assert {"txt": letter.text, "html": letter.html}[part] == golden.read_text()
    assert letter.subject == "[Giao việc] 2 nhiệm vụ theo Kế hoạch 108/KH-UBND – Sở TT&TT"
