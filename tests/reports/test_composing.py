"""The composer: it opens written, several people write at once, figures and texts carry over."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.reports.forms.writing import digest
from ntmtasks.reports.models import Report, ReportSection
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries.one import report as loaded
from ntmtasks.reports.rules.content import WHOLE_TEXT, SectionKind
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody

Statements = Callable[[], AbstractContextManager[list[str]]]
NOVEMBER, YEAR_END = date(2024, 11, 18), date(2024, 12, 18)
FIGURE = "Số xã có báo cáo (dữ liệu mẫu)"


def report_id(due_on: date = NOVEMBER) -> int:
    """The district's report for a due day."""
    district = somebody("thoilai").agency_id
    query = select(Report.id).where(Report.agency_id == district, Report.due_on == due_on)
    return db.session.scalars(query).one()


def shown(page: str, name: str) -> str:
    """What stands in a field of the composer."""
    area = re.search(rf'<textarea[^>]* name="{name}"[^>]*>\r\n(.*?)</textarea>', page, re.S)
    found = area or re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None, name
    return found[1].strip()


def part(page: str, kind: str, text: str) -> dict[str, str]:
    """A section as a browser sends it, with a text of its own."""
    fields = {f"{kind}-{name}": shown(page, f"{kind}-{name}") for name in ("version", "base")}
    return {**fields, f"{kind}-text": text}


def content_of(page: str) -> str:
    """What a page shows of a report that was sent."""
    return page.split('id="content"')[1]


def colleague() -> User:
    """A second person of the district."""
    with transaction():
        user = somebody("chuyenvien")
        user.agency_id = somebody("thoilai").agency_id
    assert user.role is Role.OFFICER
    return user


