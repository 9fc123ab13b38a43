"""Nộp thay: the coordinator sends a report for an agency from what came by paper or phone."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.contents import content_of
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.states import ReportState
from tests.support.work import ClientOf, somebody, told

FORM = {
    "source_kind": "mail",
    "source_ref": "vpubnd.thoilai",
    "source_on": "2024-11-12",
    "body": "Có 12/12 xã báo cáo",
}


def missing() -> Report:
    """The October report that the district has not sent."""
    return db.session.scalars(
        select(Report).where(
            Report.agency_id == somebody("thoilai").agency_id,
            Report.due_on == date(2024, 10, 18),
        )
    ).one()


def said(report: Report) -> str:
    """The results that a report was last sent with."""
    texts = {section.kind: section.text for section in content_of(report).sections}
    return texts[WHOLE_TEXT]


def test_an_entered_report_counts_from_its_source_and_the_agency_is_told(
    app: Flask, client_of: ClientOf
) -> None:
    report, client = missing(), client_of("dieuphoi")
    assert "Nộp thay UBND huyện Thới Lai" in client.get(f"/reports/{report.id}").text
    assert client.post(f"/reports/{report.id}/enter", FORM).status_code == 303
    sent = missing()
    assert sent.state is ReportState.SUBMITTED
    assert sent.submitted_at is not None
    assert clock.local(sent.submitted_at).date() == date(2024, 11, 12)
    assert "Nhập thay bởi Đặng Thu Phương" in client.get(f"/reports/{report.id}").text
    entry = history.of("report", report.id)[0]
    assert (entry.verb, entry.after["Nguồn"]) == (
        "report.enter",
        "Thư vpubnd.thoilai ngày 12/11/2024",
    )
    assert any("vpubnd.thoilai" in line for line in told("thoilai", "report.entered"))


def test_the_agency_sends_its_own_text_in_its_place(app: Flask, client_of: ClientOf) -> None:
    report = missing()
    client_of("dieuphoi").post(f"/reports/{report.id}/enter", FORM)
    district = client_of("thoilai")
    page = district.get(f"/reports/{report.id}").text
    assert "Sửa báo cáo được nộp thay" in page
    own = {"criteria-text": "Có 11/12 xã báo cáo", "confirm": "y"}
    assert district.post(f"/reports/{report.id}", own).status_code == 303
    sent = missing()
    assert sent.source_kind is None
    assert said(sent) == "Có 11/12 xã báo cáo"
    assert sent.submitted_at is not None
    assert clock.local(sent.submitted_at).date() == date(2024, 11, 12)
    again = district.post(f"/reports/{report.id}", own | {"criteria-text": "Lần ba"})
    assert again.status_code == 409


def test_a_bad_source_is_refused_and_nothing_is_lost(app: Flask, client_of: ClientOf) -> None:
    report, client = missing(), client_of("dieuphoi")
    for day, sentence in (
        ("2024-11-15", "không được sau hôm nay"),
        ("2024-05-01", "không được trước ngày ban hành"),
        ("", "Hãy ghi ngày của nguồn"),
    ):
        for htmx in (False, True):
            answer = client.post(
                f"/reports/{report.id}/enter", FORM | {"source_on": day}, htmx=htmx
            )
            assert answer.status_code == 422
            assert sentence in answer.text
            assert "Có 12/12 xã báo cáo" in answer.text
    assert missing().state is ReportState.MISSING


def test_what_the_agency_sent_is_not_entered_over(app: Flask, client_of: ClientOf) -> None:
    report = missing()
    own = {"criteria-text": "Báo cáo của huyện", "confirm": "y"}
    client_of("thoilai").post(f"/reports/{report.id}", own)
    answer = client_of("dieuphoi").post(f"/reports/{report.id}/enter", FORM)
    assert answer.status_code == 409
    assert "Có 12/12 xã báo cáo" in answer.text
    assert said(missing()) == "Báo cáo của huyện"
