"""Việc của tôi: open to everybody, with buttons for those who report."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db, transaction
from ntmtasks.tasks.models import Assignment
from tests.support.client import Client

ClientOf = Callable[[str], Client]


@pytest.mark.parametrize("username", ["chuyenvien", "daumoi", "dieuphoi", "lanhdao", "admin"])
def test_the_menu_leads_everybody_to_the_own_work(
    app: Flask, client_of: ClientOf, username: str
) -> None:
    page = client_of(username).get("/my-work/")
    assert page.status_code == 200
    assert page.text.count('href="/my-work/"') == 2, "in the menu and in the bar of the phone"


def test_who_only_reads_the_work_of_the_agency_gets_no_button(
    app: Flask, client_of: ClientOf
) -> None:
    own = client_of("chuyenvien").get("/my-work/").text
    assert "Cập nhật" in own
    city = db.session.scalars(select(Agency.id).where(Agency.short_name == "UBND thành phố")).one()
    given = _give_work_to(city)
    page = client_of("lanhdao").get("/my-work/").text
    assert f'id="work-row-{given}"' in page
    assert "Cập nhật" not in page


def test_reports_to_write_stand_with_the_work_a_week_before_they_are_due(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("thoilai").get("/my-work/").text
    shown = page.partition('id="to-write"')[2].partition("</section>")[0]
    assert "Báo cáo phải nộp (2)" in shown
    assert shown.index("Tháng 10/2024") < shown.index("Tháng 11/2024"), "due on 18/10, on 18/11"
    assert "Tháng 12/2024" not in shown
    assert shown.count('href="/reports/') == 2
    for other in ("chuyenvien", "dieuphoi", "admin"):  # due on 18/12, on 22/11; writes none
        assert 'id="to-write"' not in client_of(other).get("/my-work/").text


def _give_work_to(agency_id: int) -> int:
    taken = select(Assignment.task_id).where(Assignment.agency_id == agency_id)
    query = select(Assignment.id).where(
        Assignment.work_state == "in_progress", Assignment.task_id.not_in(taken)
    )
    found = db.session.scalars(query.limit(1)).one()
    with transaction():
        db.session.execute(
            update(Assignment)
            .where(Assignment.id == found)
            .values(agency_id=agency_id, officer_id=None)
        )
    return found
