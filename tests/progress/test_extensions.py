"""Gia hạn: asked before the due date, one at a time, decided by whoever confirms the work."""

import re
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox.models import Notice
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.rules.asks import ExtensionFault, ExtensionState, asking_fault, date_fault
from ntmtasks.progress.service import deciding, extending, posting
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.queries.counting import counters
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of, office_letters, somebody

AGENCY = "Sở NN&PTNT"


def work() -> Assignment:
    """Open work that is due on 31/12/2024 and for which nobody has asked for more time."""
    return of("III.1.d", AGENCY)


def ask(
    client: Client, assignment: Assignment, deadline: str, reason: str = "Mưa lũ", **more: str
) -> int:
    """The status of asking for more time."""
    form = {"deadline": deadline, "reason": reason, **more}
    return client.post(f"/assignments/{assignment.id}/extensions", form).status_code


def latest(assignment: Assignment) -> DeadlineExtension:
    """The last request of an assignment."""
    query = select(DeadlineExtension).where(DeadlineExtension.assignment_id == assignment.id)
    return db.session.scalars(query.order_by(DeadlineExtension.id.desc())).first() or pytest.fail(
        "no request"
    )


def until(assignment: Assignment, deadline: date) -> None:
    """Let the work be due on a day."""
    with transaction():
        assignment.deadline = deadline


def test_the_day_and_the_state_decide_whether_one_may_still_ask() -> None:
    due = date(2024, 11, 14)
    for state, deadline, today, fault in (
        (WorkState.IN_PROGRESS, due, date(2024, 11, 13), None),
        (WorkState.IN_PROGRESS, due, due, None),
        (WorkState.RETURNED, due, date(2024, 11, 15), ExtensionFault.TOO_LATE),
        (WorkState.SUBMITTED, due, due, ExtensionFault.NOT_OPEN),
        (WorkState.DONE, due, due, ExtensionFault.NOT_OPEN),
        (WorkState.ASSIGNED, None, due, ExtensionFault.NO_DEADLINE),
    ):
        assert asking_fault(state, deadline, today) is fault
    assert date_fault(due, due, 2024, False) is ExtensionFault.NOT_LATER
    assert date_fault(due, date(2025, 1, 1), 2024, False) is ExtensionFault.BEYOND_YEAR
    assert date_fault(due, date(2025, 1, 1), 2024, True) is None
    assert date_fault(due, date(2024, 12, 31), 2024, False) is None


def test_a_request_is_granted_with_another_day_and_the_original_one_stays(
    app: Flask, client_of: ClientOf
) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    assert ask(client_of("chuyenvien"), mine, "2024-12-20") == 303
    asked = latest(mine)
    assert (asked.state, asked.old_deadline) == (ExtensionState.ASKED, date(2024, 12, 10))
    form = {"decision": "grant", "deadline": "2024-12-25", "note": "", "version": asked.version}
    answer = client_of("dieuphoi").post(f"/extensions/{asked.id}/decide", form)
    assert answer.status_code == 303
    after = work()
    assert (after.deadline, after.extended) == (date(2024, 12, 25), True)
    assert after.original_deadline == date(2024, 12, 31)
    assert latest(after).granted_deadline == date(2024, 12, 25)
    span = db.session.scalars(
        select(AssignmentSpan).where(
            AssignmentSpan.assignment_id == after.id, AssignmentSpan.to_at.is_(None)
        )
    ).one()
    assert (span.deadline, span.extended) == (date(2024, 12, 25), True)
    told = db.session.scalars(select(Notice).where(Notice.kind == "extension")).all()
    assert {n.user_id for n in told if "Đã duyệt" in n.line} == {
        somebody("chuyenvien").id,
        somebody("daumoi").id,
    }
    assert {n.user_id for n in told if "đề nghị gia hạn" in n.line} >= {somebody("dieuphoi").id}
    verbs = db.session.scalars(
        select(HistoryEntry.verb).where(HistoryEntry.subject_id == after.task_id)
    ).all()
    assert {"task.extension.ask", "task.extension.grant", "task.deadline"} <= set(verbs)
    page = client_of("chuyenvien").get(f"/tasks/{after.task_id}").text
    assert "Đã duyệt đến <b>25/12/2024</b>" in page


def test_a_lead_moves_the_deadline_of_all_on_a_joint_task(app: Flask) -> None:
    lead = next(
        a
        for a in db.session.scalars(select(Assignment).order_by(Assignment.id))
        if a.role == "lead"
        and a.task.mode == "joint"
        and len(a.task.assignments) > 1
        and a.work_state is WorkState.ASSIGNED
        and a.agency.kind != "office"
        and a.deadline is not None
    )
    speaker = somebody("daumoi")
    with transaction():
        speaker.agency = lead.agency
    extending.ask_extension(speaker, lead, extending.Wish(date(2025, 1, 5), "Lý do", True))
    extending.grant(somebody("dieuphoi"), latest(lead), date(2025, 1, 5))
    assert {a.deadline for a in lead.task.assignments} == {date(2025, 1, 5)}
    assert all(a.extended for a in lead.task.assignments)


