"""What the coordinator and the city leader decide and change."""

import re
from collections.abc import Callable
from datetime import date

from flask import Flask
from sqlalchemy import event, select

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.progress.models.asks import DeadlineExtension
from ntmtasks.progress.service import extending
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import DeadlineBasis, WorkState
from ntmtasks.tasks.service import changes
from tests.support.client import Client
from tests.support.work import somebody, told

ClientOf = Callable[[str], Client]


def of(path: str, agency: str) -> Assignment:
    """The assignment of an agency."""
    task = db.session.scalars(select(Task).where(Task.path == path)).one()
    return next(a for a in task.assignments if a.agency.short_name == agency)


def test_the_coordinator_confirms_other_agencies(app: Flask, client_of: ClientOf) -> None:
    work = of("III.9.a.-1", "Sở KH&ĐT")
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/confirm")
    assert answer.status_code == 303
    assert of("III.9.a.-1", "Sở KH&ĐT").work_state is WorkState.DONE
    again = client_of("dieuphoi").post(f"/assignments/{work.id}/confirm")
    assert again.status_code == 409
    assert "vừa được người khác thay đổi" in again.text
    assert of("III.9.a.-1", "Sở KH&ĐT").work_state is WorkState.DONE


def test_nobody_confirms_the_own_agency(app: Flask, client_of: ClientOf) -> None:
    own = of("III.2.a", "VP Điều phối NTM")
    assert client_of("dieuphoi").post(f"/assignments/{own.id}/confirm").status_code == 403
    theirs = of("III.9.a.-1", "Sở KH&ĐT")
    assert client_of("lanhdao").post(f"/assignments/{theirs.id}/confirm").status_code == 403
    leader = client_of("lanhdao")
    assert "III.2.a" in leader.get("/waiting/").text
    assert leader.post(f"/assignments/{own.id}/confirm").status_code == 303
    assert of("III.2.a", "VP Điều phối NTM").work_state is WorkState.DONE


def test_returning_wants_a_reason_and_tells_the_agency(app: Flask, client_of: ClientOf) -> None:
    work = of("IV.4.-1", "Hội LHPN")
    client = client_of("dieuphoi")
    url = f"/assignments/{work.id}/return"
    in_row = {"htmx": True, "headers": {"HX-Target": f"waiting-row-{work.id}"}}
    assert client.post(url, {"reason": " "}, **in_row).status_code == 422
    answer = client.post(url, {"reason": "Thiếu số liệu 4 huyện"}, **in_row)
    assert answer.status_code == 200
    assert f'id="waiting-row-{work.id}"' in answer.text
    assert of("IV.4.-1", "Hội LHPN").work_state is WorkState.RETURNED
    assert any("Thiếu số liệu" in line for line in db.session.scalars(select(Notice.line)))


