"""A month of plan 108, played over HTTP by all its people, against a second book kept by hand.

From 14/11 to 16/12/2024 the people of the sample, others who get an account, a guest, and the
coordinator for all agencies that only telephone go through every way that work can take. Each act is
written into a ledger by the rules of the office; in the end the pages have to show what it holds.
"""

import re
import threading
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from werkzeug.serving import make_server

from ntmtasks.core.db import let_go
from tests.support.ledger import AGES, BOXES, Work
from tests.support.month import Month
from tests.support.person import Person

NN, TL, VH, OFFICE = "Sở NN&PTNT", "UBND huyện Thới Lai", "Sở VHTTDL", "VP Điều phối NTM"
NEW_PASSWORD = "mật khẩu mới của đầu mối"
PDF = b"%PDF-1.4 b\xc3\xa1o c\xc3\xa1o"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application behind a real socket."""
    let_go()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.lengthy
def test_a_month_ends_with_the_counters_that_were_predicted(app: Flask, site: str) -> None:
    month = Month(site)
    play_an_agency_with_officer_and_focal_point(month)
    play_refusals(month)
    play_asks(month)
    play_a_difficulty(month)
    month.move(11, 18)
    play_telephone_calls(month)
    play_accounts(month)
    month.move(11, 25)
    play_changes_of_the_plan(month)
    play_a_guest(month)
    play_a_broadcast(month)
    month.move(12, 2)
    play_decisions(month)
    play_reports(month)
    month.move(12, 9)
    play_the_coordinating_office(month)
    month.move(12, 16)
    compare(month)
    assert_all_were_heard_of(month)


def play_an_agency_with_officer_and_focal_point(month: Month) -> None:
    """Handing out, progress with a file, a comment, completion over the focal point, return, again."""
    work = month.book.of("III.1.d", NN)
    officer = month.number("daumoi", "/agency-work/", r'<option value="(\d+)">Nguyễn Thị Lan')
    version = month.number("daumoi", "/agency-work/", rf'value="{work.id}:(\d+)"')
    month["daumoi"].press(
        "/agency-work/", "/agency-work/", pick=[f"{work.id}:{version}"], officer=officer
    )
    month["chuyenvien"].press(
        work.page,
        f"/assignments/{work.id}/progress",
        files={"files": ("kết quả.pdf", PDF)},
        state="in_progress",
        percent=70,
        body="Đã kiểm tra 24/36 xã.",
        figure="24/36 xã",
        document="31/BC-SNN",
        document_date="2024-11-13",
    )
    month["chuyenvien"].press(
        work.page, f"{work.page}/comments", body="Xin ý kiến về 12 xã còn lại."
    )
    month.submit("chuyenvien", work, waits=True)
    month.pass_on("daumoi", work)
    month.send_back("dieuphoi", work)
    month.progress("chuyenvien", work, 90)
    other = month.book.of("III.4.a.-2", NN)
    month.submit("chuyenvien", other, waits=True)
    month.act("daumoi", other, "hold-back", reason="Thiếu biểu số 2.")
    month.submit("daumoi", other)
    month.confirm("dieuphoi", other)


def play_refusals(month: Month) -> None:
    """One refusal is given back, one goes to another agency, one stays refused."""
    first, second, third = [w for w in month.open_work(VH) if w.state == "assigned"][:3]
    for work in (first, second, third):
        month.act("vhttdl", work, "refuse", reason="Không thuộc chức năng.")
        work.state = "refused"
    month.act("dieuphoi", first, "give-back", reason="Thuộc chức năng của Sở.")
    first.state = "assigned"
    month.act("vhttdl", first, "accept")
    first.state = "in_progress"
    taken = {w.agency for w in month.book.values() if w.task_id == second.task_id}
    heir = next(w.agency for w in month.book.values() if w.agency not in taken | {OFFICE})
    page = month["dieuphoi"].get(f"{second.page}?open=reassign-{second.id}")
    number = re.search(rf'<option value="(\d+)">{re.escape(heir.replace("&", "&amp;"))}<', page)
    assert number
    month.act("dieuphoi", second, "reassign", agency=number[1], reason="Đúng chức năng.")
    second.agency, second.state = heir, "assigned"


def play_asks(month: Month) -> None:
    """More time granted and denied, explanations, a directive, a push."""
    granted = month.book.of("III.4.c", NN)  # asked for in the sample
    asked = month.number("dieuphoi", granted.page, r'action="/extensions/(\d+)/decide"')
    month["dieuphoi"].press(
        granted.page,
        f"/extensions/{asked}/decide",
        having={"decision": "grant"},
        deadline="2024-12-12",
    )
    granted.deadline = date(2024, 12, 12)
    denied = month.book.of("III.4.a.-3", NN)
    month.act(
        "daumoi", denied, "extensions", deadline="2025-01-15", reason="Thiếu người.", beyond="y"
    )
    asked = month.number("dieuphoi", denied.page, r'action="/extensions/(\d+)/decide"')
    month["dieuphoi"].press(
        denied.page,
        f"/extensions/{asked}/decide",
        having={"decision": "deny"},
        note="Đủ thời gian.",
    )
    late = month.book.of("IV.5.-1", TL)
    month.progress("thoilai", late, 95)
    month["lanhdao"].press(
        late.page,
        f"{late.page}/explanations",
        assignment=late.id,
        question="Nêu lý do chậm.",
        answer_by="2024-11-20",
    )
    question = month.number("thoilai", late.page, r'action="/explanations/(\d+)/answer"')
    month["thoilai"].press(
        late.page, f"/explanations/{question}/answer", answer="Do mưa lũ kéo dài."
    )
    month["lanhdao"].press(
        late.page, f"/explanations/{question}/judge", having={"decision": "accept"}
    )
    month["lanhdao"].press(late.page, f"{late.page}/directives", body="Xong trước 30/11.")
    assert "Xong trước 30/11." in month["thoilai"].get(late.page)
    month["dieuphoi"].press(
        late.page, f"{late.page}/urgings", assignments=[late.id], body="Đề nghị khẩn trương."
    )


def play_a_difficulty(month: Month) -> None:
    """From the officer's report over Sở NN&PTNT to the leader's conclusion, until it is cleared."""
    held_up = month.book.of("III.1.c", NN)
    answer = month["chuyenvien"].press(
        f"/escalations/new?task={held_up.task_id}",
        "/escalations/new",
        problem="Chưa được bố trí vốn.",
        effect="Chậm 12 lớp.",
        decision="Bố trí 2 tỷ đồng.",
    )
    page = answer.location
    for who, step, document in (
        ("daumoi", "consolidated", "41/BC-SNN ngày 14/11/2024"),
        ("daumoi", "submitted", "42/TTr-SNN ngày 14/11/2024"),
        ("lanhdao", "concluded", "77/TB-UBND ngày 14/11/2024"),
        ("daumoi", "resolved", ""),
    ):
        month[who].press(page, f"{page}/{step}", note="Đã xử lý.", document=document)
    assert "Đã gỡ" in month["chuyenvien"].get(page)


def play_telephone_calls(month: Month) -> None:
    """Every agency without anybody who signs in says something by telephone."""
    silent = sorted({w.agency for w in month.book.values()} - {NN, TL, VH, OFFICE})
    for number, agency in enumerate(silent):
        todo = month.open_work(agency)
        for turn, work in enumerate(todo[:3]):
            done = (number + turn) % 3 == 0
            month.enter(work, date(2024, 11, 15 if number % 2 else 18), done=done)
        if not todo:
            supports = [
                w
                for w in month.book.values()
                if w.agency == agency and w.phase == "issued" and w.state == "assigned"
            ]
            for work in supports[:1]:
                month.enter(work, month.day)


def play_accounts(month: Month) -> None:
    """A department gets a password and speaks for itself; somebody leaves and the work goes on."""
    admin = month["admin"]
    number = month.number("admin", "/people/", r'href="/people/(\d+)"[^>]*>Bùi Ngọc Diệp')
    answer = admin.press(f"/people/{number}", f"/people/{number}/password", expected=200)
    once = re.search(r"<code[^>]*>([^<]{8,})</code>", answer.text)
    assert once
    health = Person(month.site, "mau.yte", once[1])
    health.press("/password", "/password", current=once[1], new=NEW_PASSWORD, repeat=NEW_PASSWORD)
    month.people["mau.yte"] = health
    entered = [w for w in month.book.values() if w.agency == "Sở Y tế" and w.state == "in_progress"]
    for work in entered[:1]:
        month.submit("mau.yte", work)
        month.confirm("dieuphoi", work)
    leaves = month.number("admin", "/people/", r'href="/people/(\d+)"[^>]*>Nguyễn Thị Lan')
    heir = month.number(
        "admin", f"/people/{leaves}/leave", r'<option[^>]* value="(\d+)"[^>]*>Trần Văn Hòa'
    )
    admin.press(f"/people/{leaves}/leave", f"/people/{leaves}/leave", officer=heir)
    answer = month["chuyenvien"].status_of("/my-work/")
    assert answer == 303, "whoever left is signed out"


def play_changes_of_the_plan(month: Month) -> None:
    """Moved dates, a pause, a cancellation, another task."""
    first = month.open_work("Sở Tài chính")[-1]
    second, third = (
        w
        for path in ("III.5", "III.6.-5", "III.8.-3")
        if (w := month.book.of(path, "Sở Xây dựng")).is_open
    )
    month.deadline(first, date(2024, 11, 26))
    board = month["dieuphoi"].get("/tasks/?sort=agency&section=III")
    ticked = [f"pick={m}" for m in re.findall(r'name="pick" value="([\d:]+)"', board)]
    ticked = [m for m in ticked if int(m[5:].split(":")[0]) in (second.task_id, third.task_id)]
    assert len(ticked) == 2
    page = "/tasks/selected/deadline"
    month["dieuphoi"].press(
        f"{page}?{'&'.join(ticked)}", page, deadline="2024-12-10", note="Công văn 91/VPĐP"
    )
    second.deadline = third.deadline = date(2024, 12, 10)
    joint = [
        w
        for w in month.book.values()
        if w.is_open
        and sum(o.task_id == w.task_id and o.role == "lead" for o in month.book.values()) == 1
    ]
    month.phase(joint[-1].task_id, "pause", "paused")
    month.phase(joint[-2].task_id, "cancel", "cancelled")
    month.phase(joint[-3].task_id, "pause", "paused")
    month.phase(joint[-3].task_id, "resume", "issued")
    page = month["dieuphoi"].get("/tasks/new")
    lead = re.search(r'<option value="(\d+)">Sở Công Thương', page)
    assert lead
    answer = month["dieuphoi"].press(
        "/tasks/new",
        "/tasks/new",
        text="Tổ chức phiên chợ nông sản tại 04 huyện.",
        source_note="Công văn 90/UBND-KT ngày 20/11/2024",
        lead=lead[1],
        deadline="2024-12-05",
    )
    month.learn(answer.location)


def play_a_guest(month: Month) -> None:
    """The newspaper has no account: a link for one task, one update with a file, and nothing else."""
    task = month.book.of("III.2.b", "Sở TT&TT").page
    agency = month.number("dieuphoi", f"{task}/agencies", r'<option value="(\d+)">Báo Cần Thơ')
    month["dieuphoi"].press(f"{task}/agencies", f"{task}/agencies", agency=agency)
    work = month.learn(task)[0]
    answer = month["dieuphoi"].press(
        work.page,
        f"{work.page}/guest-links",
        expected=200,
        assignment=work.id,
        name="Chị Tư, Báo Cần Thơ",
    )
    token = re.search(r"/guest/([\w.~-]+)", answer.text)
    assert token
    guest = Person(month.site)
    guest.press(
        f"/guest/{token[1]}",
        f"/guest/{token[1]}",
        files={"files": ("bài báo.pdf", PDF)},
        name="Nguyễn Thị Tư",
        title="Phóng viên, Báo Cần Thơ",
        state="in_progress",
        percent=50,
        body="Đã đăng 12 bài.",
    )
    work.state = "in_progress"
    month.heard_of.add(work.agency)
    assert "Đã đăng 12 bài." in month["dieuphoi"].get(work.page)
    assert guest.status_of(work.page) == 303


def play_a_broadcast(month: Month) -> None:
    """The Monday's news item: what was shown is entered for the department that leads it."""
    page = month.book.of("III.2.c", "Sở TT&TT").page
    slot = month.number("dieuphoi", page, r'id="occurrence-(\d+)" class="slot is-unrecorded')
    month["dieuphoi"].press(
        f"{page}?slot={slot}",
        f"/occurrences/{slot}/held",
        topic="Cánh đồng mẫu ở Trường Xuân.",
        source_kind="mail",
        source_ref="thư của Đài",
        source_on=month.day.isoformat(),
    )
    assert "Cánh đồng mẫu ở Trường Xuân." in month["dieuphoi"].get(page)


