"""Giải trình: demanded of who is late, answered by the agency, judged by the asker."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.queries import occurrences
from ntmtasks.progress.queries.occurrences import Slot
from ntmtasks.progress.rules.asks import ExplanationState, is_late
from ntmtasks.progress.rules.occurrences import Standing
from ntmtasks.progress.service import explaining
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.service import changes
from tests.support.work import ClientOf, of, office_letters, somebody

AGENCY = "Sở NN&PTNT"


def late() -> Assignment:
    """Work that is 45 days late and of which nobody has been asked to explain anything."""
    return of("III.4.a.-1", AGENCY)


def latest(assignment: Assignment) -> ExplanationRequest:
    """The last demand on an assignment."""
    query = select(ExplanationRequest).where(ExplanationRequest.assignment_id == assignment.id)
    found = db.session.scalars(query.order_by(ExplanationRequest.id.desc())).first()
    assert found is not None
    return found


def demanded(actor: str = "dieuphoi") -> ExplanationRequest:
    """A demand to the agency of the late work, to be answered by 19/11."""
    explaining.demand(somebody(actor), late(), "Vì sao chậm?", date(2024, 11, 19))
    return latest(late())


def test_late_is_judged_by_the_submission_else_by_today() -> None:
    due, next_day = date(2024, 11, 14), date(2024, 11, 15)
    assert not is_late(due, None, due)
    assert is_late(due, None, next_day)
    assert not is_late(due, due, next_day)
    assert is_late(due, next_day, next_day)
    assert not is_late(None, None, next_day)


@pytest.mark.parametrize("asker", ["dieuphoi", "lanhdao"])
def test_a_demand_is_due_in_three_working_days_and_told_to_the_agency(
    app: Flask, client_of: ClientOf, asker: str
) -> None:
    work, client = late(), client_of(asker)
    page = client.get(f"/tasks/{work.task_id}?open=demand-{work.task_id}").text
    # 14/11/2024 is a Thursday: Friday, Monday, Tuesday.
    assert 'value="2024-11-19"' in page.split("<summary>Yêu cầu giải trình</summary>")[1]
    form = {"assignment": work.id, "question": "Vì sao chậm?", "answer_by": "2024-11-19"}
    answer = client.post(f"/tasks/{work.task_id}/explanations", form, htmx=True)
    assert answer.status_code == 200
    assert f'id="task-asks-{work.task_id}"' in answer.text
    assert "Vì sao chậm?" in answer.text.split('id="stream"')[1]
    assert latest(work).state is ExplanationState.ASKED
    told = db.session.scalars(
        select(Notice).where(Notice.kind == "explanation", Notice.mail_id.is_(None))
    ).all()
    assert [n.user_id for n in told] == [somebody("daumoi").id]
    assert "đến hạn" not in client_of("chuyenvien").get(f"/tasks/{work.task_id}").text


def test_the_mail_of_a_demand_says_giai_trinh(app: Flask) -> None:
    demanded()
    outbox.record_as_sent(lambda ids: dict.fromkeys(ids, ("Tên", "x@example.invalid")))
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    assert mail.subject.startswith("[Giải trình] Mục III.4.a.-1")


def test_nobody_explains_work_in_time_and_not_by_yesterday(app: Flask, client_of: ClientOf) -> None:
    client, fresh = client_of("dieuphoi"), of("III.1.d", AGENCY)
    address = f"/tasks/{fresh.task_id}?open=demand-{fresh.task_id}"
    assert "Yêu cầu giải trình" not in client.get(address).text
    with pytest.raises(explaining.NotLate):
        explaining.demand(somebody("dieuphoi"), fresh, "Vì sao?", date(2024, 11, 19))
    work = late()
    url = f"/tasks/{work.task_id}/explanations"
    form = {"assignment": work.id, "question": "Câu hỏi đã gõ", "answer_by": "2024-11-13"}
    for htmx in (False, True):
        answer = client.post(url, form, htmx=htmx)
        assert answer.status_code == 422
        assert "không được ở trong quá khứ" in answer.text
        assert "Câu hỏi đã gõ" in answer.text
        answer = client.post(url, {**form, "question": " "}, htmx=htmx)
        assert "Hãy ghi nội dung cần giải trình." in answer.text


def test_who_may_update_answers_and_the_asker_accepts(app: Flask, client_of: ClientOf) -> None:
    asked = demanded()
    url = f"/explanations/{asked.id}/answer"
    client = client_of("chuyenvien")
    form = {"version": asked.version, "answer": "Thiếu vốn đối ứng"}
    assert client.post(url, {**form, "answer": " "}, htmx=True).status_code == 422
    assert client_of("vhttdl").post(url, form).status_code == 404
    answer = client.post(url, form, htmx=True)
    assert answer.status_code == 200
    assert "Thiếu vốn đối ứng" in answer.text
    assert latest(late()).state is ExplanationState.ANSWERED
    again = client.post(url, {**form, "answer": "Lời thứ hai"}, htmx=True)
    assert again.status_code == 409
    assert "Lời thứ hai" in again.text
    coordinator = client_of("dieuphoi")
    assert "Thiếu vốn đối ứng" in coordinator.get("/waiting/").text
    judge = {"version": latest(late()).version, "decision": "accept", "back": "waiting"}
    url = f"/explanations/{asked.id}/judge"
    assert client_of("lanhdao").post(url, judge).status_code == 403
    answer = coordinator.post(url, judge)
    assert (answer.status_code, answer.location) == (303, "/waiting/")
    assert latest(late()).state is ExplanationState.ACCEPTED
    assert coordinator.post(url, judge).status_code == 409
    verbs = set(
        db.session.scalars(
            select(HistoryEntry.verb).where(HistoryEntry.subject_id == late().task_id)
        )
    )
    assert {f"task.explanation.{v}" for v in ("demand", "answer", "accept")} <= verbs


def test_an_answer_that_is_not_enough_is_followed_by_a_new_question(
    app: Flask, client_of: ClientOf
) -> None:
    first = demanded("lanhdao")
    explaining.answer(somebody("daumoi"), first, "Chậm")
    client = client_of("lanhdao")
    url = f"/explanations/{first.id}/judge"
    form = {"version": first.version, "decision": "repeat", "question": "", "answer_by": ""}
    answer = client.post(url, form, htmx=True)
    assert answer.status_code == 422
    assert "Hãy ghi nội dung cần giải trình thêm." in answer.text
    assert "Hãy ghi ngày phải trả lời" in answer.text
    form |= {"question": "Nêu rõ nguyên nhân", "answer_by": "2024-11-20"}
    assert client.post(url, form).status_code == 303
    second = latest(late())
    assert second.id != first.id
    assert (second.state, second.question) == (ExplanationState.ASKED, "Nêu rõ nguyên nhân")
    assert db.session.get_one(ExplanationRequest, first.id).state is ExplanationState.REPEATED


def test_an_overdue_answer_is_shown_as_overdue(app: Flask, client_of: ClientOf) -> None:
    asked = demanded()
    with transaction():
        asked.answer_by = date(2024, 11, 12)
    page = client_of("daumoi").get(f"/tasks/{late().task_id}").text
    entry = page.split(f'id="entry-explanation-{asked.id}"')[1].split("</li>")[0]
    assert "quá hạn 2 ngày" in entry


def test_where_nobody_signs_in_the_mailbox_gets_the_letter(app: Flask) -> None:
    work = late()
    with transaction():
        for name in ("chuyenvien", "daumoi"):
            somebody(name).locked_at = clock.real_now()
        work.agency.mailbox = "sonn@example.invalid"
    demanded()
    (mail,) = office_letters()
    assert mail.subject.startswith("[Giải trình] Mục III.4.a.-1: Yêu cầu giải trình trước ngày")
    assert mail.to_address == "sonn@example.invalid"
    for words in (
        "Vì sao chậm?",
        work.task.text[:60],
        "Xin trả lời Đặng Thu Phương, điện thoại 0292 3 000 000.",
    ):
        assert words in mail.text


def test_what_is_owed_stands_in_my_work_and_is_answered_there(
    app: Flask, client_of: ClientOf
) -> None:
    asked, client = demanded(), client_of("daumoi")
    page = client.get("/my-work/").text
    assert "Cần giải trình (1)" in page
    assert "Vì sao chậm?" in page.split('id="owed"')[1].split("</section>")[0]
    assert 'id="owed"' not in client_of("thoilai").get("/my-work/").text
    form = {"version": asked.version, "answer": "", "back": "my-work"}
    url = f"/explanations/{asked.id}/answer"
    assert client.post(url, form).status_code == 422
    answer = client.post(url, {**form, "answer": "Vì mưa"}, htmx=True)
    assert answer.text.startswith(f'<li id="entry-explanation-{asked.id}">')
    assert 'id="task-facts"' not in answer.text
    assert 'id="owed"' not in client.get("/my-work/").text


def missed() -> Slot:
    """The Monday of the weekly news of which nobody said how it went."""
    return next(
        s
        for s in occurrences.missed_of(of("III.2.c", "Sở TT&TT").task_id, clock.today())
        if s.standing is Standing.UNRECORDED
    )


def test_a_missed_slot_of_recurring_work_is_asked_about_and_answered(
    app: Flask, client_of: ClientOf
) -> None:
    slot, client = missed(), client_of("dieuphoi")
    task_id, number = slot.occurrence.task_id, slot.occurrence.id
    page = client.get(f"/tasks/{task_id}?open=demand-{task_id}").text
    panel = page.split("<summary>Yêu cầu giải trình</summary>")[1]
    assert f'<option value="slot-{number}">Sở TT&amp;TT – kỳ thứ hai 11/11/2024</option>' in panel
    form = {"assignment": f"slot-{number}", "question": "Vì sao?", "answer_by": "2024-11-19"}
    answer = client.post(f"/tasks/{task_id}/explanations", form, htmx=True)
    assert answer.status_code == 200
    asked = latest(slot.assignment)
    assert (asked.about, asked.about_url) == (
        "kỳ thứ hai 11/11/2024",
        f"/tasks/{task_id}#occurrence-{number}",
    )
    entry = answer.text.split(f'id="entry-explanation-{asked.id}"')[1].split("</li>")[0]
    assert asked.about_url in entry
    owner = client_of("mau.tttt")
    assert "kỳ thứ hai 11/11/2024" in owner.get("/my-work/").text.split('id="owed"')[1]
    said = {"version": asked.version, "answer": "Đài đổi lịch phát sóng"}
    assert owner.post(f"/explanations/{asked.id}/answer", said).status_code == 303
    assert "Đài đổi lịch phát sóng" in client.get("/waiting/").text


def test_a_slot_that_was_held_or_is_still_to_come_is_not_asked_about(app: Flask) -> None:
    work = of("III.2.c", "Sở TT&TT")
    (series,) = occurrences.series_of(work.task_id, clock.today())
    found = {s.standing: s for s in series.slots}
    for standing in (Standing.DONE, Standing.COMING):
        with pytest.raises(explaining.NotLate):
            explaining.demand_of_slot(
                somebody("dieuphoi"), found[standing], "Vì sao?", date(2024, 11, 19)
            )


def test_more_is_asked_of_who_got_more_time_meanwhile(app: Flask, client_of: ClientOf) -> None:
    asked = demanded()
    explaining.answer(somebody("daumoi"), asked, "Chậm")
    changes.change_deadline(somebody("dieuphoi"), late(), date(2024, 12, 20), "Thêm thời gian")
    form = {
        "version": latest(late()).version,
        "decision": "repeat",
        "question": "Nêu rõ",
        "answer_by": "2024-11-20",
    }
    assert client_of("dieuphoi").post(f"/explanations/{asked.id}/judge", form).status_code == 303
    assert latest(late()).question == "Nêu rõ"
