"""Slots of recurring work on their pages: held, moved, not held, taken back, entered for the agency."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select

from ntmtasks.agencies.models import Area, AreaKind
from ntmtasks.core import clock
from ntmtasks.core.db import ChangedMeanwhile, db, transaction
from ntmtasks.core.sources import SourceKind
from ntmtasks.history.models import HistoryEntry
from ntmtasks.progress.models.occurrences import Occurrence
from ntmtasks.progress.queries import silence
from ntmtasks.progress.rules.occurrences import OccurrenceState, Rhythm, Schedule
from ntmtasks.progress.service import occurring, scheduling
from ntmtasks.tasks.models import Assignment, AssignmentSpan
from ntmtasks.tasks.rules import Act, Phase, WorkState
from ntmtasks.tasks.service import phases
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody, told

AGENCY = "Sở TT&TT"
HELD = {"topic": "Xã Đông Bình làm đường", "area": "0", "link": ""}
SOURCE = {"source_kind": "call", "source_ref": "Ông Thịnh", "source_on": "2024-11-13"}


def work() -> Assignment:
    """The weekly news of plan 108: 23 of 32 held, one not held, one not recorded on 14/11."""
    return of("III.2.c", AGENCY)


def slot(day: str) -> Occurrence:
    """The slot of a day of the schedule."""
    query = select(Occurrence).where(Occurrence.day == date.fromisoformat(day))
    return db.session.scalars(query.where(Occurrence.task_id == work().task_id)).one()


def say(
    client: Client, it: Occurrence, act: str, form: dict[str, str], htmx: bool = False
) -> tuple[int, str]:
    """Status and text of saying something about a slot as it stands."""
    sent = {"version": str(it.version), **form}
    answer = client.post(f"/occurrences/{it.id}/{act}", sent, htmx=htmx)
    return answer.status_code, answer.text


def last_entry() -> HistoryEntry:
    """The last line on record."""
    query = select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)
    return db.session.scalars(query).one()


def test_the_task_page_shows_how_many_are_done_and_which_is_next(
    app: Flask, client_of: ClientOf
) -> None:
    page = client_of("mau.tttt").get(f"/tasks/{work().task_id}").text
    assert "Lịch phát sóng" in page
    assert "23/32 kỳ đã thực hiện" in page
    assert "2 bỏ lỡ" in page
    assert "(1 chưa ghi nhận, 1 không thực hiện)" in page
    assert "kỳ tới <b>18/11/2024</b>" in page
    assert len(re.findall(r'<li id="occurrence-\d+"', page)) == 32
    assert page.count("<summary>Tháng ") == 8
    assert "dời từ 02/09/2024" in page
    assert len(re.findall(r">(?:Ghi nhận|Sửa)</a>", page)) >= 32


def test_the_printed_task_lists_every_slot(app: Flask, client_of: ClientOf) -> None:
    page = client_of("lanhdao").get(f"/tasks/{work().task_id}/print").text
    assert "Lịch phát sóng – Sở TT&amp;TT" in page
    assert page.count('<td data-label="Ngày">Thứ ') == 32
    assert "Đài truyền hình trực tiếp, không có bản tin" in page


def test_a_slot_is_recorded_with_topic_commune_and_link(app: Flask, client_of: ClientOf) -> None:
    client, it = client_of("mau.tttt"), slot("2024-11-11")
    commune = db.session.scalars(
        select(Area).where(Area.name == "Đông Bình", Area.kind == AreaKind.COMMUNE)
    ).one()
    form = {**HELD, "area": str(commune.id), "link": "https://example.invalid/ban-tin"}
    status, text = say(client, it, "held", form, htmx=True)
    assert status == 200
    assert text.lstrip().startswith(f'<li id="occurrence-{it.id}"')
    assert "24/32 kỳ đã thực hiện" in text
    assert 'id="task-facts"' in text
    it = slot("2024-11-11")
    assert (it.state, it.topic, it.area, it.link) == (
        OccurrenceState.DONE,
        HELD["topic"],
        commune,
        form["link"],
    )
    assert it.recorded_by is somebody("mau.tttt")
    assert (last_entry().verb, last_entry().after) == (
        "task.occurrence.done",
        {
            "Cơ quan": AGENCY,
            "Kỳ": "11/11/2024",
            "Trạng thái": "Đã thực hiện",
            "Chủ đề": HELD["topic"],
            "Xã": "Đông Bình",
            "Đường dẫn": form["link"],
        },
    )
    page = client.get(f"/tasks/{it.task_id}").text
    assert f'href="{form["link"]}" target="_blank" rel="noopener noreferrer nofollow"' in page


def test_recording_counts_as_word_and_as_progress_and_keeps_open_forms_valid(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        work().heard_at = clock.start_of_day(date(2024, 9, 1))
    assert silence.days_of(work(), Phase.ISSUED, clock.today())
    version = work().version
    assert say(client_of("mau.tttt"), slot("2024-11-11"), "held", HELD)[0] == 303
    assert silence.days_of(work(), Phase.ISSUED, clock.today()) is None
    assert (work().percent, work().version) == (75, version)


def test_the_first_word_about_a_slot_takes_the_work_on(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        work().work_state = WorkState.ASSIGNED
    assert say(client_of("mau.tttt"), slot("2024-11-11"), "held", HELD)[0] == 303
    assert work().work_state is WorkState.IN_PROGRESS


@pytest.mark.parametrize(
    ("day", "act", "form", "sentence"),
    [
        ("2024-11-11", "held", {**HELD, "topic": " "}, "Hãy ghi chủ đề, nội dung."),
        ("2024-11-11", "held", {**HELD, "area": "99999"}, "Hãy chọn một mục trong danh sách."),
        ("2024-11-11", "held", {**HELD, "link": "javascript:alert(1)"}, "phải bắt đầu bằng http"),
        ("2024-11-11", "held", {**HELD, "link": "https://[::1"}, "phải bắt đầu bằng http"),
        ("2024-11-18", "held", HELD, "chưa đến ngày"),
        ("2024-11-18", "move", {"to": "", "reason": "Lễ"}, "Hãy ghi ngày mới"),
        ("2024-11-18", "move", {"to": "2024-11-19", "reason": ""}, "Hãy ghi lý do dời."),
        ("2024-11-18", "move", {"to": "2024-11-18", "reason": "Lễ"}, "hãy chọn ngày khác"),
        ("2024-11-18", "move", {"to": "2025-01-06", "reason": "Lễ"}, "trong năm kế hoạch"),
        ("2024-11-18", "move", {"to": "2024-05-01", "reason": "Lễ"}, "trước ngày ban hành"),
        ("2024-11-11", "not-held", {"reason": ""}, "Hãy ghi lý do không thực hiện."),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_kept(
    app: Flask, client_of: ClientOf, day: str, act: str, form: dict[str, str], sentence: str
) -> None:
    client, it = client_of("mau.tttt"), slot(day)
    for htmx in (True, False):
        status, text = say(client, it, act, form, htmx)
        assert status == 422
        assert sentence in text
        kept = form.get("link") or form.get("topic", "").strip() or form.get("reason", "")
        assert kept in text
    assert slot(day).version == it.version


def test_a_slot_is_moved_with_a_reason_and_back(app: Flask, client_of: ClientOf) -> None:
    client = client_of("mau.tttt")
    form = {"to": "2024-11-20", "reason": "Ngày Nhà giáo"}
    assert say(client, slot("2024-11-18"), "move", form)[0] == 303
    it = slot("2024-11-18")
    assert (it.state, it.moved_to, it.note) == (
        OccurrenceState.MOVED,
        date(2024, 11, 20),
        form["reason"],
    )
    assert (last_entry().before["Ngày"], last_entry().after["Ngày"]) == ("18/11/2024", "20/11/2024")
    page = client.get(f"/tasks/{it.task_id}").text
    assert "kỳ tới <b>20/11/2024</b>" in page
    assert "lý do: Ngày Nhà giáo" in page
    assert say(client, it, "move", {"to": "2024-11-18", "reason": "Vẫn phát"})[0] == 303
    assert (slot("2024-11-18").state, slot("2024-11-18").moved_to) == (
        OccurrenceState.PLANNED,
        None,
    )


def test_what_was_said_is_corrected_and_taken_back(app: Flask, client_of: ClientOf) -> None:
    client = client_of("mau.tttt")
    assert say(client, slot("2024-11-04"), "not-held", {"reason": "Mất điện"})[0] == 303
    it = slot("2024-11-04")
    assert (it.state, it.note, it.topic, it.link) == (
        OccurrenceState.NOT_HELD,
        "Mất điện",
        "",
        "",
    )
    assert last_entry().before["Chủ đề"].startswith("Sản phẩm OCOP"), "the record keeps it"
    assert "22/32 kỳ" in client.get(f"/tasks/{it.task_id}").text
    assert say(client, it, "held", HELD)[0] == 303
    assert (slot("2024-11-04").topic, slot("2024-11-04").note) == (HELD["topic"], "")
    moved = slot("2024-09-02")
    assert say(client, moved, "take-back", {})[0] == 303
    assert (slot("2024-09-02").state, slot("2024-09-02").topic) == (OccurrenceState.MOVED, "")
    assert slot("2024-09-02").moved_to == date(2024, 9, 4)
    assert last_entry().verb == "task.occurrence.take_back"


def test_two_people_at_once_lose_no_word(app: Flask, client_of: ClientOf) -> None:
    client, it = client_of("mau.tttt"), slot("2024-11-11")
    seen = str(it.version)
    assert say(client, it, "held", HELD)[0] == 303
    late = {**HELD, "version": seen, "topic": "Chủ đề của người đến sau"}
    for htmx in (True, False):
        status, text = say(client, slot("2024-11-11"), "held", late, htmx)
        assert status == 409
        assert "Chủ đề của người đến sau" in text
        assert f"Bản đang lưu (Mai Đức Thịnh): Đã thực hiện – {HELD['topic']}." in text
        assert f'id="occurrence-{it.id}" class="slot is-done' in text
    assert slot("2024-11-11").topic == HELD["topic"]
    again = {**late, "version": str(slot("2024-11-11").version)}
    assert say(client, slot("2024-11-11"), "held", again)[0] == 303


def test_words_for_a_slot_that_has_gone_are_not_lost(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, number = client_of("mau.tttt"), slot("2024-11-25").id
    typed = {"reason": "Trực tiếp kỳ họp", "version": str(slot("2024-11-25").version)}

    def reschedule(*_said: object) -> None:
        with transaction():
            db.session.execute(delete(Occurrence).where(Occurrence.id == number))
        raise ChangedMeanwhile

    monkeypatch.setattr(occurring, "record_not_held", reschedule)
    for _ in ("while it is being saved", "before it is sent"):
        answer = client.post(f"/occurrences/{number}/not-held", typed)
        assert answer.status_code == 404
        assert "lịch vừa được đổi" in answer.text
        assert typed["reason"] in answer.text
    answer = client.post(f"/occurrences/{number}/not-held", typed, htmx=True)
    assert (answer.status_code, answer.headers["HX-Reswap"]) == (404, "none")


def test_the_first_slot_leaves_the_open_form_of_progress_valid(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        work().work_state, work().pending_act = WorkState.ASSIGNED, Act.ACCEPT
    client, seen = client_of("mau.tttt"), work().version
    assert say(client, slot("2024-11-11"), "held", HELD)[0] == 303
    now = work()
    assert (now.work_state, now.pending_act) == (WorkState.IN_PROGRESS, None)
    span = select(AssignmentSpan.work_state).where(
        AssignmentSpan.assignment_id == now.id, AssignmentSpan.to_at.is_(None)
    )
    assert db.session.scalars(span).one() is WorkState.IN_PROGRESS
    form = {"state": "in_progress", "percent": "80", "body": "24 tin", "version": str(seen)}
    assert client.post(f"/assignments/{now.id}/progress", form).status_code == 303


def test_a_double_click_records_once(app: Flask, client_of: ClientOf) -> None:
    client, it = client_of("mau.tttt"), slot("2024-11-11")
    form = {**HELD, "form_token": "ein-und-derselbe", "version": str(it.version)}
    assert [say(client, it, "held", form)[0] for _ in range(2)] == [303, 303]
    query = select(HistoryEntry).where(HistoryEntry.verb == "task.occurrence.done")
    entries = [e for e in db.session.scalars(query) if e.after["Kỳ"] == "11/11/2024"]
    assert len(entries) == 1


def test_the_coordinator_enters_it_with_its_source(app: Flask, client_of: ClientOf) -> None:
    client, it = client_of("dieuphoi"), slot("2024-11-11")
    status, text = say(client, it, "held", HELD, htmx=True)
    assert status == 422
    assert "Hãy ghi số, ký hiệu văn bản hoặc tên người gọi" in text
    assert say(client, it, "held", {**HELD, **SOURCE})[0] == 303
    it = slot("2024-11-11")
    assert (it.source_kind, it.source_ref, it.source_on) == (
        SourceKind.CALL,
        "Ông Thịnh",
        date(2024, 11, 13),
    )
    assert "nhập thay theo điện thoại Ông Thịnh" in client.get(f"/tasks/{it.task_id}").text
    assert last_entry().after["Nguồn"] == "Điện thoại Ông Thịnh ngày 13/11/2024"
    (line,) = told("mau.tttt", "entered")
    assert (
        "nhập thay theo Điện thoại Ông Thịnh ngày 13/11/2024: kỳ 11/11/2024, đã thực hiện." in line
    )


def test_others_read_or_do_not_even_see_a_slot(app: Flask, client_of: ClientOf) -> None:
    it = slot("2024-11-11")
    assert say(client_of("vhttdl"), it, "held", HELD)[0] == 404
    assert say(client_of("lanhdao"), it, "held", HELD)[0] == 403
    assert client_of("vhttdl").get(f"/occurrences/{it.id}").status_code == 404
    page = client_of("lanhdao").get(f"/tasks/{it.task_id}").text
    assert "23/32 kỳ" in page
    assert "/occurrences/" not in page


def test_work_that_rests_takes_no_word(app: Flask, client_of: ClientOf) -> None:
    phases.change_phase(somebody("dieuphoi"), work().task, Phase.PAUSED, "Chờ kinh phí")
    client, it = client_of("mau.tttt"), slot("2024-11-11")
    assert say(client, it, "held", HELD)[0] == 403
    assert "23/32 kỳ" in client.get(f"/tasks/{it.task_id}").text
    assert 'id="awaited"' not in client.get("/my-work/").text


def test_what_was_reported_as_done_conflicts_and_keeps_the_words(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        work().work_state = WorkState.SUBMITTED
    status, text = say(client_of("mau.tttt"), slot("2024-11-11"), "held", HELD, htmx=True)
    assert status == 409
    assert HELD["topic"] in text


def test_a_row_opens_in_place_and_without_javascript(app: Flask, client_of: ClientOf) -> None:
    client, it = client_of("mau.tttt"), slot("2024-11-11")
    address = f"/occurrences/{it.id}"
    opened = client.get(address, htmx=True).text
    assert "Ghi nhận đã thực hiện" in opened
    assert '<optgroup label="Huyện Thới Lai">' in opened
    assert "Ghi nhận đã thực hiện" not in client.get(f"{address}?closed=1", htmx=True).text
    plain = client.get(address)
    assert plain.status_code == 303
    assert plain.location == f"/tasks/{it.task_id}?slot={it.id}#occurrence-{it.id}"
    assert client.get(plain.location).text.count("Ghi nhận đã thực hiện") == 1
    coming = client.get(f"/occurrences/{slot('2024-11-18').id}", htmx=True).text
    assert "Ghi nhận đã thực hiện" not in coming
    assert "Dời ngày" in coming


def test_my_work_shows_what_waits_and_the_next_slot(app: Flask, client_of: ClientOf) -> None:
    client = client_of("mau.tttt")
    page = client.get("/my-work/").text
    days = re.findall(r'<p class="slot-day"><b>([^<]+)</b>', page)
    assert days == ["Thứ hai 11/11/2024", "Thứ hai 18/11/2024"]
    it = slot("2024-11-11")
    opened = client.get(f"/my-work/?slot={it.id}").text
    assert opened.count("Ghi nhận đã thực hiện") == 1
    answer = client.post(
        f"/occurrences/{it.id}/held", {**HELD, "version": it.version, "back": "my-work"}
    )
    assert answer.location == "/my-work/"
    assert "11/11/2024</b>" not in client.get("/my-work/").text
    assert 'id="awaited"' not in client_of("daumoi").get("/my-work/").text


def test_pages_ask_as_often_with_many_slots(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("mau.tttt")
    pages = ("/my-work/", f"/tasks/{work().task_id}")

    def count() -> list[int]:
        found = []
        for page in pages:
            with statements() as seen:
                assert client.get(page).status_code == 200
            found.append(len(seen))
        return found

    before = count()
    schedule = Schedule(Rhythm.WEEKLY, weekday=2)
    scheduling.lay_out(None, work().task, schedule, date(2024, 5, 24))
    assert len(re.findall("occurrence-\\d+", client.get(pages[1]).text)) > 60
    assert count() == before
    assert max(before) <= 20
