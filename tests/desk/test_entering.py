"""Cập nhật thay: the coordinator enters for an agency what came by document, call or mail."""

import io
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts import service as accounts
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.tasks.queries import counting
from ntmtasks.tasks.rules import WorkState
from tests.support.work import ClientOf, of, office_letters, somebody, told

MINE = ("III.1.c", "Sở NN&PTNT")
FORM = {
    "source_kind": "document",
    "source_ref": "512/BC-SNN",
    "source_on": "2024-11-12",
    "state": "submitted",
    "percent": "100",
    "body": "Đã mở 36/36 lớp",
}


def entered_of(path: str, agency: str) -> ProgressUpdate:
    """The newest update of an assignment."""
    found = db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == of(path, agency).id)
        .order_by(ProgressUpdate.id.desc())
    ).first()
    assert found is not None
    return found


def test_a_completion_counts_from_the_day_of_its_source(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    client = client_of("dieuphoi")
    page = client.get(f"/tasks/{work.task_id}").text
    assert f'href="/assignments/{work.id}/enter"' in page
    assert client.get(f"/assignments/{work.id}/enter").status_code == 200
    answer = client.post(f"/assignments/{work.id}/enter", FORM)
    assert answer.status_code == 303
    entered = of(*MINE)
    assert entered.work_state is WorkState.SUBMITTED
    assert entered.submitted_at is not None
    assert clock.local(entered.submitted_at).date() == date(2024, 11, 12)
    assert (entered.submitted_by, entered.entered_by) == (None, somebody("dieuphoi"))
    shown = client_of("daumoi").get(f"/tasks/{work.task_id}").text
    assert "nhập thay bởi Đặng Thu Phương" in shown
    assert "Văn bản 512/BC-SNN ngày 12/11/2024" in shown
    entry = history.of("task", work.task_id)[0]
    assert entry.verb == "task.enter"
    assert entry.after["Nguồn"] == "Văn bản 512/BC-SNN ngày 12/11/2024"


def test_the_paper_itself_is_kept_with_it(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    paper = {"files": [(io.BytesIO(b"%PDF-1.4 "), "báo cáo đ.pdf")], "document": "512/BC-SNN"}
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM | paper)
    assert answer.status_code == 303
    assert [e.file.name for e in entered_of(*MINE).evidence] == ["báo cáo đ.pdf"]


def test_what_an_agency_wrote_stays_its_own_when_another_one_takes_over(
    app: Flask, client_of: ClientOf
) -> None:
    work, health = of(*MINE), of("III.7.-2", "Sở Y tế").agency_id
    form = {"version": work.version, "agency": health, "officer": 0, "note": ""}
    form["deadline"] = work.deadline.isoformat() if work.deadline else ""
    client = client_of("dieuphoi")
    assert client.post(f"/assignments/{work.id}/edit", form).status_code == 303
    assert (
        "Trần Văn Hòa · Sở NN&amp;PTNT · Đang thực hiện · 60 %"
        in client.get(f"/tasks/{work.task_id}").text
    )


def test_progress_alone_is_entered_too(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    call = {"source_kind": "call", "source_ref": "anh Hòa", "state": "in_progress", "percent": "80"}
    assert (
        client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM | call).status_code == 303
    )
    entered = of(*MINE)
    assert (entered.work_state, entered.percent) == (WorkState.IN_PROGRESS, 80)
    assert entered_of(*MINE).source_ref == "anh Hòa"


def test_the_agency_is_told_by_notice_or_by_mail_to_its_mailbox(
    app: Flask, client_of: ClientOf
) -> None:
    client = client_of("dieuphoi")
    client.post(f"/assignments/{of(*MINE).id}/enter", FORM)
    assert any("512/BC-SNN" in line for line in told("daumoi", "entered"))
    paper = of("IV.4.-1", "Hội Nông dân")
    client.post(f"/assignments/{paper.id}/enter", FORM)
    mailbox = agencies.by_short_name()["Hội Nông dân"].mailbox
    (mail,) = office_letters()
    assert mail.to_address == mailbox
    assert "512/BC-SNN" in mail.text
    assert "Nếu chưa đúng" in mail.text


def test_whoever_entered_it_does_not_confirm_it(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    client = client_of("dieuphoi")
    client.post(f"/assignments/{work.id}/enter", FORM)
    assert client.post(f"/assignments/{work.id}/confirm").status_code == 403
    assert "Người xác nhận được: Võ Thanh Sơn." in client.get(f"/tasks/{work.task_id}").text
    assert f"waiting-row-{work.id}" not in client.get("/waiting/").text
    leader = client_of("lanhdao")
    assert f"waiting-row-{work.id}" in leader.get("/waiting/").text
    assert any("nhập thay" in line for line in told("lanhdao", "submit"))
    assert leader.post(f"/assignments/{work.id}/confirm").status_code == 303
    assert of(*MINE).work_state is WorkState.DONE


def test_another_coordinator_confirms_it(app: Flask, client_of: ClientOf) -> None:
    office = somebody("dieuphoi").agency
    accounts.add_user(None, "dieuphoi2", "Người thứ hai", Role.COORDINATOR, office)
    work = of(*MINE)
    client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM)
    second = somebody("dieuphoi2")
    second.must_change_password = False
    db.session.commit()
    assert client_of("dieuphoi2").post(f"/assignments/{work.id}/confirm").status_code == 303
    assert of(*MINE).work_state is WorkState.DONE


def test_the_agency_corrects_the_text_and_keeps_the_day(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM)
    focal = client_of("daumoi")
    assert "Sửa nội dung nhập thay" in focal.get(f"/tasks/{work.task_id}").text
    form = {"state": "submitted", "percent": "100", "body": "Thực ra 35/36 lớp"}
    assert focal.post(f"/assignments/{work.id}/progress", form).status_code == 303
    corrected = of(*MINE)
    assert corrected.work_state is WorkState.SUBMITTED
    assert corrected.submitted_at is not None
    assert clock.local(corrected.submitted_at).date() == date(2024, 11, 12)
    assert corrected.submitted_by == somebody("daumoi")
    assert history.of("task", work.task_id)[0].verb == "task.correct"
    assert client_of("dieuphoi").post(f"/assignments/{work.id}/confirm").status_code == 403


def test_the_agency_says_that_it_is_not_done(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM)
    form = {"state": "in_progress", "percent": "60", "body": "Chưa xong"}
    assert client_of("daumoi").post(f"/assignments/{work.id}/progress", form).status_code == 303
    opened = of(*MINE)
    assert (opened.work_state, opened.submitted_at) == (WorkState.IN_PROGRESS, None)
    assert opened.percent == 60
    assert opened.entered_by is None
    assert counting.class_of(opened, clock.today(), counting.windows()) == "overdue"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"source_on": ""}, "Hãy ghi ngày của nguồn"),
        ({"source_on": "2024-11-15"}, "không được sau hôm nay"),
        ({"source_on": "2024-05-23"}, "không được trước ngày ban hành"),
        ({"source_ref": " "}, "Hãy ghi số, ký hiệu văn bản"),
        ({"source_kind": "rumour"}, "Hãy chọn một mục"),
        ({"percent": "101"}, "Tiến độ là số nguyên"),
        ({"body": ""}, "Hãy ghi kết quả"),
    ],
)
def test_a_bad_source_is_refused_beside_its_field(
    app: Flask, client_of: ClientOf, changed: dict[str, str], sentence: str
) -> None:
    work = of(*MINE)
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM | changed)
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = {"source_ref": "512/BC-SNN", "body": "Đã mở 36/36 lớp"}
    assert all(text in answer.text for name, text in kept.items() if name not in changed)
    assert of(*MINE).submitted_at is None