def test_after_the_due_date_it_is_too_late(app: Flask, client_of: ClientOf) -> None:
    late = of("III.1.c", AGENCY)
    client = client_of("chuyenvien")
    answer = client.post(
        f"/assignments/{late.id}/extensions", {"deadline": "2024-12-20", "reason": "Chậm vốn"}
    )
    assert answer.status_code == 409
    assert "Đã quá thời hạn nên không đề nghị gia hạn được nữa" in answer.text
    assert "Chậm vốn" in answer.text


def test_one_request_at_a_time_also_in_the_database(app: Flask, client_of: ClientOf) -> None:
    mine, client = work(), client_of("chuyenvien")
    until(mine, date(2024, 12, 10))
    assert ask(client, mine, "2024-12-20") == 303
    answer = client.post(
        f"/assignments/{mine.id}/extensions",
        {"deadline": "2024-12-22", "reason": "Lần hai"},
        htmx=True,
    )
    assert answer.status_code == 409
    assert "đã có một đề nghị gia hạn" in answer.text
    assert "Lần hai" in answer.text
    first = latest(mine)
    copy = {
        c.key: getattr(first, c.key) for c in DeadlineExtension.__table__.columns if c.key != "id"
    }
    with pytest.raises(IntegrityError), transaction():
        db.session.add(DeadlineExtension(**copy))


def test_bad_days_are_told_beside_the_field_and_the_text_is_kept(
    app: Flask, client_of: ClientOf
) -> None:
    mine, client = work(), client_of("chuyenvien")
    url = f"/assignments/{mine.id}/extensions"
    for htmx in (False, True):
        for deadline, sentence in (
            ("", "Hãy ghi ngày đề nghị"),
            ("32/13", "Hãy ghi ngày đề nghị"),
            ("2024-12-31", "phải sau thời hạn hiện nay"),
            ("2025-01-15", "sau năm kế hoạch"),
        ):
            form = {"deadline": deadline, "reason": "Lý do đã gõ"}
            answer = client.post(url, form, htmx=htmx)
            assert answer.status_code == 422
            assert sentence in answer.text
            assert "Lý do đã gõ" in answer.text
        answer = client.post(url, {"deadline": "2025-01-15", "reason": " "}, htmx=htmx)
        assert "Hãy ghi lý do gia hạn." in answer.text
    assert ask(client, mine, "2025-01-15", beyond="y") == 303


def test_the_same_form_sent_twice_asks_once(app: Flask, client_of: ClientOf) -> None:
    mine, client = work(), client_of("chuyenvien")
    until(mine, date(2024, 12, 10))
    page = client.get(f"/tasks/{mine.task_id}?open=extension-{mine.id}").text
    panel = page.split('id="task-asks-')[1]
    token = re.findall(r'name="form_token"[^>]*value="([^"]+)"', panel)[0]
    assert ask(client, mine, "2024-12-20", form_token=token) == 303
    assert ask(client, mine, "2024-12-20", form_token=token) == 303
    assert latest(mine).ordinal == 1


def test_the_asker_takes_it_back_and_only_the_asker(app: Flask, client_of: ClientOf) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    ask(client_of("chuyenvien"), mine, "2024-12-20")
    url = f"/extensions/{latest(mine).id}/withdraw"
    assert client_of("daumoi").post(url).status_code == 403
    assert client_of("vhttdl").post(url).status_code == 404
    answer = client_of("chuyenvien").post(url, htmx=True)
    assert answer.status_code == 200
    assert "Đã rút" in answer.text
    assert client_of("chuyenvien").post(url).status_code == 409
    assert latest(mine).state is ExtensionState.WITHDRAWN
    assert work().deadline == date(2024, 12, 10)


def test_the_third_request_is_flagged_to_the_decider(app: Flask, client_of: ClientOf) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    officer, coordinator = somebody("chuyenvien"), somebody("dieuphoi")
    for day in (11, 12):
        extending.ask_extension(officer, mine, extending.Wish(date(2024, 12, day), "Lý do"))
        extending.deny(coordinator, latest(mine), "Chưa thuyết phục")
    extending.ask_extension(officer, mine, extending.Wish(date(2024, 12, 13), "Lý do"))
    extending.withdraw(officer, latest(mine))
    extending.ask_extension(officer, mine, extending.Wish(date(2024, 12, 13), "Lý do"))
    assert latest(mine).ordinal == 3
    page = client_of("dieuphoi").get("/waiting/").text
    row = page.split(f'id="entry-extension-{latest(mine).id}"')[1].split("</li>")[0]
    assert "lần thứ 3" in row


