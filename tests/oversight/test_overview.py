"""The overview: whom to call, acts in place, formulas; past days and days that are none."""

import csv
import re
from collections.abc import Callable
from datetime import date, time
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.oversight.queries.reporting import DueDay, due_days, last_due_day
from ntmtasks.oversight.rules.comparison import ranks
from ntmtasks.oversight.rules.days import DayFault, shown_day
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.states import ReportState
from tests.support.client import Client
from tests.support.work import of, somebody, told, verbs_of

TODAY, FIRST = date(2024, 11, 14), date(2024, 5, 27)


@pytest.mark.parametrize(
    ("typed", "on", "fault"),
    [
        ("", TODAY, None),
        (" 2024-05-27 ", FIRST, None),
        ("2024-11-14", TODAY, None),
        ("2024-11-15", TODAY, DayFault.FUTURE),
        ("2024-05-26", TODAY, DayFault.BEFORE_ISSUE),
        ("14/11/2024", TODAY, DayFault.UNREADABLE),
        ("2024-02-30", TODAY, DayFault.UNREADABLE),
    ],
)
def test_a_day_is_shown_from_the_first_issue_to_today(
    typed: str, on: date, fault: DayFault | None
) -> None:
    shown = shown_day(typed, TODAY, FIRST)
    assert (shown.on, shown.fault) == (on, fault)
    assert shown.is_past == (on == FIRST)
    assert shown.asked == (on.isoformat() if typed and not fault else None)


def test_before_the_first_issue_no_day_is_past() -> None:
    assert shown_day("2024-05-01", TODAY, None).fault is DayFault.BEFORE_ISSUE


def test_ranks_leave_out_who_has_too_little_and_share_places() -> None:
    assert ranks([(4, 5), (4, 4), (8, 10), (0, 0), (10, 10), (1, 6)]) == [2, None, 2, None, 1, 4]


def test_nobody_is_the_first_of_one_or_two() -> None:
    assert ranks([(4, 5), (5, 5), (1, 1)]) == [None, None, None]


def test_the_coordinator_alone_sees_whom_to_call(client_of: Callable[[str], Client]) -> None:
    page = client_of("dieuphoi").get("/overview").text
    assert re.search(
        r'Trần Văn Hòa, Trưởng phòng · <a href="tel:02923000000">0292 3 000 000</a>', page
    )
    for other in ("lanhdao", "admin"):
        assert "tel:" not in client_of(other).get("/overview").text


def test_a_leader_directs_and_asks_in_place(app: Flask, client_of: Callable[[str], Client]) -> None:
    leader, late = client_of("lanhdao"), of("III.1.c", "Sở NN&PTNT")
    page = leader.get("/overview").text
    place = page.partition(f'id="task-asks-{late.task_id}"')[2].partition("</li>")[0]
    addresses = re.findall(r'action="([^"]+)" hx-post="\1" hx-target="#task-asks-(\d+)"', place)
    assert addresses == [
        (f"/tasks/{late.task_id}/{what}", str(late.task_id))
        for what in ("directives", "explanations")
    ]
    assert place.count('name="elsewhere"') == 2
    sent = {"body": "", "elsewhere": "1"}
    answer = leader.post(addresses[0][0], sent, htmx=True)
    assert answer.status_code == 422
    answer = leader.post(addresses[0][0], sent | {"body": "Xong trong tháng 11"}, htmx=True)
    assert answer.status_code == 200
    assert f'id="task-asks-{late.task_id}"' in answer.text
    assert 'name="elsewhere"' in answer.text
    assert 'id="stream"' not in answer.text  # there is none here to bring up to date
    value = re.search(r'<option[^>]* value="(\d+)"', place)
    assert value
    assert value[1] == str(late.id)
    form = {"assignment": value[1], "question": "Vì sao chậm?", "answer_by": "2024-11-20"}
    assert leader.post(addresses[1][0], form).status_code == 303
    assert verbs_of(late.task_id)[:2] == ["task.explanation.demand", "task.directive"]
    assert told("daumoi", "explanation")
    assert "task-asks-" not in leader.get("/overview?on=2024-11-13").text
    assert "task-asks-" not in client_of("admin").get("/overview").text


