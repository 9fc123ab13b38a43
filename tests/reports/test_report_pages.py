"""The list of reports and the page of one: who sees what, who sends, what is said."""

import re
from datetime import date

import pytest
from sqlalchemy import select

from ntmtasks.accounts.queries import people as accounts
from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report, ReportingPeriod, ReportRequirement
from ntmtasks.reports.queries.owed import owed
from ntmtasks.reports.rules.content import WHOLE_TEXT, SectionKind
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.service.requiring import create_requirement
from ntmtasks.reports.service.submitting import submit

pytestmark = pytest.mark.usefixtures("app")

NOVEMBER = date(2024, 11, 18)
YEAR_END = date(2024, 12, 18)
TEXT = "Xã Trường Xuân đạt 17/19 tiêu chí."
FILLED = {"criteria-text": TEXT, "confirm": "y"}
EMPTY = {f"{kind.value}-text": " " for kind in SectionKind}


def report_of(short_name, due_on):
    return db.session.scalars(
        select(Report)
        .join(Report.agency)
        .join(Report.requirement)
        .where(Agency.short_name == short_name, Report.due_on == due_on)
        .order_by(ReportRequirement.id.desc())
    ).first()


@pytest.fixture
def november():
    """The report of Thới Lai that is due four days after the sample's day."""
    return report_of("UBND huyện Thới Lai", NOVEMBER).id


def state_of(report_id):
    db.session.expire_all()
    return db.session.get_one(Report, report_id).state


def version_in(page):
    return re.search(r'name="version"[^>]*value="(\d+)"', page)[1]


def test_plan_108_asks_four_districts_for_44_periods_in_28_reports():
    districts = ReportingPeriod.agency.has(Agency.kind == AgencyKind.DISTRICT)
    periods = db.session.scalars(select(ReportingPeriod).where(districts)).all()
    owed_periods = [p for p in periods if p.report_id]
    assert len(owed_periods) == 44
    assert len({p.report_id for p in owed_periods}) == 28
    assert {p.due_on for p in periods if not p.report_id} == {date(2024, 5, 20)}
    assert len(periods) == 48
    assert all(p.due_on == p.report.due_on for p in owed_periods)


def test_one_requirement_carries_both_clauses_and_both_recipients():
    requirement = report_of("UBND huyện Thới Lai", NOVEMBER).requirement
    assert [c.path for c in requirement.clauses] == ["IV.5.-3", "IV.5.-5"]
    assert len(requirement.recipients) == 2


def test_owed_lists_what_is_missing_until_a_day(november):
    on_november = [o for o in owed(NOVEMBER) if o.due_on == NOVEMBER]
    assert len(on_november) == 4
    assert on_november[0].labels == ("Tháng 11/2024",)
    assert "UBND huyện Thới Lai" in {o.agency_short_name for o in on_november}
    year_end = [o.labels for o in owed(YEAR_END) if o.due_on == YEAR_END and len(o.labels) > 1]
    assert year_end == [("Tháng 12/2024", "Quý IV/2024", "Năm 2024")] * 4
    submit(november, {WHOLE_TEXT: TEXT}, accounts.user_by_name("thoilai"))
    assert november not in {o.report_id for o in owed(NOVEMBER)}


def test_the_coordinator_sees_all_districts_and_filters(client_of):
    browser = client_of("dieuphoi")
    page = browser.get("/reports/").text
    assert page.count("Tháng 11/2024</a>") == 5  # four districts and the office
    assert "Không yêu cầu (trước ngày ban hành)" in page
    one = db.session.scalars(select(Agency).where(Agency.short_name == "UBND huyện Cờ Đỏ")).one()
    assert browser.get(f"/reports/?agency={one.id}").text.count("Tháng 11/2024</a>") == 1
    only = browser.get("/reports/?state=not_required").text
    assert "Tháng 11/2024</a>" not in only
    assert only.count("(trước ngày ban hành)") == 5


def test_an_unknown_filter_is_ignored_and_said(client_of):
    page = client_of("dieuphoi").get("/reports/?state=nonsense&agency=999999").text
    assert "đã được bỏ qua" in page
    assert page.count("Tháng 11/2024</a>") == 5  # four districts and the office


