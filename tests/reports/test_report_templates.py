"""The page on which an office puts its own template in place, or ours again."""

import io
import re

from docx import Document
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.core.templates import Template, to_start_from
from ntmtasks.files import service as files
from ntmtasks.files.models import StoredFile
from ntmtasks.history import queries as history
from ntmtasks.reports.queries.templates import template
from ntmtasks.reports.rules.templates import TemplateUse
from ntmtasks.reports.service import templates
from tests.support.client import Client
from tests.support.documents import saved
from tests.support.work import ClientOf, somebody

PAGE = "/reports/templates"


def send(
    client: Client, content: bytes, name: str = "Mẫu của Sở.docx", **fields: str
) -> TestResponse:
    """Choose a file for the reports of the office and send it."""
    return client.post(
        f"{PAGE}/office",
        {"file": (io.BytesIO(content), name), **fields},
        content_type="multipart/form-data",
    )


def test_an_office_starts_from_ours_and_takes_it_away_again(
    app: Flask, client_of: ClientOf
) -> None:
    coordinator = client_of("dieuphoi")
    assert f'href="{PAGE}"' in coordinator.get("/reports/").text
    start = coordinator.get(f"{PAGE}/start.docx")
    assert start.mimetype.endswith("wordprocessingml.document")
    assert send(coordinator, start.data).status_code == 303
    page = coordinator.get(PAGE).text
    assert "Mẫu của Sở.docx" in page
    assert "Đã lưu mẫu báo cáo." in page
    row = template(TemplateUse.OFFICE)
    assert row is not None
    assert row.file is not None
    assert re.fullmatch("[0-9a-f]{32}", row.file.storage_name)
    kept = coordinator.get(f"{PAGE}/office/file").data
    assert kept == templates.content(TemplateUse.OFFICE)
    assert Document(io.BytesIO(kept)).paragraphs
    assert templates.content(TemplateUse.AGENCIES) == b""
    assert client_of("admin").post(f"{PAGE}/office/remove", {"version": "1"}).status_code == 409
    gone = client_of("admin").post(f"{PAGE}/office/remove", {"version": str(row.version)})
    assert gone.status_code == 303
    assert templates.content(TemplateUse.OFFICE) == b""
    assert coordinator.get(f"{PAGE}/office/file").status_code == 404
    said = [entry.verb for entry in history.of_all("report_template")]
    assert said == ["report.template.remove", "report.template"]
    assert "gỡ mẫu báo cáo" in coordinator.get(PAGE).text


def put(name: str) -> None:
    """Put a template in place that was taken in before."""
    ours = Template(b"PK", ("noi_dung",), (), ("1 nhận xét",))
    templates.replace(somebody("dieuphoi"), TemplateUse.OFFICE, name, ours)


def test_what_is_no_template_leaves_the_old_one_there(app: Flask, client_of: ClientOf) -> None:
    coordinator = client_of("dieuphoi")
    put("Cũ.docx")
    for content, sentence in (
        (b"", "Tệp này trống"),
        (b"%PDF-1.7", "Đây không phải tệp Word kiểu .docx"),
        (saved(Document()), "không có dấu trang hay kiểu chữ nào của chương trình"),
    ):
        answer = send(coordinator, content, "Khác.docx")
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Cũ.docx" in answer.text
        assert "Đã bỏ khỏi tệp: 1 nhận xét." in answer.text
    answer = coordinator.post(f"{PAGE}/office", {}, htmx=True)
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<section id="template-office"')
    assert "Hãy chọn tệp mẫu" in answer.text


def test_two_people_do_not_take_each_others_template_away(app: Flask, client_of: ClientOf) -> None:
    put("Một.docx")
    late = send(client_of("dieuphoi"), to_start_from(clock.today()), "Hai.docx", version="0")
    assert late.status_code == 409
    assert "Mẫu này vừa được người khác thay." in late.text
    assert "Một.docx" in late.text
    assert "Hai.docx" not in late.text


def test_the_file_that_was_replaced_is_swept_after_a_day(app: Flask) -> None:
    put("Một.docx")
    put("Hai.docx")
    old = db.session.scalars(select(StoredFile).where(StoredFile.name == "Một.docx")).one()
    assert old.keep_until is not None
    with transaction():
        old.keep_until -= files.HELD_FOR
    assert files.forget_expired() == 1
    assert templates.content(TemplateUse.OFFICE) == b"PK"
    row = template(TemplateUse.OFFICE)
    assert row is not None
    assert row.file is not None
    (config().files / row.file.storage_name).unlink()
    assert templates.content(TemplateUse.OFFICE) == b""