def play_decisions(month: Month) -> None:
    """What was entered for agencies is decided by the city leader, not by whoever typed it."""
    waiting = [w for w in month.book.values() if w.is_counted and w.state == "submitted"]
    entered = [w for w in waiting if w.agency not in (NN, OFFICE)]
    for number, work in enumerate(entered):
        if number % 4 == 3:
            continue
        if number % 4 == 2:
            month.send_back(decider(month, work), work)
        else:
            month.confirm(decider(month, work), work)
    month.submit("vhttdl", month.book.of("III.7.-1", VH))


def decider(month: Month, work: Work) -> str:
    """Who is offered the decision on a piece of work."""
    action = f"/assignments/{work.id}/confirm"
    offered = [who for who in ("dieuphoi", "lanhdao") if action in month[who].get(work.page)]
    assert offered, f"nobody may decide {work}"
    return offered[0]


SENT = {"criteria-text": "Đạt 19/19 tiêu chí."}


def play_reports(month: Month) -> None:
    """October's and November's reports: sent by the district, entered, and one that nobody sends."""
    due = late_reports(month)
    assert len(due) == 7, "two of October, four of November and the office's"
    for page, district in due:
        if TL in district:
            month["thoilai"].press(page, page, **SENT, confirm="y")
        elif OFFICE in district:
            month["dieuphoi"].press(page, page, **SENT, confirm="y")
        elif "Vĩnh Thạnh" not in district:
            month["dieuphoi"].press(
                page,
                f"{page}/enter",
                body="Đạt 19/19 tiêu chí.",
                source_kind="document",
                source_ref="9/BC-UBND",
                source_on="2024-11-29",
            )