def test_denying_wants_a_reason_and_granting_a_later_day(app: Flask, client_of: ClientOf) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    ask(client_of("chuyenvien"), mine, "2024-12-20")
    asked, client = latest(mine), client_of("dieuphoi")
    url = f"/extensions/{asked.id}/decide"
    form = {"version": asked.version, "deadline": "2024-12-20", "note": "", "back": "waiting"}
    for htmx in (False, True):
        answer = client.post(url, {**form, "decision": "deny"}, htmx=htmx)
        assert answer.status_code == 422
        assert "Hãy ghi lý do không duyệt." in answer.text
        answer = client.post(
            url, {**form, "decision": "grant", "deadline": "2024-12-10", "note": "Ừ"}, htmx=htmx
        )
        assert answer.status_code == 422
        assert "phải sau thời hạn hiện nay" in answer.text
        assert 'value="Ừ"' in answer.text
    assert latest(mine).state is ExtensionState.ASKED
    answer = client.post(url, {**form, "decision": "deny", "note": "Đủ thời gian"}, htmx=True)
    assert answer.status_code == 200
    assert f'<li id="entry-extension-{asked.id}">' in answer.text
    assert "Không duyệt" in answer.text
    assert work().deadline == date(2024, 12, 10)
    record = select(HistoryEntry.after).where(HistoryEntry.verb == "task.extension.deny")
    assert db.session.scalars(record).one() == {
        "Cơ quan": AGENCY,
        "Thời hạn đề nghị": "20/12/2024",
        "Lý do": "Đủ thời gian",
    }


def test_who_comes_second_gets_409_and_keeps_the_text(app: Flask, client_of: ClientOf) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    ask(client_of("chuyenvien"), mine, "2024-12-20")
    asked, client = latest(mine), client_of("dieuphoi")
    form = {"version": asked.version, "decision": "deny", "note": "Lý do của tôi"}
    extending.withdraw(somebody("chuyenvien"), asked)
    for htmx in (False, True):
        answer = client.post(f"/extensions/{asked.id}/decide", form, htmx=htmx)
        assert answer.status_code == 409
        assert "Lý do của tôi" in answer.text
        assert "Đã rút" in answer.text


def test_the_city_leader_decides_for_the_coordinating_office(
    app: Flask, client_of: ClientOf
) -> None:
    mine = next(
        a
        for a in db.session.scalars(select(Assignment).order_by(Assignment.id))
        if a.agency.short_name == "VP Điều phối NTM" and a.work_state is WorkState.ASSIGNED
    )
    until(mine, date(2024, 12, 31))
    assert ask(client_of("dieuphoi"), mine, "2025-01-10", beyond="y") == 303
    asked = latest(mine)
    with pytest.raises(NotYours):
        extending.grant(somebody("dieuphoi"), asked, date(2025, 1, 10))
    form = {"version": asked.version, "decision": "grant", "deadline": "2025-01-10"}
    assert client_of("dieuphoi").post(f"/extensions/{asked.id}/decide", form).status_code == 403
    assert f"entry-extension-{asked.id}" in client_of("lanhdao").get("/waiting/").text
    assert client_of("lanhdao").post(f"/extensions/{asked.id}/decide", form).status_code == 303


def test_an_agency_without_people_reads_the_decision_in_its_mailbox(app: Flask) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    officer = somebody("chuyenvien")
    extending.ask_extension(officer, mine, extending.Wish(date(2024, 12, 20), "Lý do"))
    with transaction():
        for name in ("chuyenvien", "daumoi"):
            somebody(name).locked_at = clock.real_now()
        mine.agency.mailbox = "sonn@example.invalid"
    extending.grant(somebody("dieuphoi"), latest(mine), date(2024, 12, 20))
    (mail,) = office_letters()
    assert mail.to_address == "sonn@example.invalid"
    assert "Đã duyệt gia hạn đến 20/12/2024." in mail.text


def test_done_in_time_after_an_extension_is_marked_gh(app: Flask, client_of: ClientOf) -> None:
    mine = work()
    until(mine, date(2024, 11, 16))
    coordinator = somebody("dieuphoi")
    extending.ask_extension(
        somebody("chuyenvien"), mine, extending.Wish(date(2024, 12, 2), "Lý do")
    )
    extending.grant(coordinator, latest(mine), date(2024, 12, 2))
    clock.freeze(date(2024, 12, 1))
    posting.post_progress(somebody("daumoi"), mine, WorkState.SUBMITTED, 100, "Xong")
    deciding.confirm(coordinator, mine)
    counted = counters(date(2024, 12, 1))
    assert counted.extended == 1
    assert counted.done_on_time > 1
    clock.freeze(date(2024, 11, 14))
    page = client_of("dieuphoi").get(f"/tasks/{mine.task_id}").text
    assert "Hoàn thành đúng hạn · GH" in page


def test_more_time_may_still_be_granted_when_the_work_is_done_meanwhile(
    app: Flask, client_of: ClientOf
) -> None:
    mine = work()
    until(mine, date(2024, 12, 10))
    assert ask(client_of("chuyenvien"), mine, "2024-12-20") == 303
    with transaction():
        mine.work_state = WorkState.DONE
    form = {"decision": "grant", "deadline": "2024-12-20", "note": ""}
    coordinator = client_of("dieuphoi")
    assert coordinator.post(f"/extensions/{latest(mine).id}/decide", form).status_code == 303
    assert latest(mine).state is ExtensionState.GRANTED
    assert work().deadline == date(2024, 12, 20)