def test_a_district_sees_its_own_reports_alone(client_of):
    page = client_of("thoilai").get("/reports/").text
    assert page.count("Tháng 11/2024</a>") == 1
    assert "Cờ Đỏ" not in page


def test_an_agency_that_owes_nothing_reads_so(client_of):
    women = db.session.scalars(select(Agency).where(Agency.short_name == "Hội LHPN")).one()
    with transaction():
        accounts.user_by_name("chuyenvien").agency_id = women.id
    assert "không có báo cáo phải nộp" in client_of("chuyenvien").get("/reports/").text


def test_a_missing_report_past_its_day_is_overdue(client_of):
    with transaction():
        october = report_of("UBND huyện Thới Lai", date(2024, 10, 18))
        october.state, october.submitted_at, october.submitted_by_id = (
            ReportState.MISSING,
            None,
            None,
        )
        report_id = october.id
    for address in ("/reports/", f"/reports/{report_id}"):
        page = client_of("thoilai").get(address).text
        assert re.search(r"is-overdue.*?<b>18/10/2024</b>\s*<span[^>]*>quá hạn 27 ngày", page, re.S)


def test_a_report_sent_after_its_day_is_marked(client_of):
    clock.freeze(date(2024, 11, 20))
    report_id = report_of("UBND huyện Thới Lai", NOVEMBER).id
    submit(report_id, {WHOLE_TEXT: TEXT}, accounts.user_by_name("thoilai"))
    assert "muộn 2 ngày" in client_of("dieuphoi").get("/reports/?state=submitted").text
    assert "muộn 2 ngày" in client_of("thoilai").get(f"/reports/{report_id}").text


def test_the_page_says_periods_recipients_clauses_and_the_day_twice(client_of):
    report_id = report_of("UBND huyện Thới Lai", YEAR_END).id
    page = client_of("thoilai").get(f"/reports/{report_id}").text
    for words in ("Tháng 12/2024", "Quý IV/2024", "Năm 2024", "15/12/2023 – 14/12/2024"):
        assert words in page
    for words in ("18/12/2024", "còn 34 ngày", "Mục IV.5.-3", "Mục IV.5.-5", "Nộp báo cáo"):
        assert words in page


def test_a_focal_point_sends_by_plain_form(client_of, november):
    browser = client_of("thoilai")
    answer = browser.post(f"/reports/{november}", FILLED)
    assert (answer.status_code, answer.location) == (303, f"/reports/{november}")
    page = browser.get(answer.location).text
    assert TEXT in page
    assert '<form method="post" action="/reports/' not in page
    assert state_of(november) is ReportState.SUBMITTED
    entry = history.of("report", november)[0]
    assert (entry.verb, entry.actor_name) == (
        "report.submit",
        accounts.user_by_name("thoilai").name,
    )


def test_a_focal_point_sends_by_htmx_and_gets_the_fragment(client_of, november):
    answer = client_of("thoilai").post(f"/reports/{november}", FILLED, htmx=True)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert f'id="report-{november}"' in answer.text
    assert TEXT in answer.text
    assert 'id="live"' in answer.text


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({**EMPTY, "confirm": "y"}, "Báo cáo chưa có nội dung nào."),
        ({"criteria-text": TEXT}, "Hãy đánh dấu xác nhận trước khi nộp."),
        ({"criteria-text": "a" * 100_001, "confirm": "y"}, "Dài quá 100.000 ký tự"),
    ],
)
def test_bad_input_is_refused_and_kept(client_of, november, form, sentence, htmx):
    answer = client_of("thoilai").post(f"/reports/{november}", form, htmx=htmx)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert form["criteria-text"].strip() in answer.text
    assert ("<html" in answer.text) is not htmx
    assert state_of(november) is ReportState.MISSING


@pytest.mark.parametrize("htmx", [False, True])
def test_who_comes_second_gets_409_and_keeps_the_text(client_of, november, htmx):
    browser = client_of("thoilai")
    version = version_in(browser.get(f"/reports/{november}").text)
    submit(november, {WHOLE_TEXT: "Bản của người khác"}, accounts.user_by_name("thoilai"))
    figure = {"figure-new-label": "Số hộ", "figure-new-value": "1.250", "figure-new-unit": "hộ"}
    sent = FILLED | figure | {"version": version}
    answer = browser.post(f"/reports/{november}", sent, htmx=htmx)
    assert answer.status_code == 409
    assert "đã được người khác sửa" in answer.text
    assert TEXT in answer.text
    assert "1.250 hộ" in answer.text
    assert "Bản của người khác" in answer.text


