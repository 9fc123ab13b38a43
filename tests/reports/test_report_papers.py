"""A report leaves for Word, for Excel and for the printer, with what its page says."""

import base64
import io
import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from html import unescape

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from benchmarks.many import fill
from ntmtasks.accounts.rules import Role
from ntmtasks.core.db import db, transaction
from ntmtasks.core.papers import signed_by
from ntmtasks.core.sheets import sheet_names
from ntmtasks.core.templates import Template
from ntmtasks.core.word import templates as child
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.rules.templates import TemplateUse
from ntmtasks.reports.service import templates
from ntmtasks.reports.service.papers import DRAFT
from ntmtasks.tasks.models import Task
from tests.core.test_papers import texts
from tests.core.test_templates import BODY, HEAD, ORDER, own
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody


def report_in(*states: ReportState) -> Report:
    """The first report of the district in one of these states."""
    return db.session.scalars(
        select(Report)
        .where(Report.agency_id == somebody("thoilai").agency_id, Report.state.in_(states))
        .order_by(Report.due_on)
    ).first() or pytest.fail("the sample has none")


def word(client: Client, report: Report) -> tuple[str, Docx]:
    """The name of its file and the file, read back."""
    answer = client.get(f"/reports/{report.id}/export.docx")
    assert answer.status_code == 200
    name = answer.headers["Content-Disposition"].rpartition("filename=")[2]
    return name, Document(io.BytesIO(answer.data))


def test_what_was_sent_leaves_as_an_official_paper(app: Flask, client_of: ClientOf) -> None:
    client, report = client_of("thoilai"), report_in(ReportState.ACCEPTED)
    with transaction():
        head = somebody("thoilai")
        head.role, head.title, head.name = Role.AGENCY_LEADER, "Phó Chủ tịch", "Lê Thị Mười"
    name, document = word(client, report)
    assert name == "bao-cao-thang-6-2024-quy-ii-2024-ubnd-huyen-thoi-lai-2024-11-14.docx"
    lines = texts(document)
    assert lines[:6] == [
        "ỦY BAN NHÂN DÂN HUYỆN THỚI LAI",
        "Số:        /BC-UBND",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Thới Lai, ngày 18 tháng 6 năm 2024",
        "BÁO CÁO",
    ]
    assert "Tình hình thực hiện Kế hoạch số 108/KH-UBND" in lines[6]
    assert "I. Kết quả" in lines
    assert DRAFT not in lines
    assert any(line.endswith("tại Phụ lục kèm theo./.") for line in lines)
    signed = [p.text for p in document.tables[-2].rows[0].cells[1].paragraphs if p.text]
    assert signed == ["TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Lê Thị Mười"]
    grid = document.tables[-1]
    assert grid.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert [cell.text for cell in grid.rows[0].cells][:5] == [
        "STT",
        "Nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Hạn",
    ]
    assert document.sections[-1].page_width == document.sections[0].page_height
    headings = [p for p in document.paragraphs if p.style and p.style.name.startswith("NTM Muc")]
    assert headings
    assert all(p.text.strip() for p in headings)


def test_a_draft_says_so_and_the_print_page_says_the_same(app: Flask, client_of: ClientOf) -> None:
    client, report = client_of("thoilai"), report_in(ReportState.MISSING)
    name, document = word(client, report)
    assert name == "bao-cao-thang-10-2024-ubnd-huyen-thoi-lai-du-thao-2024-11-14.docx"
    lines = texts(document)
    assert lines[2] == DRAFT
    page = client.get(f"/reports/{report.id}/print").text
    paper = re.sub(r"<[^>]+>", "\n", page[page.index('<article class="paper"') :])
    said = {" ".join(line.split()) for line in unescape(paper).splitlines()}
    missing = {" ".join(line.split()) for cell in lines for line in cell.splitlines()} - said
    assert missing == {"Số: /BC-UBND"}  # in pieces there
    assert f'href="/reports/{report.id}/print"' in client.get(f"/reports/{report.id}").text


