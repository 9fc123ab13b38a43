"""Giải trình of a late report: asked on its page, answered there or in *Việc của tôi*, judged."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks.core.db import db, transaction
from ntmtasks.progress.models.asks import ExplanationRequest
from ntmtasks.progress.rules.asks import ExplanationState
from ntmtasks.progress.service import explaining
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.one import work_of
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.service.explaining import demand_explanation
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks.rules import Phase
from tests.support.work import ClientOf, somebody, verbs_of

ASKED = {"question": "Vì sao chưa nộp báo cáo?", "answer_by": "2024-11-19"}
PANEL = "<summary>Yêu cầu giải trình</summary>"


def report_of(username: str, due_on: date) -> Report:
    """The report of a person's agency for a due day."""
    return db.session.scalars(
        select(Report).where(
            Report.agency_id == somebody(username).agency_id, Report.due_on == due_on
        )
    ).one()


def late() -> Report:
    """The October report that the district has not sent."""
    return report_of("thoilai", date(2024, 10, 18))


def demanded(actor: str = "dieuphoi") -> ExplanationRequest:
    """A demand about the late report, to be answered by 19/11."""
    demand_explanation(somebody(actor), late(), ASKED["question"], date(2024, 11, 19))
    return newest()


def newest() -> ExplanationRequest:
    """The last demand about the late report."""
    query = select(ExplanationRequest).where(
        ExplanationRequest.about_url == f"/reports/{late().id}"
    )
    found = db.session.scalars(query.order_by(ExplanationRequest.id.desc())).first()
    assert found is not None
    return found


@pytest.mark.parametrize("asker", ["dieuphoi", "lanhdao"])
def test_a_late_report_is_asked_about_on_its_page(
    app: Flask, client_of: ClientOf, asker: str
) -> None:
    report, client = late(), client_of(asker)
    page = client.get(f"/reports/{report.id}").text
    assert 'value="2024-11-19"' in page.split(PANEL)[1]
    answer = client.post(f"/reports/{report.id}/explanations", ASKED, htmx=True)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith(f'<div class="two-columns" id="report-{report.id}">')
    assert "Vì sao chưa nộp báo cáo?" in answer.text
    asked = newest()
    assert asked.about == "báo cáo Tháng 10/2024, hạn nộp 18/10/2024"
    assert asked.assignment.agency_id == report.agency_id
    assert verbs_of(asked.assignment.task_id)[0] == "task.explanation.demand"


def test_the_agency_answers_on_the_page_and_the_asker_judges_it(
    app: Flask, client_of: ClientOf
) -> None:
    asked, district, coordinator = demanded(), client_of("thoilai"), client_of("dieuphoi")
    address = f"/reports/{late().id}"
    page = district.get(address).text
    assert f"/explanations/{asked.id}/answer" in page
    assert PANEL not in page
    mine = district.get("/my-work/").text
    assert f'<a href="{address}">báo cáo Tháng 10/2024, hạn nộp 18/10/2024</a>' in mine
    said = {"version": asked.version, "answer": "Chờ số liệu của hai xã", "back": "about"}
    url = f"/explanations/{asked.id}/answer"
    assert district.post(url, {**said, "answer": ""}).status_code == 422
    answer = district.post(url, said)
    assert (answer.status_code, answer.location) == (303, address)
    assert "Chờ số liệu của hai xã" in coordinator.get("/waiting/").text
    assert f"/explanations/{asked.id}/judge" in coordinator.get(address).text
    more = {
        "version": newest().version,
        "decision": "repeat",
        "question": "Hai xã nào?",
        "answer_by": "2024-11-20",
        "back": "about",
    }
    answer = coordinator.post(f"/explanations/{asked.id}/judge", more, htmx=True)
    assert answer.text.startswith(f'<li id="entry-explanation-{asked.id}">')
    again = newest()
    assert (again.question, again.state) == ("Hai xã nào?", ExplanationState.ASKED)
    assert "Hai xã nào?" in district.get(address).text


def test_only_what_is_late_is_asked_about_and_never_by_its_own_agency(
    app: Flask, client_of: ClientOf
) -> None:
    report, client = report_of("thoilai", date(2024, 11, 18)), client_of("dieuphoi")
    assert PANEL not in client.get(f"/reports/{report.id}").text
    for htmx in (False, True):
        answer = client.post(f"/reports/{report.id}/explanations", ASKED, htmx=htmx)
        assert answer.status_code == 409
        assert "không chậm nên không cần giải trình" in answer.text
        assert ASKED["question"] in answer.text
    number = late().id
    assert client_of("thoilai").post(f"/reports/{number}/explanations", ASKED).status_code == 403
    with transaction():
        late().agency_id = somebody("dieuphoi").agency_id
    assert client.post(f"/reports/{number}/explanations", ASKED).status_code == 403


def test_a_bad_demand_keeps_what_was_typed(app: Flask, client_of: ClientOf) -> None:
    client, url = client_of("dieuphoi"), f"/reports/{late().id}/explanations"
    for htmx in (False, True):
        answer = client.post(url, ASKED | {"answer_by": "2024-11-13"}, htmx=htmx)
        assert answer.status_code == 422
        assert "không được ở trong quá khứ" in answer.text
        assert ASKED["question"] in answer.text


def test_a_report_sent_late_can_still_be_asked_about_and_a_double_click_asks_once(
    app: Flask, client_of: ClientOf
) -> None:
    submit(late().id, {WHOLE_TEXT: "Nộp chậm"}, somebody("thoilai"))
    client, url = client_of("lanhdao"), f"/reports/{late().id}/explanations"
    for _ in range(2):
        assert client.post(url, ASKED | {"form_token": "once"}).status_code == 303
    count = select(func.count()).where(ExplanationRequest.about_url == f"/reports/{late().id}")
    assert db.session.scalar(count) == 1


def test_where_nobody_has_the_work_nobody_is_asked(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        for work in work_of(late()):
            work.task.phase = Phase.PAUSED
    assert PANEL not in client_of("dieuphoi").get(f"/reports/{late().id}").text
    with pytest.raises(explaining.NotLate):
        demanded()
