"""The whole of a task on paper: everything that happened, in sentences, with nothing to press."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager

from flask import Flask

from ntmtasks.core.db import transaction
from ntmtasks.desk.queries.stream import SHOWN
from ntmtasks.progress.service import commenting
from tests.support.work import ClientOf, of, somebody


def test_it_shows_clause_agencies_stream_and_record_without_a_form(
    app: Flask, client_of: ClientOf
) -> None:
    work = of("III.9.a.-1", "Sở KH&ĐT")
    client = client_of("dieuphoi")
    client.post(f"/assignments/{work.id}/return", {"reason": "Thiếu danh sách"})
    page = client.get(f"/tasks/{work.task_id}/print").text
    main = page.split('<main id="main"')[1].split("</main>")[0]
    assert work.task.text in main
    assert "Sở Kế hoạch và Đầu tư" in main
    assert "trả lại" in main
    assert "từ “Chờ xác nhận” thành “Trả lại – Thực hiện lại”" in main
    assert main.count("Thiếu danh sách") >= 2  # as a decision and on record
    assert "<form" not in main


def test_the_page_of_the_task_leads_there(app: Flask, client_of: ClientOf) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    page = client_of("chuyenvien").get(f"/tasks/{work.task_id}").text
    assert f'href="/tasks/{work.task_id}/print"' in page


def test_nothing_is_left_out_where_the_page_shows_the_newest_alone(
    app: Flask, client_of: ClientOf
) -> None:
    work, author = of("III.1.c", "Sở NN&PTNT"), somebody("chuyenvien")
    with transaction():
        for number in range(SHOWN + 5):
            commenting.post(author, work.task, f"Ý kiến số {number}.")
    client = client_of("chuyenvien")
    short, whole = (client.get(f"/tasks/{work.task_id}{part}").text for part in ("", "/print"))
    assert len(set(re.findall(r"Ý kiến số \d+\.", short))) == SHOWN
    assert len(set(re.findall(r"Ý kiến số \d+\.", whole))) == SHOWN + 5
    assert "tất cả ở bản in" in short
    assert "Mỗi loại chỉ hiện 20 mục gần nhất." in short
    assert "Mỗi loại chỉ hiện" not in whole
    assert whole.count("ghi ý kiến") == SHOWN + 5


def test_it_takes_as_many_queries_for_much_as_for_little(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    work, author = of("III.1.c", "Sở NN&PTNT"), somebody("chuyenvien")
    client = client_of("chuyenvien")
    commenting.post(author, work.task, "Một ý kiến")
    with statements() as few:
        client.get(f"/tasks/{work.task_id}/print")
    for number in range(20):
        commenting.post(author, work.task, f"Ý kiến {number}")
    with statements() as many:
        client.get(f"/tasks/{work.task_id}/print")
    assert len(many) == len(few)
