"""Another kind or rhythm for a task, and tasks by hand that recur."""

from datetime import date

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.progress.queries.occurrences import Series, series_of
from ntmtasks.progress.rules.occurrences import OccurrenceState, Rhythm, Schedule
from ntmtasks.progress.service import scheduling
from ntmtasks.tasks.models import AssignmentSpan, Task
from ntmtasks.tasks.queries.counting import counters
from ntmtasks.tasks.rules import TaskKind
from ntmtasks.tasks.service.kinds import Habit
from tests.support.drafts import agency
from tests.support.work import ClientOf, of, somebody, told, verbs_of

TODAY = date(2024, 11, 14)


def task(path: str) -> Task:
    """A task of plan 108."""
    return db.session.scalars(select(Task).where(Task.path == path)).one()


def series(task_id: int) -> list[Series]:
    """Its slots as they stand."""
    return series_of(task_id, TODAY)


def test_a_task_by_hand_recurs_from_today_on(app: Flask, client_of: ClientOf) -> None:
    client, lead = client_of("dieuphoi"), agency("Sở Y tế").id
    form = {"text": "Giao ban", "source_note": "12/TB-UBND", "lead": lead, "kind": "recurring"}
    bad = client.post("/tasks/new", {**form, "rhythm": "monthly", "month_day": "32"})
    assert (bad.status_code, "từ 1 đến 31" in bad.text) == (422, True)
    saved = client.post("/tasks/new", {**form, "rhythm": "monthly", "month_day": "20"})
    assert saved.status_code == 303
    made = db.session.scalars(select(Task).where(Task.text == "Giao ban")).one()
    assert (made.kind, made.recurrence, made.deadline) == (TaskKind.RECURRING, ["monthly"], None)
    (found,) = series(made.id)
    assert [s.occurrence.day for s in found.slots] == [date(2024, 11, 20), date(2024, 12, 20)]
    page = client.get(saved.location).text
    assert "Các kỳ thực hiện" in page
    assert "ngày 20 hằng tháng" in page


def test_concrete_work_by_hand_still_needs_a_day(app: Flask, client_of: ClientOf) -> None:
    form = {"text": "Giao ban", "source_note": "12/TB-UBND", "lead": agency("Sở Y tế").id}
    answer = client_of("dieuphoi").post("/tasks/new", form)
    assert answer.status_code == 422
    assert "Hãy ghi thời hạn" in answer.text
    steady = client_of("dieuphoi").post("/tasks/new", {**form, "kind": "continuous"})
    assert steady.status_code == 303
    made = db.session.scalars(select(Task).where(Task.text == "Giao ban")).one()
    assert (made.kind, made.deadline, series(made.id)) == (TaskKind.CONTINUOUS, None, [])


def test_concrete_work_becomes_recurring_and_leaves_the_counters(
    app: Flask, client_of: ClientOf
) -> None:
    work, total = of("III.1.d", "Sở NN&PTNT"), counters(TODAY).total
    form = {
        "version": work.task.version,
        "kind": "recurring",
        "rhythm": "weekly",
        "weekday": "4",
        "reason": "Làm hằng tuần",
    }
    client, address = client_of("dieuphoi"), f"/tasks/{work.task_id}/schedule"
    assert client.post(address, {**form, "reason": ""}).status_code == 422
    assert client.post(address, form).status_code == 303
    assert counters(TODAY).total == total - 1
    work = of("III.1.d", "Sở NN&PTNT")
    assert (work.deadline, work.original_deadline) == (None, date(2024, 12, 31))
    span = select(AssignmentSpan.kind).where(
        AssignmentSpan.assignment_id == work.id, AssignmentSpan.to_at.is_(None)
    )
    assert db.session.scalars(span).one() is TaskKind.RECURRING
    (found,) = series(work.task_id)
    assert found.slots[0].occurrence.day == date(2024, 11, 15)
    assert found.tally.total == 7
    assert verbs_of(work.task_id)[:2] == ["task.occurrence.plan", "task.kind"]
    weekly = "Nay là: định kỳ, thứ sáu hằng tuần (Làm hằng tuần):"
    assert sum(line.startswith(weekly) for line in told("daumoi", "deadline")) == 1
    assert told("dieuphoi", "deadline") == []
    assert client.post(address, form).status_code == 409, "a stale version"
    back = {"version": work.task.version, "kind": "concrete", "deadline": "2024-12-20"}
    assert client.post(address, {**back, "reason": "Làm một lần"}).status_code == 303
    assert series(work.task_id) == []
    assert (counters(TODAY).total, of("III.1.d", "Sở NN&PTNT").deadline) == (
        total,
        date(2024, 12, 20),
    )
    once = "Nay là: việc cụ thể, hạn 20/12/2024 (Làm một lần):"
    assert sum(line.startswith(once) for line in told("daumoi", "deadline")) == 1


