"""Im lặng: open work of which nothing was heard for a month, as a mark and as a filter."""

import re
from collections.abc import Iterable
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.desk.queries.lists import all_rows
from ntmtasks.progress.queries import silence
from ntmtasks.progress.service import deciding, posting
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import WHOLE_TEXT
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import BoardFilter, Phase, WorkState
from ntmtasks.tasks.service import phases
from tests.support.work import ClientOf, of, somebody

TODAY = date(2024, 11, 14)
SILENT = BoardFilter(silent=True)


def heard(days: int, *assignments: Assignment) -> None:
    """Let these agencies have written so many days ago."""
    with transaction():
        for each in assignments:
            each.heard_at = clock.now() - timedelta(days=days)


def everything() -> Iterable[Assignment]:
    """All assignments with their tasks."""
    return db.session.scalars(select(Assignment).join(Assignment.task)).all()


def paths(chosen: BoardFilter, scope: int | None) -> set[str]:
    """The tasks that the board shows."""
    return {row.task.path for row in all_rows(chosen, scope, TODAY, 1000)}


def test_sql_and_rows_agree_on_who_is_silent_on_any_day(app: Flask) -> None:
    for on in (date(2024, 6, 25), date(2024, 6, 26), date(2024, 11, 3), TODAY, date(2025, 1, 31)):
        found = set(db.session.scalars(select(Assignment.id).where(silence.is_silent(on))))
        known = {a.id for a in everything() if silence.days_of(a, Phase.ISSUED, on)}
        assert found == known
        assert (on < date(2024, 6, 26)) == (not found), "issued on 27/05: silent from 26/06 on"


def test_a_word_of_the_agency_ends_its_silence(app: Flask) -> None:
    work = of("III.4.a.-2", "Sở NN&PTNT")
    assert silence.days_of(work, work.task.phase, TODAY) == 171
    posting.post_progress(somebody("daumoi"), work, WorkState.IN_PROGRESS, 10, "Đã họp dân 3 ấp")
    assert silence.days_of(work, work.task.phase, TODAY) is None
    assert silence.days_of(work, work.task.phase, TODAY + timedelta(days=29)) is None
    assert silence.days_of(work, work.task.phase, TODAY + timedelta(days=30)) == 30


def test_whoever_gets_work_back_is_not_silent_at_once(app: Flask) -> None:
    done, coordinator = of("III.4.b", "Sở NN&PTNT"), somebody("dieuphoi")
    heard(60, done)
    deciding.reopen(coordinator, done, "Thiếu biên bản nghiệm thu")
    assert silence.days_of(done, done.task.phase, TODAY) is None
    paused = of("III.1.d", "Sở NN&PTNT")
    phases.change_phase(coordinator, paused.task, Phase.PAUSED, "Chờ văn bản mới")
    assert silence.days_of(paused, paused.task.phase, TODAY) is None
    phases.change_phase(coordinator, paused.task, Phase.ISSUED, "Đã có văn bản")
    assert silence.days_of(paused, paused.task.phase, TODAY) is None


def test_a_report_is_a_word_about_the_work_that_asks_for_it(app: Flask) -> None:
    district = of("IV.5.-3", "UBND huyện Thới Lai")
    both = [district, of("IV.5.-5", "UBND huyện Thới Lai")]
    assert {silence.days_of(a, a.task.phase, TODAY) for a in both} == {57}, "since 18/09"
    missing = select(Report.id).where(
        Report.agency_id == district.agency_id, Report.state == ReportState.MISSING
    )
    first = db.session.scalars(missing.order_by(Report.due_on)).first()
    assert first is not None
    submit(first, {WHOLE_TEXT: "Kết quả tháng 10"}, somebody("thoilai"))
    assert {silence.days_of(a, a.task.phase, TODAY) for a in both} == {None}
    other = of("IV.5.-3", "UBND huyện Cờ Đỏ")
    assert silence.days_of(other, other.task.phase, TODAY) == 57


def test_the_board_filters_by_silence_in_its_address(app: Flask, client_of: ClientOf) -> None:
    page = client_of("dieuphoi").get("/tasks/?silent=1").text
    assert '<option value="1" selected>' in page
    assert "im lặng 171 ngày" in page
    assert "20 cơ quan im lặng" in page
    shown = paths(SILENT, None)
    assert "III.4.c" not in shown, "written on 07/11"
    assert "III.3" not in shown, "done"
    assert f"<b>{len(shown)}</b> nhiệm vụ" in page
    assert "silent" in client_of("dieuphoi").get("/tasks/?silent=yes").text, (
        "named as not understood"
    )
    assert "lọc: chỉ việc im lặng" in page


def test_the_filter_of_an_agency_asks_for_its_own_silence(app: Flask) -> None:
    lead, supporter = of("III.2.c", "Sở TT&TT"), of("III.2.c", "Đài PT-TH")
    heard(1, lead)
    assert "III.2.c" in paths(SILENT, None)
    assert "III.2.c" in paths(BoardFilter(silent=True, agency=supporter.agency_id), None)
    assert "III.2.c" not in paths(BoardFilter(silent=True, agency=lead.agency_id), None)


def test_a_lead_finds_silent_supporters_and_nobody_else_does(app: Flask) -> None:
    lead, supporter = of("III.2.c", "Sở TT&TT"), of("III.2.c", "Đài PT-TH")
    heard(1, lead)
    assert "III.2.c" in paths(SILENT, lead.agency_id)
    heard(1, supporter)
    heard(60, lead)
    assert "III.2.c" in paths(SILENT, lead.agency_id)
    assert "III.2.c" not in paths(SILENT, supporter.agency_id)
    one, other = of("IV.5.-1", "UBND huyện Cờ Đỏ"), of("IV.5.-1", "UBND huyện Thới Lai")
    heard(60, one)
    heard(1, other)
    assert "IV.5.-1" in paths(SILENT, one.agency_id)
    assert "IV.5.-1" not in paths(SILENT, other.agency_id), "members do not watch each other"


def test_paused_work_is_not_silent(app: Flask) -> None:
    task = db.session.scalars(select(Task).where(Task.path == "III.1.d")).one()
    assert "III.1.d" in paths(SILENT, None)
    phases.change_phase(somebody("dieuphoi"), task, Phase.PAUSED, "Chờ văn bản mới")
    assert "III.1.d" not in paths(SILENT, None)


def test_rows_of_a_person_and_of_an_agency_show_the_mark(app: Flask, client_of: ClientOf) -> None:
    work, fresh = of("III.4.a.-2", "Sở NN&PTNT"), of("III.4.c", "Sở NN&PTNT")
    for address, row in (("/my-work/", "work-row"), ("/agency-work/", "agency-row")):
        page = client_of("daumoi").get(address).text
        parts = {
            int(number): text
            for number, text in re.findall(rf'id="{row}-(\d+)"(.*?)</tr>', page, re.S)
        }
        assert "im lặng 171 ngày" in parts[work.id]
        assert "im lặng" not in parts[fresh.id]
