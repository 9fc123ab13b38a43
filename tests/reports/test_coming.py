"""Kế hoạch tháng tới: what falls due in a month, agency by agency."""

from datetime import date

from flask import Flask

from ntmtasks.reports.queries.coming import plan_of_month
from tests.support.work import ClientOf, of, somebody

TODAY = date(2024, 11, 14)


def test_a_month_has_its_reports_its_work_and_what_is_carried_over(app: Flask) -> None:
    first, last = date(2024, 11, 1), date(2024, 11, 30)
    plans, has_more = plan_of_month(first, last, None, TODAY, 3, 500)
    found = {plan.agency.short_name: plan for plan in plans}
    department = found["Sở NN&PTNT"]
    assert [a.task.path for a in department.carried] == ["III.1.c", "III.4.a.-1"]
    assert [a.task.path for a in department.due] == ["III.4.a.-2", "III.4.c"]
    assert [r.labels for r in found["VP Điều phối NTM"].reports] == [("Tháng 11/2024",)]
    assert [r.due_on for r in found["UBND huyện Cờ Đỏ"].reports] == [date(2024, 11, 18)]
    assert [plan.agency.position for plan in plans] == sorted(p.agency.position for p in plans)
    mondays = {s.occurrence.on for plan in plans for s in plan.slots}
    assert date(2024, 11, 18) in mondays
    assert all(day.weekday() == 0 and first <= day <= last for day in mondays)
    assert not has_more
    short, has_more = plan_of_month(first, last, None, TODAY, 3, 2)
    assert has_more
    assert sum(len(p.carried) + len(p.due) for p in short) == 2


def test_the_page_begins_with_the_next_month_and_agencies_see_their_own(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("thoilai").get("/reports/coming").text
    assert "Kế hoạch tháng 12/2024 của Ủy ban nhân dân huyện Thới Lai" in page
    assert "Tháng 12/2024, Quý IV/2024, Năm 2024" in page
    assert "chuyển sang" in page  # IV.5.-1, due on 10/11
    assert "Cờ Đỏ" not in page
    november = client_of("dieuphoi").get("/reports/coming?month=2024-11&agency=all").text
    assert "<h2>Ủy ban nhân dân huyện Cờ Đỏ</h2>" in november
    assert "Kế hoạch tháng 11/2024" in november
    assert "kỳ thực hiện" in november
    address = "/reports/coming/export.csv?month=2024-11&agency=all"
    assert "kỳ thực hiện" in client_of("dieuphoi").get(address).text
    file = client_of("thoilai").get("/reports/coming/export.csv?month=2024-12").text
    assert somebody("thoilai").agency.name in file
    assert "việc đến hạn" in file
    assert client_of("thoilai").get("/reports/coming?month=2024-13").status_code == 200


def test_whoever_reads_everything_begins_with_the_own_agency_and_chooses(
    app: Flask, client_of: ClientOf
) -> None:
    client, cities = client_of("dieuphoi"), "Ủy ban nhân dân huyện Cờ Đỏ</h"
    own = somebody("dieuphoi").agency
    page = client.get("/reports/coming?month=2024-11").text
    assert f"Kế hoạch tháng 11/2024 của {own.name}</h1>" in page
    assert page.count("<table") == 1
    other = of("IV.5.-1", "UBND huyện Cờ Đỏ").agency_id
    for asked, heading in ((other, f"của {cities}1>"), ("all", f"<h2>{cities}2>")):
        address = f"month=2024-11&agency={asked}"
        page = client.get(f"/reports/coming?{address}").text
        assert heading in page
        assert f"month=2024-12&amp;agency={asked}" in page
        link = f"/reports/coming/export.csv?{address}"
        assert f'href="{link}"' in page.replace("&amp;", "&")
        assert (own.name in client.get(link).text) is (asked == "all")
    assert "Cờ Đỏ" not in client_of("thoilai").get("/reports/coming?agency=all").text


def test_a_month_asks_a_fixed_number_of_questions(
    app: Flask, client_of: ClientOf, statements
) -> None:
    client = client_of("dieuphoi")
    with statements() as few:
        client.get("/reports/coming?month=2024-07")
    with statements() as many:
        client.get("/reports/coming?month=2024-12")
    assert len(many) == len(few)
