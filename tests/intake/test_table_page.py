"""Bringing running work in from a spreadsheet: template, preview, bad cells, taking over."""

import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.files import jobs
from ntmtasks.files.models import StoredFile
from ntmtasks.files.rules import XLSX
from ntmtasks.history.models import HistoryEntry
from ntmtasks.plans.models import Clause, Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Assignment, AssignmentSpan, Task
from ntmtasks.tasks.queries import loading
from ntmtasks.tasks.rules import AssignmentRole, Phase, WorkState
from tests.support.client import Client

ClientOf = Callable[[str], Client]
ADDRESS = "/plans/new/table"
HEADER = (
    "STT", "Nội dung nhiệm vụ", "Cơ quan chủ trì", "Phối hợp", "Hạn hoàn thành", "Kết quả", "% hoàn thành",
    "Ngày hoàn thành",
)  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("I", "CHỈ ĐẠO, ĐIỀU HÀNH"),
    (1, "Rà soát tiêu chí y tế", "Sở Y tế", "Sở Tài chính", datetime(2024, 9, 30), "Đã hoàn thành", 1, datetime(2024, 9, 12)),
    (2, "Tập huấn cán bộ xã", "Sở NN&PTNT", None, "Quý IV/2024", "Đang thực hiện", 0.6, None),
    (3, "Đưa tin về chương trình", "Báo Cần Thơ", None, "30/06/2024", "Xong", None, None),
    (4, "Kiểm tra các xã", "Sở Y tế; Sở Tư pháp", None, None, None, None, None),
)  # fmt: skip
HEAD = {"number": "9/KH-UBND", "title": "Kế hoạch thử", "issuer": "UBND thành phố"}


def xlsx(*rows: Sequence[Any], header: Sequence[Any] = HEADER) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Theo dõi"
    sheet.append(["BẢNG THEO DÕI NHIỆM VỤ"])
    for row in (header, *rows):
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def upload(client: Client, content: bytes, year: str = "2024", htmx: bool = False) -> Any:
    sent = {"file": (io.BytesIO(content), "theo dõi.xlsx"), "year": year}
    return client.post(ADDRESS, sent, htmx=htmx)


def preview(client: Client, content: bytes) -> str:
    """The address of the preview of a spreadsheet."""
    answer = upload(client, content)
    assert answer.status_code == 303
    return str(answer.headers["Location"])


def newest() -> Plan:
    return db.session.scalars(select(Plan).order_by(Plan.id.desc()).limit(1)).one()


def kept() -> tuple[int, ...]:
    return tuple(
        db.session.scalar(select(func.count()).select_from(m)) or 0
        for m in (Plan, Task, Clause, HistoryEntry)
    )


def leads(task: Task) -> list[Assignment]:
    return [a for a in task.assignments if a.role is AssignmentRole.LEAD]


def test_the_template_is_a_table_with_lists_and_reads_back_as_empty(
    app: Flask, client_of: ClientOf
) -> None:
    client = client_of("dieuphoi")
    assert f'href="{ADDRESS}/template"' in client.get(ADDRESS).text
    answer = client.get(f"{ADDRESS}/template")
    assert answer.mimetype == XLSX
    assert "attachment" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    first, lists = book.worksheets
    assert [c.value for c in first[1]][:7] == [
        "Mục", "Nội dung nhiệm vụ", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn", "Trạng thái",
        "Tiến độ (%)",
    ]  # fmt: skip
    assert first.freeze_panes == "C2"
    short_names = set(db.session.scalars(select(Agency.short_name)))
    assert short_names <= {cell.value for cell in lists["A"]}
    assert "Đã hoàn thành" in {cell.value for cell in lists["C"]}
    ranges = {str(v.sqref) for v in first.data_validations.dataValidation}
    assert {"C2:C501", "D2:D501", "F2:F501", "G2:G501"} == ranges
    empty = upload(client, answer.data)
    assert empty.status_code == 422
    assert "Không thấy dòng nhiệm vụ nào" in empty.text


