"""Báo cáo đột xuất: one question to many, watched as the answers come in."""

import re
from datetime import date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, db, transaction
from ntmtasks.history import queries as history
from ntmtasks.oversight.queries.reporting import due_days
from ntmtasks.oversight.rules.status import Block, SubjectKind
from ntmtasks.oversight.service import status_pages
from ntmtasks.oversight.service.status_pages import Showing
from ntmtasks.reminders.queries.gathering import owed_items
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.queries.lists import listed
from ntmtasks.reports.queries.owed import owed
from ntmtasks.reports.queries.timeliness import mark, tallies
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.states import judged_due
from ntmtasks.reports.rules.timeliness import Mark
from ntmtasks.reports.service import asking
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks.rules import DeadlineClass
from tests.support.client import Client
from tests.support.work import ClientOf, somebody, told

DUE = date(2024, 11, 20)


def form(**changes: object) -> dict[str, object]:
    """Asked of the four districts as a group, and of one department by name."""
    districts = next(g for g in agencies.groups() if g.name == "UBND huyện")
    return {
        "title": "Thiệt hại do mưa lớn",
        "question": "Số nhà, diện tích lúa bị ảnh hưởng từng xã?",
        "groups": [districts.id],
        "agencies": [somebody("vhttdl").agency_id],
        "due_on": DUE.isoformat(),
        "due_at": "14:00",
        "form_token": "once",
        **changes,
    }


def asked() -> ReportRequirement:
    """The last question."""
    found = select(ReportRequirement).order_by(ReportRequirement.id.desc()).limit(1)
    return db.session.scalars(found).one()


def report_of(username: str) -> Report:
    """What a person's agency owes of it."""
    agency_id = somebody(username).agency_id
    found = select(Report).where(Report.requirement_id == asked().id, Report.agency_id == agency_id)
    return db.session.scalars(found).one()


@pytest.mark.parametrize("asker", ["dieuphoi", "lanhdao"])
def test_everybody_asked_owes_one_report_and_is_told(
    app: Flask, client_of: ClientOf, asker: str
) -> None:
    client = client_of(asker)
    for _ in range(2):
        answer = client.post("/reports/asked/new", form())
        assert answer.status_code == 303
    page = client.get(f"/reports/asked/{asked().id}").text
    assert "<b>0/5</b> cơ quan đã nộp · hạn nộp 14:00 ngày 20/11/2024" in page
    (line,) = told("thoilai", "report.asked")
    assert "trước 14:00 ngày 20/11/2024: Số nhà" in line
    mine = [o for o in owed(DUE) if o.report_id == report_of("thoilai").id]
    assert [o.labels for o in mine] == [("Đột xuất",)]
    items = owed_items(clock.today(), {})
    titles = [item.title for item in items if item.url == f"/reports/{mine[0].report_id}"]
    assert titles == ["Báo cáo đột xuất – Thiệt hại do mưa lớn"]
    own = client_of("thoilai").get(f"/reports/{mine[0].report_id}").text
    assert "Số nhà, diện tích lúa" in own
    composer = own.split('id="composer"')[1].split("</form>")[0]
    assert "Nội dung trả lời" in composer
    assert "difficulties-text" not in composer
    assert history.of("report_requirement", asked().id)[0].verb == "report.ask"
    assert client.get(f"/reports/requirements/{asked().id}").status_code == 404
    assert "0/5 cơ quan đã nộp" in client.get("/reports/").text