def test_a_stale_form_keeps_what_was_typed(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    seen = work.version
    form = {"state": "in_progress", "percent": "61", "body": "Cơ quan tự cập nhật"}
    client_of("daumoi").post(f"/assignments/{work.id}/progress", form)
    answer = client_of("dieuphoi").post(f"/assignments/{work.id}/enter", FORM | {"version": seen})
    assert answer.status_code == 409
    assert "Đã mở 36/36 lớp" in answer.text
    assert of(*MINE).work_state is WorkState.IN_PROGRESS


def test_nobody_else_enters_and_not_for_the_own_office(app: Flask, client_of: ClientOf) -> None:
    work, own = of(*MINE), of("III.2.a", "VP Điều phối NTM")
    for username in ("daumoi", "lanhdao", "admin"):
        answer = client_of(username).post(f"/assignments/{work.id}/enter", FORM)
        assert answer.status_code == 403
    assert client_of("dieuphoi").post(f"/assignments/{own.id}/enter", FORM).status_code == 403


def test_a_stale_progress_form_comes_back_with_both_texts(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    seen = work.version
    url = f"/assignments/{work.id}/progress"
    form = {"state": "in_progress", "percent": "61", "version": seen}
    client_of("daumoi").post(url, form | {"body": "Bản của đầu mối"})
    for htmx in (False, True):
        answer = client_of("chuyenvien").post(url, form | {"body": "Bản tôi gõ"}, htmx=htmx)
        assert answer.status_code == 409
        assert "Bản tôi gõ" in answer.text
        assert "Bản của đầu mối" in answer.text


def test_it_says_whether_the_agency_could_be_told(app: Flask, client_of: ClientOf) -> None:
    work = of(*MINE)
    with transaction():
        db.session.execute(update(User).where(User.agency_id == work.agency_id).values(email=""))
    client = client_of("dieuphoi")
    address = f"/assignments/{work.id}/enter"
    assert "cơ quan được báo và sửa được" in client.get(address).text
    with transaction():
        work.agency.mailbox = ""
        now = clock.real_now()
        db.session.execute(
            update(User).where(User.agency_id == work.agency_id).values(locked_at=now)
        )
    assert "không được báo; hãy gọi điện" in client.get(address).text
    assert client.post(address, {**FORM, "product": "36 lớp"}).status_code == 303
    page = client.get(f"/tasks/{work.task_id}").text
    assert "chưa được báo, hãy gọi điện" in page
    assert "cơ quan được báo." not in page
    assert "Sản phẩm: <b>36 lớp</b>" in page