def test_a_deadline_changes_with_a_reason_and_keeps_the_original(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    url = f"/assignments/{work.id}/edit"
    form = {
        "version": work.version,
        "agency": work.agency_id,
        "officer": 0,
        "deadline": "2024-12-20",
        "note": "",
    }
    assert client.post(url, form).status_code == 422
    emptied = client.post(url, {**form, "deadline": "", "note": "Bỏ hạn"})
    assert emptied.status_code == 422
    assert "thời hạn không bỏ trống được" in emptied.text
    assert "Bỏ hạn" in emptied.text
    assert client.post(url, {**form, "note": "Công văn 12"}).status_code == 303
    changed = of("III.1.d", "Sở NN&PTNT")
    assert changed.deadline == changed.task.deadline == date(2024, 12, 20)
    assert changed.original_deadline == date(2024, 12, 31)
    assert changed.task.deadline_basis is DeadlineBasis.BY_HAND
    assert client.post(url, {**form, "note": "cũ"}).status_code == 409
    page = client.get(f"/tasks/{work.task_id}").text
    assert "Thời hạn: từ “31/12/2024” thành “20/12/2024”" in page


def test_deadline_and_officer_change_together_in_one_save(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    client = client_of("dieuphoi")
    officer = next(u for u in own_officers(client, work) if u)
    form = {
        "version": work.version,
        "agency": work.agency_id,
        "officer": officer,
        "deadline": "2024-12-20",
        "note": "Công văn 12",
    }
    commits: list[object] = []

    def note(connection: object) -> None:
        commits.append(connection)

    event.listen(db.engine, "commit", note)
    assert client.post(f"/assignments/{work.id}/edit", form).status_code == 303
    event.remove(db.engine, "commit", note)
    saved = of("III.1.d", "Sở NN&PTNT")
    assert (saved.deadline, saved.officer_id) == (date(2024, 12, 20), officer)
    assert len(commits) == 1


def test_a_focal_point_hands_out_the_own_work_alone(app: Flask, client_of: ClientOf) -> None:
    own, theirs = of("III.1.d", "Sở NN&PTNT"), of("III.7.-2", "Sở Y tế")
    client = client_of("daumoi")
    officer = next(u for u in own_officers(client, own) if u)
    answer = client.post(
        f"/assignments/{own.id}/edit", {"version": own.version, "officer": officer}
    )
    assert answer.status_code == 303
    assert of("III.1.d", "Sở NN&PTNT").officer_id == officer
    assert client.get(f"/assignments/{theirs.id}/edit").status_code == 404


def own_officers(client: Client, assignment: Assignment) -> list[int]:
    """The choices of the officer field."""
    page = client.get(f"/assignments/{assignment.id}/edit").text
    field = page.split('name="officer"')[1].split("</select>")[0]
    return [int(part.split('"')[0]) for part in field.split('value="')[1:]]


def test_an_agency_changes_and_a_task_is_added_by_hand(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    health = of("III.7.-2", "Sở Y tế").agency_id
    client = client_of("dieuphoi")
    form = {
        "version": work.version,
        "agency": health,
        "officer": 0,
        "deadline": work.deadline.isoformat() if work.deadline else "",
        "note": "",
    }
    assert client.post(f"/assignments/{work.id}/edit", form).status_code == 303
    assert of("III.1.d", "Sở Y tế").id == work.id
    new = {
        "text": "Sơ kết chuyên đề an toàn thực phẩm",
        "source_note": "Thông báo 77/TB-UBND ngày 01/11/2024",
        "lead": health,
        "supporting": [health],
        "deadline": "2024-12-05",
    }
    assert client.post("/tasks/new", {**new, "source_note": ""}).status_code == 422
    assert client.post("/tasks/new", {**new, "deadline": ""}).status_code == 422
    answer = client.post("/tasks/new", new)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Thông báo 77/TB-UBND" in page
    assert "thêm nhiệm vụ" in page


def test_a_task_added_by_hand_tells_its_agencies(app: Flask, client_of: ClientOf) -> None:
    lead, helper = of("III.1.d", "Sở NN&PTNT"), of("III.9.a.-2", "Sở KH&ĐT")
    form = {
        "text": "Rà soát hồ sơ 36 xã",
        "source_note": "Công văn 12/UBND-KT ngày 10/11/2024",
        "lead": lead.agency_id,
        "supporting": [helper.agency_id, somebody("dieuphoi").agency_id],
        "deadline": "2024-12-20",
    }
    assert client_of("dieuphoi").post("/tasks/new", form).status_code == 303
    lines = [line for line in told("daumoi", "assigned") if "Rà soát hồ sơ 36 xã" in line]
    assert lines == ["Chủ trì nhiệm vụ bổ sung (hạn 20/12/2024): Rà soát hồ sơ 36 xã"]
    assert not any("Rà soát hồ sơ" in line for line in told("dieuphoi", "assigned"))
    offices = select(OutboxMail.to_address).where(OutboxMail.text.contains("Rà soát hồ sơ 36 xã"))
    people = select(Notice.user_id).where(Notice.line.contains("Phối hợp nhiệm vụ bổ sung"))
    assert db.session.scalars(offices).all() or db.session.scalars(people).all()


def test_a_deadline_changed_by_hand_tells_each_person_concerned_once(
    app: Flask, client_of: ClientOf
) -> None:
    task = of("IV.1", "Sở NN&PTNT").task
    before = set(db.session.scalars(select(Notice.id)))
    changes.change_deadline(
        somebody("dieuphoi"), of("IV.1", "Sở NN&PTNT"), date(2024, 12, 20), "Công văn 12"
    )
    notices = db.session.scalars(select(Notice).where(Notice.id.not_in(before))).all()
    people = [notice.user_id for notice in notices if notice.user_id is not None]
    assert len(people) == len(set(people))
    assert somebody("daumoi").id in people
    assert somebody("dieuphoi").id not in people
    assert {notice.kind for notice in notices} == {"deadline"}
    assert notices[0].line.startswith("Thời hạn đổi từ 31/12/2024 thành 20/12/2024 (Công văn 12):")
    assert notices[0].subject == "Thời hạn mới 20/12/2024 – mục IV.1"
    addresses = [notice.to_address for notice in notices if notice.user_id is None]
    silent = [a.agency for a in task.assignments if not people_of(a.agency_id)]
    assert sorted(addresses) == sorted(agency.mailbox for agency in silent if agency.mailbox)


def people_of(agency_id: int) -> list[int]:
    """Everybody of an agency who signs in and has an address."""
    return list(
        db.session.scalars(
            select(User.id).where(
                User.agency_id == agency_id, User.locked_at.is_(None), User.email != ""
            )
        )
    )


def test_more_time_granted_is_told_once_to_who_asked(app: Flask, client_of: ClientOf) -> None:
    asked = db.session.scalars(select(DeadlineExtension)).one()
    asker, told_before = asked.asked_by_id, set(db.session.scalars(select(Notice.id)))
    extending.grant(somebody("dieuphoi"), asked, asked.wanted_deadline)
    new = select(Notice.kind).where(Notice.user_id == asker, Notice.id.not_in(told_before))
    assert db.session.scalars(new).all() == ["extension"]


def test_an_arrangement_that_changed_meanwhile_stands_beside_what_was_typed(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("III.1.d", "Sở NN&PTNT")
    url, client = f"/assignments/{work.id}/edit", client_of("dieuphoi")
    form = {"version": work.version, "agency": work.agency_id, "officer": 0, "role": "lead"}
    first = {**form, "deadline": "2024-12-20", "note": "Công văn 12"}
    second = {**form, "deadline": "2024-12-25", "note": "Công văn 13"}
    assert client.post(url, first).status_code == 303
    answer = client.post(url, second)
    assert answer.status_code == 409
    for label, stored, typed in (
        ("Thời hạn", "20/12/2024", "25/12/2024"),
        ("Căn cứ, lý do", "Công văn 12", "Công văn 13"),
    ):
        assert re.search(f"{label}</th><td[^>]*>{stored}</td><td[^>]*>{typed}</td>", answer.text)
    assert 'value="2024-12-25"' in answer.text
    assert of("III.1.d", "Sở NN&PTNT").deadline == date(2024, 12, 20)
    seen = re.findall(r'name="version"[^>]*value="(\d+)"', answer.text)[0]
    assert client.post(url, {**second, "version": seen}).status_code == 303


def test_an_officer_chosen_at_the_same_time_is_shown(app: Flask, client_of: ClientOf) -> None:
    work, officer = of("III.1.d", "Sở NN&PTNT"), somebody("chuyenvien")
    form = {"version": work.version, "officer": officer.id}
    mine, theirs = officer.name, somebody("daumoi").name
    changes.hand_to(somebody("daumoi"), work, somebody("daumoi"))
    answer = client_of("daumoi").post(f"/assignments/{work.id}/edit", form)
    assert answer.status_code == 409
    names = f"<td[^>]*>{theirs}</td><td[^>]*>{mine}</td>"
    assert re.search(f"Người phụ trách</th>{names}", answer.text)


def test_what_was_reported_meanwhile_is_shown_to_who_enters_for_the_agency(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    form = {
        "version": work.version,
        "state": "in_progress",
        "percent": "65",
        "body": "Cơ quan báo qua điện thoại",
        "source_kind": "call",
        "source_ref": "bà Lan",
        "source_on": "2024-11-13",
    }
    typed = {"state": "in_progress", "percent": "70", "body": "Đã mở 4 lớp"}
    url = f"/assignments/{work.id}/progress"
    assert client_of("daumoi").post(url, {**typed, "version": work.version}).status_code == 303
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/enter", form)
    assert answer.status_code == 409
    assert "Cơ quan báo qua điện thoại" in answer.text
    assert "Đã mở 4 lớp" in answer.text


def test_agencies_of_a_task_are_shown_to_who_adds_another_too_late(
    app: Flask, client_of: ClientOf
) -> None:
    task = of("III.1.d", "Sở NN&PTNT").task
    form = {"version": task.version, "role": "supporting"}
    health, client = of("III.6.-2", "Sở Y tế").agency_id, client_of("dieuphoi")
    with transaction():
        task.product = "Báo cáo"
    answer = client.post(f"/tasks/{task.id}/agencies", {**form, "agency": health})
    assert answer.status_code == 409
    assert "Sở NN&amp;PTNT (chủ trì)" in answer.text
    assert "thêm Sở Y tế (phối hợp)" in answer.text


def test_the_record_says_from_which_percent_to_which(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    before = work.percent
    typed = {"state": "in_progress", "percent": "77", "body": "Đã mở 4 lớp"}
    assert client_of("daumoi").post(f"/assignments/{work.id}/progress", typed).status_code == 303
    newest = select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)
    entry = db.session.scalars(newest.where(HistoryEntry.verb == "task.progress")).one()
    assert (entry.before["Tiến độ"], entry.after["Tiến độ"]) == (f"{before} %", "77 %")
