"""Đôn đốc: a logged push that mails the people concerned, not twice a day without saying so."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.progress.labels import DEFAULT_URGING
from ntmtasks.progress.models.guidance import Urging
from ntmtasks.progress.service import urging
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WrongState
from tests.support.work import ClientOf, a_minute_later, of, office_letters, somebody


def work() -> Assignment:
    """Open work that nobody was urged to."""
    return of("III.1.d", "Sở NN&PTNT")


def urgings(assignment: Assignment) -> list[Urging]:
    """The urgings on an assignment."""
    return list(
        db.session.scalars(
            select(Urging).where(Urging.assignment_id == assignment.id).order_by(Urging.id)
        )
    )


def mails() -> list[OutboxMail]:
    """The mails that come of the notices, a minute later."""
    a_minute_later()
    return list(db.session.scalars(select(OutboxMail).where(OutboxMail.state == "queued")))


def test_a_push_is_logged_and_mails_the_officer_and_the_focal_point(
    app: Flask, client_of: ClientOf
) -> None:
    mine = work()
    with transaction():
        mine.officer_id = somebody("chuyenvien").id
    url = f"/tasks/{mine.task_id}/urgings"
    answer = client_of("dieuphoi").post(url, {"assignments": mine.id, "body": ""}, htmx=True)
    assert answer.status_code == 200
    entry = answer.text.split('id="stream"')[1]
    assert "Đặng Thu Phương · Đôn đốc · Sở NN&amp;PTNT" in entry
    assert DEFAULT_URGING in entry
    assert [u.body for u in urgings(mine)] == [DEFAULT_URGING]
    found = mails()
    assert {m.to_address for m in found} == {
        "chuyenvien@example.invalid",
        "daumoi@example.invalid",
    }
    assert all(m.subject.startswith("[Đôn đốc] Mục III.1.d") for m in found)
    assert DEFAULT_URGING in found[0].text
    verbs = db.session.scalars(
        select(HistoryEntry.verb).where(HistoryEntry.subject_id == mine.task_id)
    )
    assert "task.urge" in set(verbs)


def test_several_pushes_of_a_minute_make_one_mail_with_other_news_behind(app: Flask) -> None:
    focal_point = somebody("daumoi")
    outbox.notify(focal_point.id, "returned", "Trả lại", "Dòng", "/tasks/1")
    urging.urge(somebody("dieuphoi"), [work(), of("III.4.c", "Sở NN&PTNT")], "Xin báo cáo")
    (mail,) = [m for m in mails() if m.to_address == focal_point.email]
    assert mail.subject.startswith("[Đôn đốc] Mục III.1.d")
    assert mail.subject.endswith(" và 2 việc mới khác")
    assert mail.text.index("Mục III.4.c") < mail.text.index("Trả lại")


def test_not_twice_a_day_without_saying_so(app: Flask, client_of: ClientOf) -> None:
    mine, client = work(), client_of("dieuphoi")
    url = f"/tasks/{mine.task_id}/urgings"
    form = {"assignments": mine.id, "body": "Lời đôn đốc"}
    assert client.post(url, form).status_code == 303
    for htmx in (False, True):
        answer = client.post(url, form, htmx=htmx)
        assert answer.status_code == 422
        assert "Hôm nay đã đôn đốc Sở NN&amp;PTNT" in answer.text
        assert "Lời đôn đốc" in answer.text
        assert 'name="again"' in answer.text
    assert len(urgings(mine)) == 1
    assert client.post(url, {**form, "again": "y"}).status_code == 303
    assert len(urgings(mine)) == 2


def test_the_push_of_another_day_needs_no_confirmation(app: Flask) -> None:
    mine, coordinator = work(), somebody("dieuphoi")
    urging.urge(coordinator, [mine])
    with transaction():
        urgings(mine)[0].made_at -= timedelta(days=1)
    urging.urge(coordinator, [mine])
    assert len(urgings(mine)) == 2


def test_the_same_form_sent_twice_pushes_once(app: Flask, client_of: ClientOf) -> None:
    mine, client = work(), client_of("lanhdao")
    form = {"assignments": mine.id, "body": "Lời", "form_token": "token-1"}
    for _ in range(2):
        assert client.post(f"/tasks/{mine.task_id}/urgings", form).status_code == 303
    assert len(urgings(mine)) == 1


def test_one_must_choose_and_may_choose_others_open_work_alone(
    app: Flask, client_of: ClientOf
) -> None:
    mine, client = work(), client_of("dieuphoi")
    url = f"/tasks/{mine.task_id}/urgings"
    answer = client.post(url, {"body": "Lời đã gõ"}, htmx=True)
    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một cơ quan." in answer.text
    assert "Lời đã gõ" in answer.text
    assert client.post(url, {"assignments": 10**6, "body": "x"}).status_code == 422
    with pytest.raises(WrongState):
        urging.urge(somebody("dieuphoi"), [of("III.9.a.-1", "Sở KH&ĐT")])
    with pytest.raises(NotYours):
        urging.urge(somebody("dieuphoi"), [of("III.2.a", "VP Điều phối NTM")])
    with pytest.raises(NotYours):
        urging.urge(somebody("daumoi"), [mine])


def test_an_agency_without_people_or_mailbox_is_named_to_the_pusher(
    app: Flask, client_of: ClientOf
) -> None:
    mine = work()
    with transaction():
        for name in ("chuyenvien", "daumoi"):
            somebody(name).locked_at = clock.real_now()
        mine.agency.mailbox = ""
    url = f"/tasks/{mine.task_id}/urgings"
    answer = client_of("dieuphoi").post(url, {"assignments": mine.id, "body": ""}, htmx=True)
    assert "chưa có người nhận thư ở Sở NN&amp;PTNT" in answer.text
    with transaction():
        mine.agency.mailbox = "sonn@example.invalid"
    assert urging.urge(somebody("dieuphoi"), [mine], again=True) == []
    (mail,) = office_letters()
    assert mail.to_address == "sonn@example.invalid"
    assert mail.subject.startswith("[Đôn đốc] Mục III.1.d")


def test_who_stands_in_for_the_city_leader_does_not_push(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        somebody("thoilai").stands_in_until = date(2024, 12, 31)
    office = of("III.2.a", "VP Điều phối NTM")
    client = client_of("thoilai")
    assert client.get(f"/tasks/{office.task_id}").status_code == 200
    for act in ("urgings", "explanations", "directives"):
        assert client.post(f"/tasks/{office.task_id}/{act}").status_code == 403
