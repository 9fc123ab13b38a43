"""Chờ tôi quyết định: one list, grouped, decided in place, with its number in the menu."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db, transaction
from ntmtasks.desk.queries import waiting
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.escalations.service import raising
from ntmtasks.escalations.service.raising import NewEscalation
from ntmtasks.progress.models.asks import DeadlineExtension, ExplanationRequest
from ntmtasks.progress.queries.updates import person, work
from ntmtasks.progress.rules.asks import ExplanationState, may_grant, may_judge
from ntmtasks.progress.rules.evidence import NewEvidence, NewFile
from ntmtasks.progress.rules.rights import may_decide
from ntmtasks.progress.service import explaining, extending, posting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.work import ClientOf, of, somebody


def test_each_kind_stands_in_its_group_and_the_menu_counts_them(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("dieuphoi").get("/waiting/").text
    found = waiting.waiting(somebody("dieuphoi"))
    parts = (found.completions, found.extensions, found.explanations)
    assert [len(part) for part in parts] == [2, 1, 1]
    for heading, number in (
        ("Báo cáo hoàn thành", 2),
        ("Đề nghị gia hạn", 1),
        ("Giải trình đã trả lời", 1),
    ):
        assert f"{heading} ({number})" in page
    assert not found.difficulties
    total = sum(map(len, parts))
    assert waiting.count(somebody("dieuphoi")) == total
    menu = page.split('<nav class="side"')[1].split("</nav>")[0]
    assert f'<b class="count">{total}<' in menu
    assert '<b class="count">1<' in client_of("daumoi").get("/my-work/").text
    assert "Chờ tôi quyết định" not in client_of("vhttdl").get("/my-work/").text


def test_nothing_waiting_says_what_would(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        somebody("lanhdao").agency_id = of("III.2.a", "VP Điều phối NTM").agency_id
        for asked in db.session.scalars(select(ExplanationRequest)):
            asked.state = ExplanationState.ACCEPTED
    page = client_of("lanhdao").get("/waiting/").text
    assert "Không có việc nào chờ bạn quyết định" in page


def test_the_lists_follow_the_rules_of_who_decides(app: Flask) -> None:
    office = of("III.1.a", "VP Điều phối NTM")
    with transaction():
        office.work_state, office.deadline = WorkState.IN_PROGRESS, date(2024, 12, 1)
    wish = extending.Wish(date(2024, 12, 9), "Lý do")
    extending.ask_extension(somebody("dieuphoi"), office, wish)
    shown = 0
    for user in db.session.scalars(select(User)):
        who, found = person(user), waiting.waiting(user)
        assert [e.id for e in found.extensions] == [
            e.id
            for e in db.session.scalars(select(DeadlineExtension))
            if may_grant(who, work(e.assignment), e.asked_by_id)
        ]
        assert [e.id for e in found.explanations] == [
            e.id
            for e in db.session.scalars(select(ExplanationRequest))
            if e.state is ExplanationState.ANSWERED
            and may_judge(who, work(e.assignment), e.asked_by.role, e.answered_by_id)
        ]
        assert [a.id for a in found.completions] == [
            a.id
            for a in db.session.scalars(
                select(Assignment)
                .where(Assignment.work_state == WorkState.SUBMITTED)
                .order_by(Assignment.submitted_at)
            )
            if may_decide(who, work(a))
        ]
        parts = (
            found.pending,
            found.completions,
            found.refusals,
            found.extensions,
            found.explanations,
            found.difficulties,
        )
        assert waiting.count(user) == sum(map(len, parts))
        shown += len(found.extensions)
    assert shown == 2


def test_explanations_that_did_not_come_are_shown_to_who_asked(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("lanhdao").get("/waiting/").text
    assert "Quá hạn giải trình (1)" in page
    overdue = page.split('id="overdue"')[1].split("</section>")[0]
    assert "quá hạn 1 ngày" in overdue
    assert "Quá hạn giải trình" not in client_of("dieuphoi").get("/waiting/").text


def test_an_extension_is_decided_in_place(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    asked = db.session.scalars(select(DeadlineExtension)).one()
    form = {
        "version": asked.version,
        "decision": "grant",
        "deadline": asked.wanted_deadline.isoformat(),
        "back": "waiting",
    }
    answer = client.post(f"/extensions/{asked.id}/decide", form, htmx=True)
    assert answer.status_code == 200
    assert answer.text.startswith(f'<li id="entry-extension-{asked.id}">')
    assert 'id="task-facts"' not in answer.text
    assert "Đã duyệt" in answer.text
    assert f'id="entry-extension-{asked.id}"' not in client.get("/waiting/").text


def test_a_refused_row_keeps_its_text_on_the_page_without_javascript(
    app: Flask, client_of: ClientOf
) -> None:
    asked = db.session.scalars(select(DeadlineExtension)).one()
    form = {"version": asked.version, "decision": "grant", "deadline": "", "note": "Đã gõ"}
    answer = client_of("dieuphoi").post(
        f"/extensions/{asked.id}/decide", {**form, "back": "waiting"}
    )
    assert answer.status_code == 422
    assert "<h1>Chờ tôi quyết định</h1>" in answer.text
    row = answer.text.split(f'id="entry-extension-{asked.id}"')[1].split("</li>")[0]
    assert "Hãy ghi ngày gia hạn" in row
    assert 'value="Đã gõ"' in row


def test_the_number_of_queries_does_not_grow_with_what_waits(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("dieuphoi")

    def count() -> int:
        with statements() as seen:
            client.get("/waiting/")
        return len(seen)

    before = count()
    officer = somebody("daumoi")
    rows = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.agency_id == officer.agency_id,
            Assignment.work_state == WorkState.ASSIGNED,
            Assignment.deadline.is_not(None),
        )
        .limit(6)
    ).all()
    with transaction():
        for each in rows[:3]:
            wish = extending.Wish(date(2025, 1, 20), "Lý do", knows_beyond=True)
            extending.ask_extension(officer, each, wish)
        for each in rows[3:]:
            each.deadline = date(2024, 10, 1)
            explaining.demand(somebody("dieuphoi"), each, "Vì sao?", date(2024, 11, 20))
            asked = db.session.scalars(
                select(ExplanationRequest).order_by(ExplanationRequest.id.desc())
            ).first()
            assert asked is not None
            explaining.answer(officer, asked, "Vì vậy")
            files = NewEvidence((NewFile("Biên bản.pdf", b"%PDF-1.4", "application/pdf"),))
            posting.post_progress(
                officer, each, WorkState.SUBMITTED, 100, "Xong", proof=files, figure="3/3 lớp"
            )
            new = NewEscalation(officer.agency, "Vướng", "Chậm", "Bố trí vốn", [each.task])
            difficulty = raising.report(officer, new)
            assert difficulty is not None
            version, state = difficulty.version, EscalationState.CONSOLIDATED
            raising.step(officer, difficulty, state, "Đã tổng hợp", "", version)
    assert len(rows) == 6
    assert count() == before


def test_a_reason_that_was_missing_leads_back_once_it_is_there(
    app: Flask, client_of: ClientOf
) -> None:
    client, work = client_of("dieuphoi"), of("III.9.a.-1", "Sở KH&ĐT")
    form = {"version": work.version, "reason": "", "back": "waiting"}
    answer = client.post(f"/assignments/{work.id}/return", form)
    assert answer.status_code == 422
    shown = answer.text.split(f'action="/assignments/{work.id}/return"')[1].split("</form>")[0]
    assert '<input type="hidden" name="back" value="waiting">' in shown
