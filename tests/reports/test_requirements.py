"""Chế độ báo cáo: what plan 108 asks for, and what a change moves."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.queries.owed import owed
from ntmtasks.reports.rules import duties
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.service.submitting import submit
from tests.support.work import ClientOf, somebody, told

DISTRICTS, SUMMARY, APPRAISAL = (
    "Báo cáo định kỳ tình hình thực hiện",
    "Báo cáo tổng hợp tình hình thực hiện",
    "Báo cáo thẩm định tiêu chí, chỉ tiêu",
)


def requirement(title: str) -> ReportRequirement:
    """A duty of the sample."""
    found = select(ReportRequirement).where(ReportRequirement.title == title)
    return db.session.scalars(found).one()


def slots(row: ReportRequirement, agency_id: int) -> list[tuple[str, date, bool]]:
    """Label, due day and whether something is owed, of one agency."""
    query = select(ReportingPeriod).where(
        ReportingPeriod.requirement_id == row.id, ReportingPeriod.agency_id == agency_id
    )
    found = db.session.scalars(query.order_by(ReportingPeriod.due_on, ReportingPeriod.position))
    return [(p.label, p.due_on, p.report_id is not None) for p in found]


def form(row: ReportRequirement, **changes: object) -> dict[str, object]:
    """The form of a requirement as its page has it, with some fields changed."""
    agencies = db.session.scalars(
        select(ReportingPeriod.agency_id)
        .where(ReportingPeriod.requirement_id == row.id)
        .distinct()
        .order_by(ReportingPeriod.agency_id)
    ).all()
    return {
        "version": row.version,
        "title": row.title,
        "kinds": ["month", "quarter", "year"],
        "recipients": "\n".join(row.recipients),
        "paths": ", ".join(clause.path for clause in row.clauses),
        "agencies": list(agencies),
        **changes,
    }


def test_plan_108_asks_districts_departments_and_the_office(app: Flask) -> None:
    made = {
        r.title: ([c.path for c in r.clauses], r.kinds, len(r.agencies), r.recipients)
        for r in db.session.scalars(select(ReportRequirement))
    }
    usual = ["month", "quarter", "year"]
    board = "Ban Chỉ đạo xây dựng nông thôn mới thành phố"
    assert {title: facts[:3] for title, facts in made.items()} == {
        DISTRICTS: (["IV.5.-3", "IV.5.-5"], usual, 4),
        SUMMARY: (["IV.2.-4"], usual, 1),
        APPRAISAL: (["IV.3.-5"], ["year"], 20),
    }
    assert made[SUMMARY][3][1:] == [board]
    assert len(made[APPRAISAL][3]) == 1
    assert made[DISTRICTS][3][0] == made[APPRAISAL][3][0] == somebody("dieuphoi").agency.name


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Chịu trách nhiệm báo cáo thẩm định các tiêu chí, chỉ tiêu", (False, True)),
        ("Tổng hợp, báo cáo định kỳ tình hình thực hiện", (True, False)),
        ("Thẩm định hồ sơ, báo cáo kết quả khi có yêu cầu", (False, False)),
    ],
)
def test_the_words_of_an_item_say_what_it_asks_for(text: str, asks: tuple[bool, bool]) -> None:
    assert (duties.asks_for_summary(text), duties.asks_for_appraisal(text)) == asks


def test_a_later_due_day_moves_what_is_neither_due_nor_sent(
    app: Flask, client_of: ClientOf
) -> None:
    row, district = requirement(DISTRICTS), somebody("thoilai")
    before = slots(row, district.agency_id)
    sent = db.session.scalars(
        select(Report).where(
            Report.agency_id == district.agency_id, Report.due_on == date(2024, 11, 18)
        )
    ).one()
    submit(sent.id, {WHOLE_TEXT: "Tháng 11"}, district)
    client, address = client_of("dieuphoi"), f"/reports/requirements/{row.id}"
    page = client.get(address).text
    assert "Tháng 10/2024" in page
    answer = client.post(address, form(row, agency_due_day=20))
    assert (answer.status_code, answer.location) == (303, address)
    after = slots(row, district.agency_id)
    assert after[:-3] == before[:-3]
    assert [due for _, due, _ in after[-3:]] == [date(2024, 12, 20)] * 3
    december = [o for o in owed(date(2024, 12, 31)) if o.agency_id == district.agency_id]
    assert [o.labels for o in december if o.due_on == date(2024, 12, 20)] == [
        ("Tháng 12/2024", "Quý IV/2024", "Năm 2024")
    ]
    moved = next(o for o in december if o.due_on == date(2024, 12, 20)).report_id
    entry = history.of("report", moved)[0]
    assert (entry.verb, entry.before, entry.after) == (
        "report.move",
        {"Hạn nộp": "18/12/2024"},
        {"Hạn nộp": "20/12/2024"},
    )
    entry = history.of("report_requirement", row.id)[0]
    assert entry.after == {"Hạn nộp của huyện, sở, ngành": "20"}
    assert any("20/12/2024 (trước là 18/12/2024)" in w for w in told("thoilai", "report.required"))
    stale = client.post(address, form(row, version=1, title="Báo cáo khác"), htmx=True)
    assert stale.status_code == 409
    assert "Báo cáo khác" in stale.text
    assert DISTRICTS in stale.text


def test_an_agency_leaves_and_comes_back_and_a_rhythm_goes(app: Flask, client_of: ClientOf) -> None:
    row, district = requirement(DISTRICTS), somebody("thoilai")
    client, address = client_of("dieuphoi"), f"/reports/requirements/{row.id}"
    full = slots(row, district.agency_id)
    everybody = form(row)["agencies"]
    assert isinstance(everybody, list)
    others = [number for number in everybody if number != district.agency_id]
    seen = form(row)
    assert client.post(address, form(row, agencies=others)).status_code == 303
    # Agencies stand in rows of their own: who saw the former ones brings none of them back.
    assert client.post(address, seen, htmx=True).status_code == 409
    assert [owes for _, _, owes in slots(row, district.agency_id)][-4:] == [False] * 4
    page = client_of("thoilai").get("/reports/").text
    assert page.count("Không yêu cầu (không còn yêu cầu)") == 4
    assert client_of("thoilai").get("/my-work/").status_code == 200
    db.session.expire_all()
    again = form(row, agencies=everybody, kinds=["month", "year"])
    assert client.post(address, again).status_code == 303
    now = slots(row, district.agency_id)
    assert [s for s in now if s[2]] == [s for s in full if s[2] and s[0] != "Quý IV/2024"]
    dropped = select(Report).where(Report.state == ReportState.DROPPED)
    assert db.session.scalars(dropped).all() == []


def test_days_out_of_order_and_unknown_clauses_are_refused_and_kept(
    app: Flask, client_of: ClientOf
) -> None:
    row, client = requirement(DISTRICTS), client_of("dieuphoi")
    address = f"/reports/requirements/{row.id}"
    for changes, sentence in (
        ({"agency_due_day": 14}, "ít nhất 1 ngày làm việc"),
        ({"agency_due_day": 23}, "Văn phòng Điều phối nộp sau"),
        ({"cut_off_day": 31}, "từ 1 đến 28"),
        ({"paths": "IV.5.-3, IX.9"}, "không có mục IX.9"),
        ({"kinds": []}, "ít nhất một kỳ"),
        ({"agencies": []}, "ít nhất một cơ quan"),
    ):
        answer = client.post(address, form(row, **{**changes, "title": "Tên đã gõ"}), htmx=True)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert "Tên đã gõ" in answer.text
    assert requirement(DISTRICTS).version == row.version


def test_a_new_requirement_asks_for_nothing_past_and_tells_who_owes(
    app: Flask, client_of: ClientOf
) -> None:
    culture = somebody("vhttdl").agency_id
    given = {
        "title": "Báo cáo văn hóa cơ sở",
        "kinds": ["month", "half_year"],
        "recipients": "Văn phòng Điều phối",
        "paths": "",
        "agencies": [culture],
        "form_token": "once",
    }
    client = client_of("dieuphoi")
    for _ in range(2):
        assert client.post("/reports/requirements/new", given).status_code == 303
    made = requirement("Báo cáo văn hóa cơ sở")
    assert slots(made, culture) == [
        ("Tháng 11/2024", date(2024, 11, 18), True),
        ("Tháng 12/2024", date(2024, 12, 18), True),
        ("6 tháng cuối năm 2024", date(2024, 12, 18), True),
    ]
    assert told("vhttdl", "report.required")
    assert client_of("lanhdao").get(f"/reports/requirements/{made.id}").status_code == 200


def test_the_list_of_requirements_asks_a_fixed_number_of_questions(
    app: Flask, client_of: ClientOf, statements
) -> None:
    client = client_of("dieuphoi")
    with statements() as few:
        client.get("/reports/requirements/")
    agency = db.session.scalars(select(Agency).limit(1)).one()
    for number in range(3):
        given = {"title": f"Thêm {number}", "kinds": ["year"], "recipients": "A"}
        client.post("/reports/requirements/new", {**given, "agencies": [agency.id]})
    with statements() as many:
        page = client.get("/reports/requirements/").text
    assert "Thêm 2" in page
    assert len(many) == len(few)
