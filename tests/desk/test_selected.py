"""One act on many tasks of the board: what is right is done, what is not says why beside its row."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from benchmarks.many import fill
from ntmtasks.core.db import db, transaction
from ntmtasks.progress.models.guidance import Urging
from ntmtasks.progress.service import bulk, urging
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.queries.loading import seen_mark
from ntmtasks.tasks.rules import AssignmentRole, Phase, TaskKind, WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody, told, verbs_of

Statements = Callable[[], AbstractContextManager[list[str]]]
OURS = "Sở NN&PTNT"
OPEN = ("III.1.c", "III.4.a.-1", "III.4.c")
DAY = date(2024, 12, 20)
MOVE = {"deadline": DAY.isoformat(), "note": "Công văn 12"}


def pick(task: Task, username: str = "dieuphoi") -> str:
    """A row of the board as this person sees it."""
    return f"{task.id}:{seen_mark(task, somebody(username).agency_id)}"


def task_of(path: str) -> Task:
    """A task of the plan."""
    return db.session.scalars(select(Task).where(Task.path == path)).one()


def picks(*paths: str, username: str = "dieuphoi") -> list[str]:
    """Rows of the board as this person sees them."""
    return [pick(task_of(path), username) for path in paths]


def left_in(page: str) -> dict[int, str]:
    """The sentences beside rows, by task."""
    found = re.findall(r'<p class="error" id="left-(\d+)">Chưa làm: (.*?)\.</p>', page)
    return {int(task): why for task, why in found}


def test_every_row_can_be_ticked_and_names_what_was_seen(app: Flask, client_of: ClientOf) -> None:
    for username in ("dieuphoi", "thoilai"):
        page = client_of(username).get("/tasks/").text
        ticks = re.findall(r'name="pick" value="(\d+):(\d+)"', page)
        assert len(ticks) == page.count('class="task-row"')
        for task, mark in ticks:
            found = db.session.get_one(Task, int(task))
            assert pick(found, username) == f"{task}:{mark}"


def test_an_act_on_many_looks_once_for_whom_it_tells(app: Flask, statements: Statements) -> None:
    actor = somebody("dieuphoi")
    many = [bulk.Picked(t, seen_mark(t, actor.agency_id)) for t in map(task_of, OPEN)]
    with statements() as sql:
        urged = bulk.urge(actor, many[:2], again=True)
        moved = bulk.move_deadlines(actor, many[2:], DAY, "Công văn 12")
    assert urged is not None
    assert moved is not None
    assert (len(urged.done), len(moved.done)) == (2, 1)
    book = [one for one in sql if "FROM agency LEFT OUTER JOIN app_user" in one]
    assert len(book) == 2


@pytest.mark.parametrize(
    ("username", "acts"),
    [
        ("dieuphoi", {"officer", "urge", "deadline"}),
        ("lanhdao", {"urge"}),
        ("daumoi", {"officer"}),
        ("chuyenvien", set()),
        ("admin", set()),
    ],
)
def test_each_is_offered_what_is_theirs(
    app: Flask, client_of: ClientOf, username: str, acts: set[str]
) -> None:
    page = client_of(username).get("/tasks/").text
    assert set(re.findall(r'formaction="/tasks/selected/(\w+)"', page)) == acts
    assert 'formaction="/tasks/export.csv"' in page


def test_ticked_rows_come_out_as_a_file(app: Flask, client_of: ClientOf) -> None:
    ticked = picks("III.1.a", "IV.5.-1")
    answer = client_of("dieuphoi").get("/tasks/export.csv", query_string={"pick": ticked})
    assert answer.data.decode("utf-8-sig").count("\nIV.5.-1") == 1
    assert len(answer.data.decode("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_dialog_says_first_what_will_happen(app: Flask, client_of: ClientOf, htmx: bool) -> None:
    ticked = picks("III.1.c", "III.1.a", "III.9.a.-1")
    before = db.session.scalar(select(func.count(Urging.id)))
    page = (
        client_of("dieuphoi")
        .get("/tasks/selected/urge", query_string={"pick": ticked, "section": "III"}, htmx=htmx)
        .text
    )
    assert "Đôn đốc 1 trong 3 việc đã chọn?" in page
    assert "do chính cơ quan bạn chủ trì – III.1.a." in page
    assert "không còn phần việc nào đang thực hiện – III.9.a.-1." in page
    assert OURS.replace("&", "&amp;") in page
    assert ("data-modal" in page) is htmx
    assert 'action="/tasks/selected/urge?section=III"' in page
    assert all(f'name="pick" value="{one}"' in page for one in ticked)
    assert db.session.scalar(select(func.count(Urging.id))) == before


def test_nothing_ticked_is_said_and_does_nothing(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    for answer in (
        client.get("/tasks/selected/deadline"),
        client.post("/tasks/selected/deadline", {**MOVE, "pick": ["x", "5"]}),
    ):
        assert "Hãy đánh dấu ít nhất một nhiệm vụ trong danh sách." in answer.text
    many = [f"{n}:1" for n in range(1, 52)]
    answer = client.post("/tasks/selected/urge", {"pick": many})
    assert (answer.status_code, "nhiều nhất 50" in answer.text) == (422, True)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_what_is_right_is_done_and_the_rest_says_why(
    app: Flask, client_of: ClientOf, htmx: bool
) -> None:
    stale, paused, done = (task_of(path) for path in ("III.1.c", "III.4.c", "III.7.-4"))
    routine = db.session.scalars(
        select(Task).where(Task.kind == TaskKind.CONTINUOUS, Task.phase == Phase.ISSUED).limit(1)
    ).one()
    good = of("III.4.a.-1", OURS)
    ticked = [pick(task) for task in (stale, paused, done, routine, good.task)]
    with transaction():
        of("III.1.c", OURS).percent = 33
        paused.phase = Phase.PAUSED
    ticked[1] = pick(paused)
    client, commits = client_of("dieuphoi"), list[object]()
    note = commits.append
    event.listen(db.engine, "commit", note)
    answer = client.post(
        "/tasks/selected/deadline?sort=agency", {**MOVE, "pick": ticked}, htmx=htmx
    )
    event.remove(db.engine, "commit", note)
    assert answer.status_code == 409
    assert len(commits) == 1
    assert "1 việc đã đổi thời hạn, 4 việc không: " in answer.text
    left = left_in(answer.text)
    gone = re.findall(r'role="alert"><a href="/tasks/(\d+)">', answer.text)
    assert {*left, *map(int, gone)} == {stale.id, paused.id, done.id, routine.id}
    assert left[stale.id] == "vừa được người khác thay đổi, hàng này là bản mới"
    assert of("III.1.c", OURS).deadline != DAY
    moved = of("III.4.a.-1", OURS)
    assert {a.deadline for a in moved.task.assignments} == {DAY}
    assert verbs_of(moved.task_id)[0] == "task.deadline"
    shown = re.findall(r'value="(\S+)" aria-label="[^"]*" checked', answer.text)
    assert pick(task_of("III.1.c")) in shown, "a row that changed comes back ticked, as it is now"
    if htmx:
        assert 'hx-swap-oob="true"' in answer.text
        assert "data-modal" not in answer.text
        assert 'id="counters"' in answer.text
    else:
        assert "<title>Nhiệm vụ" in answer.text


def test_a_row_that_changed_is_done_at_the_second_press(app: Flask, client_of: ClientOf) -> None:
    client, url = client_of("dieuphoi"), "/tasks/selected/deadline"
    ticked = picks("III.1.c")
    with transaction():
        of("III.1.c", OURS).percent = 33
    answer = client.post(url, {**MOVE, "pick": ticked})
    assert answer.status_code == 409
    again = re.findall(r'value="(\S+)" aria-label="[^"]*" checked', answer.text)
    assert client.post(url, {**MOVE, "pick": again}).status_code == 303
    assert of("III.1.c", OURS).deadline == DAY


def test_what_another_agency_reports_of_its_supporting_part_is_no_conflict(
    app: Flask, client_of: ClientOf
) -> None:
    found = of("IV.1", "Sở KH&ĐT")
    assert found.role is AssignmentRole.SUPPORTING
    ticked = [pick(found.task)]
    with transaction():
        found.percent = 12
    answer = client_of("dieuphoi").post("/tasks/selected/deadline", {**MOVE, "pick": ticked})
    assert answer.status_code == 303


def test_of_a_task_for_each_every_member_follows_that_has_not_reported(
    app: Flask, client_of: ClientOf
) -> None:
    ticked = picks("IV.4.-1")
    answer = client_of("dieuphoi").post("/tasks/selected/deadline", {**MOVE, "pick": ticked})
    assert answer.status_code == 303
    members = task_of("IV.4.-1").assignments
    reported = [a for a in members if a.work_state is WorkState.SUBMITTED]
    assert [a.deadline for a in reported] == [date(2024, 12, 31)]
    assert {a.deadline for a in members if a not in reported} == {DAY}


def test_a_deadline_wants_a_day_to_come_and_a_reason(app: Flask, client_of: ClientOf) -> None:
    client, ticked = client_of("dieuphoi"), picks(*OPEN)
    form = {"pick": ticked, "deadline": "2014-12-20", "note": ""}
    answer = client.post("/tasks/selected/deadline", form)
    assert answer.status_code == 422
    for sentence in (
        "Thời hạn mới không được trước hôm nay.",
        "Hãy ghi căn cứ, lý do đổi thời hạn.",
        'value="2014-12-20"',
    ):
        assert sentence in answer.text
    answer = client.post("/tasks/selected/deadline", {**form, "deadline": "31/2", "note": "Lý do"})
    assert "Hãy ghi thời hạn theo dạng ngày/tháng/năm." in answer.text
    assert 'value="Lý do"' in answer.text
    assert all(of(path, OURS).deadline != date(2014, 12, 20) for path in OPEN)


def test_pushes_are_logged_told_and_made_once_a_day(app: Flask, client_of: ClientOf) -> None:
    first, second, third = (of(path, OURS) for path in OPEN)
    urging.urge(somebody("dieuphoi"), [first], "Sớm")
    client, url = client_of("dieuphoi"), "/tasks/selected/urge"
    form = {"pick": picks(*OPEN), "body": "Báo cáo trước thứ Sáu"}
    shown = client.get(url, query_string={"pick": form["pick"]}).text
    assert "việc hôm nay đã đôn đốc, chỉ đôn đốc nữa nếu bạn đánh dấu ô bên dưới: III.1.c." in shown
    assert "Đôn đốc 2 trong 3 việc đã chọn?" in shown
    answer = client.post(url, form)
    assert answer.status_code == 422
    assert "2 việc đã đôn đốc, 1 việc không: hôm nay đã đôn đốc (1)." in answer.text
    assert left_in(answer.text) == {first.task_id: "hôm nay đã đôn đốc"}
    for work in (second, third):
        assert verbs_of(work.task_id)[0] == "task.urge"
    lines = [line for line in told("daumoi", "urging") if "Báo cáo trước thứ Sáu" in line]
    assert len(lines) == 2
    again = client.post(url, {"pick": picks("III.1.c"), "again": "y"})
    assert again.status_code == 303
    assert "1 việc đã đôn đốc." in client.get(again.location).text


def test_the_city_leader_pushes_the_office_and_the_office_not_itself(
    app: Flask, client_of: ClientOf
) -> None:
    task = task_of("III.1.a")
    answer = client_of("dieuphoi").post("/tasks/selected/urge", {"pick": [pick(task)]})
    assert answer.status_code == 422
    assert "0 việc đã đôn đốc, 1 việc không: do chính cơ quan bạn chủ trì (1)." in answer.text
    ticked = [pick(task, "lanhdao")]
    assert client_of("lanhdao").post("/tasks/selected/urge", {"pick": ticked}).status_code == 303


def test_a_focal_point_hands_own_parts_to_an_officer(app: Flask, client_of: ClientOf) -> None:
    client, url = client_of("daumoi"), "/tasks/selected/officer"
    officer = somebody("chuyenvien")
    ticked = picks(*OPEN, username="daumoi")
    assert client.post(url, {"pick": ticked}).status_code == 422
    taken = sum(of(path, OURS).officer_id == officer.id for path in OPEN)
    answer = client.post(url, {"pick": ticked, "officer": officer.id})
    assert answer.status_code == (422 if taken else 303)
    assert {of(path, OURS).officer_id for path in OPEN} == {officer.id}
    stranger = somebody("vhttdl")
    fresh = picks(*OPEN, username="daumoi")
    assert client.post(url, {"pick": fresh, "officer": stranger.id}).status_code == 422
    again = client.post(url, {"pick": fresh, "officer": officer.id})
    assert "người này đang phụ trách rồi (3)" in again.text


def test_the_coordinator_hands_out_the_work_of_the_own_office_alone(
    app: Flask, client_of: ClientOf
) -> None:
    theirs = next(
        t
        for t in db.session.scalars(select(Task).where(Task.phase == Phase.ISSUED))
        if all(a.agency_id != somebody("dieuphoi").agency_id for a in t.assignments)
    )
    answer = client_of("dieuphoi").post(
        "/tasks/selected/officer", {"pick": [pick(theirs)], "officer": somebody("dieuphoi").id}
    )
    assert answer.status_code == 422
    assert "0 việc đã giao, 1 việc không: cơ quan bạn không có phần việc (1)." in answer.text


def test_what_one_may_not_read_is_404_and_changes_nothing(app: Flask, client_of: ClientOf) -> None:
    own = db.session.scalars(
        select(Assignment).where(Assignment.agency_id == somebody("thoilai").agency_id).limit(1)
    ).one()
    foreign = next(
        t
        for t in db.session.scalars(select(Task))
        if all(a.agency_id != own.agency_id for a in t.assignments)
    )
    ticked = [pick(own.task, "thoilai"), pick(foreign, "thoilai")]
    form = {"pick": ticked, "officer": somebody("thoilai").id}
    client = client_of("thoilai")
    assert client.post("/tasks/selected/officer", form).status_code == 404
    assert client.get("/tasks/selected/officer", query_string=form).status_code == 404
    assert of(own.task.path, own.agency.short_name).officer_id == own.officer_id


def test_a_form_sent_twice_acts_once(app: Flask, client_of: ClientOf) -> None:
    client, work = client_of("dieuphoi"), of("III.1.c", OURS)
    form = {"pick": picks("III.1.c"), "again": "y", "form_token": "one"}
    count = select(func.count()).where(Urging.assignment_id == work.id)
    before = db.session.scalar(count) or 0
    statuses = [client.post("/tasks/selected/urge", form).status_code for _ in range(2)]
    assert statuses == [303, 303]
    assert db.session.scalar(count) == before + 1


def test_the_number_of_queries_of_page_and_dialog_is_fixed(
    app: Flask, client_of: ClientOf, statements: Statements
) -> None:
    client = client_of("dieuphoi")

    def dialog(*tasks: Task) -> int:
        form: dict[str, Any] = {"pick": [pick(task) for task in tasks]}
        with statements() as sql:
            assert client.get("/tasks/selected/urge", query_string=form).status_code == 200
        return len(sql)

    def page(sort: str) -> int:
        with statements() as sql:
            client.get(f"/tasks/?sort={sort}")
        return len(sql)

    few = dialog(task_of("III.1.c"), task_of("III.4.c"))
    small = page("agency")
    fill(200)
    shown: Client = client_of("dieuphoi")
    ids = re.findall(r'name="pick" value="(\d+):', shown.get("/tasks/?sort=agency").text)
    assert len(ids) == 50
    assert page("agency") == small
    many = db.session.scalars(select(Task).where(Task.id.in_(map(int, ids)))).all()
    assert dialog(*many) == few