def test_a_past_day_says_so_and_its_links_stay_on_it(client_of: Callable[[str], Client]) -> None:
    page = client_of("lanhdao").get("/overview?on=2024-10-01").text
    assert "Số liệu cuối ngày 01/10/2024" in page
    box = re.search(
        r'<a class="counter is-overdue" href="([^"]+)">.*?<b[^>]*>(\d+)</b>', page, re.S
    )
    assert box
    address = box[1].replace("&amp;", "&")
    assert address == "/overview/list?on=2024-10-01&box=overdue"
    listed = client_of("lanhdao").get(address).text
    assert f'<b data-number="listed">{box[2]}</b>' in listed
    assert "quá hạn 1 ngày" in listed  # III.4.a.-1 was due on 30/09
    # III.7.-1 is due on 25/10: among the next 14 days from 11/10 on.
    for on, is_next in (("2024-10-10", False), ("2024-10-11", True)):
        assert ("25/10 <b>1</b>" in client_of("lanhdao").get(f"/overview?on={on}").text) is is_next
    assert "Cách tính" in page
    assert page.count('class="formula"') >= 8


def test_the_file_of_a_past_day_has_the_rows_of_its_page(
    client_of: Callable[[str], Client],
) -> None:
    leader, day = client_of("lanhdao"), "on=2024-10-10"
    page = leader.get(f"/overdue?{day}").text
    shown = re.findall(r'<td data-label="Mục">([^<]+)</td>', page)
    (link,) = re.findall(r'href="(/overdue/export\.csv[^"]+)" download', page)
    answer = leader.get(unescape(link))
    head, *rows = csv.reader(answer.data.decode("utf-8-sig").splitlines())
    assert [row[head.index("Mục")] for row in rows] == shown
    assert [row[:4] for row in rows][-1] == ["30/09/2024", "10", "Quá hạn", "III.4.a.-1"]
    assert "qua-han-ngay-2024-10-10" in answer.headers["Content-Disposition"]
    of_some_weeks = leader.get(f"/overdue/export.csv?{day}&age=8-30").text
    assert (of_some_weeks.count("III.4.a.-1"), len(shown)) == (1, 2)
    assert leader.get("/overdue/export.csv?on=2024-11-15").location == "/overdue?on=2024-11-15"
    assert client_of("chuyenvien").get(f"/overdue/export.csv?{day}").status_code == 403


def test_a_day_that_is_none_gets_a_sentence_and_no_numbers(
    client_of: Callable[[str], Client],
) -> None:
    leader = client_of("lanhdao")
    for address, sentence in (
        ("/overview?on=2024-11-15", "Ngày này chưa đến"),
        ("/overview/comparison?on=2024-05-01", "Kế hoạch đầu tiên được giao ngày 27/05/2024"),
        ("/overdue?on=hôm+qua", "Hãy ghi một ngày có thật"),
    ):
        answer = leader.get(address)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "data-counter" not in answer.text
        assert answer.text.count("Bạn đã nhập") == 1
    assert client_of("chuyenvien").get("/overdue?on=2024-10-01").status_code == 403
    assert "as-of" not in client_of("chuyenvien").get("/overdue").text


def test_reports_no_longer_asked_for_count_nowhere_and_an_hour_counts(app: Flask) -> None:
    due = date(2024, 10, 18)
    assert due_days(due, due, TODAY) == [DueDay(due, on_time=2, late=0, missing=2, to_come=0)]
    rows = db.session.scalars(select(Report).where(Report.due_on == due)).all()
    with transaction():
        for report in rows:
            if report.state is ReportState.MISSING:
                report.state = ReportState.DROPPED
            else:
                report.requirement.due_time = time(0, 0)
    assert due_days(due, due, TODAY) == [DueDay(due, on_time=0, late=2, missing=0, to_come=0)]
    # The office's own report was due later; what is asked once begins no new period.
    later = last_due_day(TODAY)
    assert later == DueDay(date(2024, 10, 22), on_time=1, late=0, missing=0, to_come=0)
    office = db.session.scalars(select(Report).where(Report.due_on == later.due_on)).one()
    with transaction():
        office.requirement.asked_by_id = somebody("dieuphoi").id
    last = last_due_day(TODAY)
    assert last
    assert last.due_on == due
