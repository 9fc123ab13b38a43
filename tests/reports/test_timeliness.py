"""Who reports in time: a script plays half a year and keeps its own book."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ntmtasks.agencies.models import Agency
from ntmtasks.agencies.rules import AgencyKind
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.core.sources import Source, SourceKind
from ntmtasks.plans.models import Plan
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries.lists import listed
from ntmtasks.reports.queries.timeliness import mark, tallies
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.timeliness import Entry, Mark, tally
from ntmtasks.reports.service.deciding import accept, return_report
from ntmtasks.reports.service.requiring import create_requirement
from ntmtasks.reports.service.submitting import submit
from tests.support.work import ClientOf, somebody

DUE = (
    date(2024, 6, 18),
    date(2024, 7, 18),
    date(2024, 8, 19),
    date(2024, 9, 18),
    date(2024, 10, 18),
    date(2024, 11, 18),
)
END = date(2024, 11, 29)
# What happens from June to November: in time, on the very day, late, returned and mended in time, returned
# and mended late, returned and left, never sent, entered from a paper of the due day, sent and not yet taken.
PLOT = {
    "UBND huyện Phong Điền": ("in", "day", "in", "mended", "in", "day"),
    "UBND huyện Thới Lai": ("late", "in", "mended late", "in", "in", "waits"),
    "UBND huyện Cờ Đỏ": ("in", "late", "never", "in", "back", "in"),
    "UBND huyện Vĩnh Thạnh": ("in", "paper", "in", "day", "mended late", "never"),
}
MARKS = {"late": "late", "mended late": "late", "back": "returned", "never": "missing"}
DAY = timedelta(days=1)
Play = tuple[date, Callable[[], object]]


def plays(number: int, due: date, what: str, sender: str) -> list[Play]:
    """The acts of one report, each with its day."""
    coordinator, district = somebody("dieuphoi"), somebody(sender)

    def send(on: date, text: str = "Đạt 17/19 tiêu chí") -> Play:
        return on, lambda: submit(number, {WHOLE_TEXT: f"{text} ngày {on}"}, district)

    def take(on: date) -> Play:
        return on, lambda: accept(coordinator, number)

    def give_back(on: date) -> Play:
        return on, lambda: return_report(coordinator, number, "Thiếu bảng xã")

    paper = Source(SourceKind.DOCUMENT, "9/BC-UBND", due)
    acts: dict[str, list[Play]] = {
        "in": [send(due - 3 * DAY), take(due + 9 * DAY)],
        "day": [send(due), take(due + DAY)],
        "late": [send(due + DAY), take(due + 2 * DAY)],
        "mended": [send(due - 3 * DAY), give_back(due - 2 * DAY), send(due), take(due + DAY)],
        "mended late": [send(due - DAY), give_back(due + DAY), send(due + 5 * DAY), take(END)],
        "back": [send(due - DAY), give_back(due + DAY)],
        "never": [],
        "paper": [
            (
                due + 4 * DAY,
                lambda: submit(number, {WHOLE_TEXT: "Theo văn bản"}, coordinator, source=paper),
            ),
            (due + 5 * DAY, lambda: accept(somebody("lanhdao"), number)),
        ],
        "waits": [send(due - DAY)],
    }
    return acts[what]


@pytest.fixture
def played(app: Flask) -> int:
    """A requirement of its own for the four districts, played to its end; its number."""
    plan = db.session.scalars(select(Plan)).one()
    kind = select(Agency).where(Agency.kind == AgencyKind.DISTRICT).order_by(Agency.position)
    districts = db.session.scalars(kind).all()
    made = create_requirement(plan, [], "Báo cáo của kịch bản", ["Văn phòng"], districts, None)
    senders = dict(
        zip(PLOT, ("mau.phongdien", "thoilai", "mau.codo", "mau.vinhthanh"), strict=True)
    )
    acts: list[Play] = []
    for report in db.session.scalars(select(Report).where(Report.requirement_id == made.id)):
        if report.due_on in DUE:
            name = report.agency.short_name
            what = PLOT[name][DUE.index(report.due_on)]
            acts += plays(report.id, report.due_on, what, senders[name])
    for day, act in sorted(acts, key=lambda each: each[0]):
        clock.freeze(day)
        act()
    clock.freeze(END)
    return made.id


def test_the_table_of_half_a_year_is_the_scripts_own_count(played: int) -> None:
    rows = [row for row in listed(None, END, 3) if row.requirement.id == played]
    shown = {(row.agency.short_name, row.due_on): mark(row).value for row in rows}
    book = {
        (name, due): MARKS.get(what, "in_time")
        for name, acts in PLOT.items()
        for due, what in zip(DUE, acts, strict=True)
    }
    rest = {(name, date(2024, 12, 18)): "awaited" for name in PLOT}
    early = {(name, date(2024, 5, 20)): "not_required" for name in PLOT}
    assert shown == book | rest | early
    found = {each.agency.short_name: each.sums for each in tallies(rows)}
    for name in PLOT:
        mine = [book[name, due] for due in DUE]
        number = Counter(mine)
        streak = len("".join("i" if m == "in_time" else "-" for m in mine).rpartition("-")[2])
        sums = found[name]
        assert (sums.in_time, sums.late) == (number["in_time"], number["late"])
        assert (sums.returned, sums.missing) == (number["returned"], number["missing"])
        assert (sums.counted, sums.streak) == (6, streak)
        assert sums.percent == number["in_time"] * 100 // 6
    assert [found[name].streak for name in PLOT] == [6, 3, 1, 0]
    assert [found[name].percent for name in PLOT] == [100, 66, 50, 66]


def test_the_page_and_the_file_show_marks_with_word_and_agencies_their_own_alone(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("lanhdao").get("/reports/timeliness").text
    line = page.split("UBND huyện Thới Lai</span>")[1].split("</tr>")[0]
    assert "<b>80 %</b>" in line
    assert "4/5" in line
    for word in ("Đúng hạn", "Chưa nộp, quá hạn", "Chưa đến hạn", "Không yêu cầu", "Cách tính"):
        assert word in page
    own = client_of("thoilai").get("/reports/timeliness").text
    assert "<b>80 %</b>" in own
    assert "Cờ Đỏ" not in own
    file = client_of("thoilai").get("/reports/timeliness/export.csv").text
    assert "Cờ Đỏ" not in file
    october = next(line for line in file.splitlines() if "Tháng 10/2024" in line)
    assert october.endswith('"Chưa nộp, quá hạn",27,80,0')


def test_what_is_not_yet_due_does_not_count_until_it_is_sent() -> None:
    day = date(2024, 11, 18)
    assert (
        tally([Entry(day, Mark.AWAITED, False), Entry(day, Mark.RETURNED, False)]).percent is None
    )
    assert tally([Entry(day, Mark.IN_TIME, False)]).percent == 100
    two = [Entry(day, Mark.RETURNED, True), Entry(day - DAY, Mark.IN_TIME, True)]
    assert (tally(two).percent, tally(two).streak) == (50, 0)


def test_the_page_asks_a_fixed_number_of_questions(
    app: Flask, client_of: ClientOf, statements
) -> None:
    client = client_of("dieuphoi")
    with statements() as few:
        client.get("/reports/timeliness")
    plan = db.session.scalars(select(Plan)).one()
    agencies = db.session.scalars(select(Agency)).all()
    create_requirement(plan, [], "Báo cáo thêm", [], agencies, None)
    with statements() as many:
        page = client.get("/reports/timeliness").text
    assert "Báo cáo thêm" in page
    assert len(many) == len(few)
