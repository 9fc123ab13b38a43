"""The coordinating office's report: gathered from what the agencies sent and from the counters."""

from dataclasses import astuple, replace
from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.core.db import db
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report, ReportRequirement
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries.facts import facts
from ntmtasks.reports.queries.one import report as loaded
from ntmtasks.reports.rules.consolidating import boxes
from ntmtasks.reports.rules.content import WHOLE_TEXT, Content, SectionKind
from ntmtasks.reports.rules.facts import Facts
from ntmtasks.reports.service.deciding import accept
from ntmtasks.reports.service.requiring import create_requirement
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks.queries import counting
from tests.support.work import ClientOf, somebody


def district(short_name: str, due_on: date = date(2024, 11, 18)) -> Report:
    """The report of a district."""
    query = select(Report).join(Report.agency)
    query = query.where(Agency.short_name == short_name, Report.due_on == due_on)
    return db.session.scalars(query).one()


def office() -> Report:
    """The office's own report for November."""
    home = somebody("dieuphoi").agency
    mine = select(Report).where(Report.agency_id == home.id, Report.due_on == date(2024, 11, 22))
    if db.session.scalar(mine) is None:
        plan = db.session.scalars(select(Plan)).one()
        create_requirement(plan, [], "Báo cáo tổng hợp", ["UBND thành phố"], [home], None)
    found = loaded(db.session.scalars(mine.join(ReportRequirement)).one().id)
    assert found is not None
    return found


def said(report: Report, kind: SectionKind) -> str:
    """What a section of a report says as it stands."""
    return next((s.text for s in contents.content_of(report).sections if s.kind is kind), "")


def the_facts(report: Report) -> Facts:
    """The facts of the whole plan."""
    return facts(report, is_whole_plan=True)


def test_the_office_gathers_what_came_in_and_says_who_is_missing(
    app: Flask, client_of: ClientOf
) -> None:
    one, other = district("UBND huyện Thới Lai"), district("UBND huyện Phong Điền")
    submit(one.id, {WHOLE_TEXT: "- Đạt 17/19 tiêu chí"}, somebody("thoilai"))
    accept(somebody("dieuphoi"), one.id)
    submit(
        other.id,
        {WHOLE_TEXT: "Họp 3 cuộc", SectionKind.PROPOSALS: "Bố trí vốn"},
        somebody("thoilai"),
    )
    report = office()
    guidance = said(report, SectionKind.GUIDANCE)
    assert "2/4 cơ quan đã gửi báo cáo, 1 đã được tiếp nhận" in guidance
    assert "chưa gửi: UBND huyện Cờ Đỏ, UBND huyện Vĩnh Thạnh." in guidance
    criteria = said(report, SectionKind.CRITERIA)
    assert "- UBND huyện Thới Lai:\n  + Đạt 17/19 tiêu chí" in criteria
    assert "- UBND huyện Phong Điền (chưa tiếp nhận):\n  + Họp 3 cuộc" in criteria
    assert (
        "Sở NN&PTNT: Triển khai thực hiện hiệu quả Chương trình “Mỗi xã một sản phẩm”" in criteria
    )
    assert "UBND huyện Phong Điền (chưa tiếp nhận):\n  + Bố trí vốn" in said(
        report, SectionKind.PROPOSALS
    )
    late = said(report, SectionKind.DIFFICULTIES)
    assert "5 nhiệm vụ quá hạn, theo thời gian quá hạn: 1–7 ngày 2" in late
    assert "- Sở NN&PTNT: Tập trung tổ chức" in late
    page = client_of("dieuphoi").get(f"/reports/{report.id}").text
    assert "Chưa gửi báo cáo kỳ này: UBND huyện Cờ Đỏ, UBND huyện Vĩnh Thạnh." in page


def test_the_boxes_are_sums_of_the_counters_on_the_day_of_the_cut_off(app: Flask) -> None:
    report = office()
    for cut_off in (date(2024, 11, 14), date(2024, 9, 30)):
        counted = counting.counters(cut_off)
        for period in report.periods:
            period.starts_on, period.cut_off = date(2024, 9, 1), cut_off
        with db.session.no_autoflush:
            found = boxes(the_facts(report).works)
        assert (found.total, found.done_on_time, found.done_late) == (
            counted.total,
            counted.done_on_time,
            counted.done_late,
        )
        assert (found.waiting, found.no_deadline) == (counted.submitted, counted.no_deadline)
        not_done = counted.total - counted.done_on_time - counted.done_late
        assert found.open_in_time + found.open_late == not_done
        assert counted.overdue <= found.open_late <= counted.overdue + counted.submitted
    db.session.rollback()


def test_what_waits_is_late_by_the_day_it_was_submitted(app: Flask) -> None:
    works = [w for w in the_facts(office()).works if w.klass == "submitted"]
    [waits, *_] = [w for w in works if w.deadline]
    assert waits.deadline is not None
    later = replace(waits, submitted_on=date(2099, 1, 1))
    assert astuple(boxes([replace(waits, submitted_on=waits.deadline)]))[3:5] == (1, 0)
    assert astuple(boxes([later]))[3:5] == (0, 1)


def test_tables_stand_in_the_content_in_protocol_order(app: Flask) -> None:
    content: Content = contents.content_of(office())
    [counters, ages] = content.tables
    assert counters.columns[2] == "Hoàn thành đúng hạn"
    names = [row.label for row in counters.rows]
    order = [a.short_name for a in db.session.scalars(select(Agency).order_by(Agency.position))]
    assert names[0] == "Toàn kế hoạch"
    assert names[1:] == [name for name in order if name in names]
    assert [sum(r.numbers[n] for r in counters.rows[1:]) for n in range(7)] == list(
        counters.rows[0].numbers
    )
    assert ages.rows[0].numbers[0] == sum(ages.rows[0].numbers[1:]) == 5
    rows = [(row.path, row.task, row.due_on) for row in content.annex]
    assert len(rows) == len(set(rows)) < counters.rows[0].numbers[0]
    [fan_out] = [row for row in content.annex if row.path == "IV.3.-1"]
    assert fan_out.lead == "20 cơ quan"
    assert fan_out.result.endswith("/20 cơ quan hoàn thành")
