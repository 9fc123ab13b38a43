"""Tiếp nhận, trả lại, mở khóa: on the page of a report and among what waits."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.desk.queries import waiting
from ntmtasks.history import queries as history
from ntmtasks.oversight.queries.calendar import entries, whose_own
from ntmtasks.progress.service.acting import NotYours
from ntmtasks.reminders.queries.gathering import owed_items
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.reports import access
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.lists import listed
from ntmtasks.reports.queries.one import submitted_on
from ntmtasks.reports.queries.owed import owed
from ntmtasks.reports.queries.timeliness import mark
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.states import Locked, ReportState
from ntmtasks.reports.rules.timeliness import Mark
from ntmtasks.reports.service.deciding import accept, unlock
from ntmtasks.reports.service.submitting import submit
from tests.support.work import ClientOf, somebody, told

DUE = date(2024, 11, 18)
TEXT = "Đạt 17/19 tiêu chí."


def november() -> Report:
    """The November report of Thới Lai."""
    district = somebody("thoilai").agency_id
    found = select(Report).where(Report.agency_id == district, Report.due_on == DUE)
    return db.session.scalars(found).one()


def sent(day: date = date(2024, 11, 14)) -> Report:
    """The same, sent by the district on a day."""
    clock.freeze(day)
    return submit(november().id, {WHOLE_TEXT: TEXT}, somebody("thoilai"))


def test_a_sent_report_waits_and_is_accepted_in_its_row(app: Flask, client_of: ClientOf) -> None:
    before = waiting.count(somebody("dieuphoi"))
    earlier = len(told("thoilai", "report.accepted"))
    report, client = sent(), client_of("dieuphoi")
    assert waiting.count(somebody("dieuphoi")) == before + 1
    assert not waiting.waiting(somebody("lanhdao")).reports
    page = client.get("/waiting/").text
    assert f'id="waiting-report-{report.id}"' in page
    form = {"version": report.version, "form_token": "once", "back": "waiting"}
    row = {"htmx": True, "headers": {"HX-Target": f"waiting-report-{report.id}"}}
    answer = client.post(f"/reports/{report.id}/accept", form, **row)
    assert answer.status_code == 200
    assert f'<li id="waiting-report-{report.id}"' in answer.text
    assert "Đã tiếp nhận" in answer.text
    assert november().state is ReportState.ACCEPTED
    again = client.post(f"/reports/{report.id}/accept", form)
    assert (again.status_code, again.location) == (303, "/waiting/")
    assert len(told("thoilai", "report.accepted")) == earlier + 1
    stale = client.post(f"/reports/{report.id}/return", {"reason": "Thiếu số liệu", "version": 1})
    assert stale.status_code == 409
    assert "Thiếu số liệu" in stale.text
    assert november().state is ReportState.ACCEPTED


def test_a_returned_report_is_owed_again_and_counts_from_the_version_that_is_taken(
    app: Flask, client_of: ClientOf
) -> None:
    report, client = sent(), client_of("dieuphoi")
    for htmx in (False, True):
        refused = client.post(f"/reports/{report.id}/return", {"reason": " "}, htmx=htmx)
        assert refused.status_code == 422
        assert "Hãy ghi lý do." in refused.text
    answer = client.post(f"/reports/{report.id}/return", {"reason": "Thiếu bảng xã"})
    assert (answer.status_code, answer.location) == (303, f"/reports/{report.id}")
    assert told("thoilai", "report.returned") == ["Trả lại: Thiếu bảng xã"]
    assert [o.is_returned for o in owed(DUE) if o.report_id == report.id] == [True]
    items = {i.subject: i for i in owed_items(clock.today(), {})}
    assert items[f"report:{report.id}"].written == "đã trả lại, cần nộp lại"
    page = client_of("thoilai").get(f"/reports/{report.id}").text
    assert "Báo cáo cần nộp lại." in page
    assert "Thiếu bảng xã" in page
    assert TEXT in page.split('name="criteria-text"')[1].split("</textarea>")[0]
    assert (
        client_of("dieuphoi").get("/reports/?state=returned").text.count("Tháng 11/2024</a>") == 1
    )
    clock.freeze(date(2024, 11, 20))
    submit(report.id, {WHOLE_TEXT: "Đã có bảng xã"}, somebody("thoilai"))
    accept(somebody("dieuphoi"), report.id)
    assert submitted_on(november()) == date(2024, 11, 20)
    page = client_of("thoilai").get(f"/reports/{report.id}").text
    assert "Đã nộp muộn 2 ngày" in page
    verbs = [entry.verb for entry in history.of("report", report.id)]
    assert verbs == ["report.accept", "report.submit", "report.return", "report.submit"]


def test_the_office_is_judged_by_the_city_leader_alone(app: Flask, client_of: ClientOf) -> None:
    report = november()
    with transaction():
        report.agency_id = somebody("dieuphoi").agency_id
    submit(report.id, {WHOLE_TEXT: TEXT}, somebody("dieuphoi"))
    with pytest.raises(NotYours):
        accept(somebody("dieuphoi"), report.id)
    assert client_of("dieuphoi").post(f"/reports/{report.id}/accept", {}).status_code == 403
    assert f'id="waiting-report-{report.id}"' in client_of("lanhdao").get("/waiting/").text
    assert client_of("lanhdao").post(f"/reports/{report.id}/accept", {}).status_code == 303


def test_who_may_no_longer_decide_is_told_so_and_keeps_the_reason(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page let the coordinator in; by the time of the verb the report is the own office's."""
    report, client = sent(), client_of("dieuphoi")
    with transaction():
        report.agency_id = somebody("dieuphoi").agency_id
    assert (
        client.post(f"/reports/{report.id}/return", {"reason": "Thiếu bảng xã"}).status_code == 403
    )
    monkeypatch.setattr(
        access, "report_to_decide", lambda number, _act: access.report_to_read(number)
    )
    answer = client.post(f"/reports/{report.id}/return", {"reason": "Thiếu bảng xã"})
    assert answer.status_code == 409
    assert "Thiếu bảng xã" in answer.text