def late_reports(month: Month) -> list[tuple[str, str]]:
    """The reports that the overview calls late: page, and whose of when."""
    page = month["lanhdao"].get("/overview")
    return re.findall(r'<a href="(/reports/\d+)">([^<]*)</a>', page)


def play_the_coordinating_office(month: Month) -> None:
    """Its own work is confirmed by the city leader."""
    todo = month.open_work(OFFICE)
    for work in todo[:2]:
        month.submit("dieuphoi", work)
    month.confirm("lanhdao", todo[0])
    month.send_back("lanhdao", todo[1])


def compare(month: Month) -> None:
    """The pages show what the book holds, in all, by agency, by age, and on the board."""
    page = month["lanhdao"].get("/overview")
    shown = {name: int(n) for name, n in re.findall(r'data-counter="(\w+)">(\d+)<', page)}
    expected = month.book.boxes(month.day)
    assert shown == expected
    assert sum(expected.values()) == 2 * expected["total"]
    table = page.split("Theo cơ quan")[1].split("</table>")[0]
    rows = {}
    for row in table.split("<tr>")[2:]:
        name = re.search(r'<span title="[^"]*">([^<]*)</span>', row)
        assert name
        cells = re.findall(r'<td class="num[^"]*"[^>]*>(?:<svg.*?</svg> )?([\d–]+)</td>', row)
        rows[name[1].replace("&amp;", "&")] = [0 if c == "–" else int(c) for c in cells]
    names = {w.agency for w in month.book.values() if w.is_counted}
    assert rows == {n: [month.book.boxes(month.day, n)[box] for box in BOXES] for n in names}
    ages = re.findall(r'class="age-box[^"]*"[^>]*><b>(\d+)</b>', page)
    assert [int(n) for n in ages] == [month.book.ages(month.day)[name] for _, name in AGES]
    assert [words for _, words in late_reports(month)] == ["UBND huyện Vĩnh Thạnh – Tháng 11/2024"]


def assert_all_were_heard_of(month: Month) -> None:
    """Each of the 34 agencies took part: 33 owe something, the 34th is the city, whose leader decides."""
    owing = {w.agency for w in month.book.values()}
    assert len(owing) == 33
    assert owing - month.heard_of == set()