def test_an_ad_hoc_report_rests_on_what_was_asked(app: Flask, client_of: ClientOf) -> None:
    client_of("dieuphoi").post(
        "/reports/asked/new",
        {
            "title": "OCOP và hạn mặn",
            "question": "Bao nhiêu?",
            "agencies": [somebody("thoilai").agency_id],
            "due_on": "2024-11-20",
            "due_at": "",
        },
    )
    report = db.session.scalars(select(Report).order_by(Report.id.desc()).limit(1)).one()
    page = client_of("thoilai").get(f"/reports/{report.id}/print").text
    assert (
        "Thực hiện yêu cầu báo cáo đột xuất ngày 14 tháng 11 năm 2024 của Văn phòng Điều phối nông "
        "thôn mới thành phố, Ủy ban nhân dân huyện Thới Lai báo cáo OCOP và hạn mặn như sau:"
        in page
    )
    assert ">OCOP và hạn mặn</p>" in page
    assert "Trên đây là báo cáo của Ủy ban nhân dân huyện Thới Lai" in page


def test_a_workbook_has_days_and_numbers_and_no_formula(app: Flask, client_of: ClientOf) -> None:
    client, report = client_of("thoilai"), report_in(ReportState.MISSING)
    with transaction():
        of("IV.5.-1", "UBND huyện Thới Lai").task.text = '=HYPERLINK("http://x";"y")'
    answer = client.get(f"/reports/{report.id}/export.xlsx")
    name = "bao-cao-thang-10-2024-ubnd-huyen-thoi-lai-du-thao-2024-11-14.xlsx"
    assert name in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(answer.data))
    sheet = book.worksheets[0]
    rows = {row[1].value: row for row in sheet.iter_rows(min_row=2)}
    first = rows["IV.5.-1"]
    assert (first[2].value, first[2].data_type) == ('=HYPERLINK("http://x";"y")', "s")
    assert (first[5].value, first[5].is_date) == (datetime(2024, 11, 10), True)
    assert (first[0].value, first[0].data_type) == (1, "n")
    assert (first[8].data_type, first[8].number_format) == ("n", "0%")
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:J{sheet.max_row}"
    about = {row[0].value: row[1].value for row in book["Thông tin"].iter_rows()}
    assert about["Tình trạng"] == "dự thảo"


def test_sheets_bear_their_titles_and_a_number_only_where_excel_cannot_tell_them_apart() -> None:
    whole, by_agency = "Kết quả thực hiện nhiệm vụ theo", "Kết quả thực hiện nhiệm vụ theo cơ quan"
    assert sheet_names([whole, "Số liệu", by_agency, "Thông tin"]) == [
        whole,
        "Số liệu",
        "Kết quả thực hiện nhiệm vụ (3)",
        "Thông tin (4)",
    ]


def test_it_is_written_in_the_offices_own_template(app: Flask, client_of: ClientOf) -> None:
    content = own(f"{HEAD}<w:r><w:t>ĐẦU CỦA CƠ QUAN</w:t></w:r>", BODY)
    clean = base64.b64decode(json.loads(child.read(ORDER, content))["content"])
    ours = Template(clean, (), (), ())
    templates.replace(somebody("dieuphoi"), TemplateUse.AGENCIES, "Mẫu.docx", ours)
    lines = texts(word(client_of("dieuphoi"), report_in(ReportState.MISSING))[1])
    assert lines[:3] == [DRAFT, "ĐẦU CỦA CƠ QUAN", "BÁO CÁO"]
    assert "Nơi nhận:" in lines


def test_it_takes_as_many_queries_for_many_tasks(
    app: Flask, client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = client_of("dieuphoi")
    address = f"/reports/{report_in(ReportState.MISSING).id}/print"

    def count() -> int:
        with statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    before, tasks = count(), len(db.session.scalars(select(Task.id)).all())
    fill(tasks + 40)
    assert count() == before


def test_who_leads_a_part_of_an_agency_signs_on_its_heads_order() -> None:
    block = signed_by("Phó Trưởng phòng Kinh tế", "Võ Sơn", "Ủy ban nhân dân", "Chủ tịch")
    assert block.lines == [
        "TL. Chủ tịch",
        "KT. Trưởng phòng Kinh tế",
        "Phó Trưởng phòng Kinh tế",
    ]
    assert signed_by("Chánh Văn phòng", "", "", "Chánh Văn phòng").lines == ["Chánh Văn phòng"]
