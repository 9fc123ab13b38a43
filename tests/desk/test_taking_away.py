"""Lists leave as .xlsx and .csv exactly as they are filtered."""

import csv
import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from benchmarks.many import fill
from ntmtasks.core.db import db, transaction
from ntmtasks.core.tables import Column, Table, to_csv, to_xlsx
from ntmtasks.tasks.models import Task
from tests.support.client import Client

ClientOf = Callable[[str], Client]
NASTY = '=HYPERLINK("http://x")\x0b\ufffe'


def sheet(content: bytes) -> list[tuple[Any, ...]]:
    """The rows of the first sheet, its header first."""
    return list(load_workbook(io.BytesIO(content)).worksheets[0].values)


def lines(content: bytes) -> list[list[str]]:
    """The rows of a .csv, its header first."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_board_comes_out_as_its_address_filters_it(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    with transaction():
        task = db.session.scalars(select(Task).where(Task.path == "III.1.a")).one()
        task.text = NASTY
    answer = client.get("/tasks/export.xlsx?section=III&q=&page=2")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "nhiem-vu-2024-11-14.xlsx" in answer.headers["Content-Disposition"]
    head, *rows = sheet(answer.data)
    found = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert len(found) == 45
    first = found["III.1.a"]
    assert first["Nội dung nhiệm vụ"] == '=HYPERLINK("http://x")\n'
    late = [row for row in found.values() if row["Tình trạng hạn"] == "Quá hạn"]
    assert late
    assert all(isinstance(row["Thời hạn"], datetime) for row in late)
    assert all(row["Số ngày quá hạn"] > 0 for row in late)


def test_a_spreadsheet_has_a_frozen_head_that_filters_and_says_what_it_shows(
    app: Flask, client_of: ClientOf
) -> None:
    answer = client_of("dieuphoi").get("/tasks/export.xlsx?deadline=overdue")
    book = load_workbook(io.BytesIO(answer.data))
    first, about = book.worksheets
    assert first.freeze_panes == "A2"
    assert first.auto_filter.ref == f"A1:U{first.max_row}"
    said = dict(about.values)
    assert said["Nội dung"] == "hạn Quá hạn"
    assert "Văn phòng Điều phối" in said["Người lập"]
    assert said["Lập lúc"].startswith("14/11/2024")


def test_picked_rows_alone_come_out(app: Flask, client_of: ClientOf) -> None:
    ids = db.session.scalars(select(Task.id).where(Task.path.in_(["III.1.a", "IV.5.-1"]))).all()
    query = "&".join(f"pick={i}" for i in ids)
    rows = lines(client_of("dieuphoi").get(f"/tasks/export.csv?{query}&deadline=overdue").data)
    assert {row[0] for row in rows[1:]} == {"III.1.a", "IV.5.-1"}


def test_an_agency_takes_its_own_tasks_alone(app: Flask, client_of: ClientOf) -> None:
    shown = client_of("thoilai").get("/tasks/export.csv")
    head, *rows = lines(shown.data)
    own = [head.index("Đơn vị chủ trì"), head.index("Đơn vị phối hợp")]
    assert rows
    assert all("Thới Lai" in row[own[0]] + row[own[1]] for row in rows)


def test_the_other_lists_come_out_too(app: Flask, client_of: ClientOf) -> None:
    late = lines(client_of("dieuphoi").get("/overdue/export.csv").data)
    assert len(late) == 1 + 5
    mine = lines(client_of("chuyenvien").get("/my-work/export.csv").data)
    all_of_us = lines(client_of("daumoi").get("/agency-work/export.csv").data)
    assert 1 < len(mine) <= len(all_of_us)


def test_no_text_becomes_a_formula_and_days_stay_days() -> None:
    table = Table(
        "A & B", [("Nội dung", "=1 & 2")], [Column("Chữ", 9), Column("Số", 9, "number")], []
    )
    signs = ["=1+1", "+84", "-x", "@SUM(A1)", "\t=1", "chữ, 'thường'"]
    cells = Table(table.title, table.about, table.columns, [[sign, 7] for sign in signs])
    assert [row[0] for row in lines(to_csv(cells))[1:]] == [*(f"'{s}" for s in signs[:5]), signs[5]]
    assert to_csv(cells).startswith(b"\xef\xbb\xbf")
    assert sheet(to_xlsx(cells))[1:] == [(sign, 7) for sign in signs]
    book = load_workbook(io.BytesIO(to_xlsx(cells)))
    assert {cell.data_type for row in book.worksheets[0].rows for cell in row} == {"s", "n"}


def test_a_list_says_for_how_many_days_nothing_was_heard(app: Flask, client_of: ClientOf) -> None:
    head, *rows = lines(client_of("dieuphoi").get("/overdue/export.csv").data)
    found = {row[head.index("Mục")]: row[head.index("Số ngày im lặng")] for row in rows}
    assert found["III.1.c"] == "43"  # reported on 02/10
    assert found["III.4.a.-1"] == ""  # on 05/11
    head, *rows = lines(client_of("dieuphoi").get("/tasks/export.csv").data)
    found = {row[head.index("Mục")]: row[head.index("Số ngày im lặng")] for row in rows}
    assert found["III.1.c"] == "43"
    assert found["III.3"] == ""  # done
    mine = lines(client_of("chuyenvien").get("/my-work/export.csv").data)
    assert "43" in {row[mine[0].index("Số ngày im lặng")] for row in mine[1:]}


def test_an_export_asks_the_database_as_often_however_long_it_is(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("dieuphoi")
    fill(100)

    def count(address: str) -> int:
        with statements() as seen:
            assert client.get(address).status_code == 200
        return len(seen)

    addresses = ("/tasks/export.csv", "/overdue/export.csv")
    before = [count(address) for address in addresses]
    fill(1500)
    assert [count(address) for address in addresses] == before


def test_too_long_a_list_says_so(app: Flask, client_of: ClientOf, monkeypatch: Any) -> None:
    monkeypatch.setattr("ntmtasks.core.tables.MOST_ROWS", 10)
    client = client_of("dieuphoi")
    answer = client.get("/tasks/export.csv?section=III")
    assert answer.status_code == 303
    assert answer.location == "/tasks/?section=III"
    assert "chỉ lấy được 10 dòng" in client.get(answer.location).text


def test_difficulties_and_reports_come_out_as_filtered(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    head, *rows = lines(client.get("/escalations/export.csv?state=all").data)
    assert head[:3] == ["Phản ánh", "Số ngày", "Cơ quan"]
    assert rows
    none = lines(client.get("/escalations/export.csv?state=resolved").data)
    assert len(none) - 1 == sum("đã gỡ" in row[-1].lower() for row in rows)
    district = client_of("thoilai")
    head, *rows = lines(district.get("/reports/export.csv?state=missing").data)
    assert head[-1] == "Tình trạng"
    assert {row[0] for row in rows} == {"Ủy ban nhân dân huyện Thới Lai"}
    assert {row[-1] for row in rows} == {"Chưa nộp"}
    assert len(lines(district.get("/reports/export.csv").data)) > len(rows) + 1