def test_a_filled_template_is_understood(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{ADDRESS}/template").data))
    book.worksheets[0].append(
        ["III.1", "Rà soát", "Sở Y tế", None, datetime(2024, 12, 20), "Đang thực hiện", 40]
    )
    target = io.BytesIO()
    book.save(target)
    page = client.get(preview(client, target.getvalue())).text
    assert "<b>1</b> dòng đúng" in page
    assert "20/12/2024" in page
    assert "Đang thực hiện 40 %" in page


def test_the_preview_shows_what_would_be_made_and_saves_nothing(
    app: Flask, client_of: ClientOf
) -> None:
    before = kept()
    client = client_of("dieuphoi")
    page = client.get(preview(client, xlsx(*ROWS))).text
    assert "trang tính “Theo dõi”, tiêu đề ở dòng 2: <b>4</b> dòng đúng" in page
    assert "Đơn vị chủ trì ← “Cơ quan chủ trì”" in page
    assert "Đã hoàn thành: <b>2</b> · " not in page
    assert "Đã hoàn thành: <b>2</b>" in page
    assert "1 dòng không ghi ngày hoàn thành: lấy ngày hạn, coi là đúng hạn" in page
    assert "1 dòng không có ngày: hạn mặc định 31/12/2024" in page
    assert "Đưa vào 4 nhiệm vụ" in page
    assert kept() == before


def test_taking_over_issues_the_work_where_it_stood(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    address = preview(client, xlsx(*ROWS))
    answer = client.post(address, HEAD)
    assert answer.status_code == 303
    plan = newest()
    assert answer.headers["Location"] == f"/plans/{plan.id}"
    assert (plan.number, plan.title, plan.issuer, plan.year, plan.state) == (
        "9/KH-UBND", "Kế hoạch thử", "UBND thành phố", 2024, PlanState.ISSUED,
    )  # fmt: skip
    assert plan.source_file.keep_until is None
    assert plan.source_file.content_type == XLSX
    done, running, assumed, both = loading.of_plan(plan.id)
    assert {t.phase for t in (done, running, assumed, both)} == {Phase.ISSUED}
    assert [t.path for t in (done, running, assumed, both)] == ["I.1", "I.2", "I.3", "I.4"]
    assert done.clauses[0].text == "Rà soát tiêu chí y tế"
    (lead,) = leads(done)
    assert (lead.work_state, lead.percent) == (WorkState.DONE, 100)
    assert lead.submitted_at is not None
    assert clock.local(lead.submitted_at).date() == date(2024, 9, 12)
    supporting = next(a for a in done.assignments if a.role is AssignmentRole.SUPPORTING)
    assert (supporting.agency.short_name, supporting.work_state) == (
        "Sở Tài chính",
        WorkState.ASSIGNED,
    )
    (lead,) = leads(running)
    assert (lead.work_state, lead.percent, lead.deadline) == (
        WorkState.IN_PROGRESS, 60, date(2024, 12, 31),
    )  # fmt: skip
    assert running.quarter_four
    (lead,) = leads(assumed)
    assert lead.submitted_at is not None
    assert clock.local(lead.submitted_at).date() == date(2024, 6, 30)
    assert {a.agency.short_name for a in leads(both)} == {"Sở Y tế", "Sở Tư pháp"}


def test_nobody_confirms_the_own_agency_by_a_spreadsheet(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    row = (1, "Tổng hợp", "VP Điều phối NTM; Sở Y tế", None, "30/06/2024", "Đã hoàn thành")
    assert client.post(preview(client, xlsx(row)), HEAD).status_code == 303
    (task,) = loading.of_plan(newest().id)
    states = {a.agency.short_name: (a.work_state, a.submitted_at) for a in leads(task)}
    own, own_day = states["VP Điều phối NTM"]
    other, other_day = states["Sở Y tế"]
    assert (own, other) == (WorkState.SUBMITTED, WorkState.DONE)
    assert own_day == other_day is not None
    assert "Tổng hợp" in client_of("lanhdao").get("/waiting/").text


def test_spans_and_history_tell_of_the_take_over(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    client.post(preview(client, xlsx(*ROWS)), HEAD)
    done = loading.of_plan(newest().id)[0]
    (lead,) = leads(done)
    spans = db.session.scalars(
        select(AssignmentSpan)
        .where(AssignmentSpan.assignment_id == lead.id)
        .order_by(AssignmentSpan.id)
    ).all()
    assert [s.work_state for s in spans] == [
        WorkState.UNASSIGNED, WorkState.ASSIGNED, WorkState.DONE,
    ]  # fmt: skip
    assert [s.to_at for s in spans[:-1]] == [s.from_at for s in spans[1:]]
    assert spans[-1].to_at is None
    assert spans[-1].submitted_on == date(2024, 9, 12)
    entry = db.session.scalars(
        select(HistoryEntry).where(
            HistoryEntry.subject_id == done.id, HistoryEntry.verb == "task.carry_over"
        )
    ).one()
    assert entry.before == {"Trạng thái": "Chưa thực hiện"}
    assert entry.after == {
        "Trạng thái": "Đã hoàn thành",
        "Tiến độ": "100 %",
        "Ngày hoàn thành": "12/09/2024",
        "Theo": "theo dõi.xlsx",
    }
    assert "đưa tiến độ từ bảng theo dõi" in client.get(f"/tasks/{done.id}").text


def test_bad_cells_are_listed_and_their_rows_left_out_only_when_told(
    app: Flask, client_of: ClientOf
) -> None:
    client = client_of("dieuphoi")
    bad = (5, "Việc lạ", "Sở Phép thuật", None, "31/02/2024", None, None, None)
    address = preview(client, xlsx(*ROWS, bad))
    page = client.get(address).text
    assert "<b>1</b> dòng có ô sai" in page
    assert ">C8<" in page
    assert "Không có cơ quan “Sở Phép thuật” trong danh mục." in page
    assert ">E8<" in page
    assert "Không có ngày này trong lịch." in page
    before = kept()
    for htmx in (False, True):
        answer = client.post(address, HEAD, htmx=htmx)
        assert answer.status_code == 422
        assert "Còn dòng có ô sai" in answer.text
        assert 'value="Kế hoạch thử"' in answer.text
    assert kept() == before
    assert client.post(address, {**HEAD, "skip_bad": "y"}).status_code == 303
    assert len(loading.of_plan(newest().id)) == 4


def test_a_table_of_bad_rows_alone_cannot_be_taken_over(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    address = preview(client, xlsx((1, "Việc", "Sở Phép thuật")))
    assert "Chưa có dòng nào đúng" in client.get(address).text
    before = kept()
    assert client.post(address, {**HEAD, "skip_bad": "y"}).status_code == 422
    assert kept() == before


@pytest.mark.parametrize(
    ("content", "year", "sentence"),
    [
        (b"", "2024", "không phải tệp Excel"),
        (b"PK\x03\x04" + bytes(50), "2024", "không phải tệp Excel"),
        (xlsx(header=("Tên", "Ghi chú")), "2024", "Không thấy dòng tiêu đề"),
        (xlsx(), "2024", "Không thấy dòng nhiệm vụ nào"),
        (xlsx(*ROWS), "", "Hãy nhập năm từ 2000 đến 2100."),
    ],
)
def test_what_is_no_table_is_refused_beside_its_field(
    app: Flask, client_of: ClientOf, content: bytes, year: str, sentence: str
) -> None:
    files = set(config().files.iterdir())
    for htmx in (False, True):
        answer = upload(client_of("dieuphoi"), content, year, htmx)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert set(config().files.iterdir()) == files


def test_too_many_rows_are_refused(app: Flask, client_of: ClientOf) -> None:
    rows = [(n, "Việc", "Sở Y tế") for n in range(600)]
    answer = upload(client_of("dieuphoi"), xlsx(*rows))
    assert answer.status_code == 422
    assert "tối đa 500 dòng" in answer.text


def test_the_head_of_the_plan_is_asked_for(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    address = preview(client, xlsx(*ROWS))
    answer = client.post(address, {"number": "9/KH-UBND", "title": " "})
    assert answer.status_code == 422
    assert "Hãy ghi tên kế hoạch." in answer.text
    assert "Hãy ghi cơ quan ban hành." in answer.text
    assert 'value="9/KH-UBND"' in answer.text


def test_the_same_table_again_is_asked_about_first(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    content = xlsx(*ROWS)
    assert client.post(preview(client, content), HEAD).status_code == 303
    first = newest()
    address = preview(client, content)
    again = client.post(address, {**HEAD, "number": "10/KH-UBND"})
    assert again.status_code == 422
    assert f'href="/plans/{first.id}"' in again.text
    assert newest().id == first.id
    assert client.post(address, {**HEAD, "apart": "y"}).status_code == 303
    assert newest().id != first.id


def test_a_preview_is_its_owners_and_ends(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    address = preview(client, xlsx(*ROWS))
    number = int(address.partition("?")[0].rpartition("/")[2])
    assert client.get(address.partition("?")[0]).status_code == 404
    assert client.get(address.replace("2024", "1024")).status_code == 404
    stored = db.session.get(StoredFile, number)
    assert stored is not None
    owner = stored.uploaded_by_id
    with transaction():
        stored.uploaded_by_id = None
    assert client.get(address).status_code == 404
    with transaction():
        stored.uploaded_by_id = owner
    assert client.get(address).status_code == 200
    assert client.post(address, HEAD).status_code == 303
    assert client.get(address).status_code == 404


def test_what_nobody_decides_about_is_dropped_after_a_day(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    address = preview(client, xlsx(*ROWS))
    files = set(config().files.iterdir())
    now = clock.real_now()
    assert jobs.run(now) == 0
    stored = db.session.scalars(select(StoredFile).where(StoredFile.keep_until > now)).one()
    with transaction():
        stored.keep_until = now - timedelta(seconds=1)
    assert client.get(address).status_code == 404
    assert jobs.run(now) == 0  # once a day
    assert jobs.run(now + timedelta(days=1)) == 1
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 1
    assert len(files - set(config().files.iterdir())) == 1


def test_the_preview_asks_a_fixed_number_of_questions(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("dieuphoi")
    counts = []
    for times in (1, 20):
        address = preview(client, xlsx(*ROWS[1:] * times))
        client.get(address)
        with statements() as sql:
            client.get(address)
        counts.append(len(sql))
    assert counts[0] == counts[1]