def test_a_report_opens_written_from_the_data_of_its_period(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("thoilai").get(f"/reports/{report_id()}").text
    assert "(mục IV.5.-1): Đã thực hiện 90 % khối lượng" in shown(page, "criteria-text")
    difficulties = shown(page, "difficulties-text")
    assert "hạn 10/11/2024, quá hạn 4 ngày, đạt 90 %." in difficulties
    assert "Vốn đối ứng cho đường liên ấp" in difficulties
    assert "bố trí vốn trước ngày 30/11/2024" in shown(page, "proposals-text")
    assert "Hoàn thành nhiệm vụ đã đến hạn" in shown(page, "next_period-text")
    assert "Kỳ trước: " in page
    assert shown(page, "figure-0-label") == FIGURE


def test_a_ready_line_is_added_without_javascript_and_nothing_else_typed_is_lost(
    app: Flask, client_of: ClientOf
) -> None:
    number, client = report_id(), client_of("thoilai")
    page = client.get(f"/reports/{number}").text
    line = re.search(r'name="next_period-add" value="([^"]+)"', page)
    assert line is not None
    form = part(page, "next_period", "- Họp giao ban.") | part(
        page, "guidance", "Ban hành 02 văn bản."
    )
    answer = client.post(f"/reports/{number}/sections", form | {"next_period-add": line[1]})
    assert (answer.status_code, answer.location) == (303, f"/reports/{number}#composer")
    page = client.get(f"/reports/{number}").text
    assert shown(page, "next_period-text") == f"- Họp giao ban.\n{line[1]}"
    assert shown(page, "guidance-text") == "Ban hành 02 văn bản."
    assert f'name="next_period-add" value="{line[1]}"' not in page
    assert [e.verb for e in history.of("report", number)] == ["report.write"] * 2


def test_a_part_that_saves_itself_answers_with_its_state(app: Flask, client_of: ClientOf) -> None:
    number, client = report_id(), client_of("thoilai")
    page = client.get(f"/reports/{number}").text
    form = part(page, "guidance", "- Tăng cường chỉ đạo.\n- Tăng cường kiểm tra:\n+ 12 cuộc")
    answer = client.post(f"/reports/{number}/sections", form, htmx=True)
    assert answer.text.startswith('<div id="section-state-guidance"')
    assert shown(answer.text, "guidance-version") == "1"
    assert "“Tăng cường chỉ đạo.”: có “tăng cường” mà chưa có số liệu" in answer.text
    assert answer.text.count("mà chưa có số liệu") == 1
    again = client.post(f"/reports/{number}/sections", form, htmx=True)  # an answer that was lost
    assert again.status_code == 200
    assert len(history.of("report", number)) == 1


def save(client: Client, form: dict[str, str], htmx: bool = False) -> str:
    """Store a part; the status and the answer."""
    answer = client.post(f"/reports/{report_id()}/sections", form, htmx=htmx)
    return f"{answer.status_code} {answer.text}"


@pytest.mark.parametrize("htmx", [False, True])
def test_two_people_write_at_once_and_lose_nothing(
    app: Flask, client_of: ClientOf, htmx: bool
) -> None:
    colleague()
    one, other = client_of("thoilai"), client_of("chuyenvien")
    pages = [client.get(f"/reports/{report_id()}").text for client in (one, other)]
    assert save(one, part(pages[0], "guidance", "Một"), htmx)[:3] in ("200", "303")
    assert save(other, part(pages[1], "resources", "Hai"), htmx)[:3] in ("200", "303")
    refused = save(other, part(pages[1], "guidance", "Ba"), htmx)
    assert refused.startswith("409")
    assert 'class="body">Một</td>' in refused
    assert 'class="body">Ba</td>' in refused
    assert shown(refused, "guidance-text") == "Ba"
    kept = {row.kind.value: row.text for row in db.session.scalars(select(ReportSection))}
    assert (kept["guidance"], kept["resources"]) == ("Một", "Hai")
    assert save(other, part(refused, "guidance", "Một\nBa"), htmx)[:3] in ("200", "303")
    [entry, *_] = history.of("report", report_id())
    assert entry.before == {"Trước": "Một"}


def test_what_a_colleague_changed_meanwhile_is_seen_before_it_is_sent(
    app: Flask, client_of: ClientOf
) -> None:
    colleague()
    number, one, other = report_id(), client_of("thoilai"), client_of("chuyenvien")
    page = one.get(f"/reports/{number}").text
    save(other, part(page, "guidance", "Văn bản 12"))
    seen = {"version": shown(page, "version"), "confirm": "y"}
    typed = part(page, "guidance", shown(page, "guidance-text")) | part(page, "resources", "1 tỷ")
    refused = one.post(f"/reports/{number}", typed | seen)
    assert refused.status_code == 409
    assert "Văn bản 12" in refused.text
    assert shown(refused.text, "resources-text") == "1 tỷ"
    typed = part(refused.text, "guidance", "Văn bản 12") | part(refused.text, "resources", "1 tỷ")
    assert one.post(f"/reports/{number}", typed | seen).status_code == 303
    sent = contents.newest(number)
    assert sent is not None
    said = {s.kind: s.text for s in contents.content_as_sent(sent).sections}
    assert (said[SectionKind.GUIDANCE], said[SectionKind.RESOURCES]) == ("Văn bản 12", "1 tỷ")


def test_figures_are_typed_once_and_carry_over_with_their_change(
    app: Flask, client_of: ClientOf
) -> None:
    number, client = report_id(), client_of("thoilai")
    address, name = f"/reports/{number}/sections", {"figure-0-label": FIGURE, "figure-0-unit": "xã"}
    for htmx in (False, True):
        bad = client.post(address, name | {"figure-0-value": "24/36"}, htmx=htmx)
        assert bad.status_code == 422
        assert "Hãy ghi một con số" in bad.text
        assert shown(bad.text, "figure-0-value") == "24/36"
    unnamed = client.post(address, {"figure-new-label": "", "figure-new-unit": "xã"}, htmx=True)
    assert unnamed.status_code == 422
    # Left as it was proposed, and by now proposed no longer.
    gone = {"figure-0-label": "Số hộ", "figure-0-base": digest("", "hộ"), "figure-0-unit": "hộ"}
    assert client.post(address, gone, htmx=True).headers["HX-Retarget"] == "#figures"
    saved = client.post(address, name | {"figure-0-value": "9,50"}, htmx=True)
    assert "<b>tăng 2,5 xã</b>" in saved.text
    new = {"figure-new-label": "Vốn đã giải ngân", "figure-new-unit": "triệu đồng"}
    saved = client.post(address, new | {"figure-new-value": "1.356.994"}, htmx=True)
    assert saved.headers["HX-Retarget"] == "#figures"
    assert shown(saved.text, "figure-1-value") == "1.356.994"
    assert client.post(f"/reports/{number}", {"confirm": "y"}).status_code == 303
    page = client.get(f"/reports/{number}").text
    assert "<td>9,5 xã</td><td>7</td><td>tăng 2,5 xã</td>" in page
    clock.freeze(date(2024, 12, 16))
    page = client.get(f"/reports/{report_id(YEAR_END)}").text
    assert "Kỳ trước: 1.356.994" in page
    assert shown(page, "figure-1-value") == ""


def test_every_submission_is_kept_as_it_was_and_the_last_period_is_at_hand(
    app: Flask, client_of: ClientOf
) -> None:
    number, client = report_id(), client_of("thoilai")
    text = {f"{WHOLE_TEXT.value}-text": "Đạt 17/19 tiêu chí"}
    client.post(f"/reports/{number}", text | {"confirm": "y"})
    before = content_of(client.get(f"/reports/{number}/submissions/1").text)
    assert "Đạt 17/19 tiêu chí" in before
    assert "Quá hạn 4 ngày" in before
    assert "90 %" in before
    with transaction():
        of("IV.5.-1", "UBND huyện Thới Lai").percent = 95
    assert content_of(client.get(f"/reports/{number}/submissions/1").text) == before
    assert client.get(f"/reports/{number}/submissions/2").status_code == 404
    page = client.get(f"/reports/{report_id(YEAR_END)}").text
    assert 'name="criteria-add" value="Đạt 17/19 tiêu chí"' in page


def test_the_composer_asks_the_same_number_of_questions_however_much_work_there_is(
    app: Flask, client_of: ClientOf, statements: Statements
) -> None:
    client, address = client_of("thoilai"), f"/reports/{report_id()}"
    with statements() as few:
        client.get(address)
    mine, office = somebody("thoilai").agency_id, somebody("dieuphoi").agency_id
    taken = db.session.scalars(select(Assignment.task_id).where(Assignment.agency_id == mine)).all()
    with transaction():
        for table in (Assignment, AssignmentSpan):
            moved = update(table).where(table.agency_id == office, table.task_id.not_in(taken))
            db.session.execute(moved.values(agency_id=mine))
    with statements() as many:
        page = client.get(address).text
    assert "Đã hoàn thành, có văn bản kèm theo" in page
    assert len(many) == len(few)


def test_an_entered_paper_leaves_what_the_agency_was_writing(
    app: Flask, client_of: ClientOf
) -> None:
    number, district = report_id(), client_of("thoilai")
    save(district, part(district.get(f"/reports/{number}").text, "guidance", "Đang viết"))
    entered = {
        "body": "Có 12/12 xã",
        "source_kind": "document",
        "source_ref": "9/BC",
        "source_on": "2024-11-14",
    }
    assert client_of("dieuphoi").post(f"/reports/{number}/enter", entered).status_code == 303
    found = loaded(number)
    assert found is not None
    assert [s.text for s in contents.content_of(found).sections] == ["Có 12/12 xã"]
    page = district.get(f"/reports/{number}").text
    assert shown(page, "guidance-text") == "Đang viết"
    assert shown(page, "criteria-text") == "Có 12/12 xã"