def test_the_count_asks_for_news_and_gets_it(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    client.post("/reports/asked/new", form())
    page = client.get(f"/reports/asked/{asked().id}").text
    found = re.search(r'hx-get="([^"]*/now\?since=[^"]*)" hx-trigger="poll"', page)
    assert found
    address = found[1].replace("&amp;", "&")
    assert client.get(address, htmx=True).status_code == 204
    submit(report_of("thoilai").id, {WHOLE_TEXT: "Không có thiệt hại"}, somebody("thoilai"))
    news = client.get(address, htmx=True)
    assert news.status_code == 200
    assert "<b>1/5</b>" in news.text
    assert client.get(address).location == f"/reports/asked/{asked().id}"


def test_what_cannot_be_asked_is_said_and_kept(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    for changes, sentence in (
        ({"groups": [], "agencies": []}, "ít nhất một cơ quan"),
        ({"due_on": "2024-11-13"}, "phải ở phía trước"),
        ({"due_on": ""}, "Hãy chọn ngày phải nộp"),
        ({"question": " "}, "Hãy nhập nội dung yêu cầu"),
    ):
        answer = client.post("/reports/asked/new", form(**changes), htmx=True)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Thiệt hại do mưa lớn" in answer.text


def test_after_the_hour_it_is_late_on_the_very_day() -> None:
    two = time(14, 0)
    assert judged_due(DUE, two, datetime(2024, 11, 20, 14, 0)) == DUE
    assert judged_due(DUE, two, datetime(2024, 11, 20, 14, 1)) == date(2024, 11, 19)
    assert judged_due(DUE, two, datetime(2024, 11, 21, 8, 0)) == DUE
    assert judged_due(DUE, None, datetime(2024, 11, 20, 23, 0)) == DUE


def test_after_the_hour_it_counts_as_missing_at_once_wherever_it_is_counted(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_of("dieuphoi").post("/reports/asked/new", form())
    agency = somebody("vhttdl").agency_id  # which owes nothing else by then
    for hour, minute, is_missing in ((14, 0, False), (14, 1, True)):
        moment = clock.at(DUE, time(hour, minute))
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        clock.freeze(DUE)
        rows = [r for r in listed(agency, DUE, 3) if r.requirement.id == asked().id]
        assert [row.klass is DeadlineClass.OVERDUE for row in rows] == [is_missing]
        assert [mark(row) is Mark.MISSING for row in rows] == [is_missing]
        assert [each.sums.missing for each in tallies(rows)] == [int(is_missing)]
        late = [o for o in owed(DUE) if o.report_id == rows[0].report_id and o.is_late]
        assert len(late) == is_missing
        (day,) = due_days(DUE, DUE, DUE)
        assert (day.missing, day.to_come) == ((5, 0) if is_missing else (0, 5))


def test_an_open_status_page_and_the_overview_tell_that_an_hour_has_passed(
    app: Flask, client_of: ClientOf, outsider: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    today, office = clock.today(), client_of("dieuphoi")
    for hour in ("14:00", "16:00"):
        office.post("/reports/asked/new", form(due_at=hour, form_token=hour))
        with transaction():
            asked_now = Report.requirement_id == asked().id
            db.session.execute(update(Report).where(asked_now).values(due_on=today))
    about = (SubjectKind.AGENCY, somebody("vhttdl").agency_id)
    token = status_pages.make(somebody("dieuphoi"), about, Showing("", (Block.REPORTS,), 30))
    known = ""
    for hour, minute, words in (
        (14, 0, "<b>2</b> chưa nộp, còn hạn"),
        (14, 1, "<b>1</b> chưa nộp, còn hạn · <b>1</b> quá giờ nộp"),
        (16, 1, "<b>2</b> chưa nộp"),
    ):
        moment = clock.at(today, time(hour, minute))
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        page = outsider.get(f"/status/{token}", headers={"If-None-Match": known})
        assert f"{words}, trong 2 báo cáo." in page.text
        known = page.headers["ETag"]
        again = outsider.get(f"/status/{token}", headers={"If-None-Match": known})
        assert again.status_code == 304
    late = office.get("/overview").text.split("Báo cáo chưa nộp, đã quá hạn")[1]
    assert "đến hạn hôm nay" not in late
    assert late.count("quá giờ nộp") == 2 * 5


def test_what_is_closed_is_owed_by_nobody_and_what_came_stays(
    app: Flask, client_of: ClientOf
) -> None:
    client = client_of("dieuphoi")
    client.post("/reports/asked/new", form())
    sent, left = report_of("thoilai"), report_of("vhttdl")
    submit(sent.id, {WHOLE_TEXT: "Không có thiệt hại"}, somebody("thoilai"))
    page = f"/reports/asked/{asked().id}"
    close = {"version": asked().version, "form_token": "close"}
    for _ in range(2):
        assert client.post(f"{page}/close", close).location == page
    assert "<b>1/1</b> cơ quan đã nộp" in client.get(page).text
    assert left.id not in {o.report_id for o in owed(DUE)}
    assert "Không còn yêu cầu" in client_of("vhttdl").get(f"/reports/{left.id}").text
    assert len(told("vhttdl", "report.asked")) == 2
    assert len(told("thoilai", "report.asked")) == 1
    assert "đã kết thúc" in client_of("vhttdl").get("/reports/").text
    again = client.post(f"{page}/close", {"version": close["version"]})
    assert "vừa được người khác kết thúc" in client.get(again.location).text


def test_an_agency_that_has_ended_is_asked_for_nothing_new_and_keeps_what_it_owes(
    app: Flask, client_of: ClientOf
) -> None:
    client = client_of("dieuphoi")
    gone = somebody("thoilai").agency
    before = {o.report_id for o in owed(date(2024, 12, 31)) if o.agency_id == gone.id}
    with transaction():
        gone.valid_to = clock.today() - timedelta(days=1)
    offer = f'name="agencies" type="checkbox" value="{gone.id}"'
    duty = next(r for r in db.session.scalars(select(ReportRequirement)) if gone in r.agencies)
    assert offer not in client.get("/reports/asked/new").text
    assert offer not in client.get("/reports/requirements/new").text
    assert offer in client.get(f"/reports/requirements/{duty.id}").text
    assert client.post("/reports/asked/new", form(agencies=[gone.id])).status_code == 422
    assert client.post("/reports/asked/new", form()).status_code == 303
    assert len(asked().agencies) == 4  # three districts of the group, and the department
    assert {o.report_id for o in owed(date(2024, 12, 31)) if o.agency_id == gone.id} == before
    with transaction():
        gone.valid_to = clock.today()
    assert offer in client.get("/reports/asked/new").text


def test_an_answer_that_comes_while_a_question_is_closed_stops_that(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of("dieuphoi")
    client.post("/reports/asked/new", form())

    def close(*_: object) -> int:
        raise ChangedMeanwhile

    monkeypatch.setattr(asking, "close", close)
    answer = client.post(f"/reports/asked/{asked().id}/close", {"version": asked().version})
    page = client.get(answer.location).text
    assert "Có cơ quan vừa nộp nên chưa kết thúc" in page
    assert "Kết thúc, không chờ" in page