def test_an_accepted_period_is_locked_until_somebody_opens_it_with_a_reason(
    app: Flask, client_of: ClientOf
) -> None:
    report = sent()
    accept(somebody("dieuphoi"), report.id)
    again = client_of("thoilai").post(
        f"/reports/{report.id}", {"criteria-text": "Khác", "confirm": "y"}
    )
    assert again.status_code == 409
    assert "Khác" in again.text
    client = client_of("dieuphoi")
    assert "Mở khóa kỳ báo cáo" in client.get(f"/reports/{report.id}").text
    assert client.post(f"/reports/{report.id}/unlock", {"reason": ""}).status_code == 422
    answer = client.post(f"/reports/{report.id}/unlock", {"reason": "Sai số xã"})
    assert answer.status_code == 303
    assert november().state is ReportState.RETURNED
    entry = history.of("report", report.id)[0]
    assert (entry.verb, entry.after["Lý do"]) == ("report.unlock", "Sai số xã")
    submit(report.id, {WHOLE_TEXT: "Đúng số xã"}, somebody("thoilai"))
    assert november().state is ReportState.SUBMITTED


def test_a_period_shuts_on_its_day_and_opens_for_one_report(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        settings.store(settings.REPORT_LOCK_DAYS.name, "20")
        october = date(2024, 10, 18)
    district = somebody("thoilai")
    report = db.session.scalars(
        select(Report).where(Report.agency_id == district.agency_id, Report.due_on == october)
    ).one()
    with pytest.raises(Locked):
        submit(report.id, {WHOLE_TEXT: TEXT}, district)
    client = client_of("thoilai")
    page = client.get(f"/reports/{report.id}").text
    assert "đã khóa từ sau ngày 07/11/2024" in page
    assert "<textarea" not in page
    answer = client.post(
        f"/reports/{report.id}", {"criteria-text": TEXT, "confirm": "y"}, htmx=True
    )
    assert answer.status_code == 409
    assert TEXT in answer.text

    def reminded() -> set[str]:
        return {item.subject for item in owed_items(clock.today(), {})}

    # Nobody is told to send it, but it is not forgotten.
    link, subject = f"/reports/{report.id}", f"report:{report.id}"
    assert subject not in reminded()
    assert link not in client.get("/my-work/").text
    entry = next(e for e in entries(whose_own(district), clock.today()) if e.path == link)
    assert entry.is_cancelled
    assert "Chưa nộp (đã khóa kỳ)" in client.get("/reports/").text
    assert client_of("dieuphoi").get("/reports/").text.count("Chưa nộp (đã khóa kỳ)") >= 2
    row = next(r for r in listed(district.agency_id, clock.today(), 3) if r.report_id == report.id)
    assert mark(row) is Mark.MISSING
    unlock(somebody("dieuphoi"), report.id, "Xã báo chậm")
    assert subject in reminded()
    assert link in client.get("/my-work/").text
    again = next(e for e in entries(whose_own(district), clock.today()) if e.path == link)
    assert not again.is_cancelled
    assert again.sequence > entry.sequence
    assert "Xã báo chậm" in client.get(f"/reports/{report.id}").text
    assert (
        client.post(f"/reports/{report.id}", {"criteria-text": TEXT, "confirm": "y"}).status_code
        == 303
    )


def test_who_may_decide_is_reminded_after_three_working_days(app: Flask) -> None:
    report = sent()
    subject = f"undecided:report:{report.id}"

    def readers(day: date) -> set[str]:
        return {
            digest.recipient.name
            for digest in plan_day(day)
            if any(line.item.subject == subject for line in digest.lines)
        }

    assert readers(date(2024, 11, 18)) == set()
    assert readers(date(2024, 11, 19)) == {somebody("dieuphoi").name}
