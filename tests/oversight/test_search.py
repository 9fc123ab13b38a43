"""Looking for words in all that one may read."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.accounts.models import User
from ntmtasks.core.db import db, transaction
from ntmtasks.progress.queries.readers import may_read, readable
from ntmtasks.progress.service import commenting
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks.models import Task
from tests.support.client import Client
from tests.support.work import of, somebody

ClientOf = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]


def numbers(page: str) -> dict[str, str]:
    """How many of each kind the page says it found."""
    return dict(
        re.findall(r">([^<>]+) <b>([0-9+]+)</b></a>", page.split('aria-label="Loại kết quả"')[1])
    )


def found(page: str) -> list[tuple[str, str]]:
    """Address and title of each hit."""
    rows = page.split('<ol class="stream results"')[1].split("</ol>")[0]
    links = re.findall(r'<p><a href="([^"]+)">(.*?)</a></p>', rows)
    return [(unescape(a), re.sub("<[^>]+>", "", title)) for a, title in links if "kind=" not in a]


def test_everything_one_may_read_is_found_by_kind(app: Flask, client_of: ClientOf) -> None:
    task = of("III.1.c", "Sở NN&PTNT").task
    commenting.post(somebody("daumoi"), task, "Đã khảo sát xã Đông Bình, Thới Lai")
    page = client_of("dieuphoi").get("/search?q=dong binh").text
    assert numbers(page)["Ý kiến"] == "1"
    comment = next(link for link in found(page) if "#entry-comment-" in link[0])
    assert comment[0].startswith(f"/tasks/{task.id}#")
    assert "<mark>Đông</mark> <mark>Bình</mark>" in page
    assert ("Xã, huyện", "1") in numbers(page).items()
    commune = next(link for link in found(page) if "#commune-" in link[0])
    assert commune[1] == "Đông Bình"
    assert client_of("dieuphoi").get(commune[0]).status_code == 200


def test_a_report_and_an_agency_are_found_by_their_names(app: Flask, client_of: ClientOf) -> None:
    page = client_of("dieuphoi").get('/search?q="tháng 11" thới lai').text
    (address, _), *_ = [link for link in found(page) if link[0].startswith("/reports/")]
    assert "Thới Lai" in client_of("dieuphoi").get(address).text
    own = client_of("vhttdl").get('/search?q="tháng 11" thới lai').text
    assert not [link for link in (found(own) if "results" in own else []) if "/reports/" in link[0]]
    alias = client_of("vhttdl").get("/search?q=so nong nghiep -hoi").text
    assert any(title.startswith("Sở Nông nghiệp") for _, title in found(alias))


def test_a_report_is_found_by_what_was_last_sent(app: Flask, client_of: ClientOf) -> None:
    sender = somebody("thoilai")
    report = db.session.scalars(
        select(Report)
        .where(Report.agency_id == sender.agency_id, Report.state == ReportState.MISSING)
        .order_by(Report.due_on)
    ).all()[0]
    submit(report.id, {SectionKind.CRITERIA: "Đã cấp zyxw cho 12 hộ"}, sender)
    page = client_of("dieuphoi").get("/search?q=zyxw ho").text
    assert f"/reports/{report.id}" in [address for address, _ in found(page)]
    assert (
        "Không tìm thấy" in client_of("dieuphoi").get("/search?q=zyxw -thoi").text
    )  # by its agency
    assert "Không tìm thấy" in client_of("vhttdl").get("/search?q=zyxw").text
    # Found by its name, a report is left out for what it says all the same, and for words side by side.
    about = f'"{report.periods[0].label.lower()}" thới lai'
    for typed, is_found in (
        ("", True),
        (' -"12 zyxw"', True),
        (" -zyxw", False),
        (' -"zyxw cho"', False),
    ):
        page = client_of("thoilai").get("/search", query_string={"q": about + typed}).text
        assert (f'href="/reports/{report.id}"' in page) is is_found, typed
    assert "#commune-" in client_of("dieuphoi").get("/search?q=dong binh").text
    assert "#commune-" not in client_of("dieuphoi").get("/search?q=dong binh -thoi").text


def test_what_one_may_not_read_is_not_found(app: Flask, client_of: ClientOf) -> None:
    theirs = of("III.1.c", "Sở NN&PTNT").task
    commenting.post(somebody("daumoi"), theirs, "Chuyện riêng zyxw")
    assert numbers(client_of("daumoi").get("/search?q=zyxw").text) == {"Ý kiến": "1"}
    assert "Không tìm thấy “zyxw”" in client_of("vhttdl").get("/search?q=zyxw").text
    # Every clause of an issued plan may be read, also where the task is somebody else's.
    words = f'/search?q="{" ".join(theirs.text.split()[:6])}"'
    assert "Mục của kế hoạch" in numbers(client_of("vhttdl").get(words).text)
    assert "Nhiệm vụ" in numbers(client_of("daumoi").get(words).text)


def test_a_withdrawn_comment_and_a_draft_are_not_found(app: Flask, client_of: ClientOf) -> None:
    task = of("III.1.c", "Sở NN&PTNT").task
    posted = commenting.post(somebody("daumoi"), task, "Chuyện zyxw")
    assert posted.comment is not None
    commenting.edit(somebody("daumoi"), posted.comment, "Chuyện khác wxyz")
    assert "Không tìm thấy" in client_of("daumoi").get("/search?q=zyxw").text
    assert numbers(client_of("daumoi").get("/search?q=wxyz").text) == {"Ý kiến": "1"}
    commenting.withdraw(somebody("daumoi"), posted.comment)
    assert "Không tìm thấy" in client_of("daumoi").get("/search?q=wxyz").text


def test_a_comment_is_left_out_for_the_name_of_its_author(app: Flask, client_of: ClientOf) -> None:
    author = somebody("daumoi")
    commenting.post(author, of("III.1.c", "Sở NN&PTNT").task, "Chuyện zyxw")
    for typed, is_found in ((author.name, False), (somebody("dieuphoi").name, True)):
        page = client_of("daumoi").get("/search", query_string={"q": f'zyxw -"{typed}"'}).text
        assert ("Không tìm thấy" not in page) is is_found


def test_words_with_their_marks_come_first(app: Flask, client_of: ClientOf) -> None:
    task = of("III.1.c", "Sở NN&PTNT").task
    for body in ("zyxw dứa", "zyxw đưa", "zyxw dưa"):
        commenting.post(somebody("daumoi"), task, body)
    page = client_of("daumoi").get("/search?q=zyxw đưa&kind=comment").text
    bodies = re.findall(r"<mark>zyxw</mark> <mark>(\w+)</mark>", page)
    assert bodies == ["đưa", "dưa", "dứa"]


def test_without_words_the_page_says_what_can_be_found(client_of: ClientOf) -> None:
    for q in ("", "   ", "-chỉ -loại"):
        page = client_of("chuyenvien").get("/search", query_string={"q": q})
        assert page.status_code == 200
        assert "results" not in page.text
    odd = client_of("chuyenvien").get(
        "/search", query_string={"q": '%_\\"<b>', "kind": "x", "page": "-3"}
    )
    assert odd.status_code == 200


def test_a_kind_is_shown_page_by_page_up_to_a_bound(app: Flask, client_of: ClientOf) -> None:
    task, daumoi = of("III.1.c", "Sở NN&PTNT").task, somebody("daumoi")
    with transaction():
        for number in range(203):
            commenting.post(daumoi, task, f"zyxw {number}")
    first = client_of("daumoi").get("/search?q=zyxw").text
    assert numbers(first) == {"Ý kiến": "200+"}
    assert len(found(first)) == 5
    last = client_of("daumoi").get("/search?q=zyxw&kind=comment&page=99").text
    assert "Trang 4 / 4" in last
    assert len(found(last)) == 50


def test_more_hits_ask_no_more_queries(
    app: Flask, client_of: ClientOf, statements: Statements
) -> None:
    client = client_of("dieuphoi")
    client.get("/search?q=x")
    with statements() as few:
        client.get("/search?q=khongcogi")
    with statements() as many:
        client.get("/search?q=nong thon")
    assert len(few) == len(many)


@pytest.mark.parametrize("username", ["chuyenvien", "vhttdl", "dieuphoi", "thoilai"])
def test_the_query_of_what_may_be_read_agrees_with_the_rule(app: Flask, username: str) -> None:
    user = db.session.scalars(select(User).where(User.username == username)).one()
    every = {task.id for task in db.session.scalars(select(Task)) if may_read(user, task)}
    assert set(db.session.scalars(select(Task.id).where(readable(user)))) == every
