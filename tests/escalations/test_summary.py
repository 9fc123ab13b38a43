"""The difficulties of the list as a report in Word, ready to submit."""

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db, transaction
from ntmtasks.core.papers import signed_by
from ntmtasks.escalations import queries
from ntmtasks.escalations.models import Escalation
from ntmtasks.escalations.rules import EscalationState
from ntmtasks.escalations.service import raising
from ntmtasks.escalations.service.raising import NewEscalation
from ntmtasks.tasks.models import Task
from tests.support.client import Client
from tests.support.work import ClientOf, somebody


def paper(client: Client, query: str = "") -> Docx:
    """The file of the list, read back."""
    answer = client.get(f"/escalations/export.docx{query}")
    assert answer.status_code == 200
    assert answer.mimetype.endswith("wordprocessingml.document")
    assert "kho-khan-vuong-mac-2024-11-14.docx" in answer.headers["Content-Disposition"]
    return Document(io.BytesIO(answer.data))


def rows_of(document: Docx) -> list[list[str]]:
    """The table of the annex, its header first."""
    return [[cell.text for cell in row.cells] for row in document.tables[-1].rows]


def test_one_press_makes_a_report_with_its_table(app: Flask, client_of: ClientOf) -> None:
    office = client_of("dieuphoi")
    assert "Xuất Word" in office.get("/escalations/").text
    document = paper(office)
    head, closing, grid = document.tables
    issuer, nation = ([p.text for p in c.paragraphs if p.text] for c in head.rows[0].cells)
    assert issuer[1] == "VĂN PHÒNG ĐIỀU PHỐI NÔNG THÔN MỚI THÀNH PHỐ"
    assert nation[0] == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
    assert nation[2] == "Cần Thơ, ngày 14 tháng 11 năm 2024"
    words = [p.text for p in document.paragraphs if p.text]
    assert words[:3] == [
        "BÁO CÁO",
        "Tổng hợp khó khăn, vướng mắc trong thực hiện Kế hoạch số 108/KH-UBND",
        "Kính gửi: Ủy ban nhân dân thành phố",
    ]
    assert "Có 1 khó khăn, vướng mắc của 1 cơ quan: 1 mới phản ánh." in words[4]
    assert words[5].endswith("cho ý kiến chỉ đạo./.")
    assert closing.rows[0].cells[0].text.endswith("- Lưu: VT.")
    assert "CHÁNH VĂN PHÒNG" in closing.rows[0].cells[1].text
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    titles, first = rows_of(document)
    assert titles == [
        "STT",
        "Nhiệm vụ (căn cứ)",
        "Cơ quan",
        "Khó khăn, vướng mắc",
        "Ảnh hưởng",
        "Kiến nghị, đề xuất",
        "Từ ngày, số ngày",
        "Tình trạng",
    ]
    it = db.session.scalars(select(Escalation)).one()
    assert first[0] == "1"
    assert first[1].endswith("(mục IV.5.-1, Kế hoạch 108/KH-UBND)")
    assert first[2:6] == [it.agency.name, it.problem, it.effect, it.decision]
    assert first[6:] == ["21/10/2024\n(24 ngày)", "Mới phản ánh"]


def test_it_holds_what_the_list_shows(app: Flask, client_of: ClientOf) -> None:
    department = somebody("daumoi")
    task = db.session.scalars(select(Task).where(Task.path == "III.1.c")).one()
    own = NewEscalation(department.agency, "Thiếu cán bộ", "Chậm", "Bổ sung biên chế", [task])
    it = raising.report(department, own)
    assert it is not None
    for state in (EscalationState.CONSOLIDATED, EscalationState.SUBMITTED):
        raising.step(department, it, state, "Nội dung", "12/TTr-SNN", it.version)
    office = client_of("dieuphoi")
    assert len(rows_of(paper(office))) == 3
    submitted = rows_of(paper(office, "?state=submitted"))
    assert [row[3] for row in submitted[1:]] == ["Thiếu cán bộ"]
    assert submitted[1][7] == "Đã trình UBND thành phố\n(12/TTr-SNN)"
    district = rows_of(paper(office, f"?agency={somebody('thoilai').agency_id}"))
    assert [row[2] for row in district[1:]] == ["Ủy ban nhân dân huyện Thới Lai"]


def test_the_consolidating_department_submits_under_its_own_head(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        head = somebody("chuyenvien")
        head.role, head.title, head.name = Role.AGENCY_LEADER, "Phó Giám đốc", "Ngô Thái Bình"
    head, closing, _ = paper(client_of("daumoi")).tables
    assert "SỞ NÔNG NGHIỆP VÀ PHÁT TRIỂN NÔNG THÔN" in head.rows[0].cells[0].text
    signed = [p.text for p in closing.rows[0].cells[1].paragraphs if p.text]
    assert signed == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Ngô Thái Bình"]


def test_others_get_neither_button_nor_file(app: Flask, client_of: ClientOf) -> None:
    for name in ("thoilai", "vhttdl"):
        client = client_of(name)
        assert "Xuất Word" not in client.get("/escalations/").text
        assert client.get("/escalations/export.docx").status_code == 403


def test_nothing_to_submit_says_so(app: Flask, client_of: ClientOf) -> None:
    office = client_of("dieuphoi")
    assert "Xuất Word" not in office.get("/escalations/?state=concluded").text
    answer = office.get("/escalations/export.docx?state=concluded")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/escalations/?state=concluded"
    assert "Không có khó khăn, vướng mắc nào để xuất." in office.get("/escalations/").text


def test_too_many_are_refused_not_cut(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    district = somebody("thoilai")
    raising.report(district, NewEscalation(district.agency, "Thiếu đất", "Chậm", "Giao đất"))
    monkeypatch.setattr(queries, "MOST_ROWS", 1)
    office = client_of("dieuphoi")
    assert office.get("/escalations/export.docx").status_code == 303
    assert "Hãy lọc bớt rồi xuất lại." in office.get("/escalations/").text


def test_it_takes_as_many_queries_for_many_rows(
    app: Flask, client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    office = client_of("dieuphoi")

    def count() -> int:
        with statements() as seen:
            paper(office)
        return len(seen)

    before = count()
    district, tasks = somebody("thoilai"), list(db.session.scalars(select(Task).limit(8)))
    for task in tasks:
        new = NewEscalation(district.agency, f"Vướng {task.id}", "Chậm", "Giao đất", [task])
        it = raising.report(district, new)
        assert it is not None
        state = EscalationState.CONSOLIDATED
        raising.step(somebody("daumoi"), it, state, "Nội dung", "", it.version)
    assert count() == before


def test_a_committee_signs_for_all_its_members() -> None:
    block = signed_by("Phó Chủ tịch", "Võ Thanh Sơn", "Ủy ban nhân dân")
    assert block.lines == ["TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"]