@pytest.mark.parametrize("htmx", [False, True])
def test_an_old_version_of_a_missing_report_gets_409_and_the_form_again(client_of, november, htmx):
    browser = client_of("thoilai")
    version = version_in(browser.get(f"/reports/{november}").text)
    with transaction():
        db.session.get_one(Report, november).decision_note = "…"
    answer = browser.post(f"/reports/{november}", FILLED | {"version": version}, htmx=htmx)
    assert answer.status_code == 409
    assert "đã được người khác sửa" in answer.text
    newer = version_in(answer.text)
    assert int(newer) > int(version)
    again = browser.post(f"/reports/{november}", FILLED | {"version": newer}, htmx=htmx)
    assert again.status_code == (200 if htmx else 303)


def test_a_double_click_sends_once(client_of, november):
    browser = client_of("thoilai")
    version = version_in(browser.get(f"/reports/{november}").text)
    sent = [browser.post(f"/reports/{november}", FILLED | {"version": version}) for _ in "ab"]
    assert [answer.status_code for answer in sent] == [303, 303]
    assert len(history.of("report", november)) == 1


@pytest.mark.parametrize("username", ["dieuphoi", "lanhdao", "admin"])
def test_readers_of_everything_may_not_send_for_a_district(client_of, november, username):
    browser = client_of(username)
    page = browser.get(f"/reports/{november}")
    assert page.status_code == 200
    assert f'action="/reports/{november}"' not in page.text
    assert browser.post(f"/reports/{november}", FILLED).status_code == 403
    assert state_of(november) is ReportState.MISSING


def test_another_agency_finds_nothing(client_of, november):
    browser = client_of("chuyenvien")
    assert browser.get(f"/reports/{november}").status_code == 404
    assert browser.post(f"/reports/{november}", FILLED).status_code == 404
    assert browser.get("/reports/2147483647").status_code == 404


def test_an_officer_sends_only_where_nobody_speaks_for_the_agency(client_of, november):
    with transaction():
        accounts.user_by_name("chuyenvien").agency_id = db.session.get_one(
            Report, november
        ).agency_id
    browser = client_of("chuyenvien")
    page = browser.get(f"/reports/{november}").text
    assert "<textarea" in page
    assert "Nộp báo cáo</button>" not in page
    assert browser.post(f"/reports/{november}", FILLED).status_code == 403
    with transaction():
        accounts.user_by_name("thoilai").locked_at = clock.real_now()
    assert browser.post(f"/reports/{november}", FILLED).status_code == 303


def test_the_office_has_its_own_later_day_and_its_coordinator_sends(client_of):
    office = accounts.user_by_name("dieuphoi").agency
    report = report_of(office.short_name, date(2024, 11, 22))
    answer = client_of("dieuphoi").post(f"/reports/{report.id}", FILLED)
    assert answer.status_code == 303


@pytest.mark.parametrize("username", ["dieuphoi", "thoilai"])
def test_the_list_asks_the_same_number_of_questions_however_long(client_of, statements, username):
    browser = client_of(username)
    with statements() as few:
        browser.get("/reports/")
    plan = db.session.scalars(select(Plan)).one()
    agencies = db.session.scalars(select(Agency)).all()
    for n in range(3):
        create_requirement(plan, [], f"Báo cáo thêm {n}", [], agencies, None)
    with statements() as many:
        page = browser.get("/reports/").text
    assert "Báo cáo thêm 2" in page
    assert len(many) == len(few)


def test_the_page_of_a_report_asks_a_fixed_number_of_questions(client_of, statements, november):
    browser = client_of("thoilai")
    with statements() as few:
        browser.get(f"/reports/{november}")
    year_end = report_of("UBND huyện Thới Lai", YEAR_END).id
    with statements() as many:
        browser.get(f"/reports/{year_end}")
    assert len(few) == len(many) <= 22