def test_what_was_done_in_time_stays_so(app: Flask, client_of: ClientOf) -> None:
    done = of("III.4.b", "Sở NN&PTNT")
    before, kept = counters(TODAY), done.deadline
    form = {"version": done.task.version, "kind": "concrete", "deadline": "2024-05-30"}
    address = f"/tasks/{done.task_id}/schedule"
    answer = client_of("dieuphoi").post(address, {**form, "reason": "Nhầm ngày"})
    assert answer.status_code == 303
    assert of("III.4.b", "Sở NN&PTNT").deadline == kept
    assert counters(TODAY) == before


def test_a_new_rhythm_keeps_what_was_said_and_what_passed(app: Flask, client_of: ClientOf) -> None:
    news = task("III.2.c")
    (before,) = series(news.id)
    with transaction():
        moved = before.slots[-1].occurrence
        moved.state, moved.moved_to = OccurrenceState.MOVED, date(2024, 12, 31)
    client, address = client_of("dieuphoi"), f"/tasks/{news.id}/schedule"
    page = client.get(address).text
    assert '<option selected value="0">Thứ hai</option>' in page
    form = {"version": news.version, "kind": "recurring", "rhythm": "weekly", "weekday": "2"}
    assert client.post(address, {**form, "reason": "Đổi giờ bản tin"}).status_code == 303
    (found,) = series(news.id)
    old = [s.occurrence.day for s in found.slots if s.occurrence.day < TODAY]
    assert len(old) == 25
    assert found.tally.done == 23
    new = [s.occurrence.day for s in found.slots if s.occurrence.day >= TODAY]
    assert new.pop() == date(2024, 12, 30), "it was moved by somebody"
    assert new == [date(2024, 11, 20 + n) for n in (0, 7)] + [
        date(2024, 12, day) for day in (4, 11, 18, 25)
    ]


def test_what_does_not_recur_any_more_waits_for_no_slot(app: Flask, client_of: ClientOf) -> None:
    news = task("III.2.c")
    (before,) = series(news.id)
    with transaction():
        moved = before.slots[-1].occurrence
        moved.state, moved.moved_to = OccurrenceState.MOVED, date(2024, 12, 31)
    assert 'id="awaited"' in client_of("mau.tttt").get("/my-work/").text
    habit = Habit(TaskKind.CONCRETE, date(2024, 12, 31))
    scheduling.reschedule(somebody("dieuphoi"), news, habit, None, "Làm một lần")
    (found,) = series(news.id)
    assert {s.occurrence.on < TODAY for s in found.slots} == {True}
    assert found.tally.done == 23
    assert 'id="awaited"' not in client_of("mau.tttt").get("/my-work/").text


def test_what_reports_are_asked_for_keeps_its_periods(app: Flask, client_of: ClientOf) -> None:
    reported = task("IV.5.-3")
    client, address = client_of("dieuphoi"), f"/tasks/{reported.id}/schedule"
    assert "có chế độ báo cáo riêng" in client.get(address).text
    form = {"kind": "recurring", "rhythm": "weekly", "reason": "Thử"}
    assert client.post(address, form).status_code == 409
    assert series(reported.id) == []


def test_a_new_member_gets_the_coming_slots_of_the_others(app: Flask, client_of: ClientOf) -> None:
    each = task("IV.5.-1")
    scheduling.lay_out(None, each, Schedule(Rhythm.MONTHLY), date(2024, 10, 1))
    form = {"version": each.version, "agency": agency("Sở Y tế").id, "role": "lead"}
    answer = client_of("dieuphoi").post(f"/tasks/{each.id}/agencies", form)
    assert answer.status_code == 303
    found = {s.assignment.agency.short_name: s for s in series(each.id)}
    assert len(found) == 5
    assert found["UBND huyện Cờ Đỏ"].tally.total == 3
    days = [s.occurrence.day for s in found["Sở Y tế"].slots]
    assert days == [date(2024, 11, 30), date(2024, 12, 31)]
    own = client_of("thoilai").get(f"/tasks/{each.id}").text
    assert "Các kỳ thực hiện – UBND huyện Thới Lai" in own
    assert "Các kỳ thực hiện – UBND huyện Cờ Đỏ" not in own
