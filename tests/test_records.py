"""The record of agencies, plans, reports, difficulties, days off and settings on their pages."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.escalations.models import Escalation
from ntmtasks.history import queries, service
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report
from tests.support.work import ClientOf, somebody

SUBJECTS = {
    "agency": ("/agencies/{}/edit", Agency, "agency.change"),
    "plan": ("/plans/{}", Plan, "plan.issue"),
    "report": ("/reports/{}", Report, "report.submit"),
    "escalation": ("/escalations/{}", Escalation, "escalation.step"),
    "workday": ("/workdays/", None, "workday.set"),
    "setting": ("/settings/", None, "setting.change"),
}


def record_of(page: str) -> str:
    """The part of a page that shows the record."""
    return page.split('<details class="history">')[1].split("</details>")[0]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_page_tells_the_newest_of_its_record_in_sentences(
    app: Flask, client_of: ClientOf, subject: str
) -> None:
    address, kind, verb = SUBJECTS[subject]
    number = 0 if kind is None else db.session.scalar(select(kind.id).order_by(kind.id).limit(1))
    assert number is not None
    client = client_of("admin")
    for count in range(queries.FEW + 1):
        service.record(somebody("admin"), subject, number, verb, {"Số": count}, {"Số": count + 1})
    told = record_of(client.get(address.format(number)).text)
    assert "50 lượt gần nhất" in told
    assert told.count("<li>") == queries.FEW
    assert "Số: từ “50” thành “51”" in told.split("</li>")[0]
    assert "Quản trị hệ thống" in told
    if kind is not None:
        service.record(somebody("admin"), subject, number + 1, verb, after={"Số": "của mục khác"})
        assert "của mục khác" not in client.get(address.format(number)).text


def test_a_new_agency_has_no_record_yet(app: Flask, client_of: ClientOf) -> None:
    assert 'class="history"' not in client_of("admin").get("/agencies/new").text


def test_what_was_changed_on_a_page_stands_in_its_record(app: Flask, client_of: ClientOf) -> None:
    report = db.session.scalars(
        select(Report).where(
            Report.agency_id == somebody("thoilai").agency_id, Report.due_on == date(2024, 10, 18)
        )
    ).one()
    client, form = client_of("thoilai"), {"criteria-text": "Có 12/12 xã báo cáo", "confirm": "y"}
    assert client.post(f"/reports/{report.id}", form).status_code == 303
    told = record_of(client.get(f"/reports/{report.id}").text)
    assert "Phạm Quốc Dũng nộp báo cáo" in told
