"""Guest links: one page without an account, signed, expiring, revocable, and nothing else opens with it."""

import io
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import time, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from ntmtasks.accounts.models import User
from ntmtasks.agencies import queries as agencies
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history import queries as history
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.plans.models import Plan
from ntmtasks.progress import mails
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.guests import GuestLink
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.queries.guests import is_living, token_hash
from ntmtasks.progress.rules.guests import MOST_ACTIVE, MOST_GUESSES, MOST_POSTS, is_ours, signed
from ntmtasks.progress.service import commenting, posting
from ntmtasks.progress.service import guests as service
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import Act, Phase, WorkState
from ntmtasks.tasks.service import changes, phases
from ntmtasks.worker import STILL_WANTED
from tests.support.client import Client, new_client
from tests.support.work import ClientOf, of, office_letters, somebody, told, verbs_of

WITH_FOCAL = ("III.1.c", "Sở NN&PTNT")
NOBODY_SIGNS_IN = ("IV.4.-1", "Hội Nông dân")
REPORT = {
    "name": "Trần Thị Sáu",
    "title": "Phó Chủ tịch Hội",
    "state": "in_progress",
    "percent": "45",
    "body": "Đã vận động 12 hộ",
    "figure": "12/30 hộ",
}
MARK = "qua liên kết khách – Trần Thị Sáu, Phó Chủ tịch Hội"
MAKING = {"name": "Hội Nông dân xã Trường Xuân", "days": "14"}


def new_link(work: Assignment, days: int = 14, maker: str = "dieuphoi") -> str:
    """The path of a fresh guest link."""
    name = "Hội Nông dân xã"
    return service.make(somebody(maker), work, name, days, lambda token: f"/guest/{token}")


def last_report(work: Assignment) -> ProgressUpdate:
    """The newest update of an assignment."""
    return db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == work.id)
        .order_by(ProgressUpdate.id.desc())
        .limit(1)
    ).one()


def set_links(**values: object) -> None:
    """Change all guest links behind the back of the program."""
    with transaction():
        db.session.execute(update(GuestLink).values(**values))


# --- making and revoking -------------------------------------------------------------------------


def test_a_link_is_shown_once_and_only_its_hash_is_kept(app: Flask, client_of: ClientOf) -> None:
    work = of(*NOBODY_SIGNS_IN)
    client = client_of("dieuphoi")
    form = MAKING | {"assignment": str(work.id), "form_token": "once"}
    answer = client.post(f"/tasks/{work.task_id}/guest-links", form)
    assert answer.status_code == 200
    found = re.search(r'value="(http://127\.0\.0\.1:8000/guest/([\w-]+))"', answer.text)
    assert found is not None
    made = db.session.scalars(select(GuestLink)).one()
    assert made.token_hash == token_hash(found[2])
    assert (made.name, made.made_by, made.agency_id) == (
        MAKING["name"],
        somebody("dieuphoi"),
        work.agency_id,
    )
    assert timedelta(days=13) < made.expires_at - clock.real_now() < timedelta(days=14)
    page = client.get(f"/tasks/{work.task_id}?open=guest-links-{work.task_id}").text
    page = page.split(f'id="guest-links-{work.task_id}"')[1].split("</details>")[0]
    assert found[2] not in page
    assert MAKING["name"] in page
    again = client.post(f"/tasks/{work.task_id}/guest-links", form)
    assert again.status_code == 303
    assert db.session.scalar(select(func.count(GuestLink.id))) == 1
    entry = history.of("task", work.task_id)[0]
    assert (entry.verb, entry.after["Cấp cho"]) == ("task.guest_link", MAKING["name"])


def test_by_htmx_the_list_comes_back_with_the_link(app: Flask, client_of: ClientOf) -> None:
    work = of(*NOBODY_SIGNS_IN)
    form = MAKING | {"assignment": str(work.id)}
    answer = client_of("dieuphoi").post(f"/tasks/{work.task_id}/guest-links", form, htmx=True)
    assert answer.status_code == 200
    assert f'id="guest-links-{work.task_id}"' in answer.text
    assert "/guest/" in answer.text
    assert "<html" not in answer.text


def test_the_letter_goes_to_the_mailbox_and_not_once_the_link_is_revoked(
    app: Flask, client_of: ClientOf
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    client = client_of("dieuphoi")
    form = MAKING | {"assignment": str(work.id), "by_mail": "y"}
    client.post(f"/tasks/{work.task_id}/guest-links", form)
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.kind == "guest_link")).one()
    assert mail.to_address == agencies.by_short_name()["Hội Nông dân"].mailbox
    made = db.session.scalars(select(GuestLink)).one()
    token = re.search(r"/guest/([\w-]+)", mail.text)
    assert token is not None
    assert token_hash(token[1]) == made.token_hash
    assert STILL_WANTED["guest_link"](mail)
    client.post(f"/guest-links/{made.id}/revoke")
    db.session.expire_all()
    assert not STILL_WANTED["guest_link"](mail)


def test_without_a_mailbox_nothing_is_promised(app: Flask, client_of: ClientOf) -> None:
    work = of(*NOBODY_SIGNS_IN)
    with transaction():
        work.agency.mailbox = ""
    form = MAKING | {"assignment": str(work.id), "by_mail": "y"}
    answer = client_of("dieuphoi").post(f"/tasks/{work.task_id}/guest-links", form)
    assert answer.status_code == 422
    assert "chưa có hộp thư" in answer.text
    assert MAKING["name"] in answer.text
    assert db.session.scalar(select(func.count(GuestLink.id))) == 0


def test_the_letter_reads_as_agreed(app: Flask) -> None:
    work = of(*NOBODY_SIGNS_IN)
    made = GuestLink(
        assignment=work,
        agency=work.agency,
        name="Hội Nông dân xã <Trường Xuân>",
        made_by=somebody("dieuphoi"),
        expires_at=clock.at(clock.today(), time(9, 30)),
    )
    letter = mails.guest_link(made, "https://ntm.example.invalid/guest/abc")
    db.session.expunge_all()
    golden = Path(__file__).parent / "golden"
    assert f"{letter.subject}\n\n{letter.text}" == (golden / "guest_link.txt").read_text()
    assert letter.html == (golden / "guest_link.html").read_text()


@pytest.mark.parametrize(
    ("username", "status"),
    [("daumoi", 200), ("dieuphoi", 200), ("chuyenvien", 403), ("lanhdao", 403), ("vhttdl", 403)],
)
def test_who_speaks_for_the_agency_and_the_coordinator_make_links(
    app: Flask, client_of: ClientOf, username: str, status: int
) -> None:
    work = of(*WITH_FOCAL)
    form = MAKING | {"assignment": str(work.id)}
    answer = client_of(username).post(f"/tasks/{work.task_id}/guest-links", form)
    assert answer.status_code == status


def test_a_focal_point_makes_none_for_another_agency(app: Flask, client_of: ClientOf) -> None:
    mine = somebody("daumoi").agency_id
    other = next(
        a
        for task in db.session.scalars(select(Task).where(Task.phase == Phase.ISSUED))
        if mine in {a.agency_id for a in task.assignments}
        for a in task.assignments
        if a.agency_id != mine and a.work_state in (WorkState.ASSIGNED, WorkState.IN_PROGRESS)
    )
    task = other.task
    form = MAKING | {"assignment": str(other.id)}
    answer = client_of("daumoi").post(f"/tasks/{task.id}/guest-links", form)
    assert answer.status_code == 422
    new_link(other)
    found = db.session.scalars(select(GuestLink)).one()
    client = client_of("daumoi")
    address, act = f"/tasks/{task.id}?open=guest-links-{task.id}", f"/guest-links/{found.id}/revoke"
    assert act in client_of("dieuphoi").get(address).text
    assert act not in client.get(address).text
    assert client.post(f"/guest-links/{found.id}/revoke").status_code == 403
    assert client_of("vhttdl").post(f"/guest-links/{found.id}/revoke").status_code in (403, 404)


def test_so_many_links_live_at_a_time(app: Flask, client_of: ClientOf) -> None:
    work = of(*NOBODY_SIGNS_IN)
    for _ in range(MOST_ACTIVE):
        new_link(work)
    client = client_of("dieuphoi")
    form = MAKING | {"assignment": str(work.id)}
    answer = client.post(f"/tasks/{work.task_id}/guest-links", form)
    assert answer.status_code == 409
    assert f"đã có {MOST_ACTIVE} liên kết" in answer.text
    first = db.session.scalars(select(GuestLink).order_by(GuestLink.id)).first()
    assert first is not None
    assert client.post(f"/guest-links/{first.id}/revoke", htmx=True).status_code == 200
    assert client.post(f"/tasks/{work.task_id}/guest-links", form).status_code == 200


# --- what opens ----------------------------------------------------------------------------------


def test_the_page_shows_the_task_and_keeps_its_address_to_itself(
    app: Flask, outsider: Client
) -> None:
    work = of(*WITH_FOCAL)
    commenting.post(somebody("daumoi"), work.task, "Ý kiến nội bộ")
    posting.post_progress(
        somebody("daumoi"), work, WorkState.IN_PROGRESS, 61, "Chữ nội bộ của cơ quan"
    )
    answer = outsider.get(new_link(work))
    assert answer.status_code == 200
    for words in (work.task.text.split("\n")[0][:60], work.agency.name, "Thời hạn", "61 %"):
        assert words in answer.text.replace("&amp;", "&")
    assert "nội bộ" not in answer.text
    assert "<nav" not in answer.text
    assert "<script" not in answer.text
    assert 'href="/' not in answer.text.replace('href="/assets/', "")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"].startswith("noindex")
    assert '<meta name="robots" content="noindex' in answer.text


def test_wrong_expired_and_revoked_links_get_the_same_page(app: Flask, outsider: Client) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    wrong = outsider.get("/guest/" + "x" * 48)
    set_links(expires_at=clock.real_now() - timedelta(seconds=1))
    expired = outsider.get(path)
    set_links(expires_at=clock.real_now() + timedelta(days=1), revoked_at=clock.real_now())
    revoked = outsider.post(path, REPORT)
    unknown = outsider.get("/guest/" + signed("y" * 32, app.secret_key))  # type: ignore[arg-type]  # set
    set_links(revoked_at=None)
    assert outsider.get(path).status_code == 200
    answers = (wrong, expired, revoked, unknown)
    assert {a.status_code for a in answers} == {404}
    assert len({a.text for a in answers}) == 1
    assert all(a.headers["Referrer-Policy"] == "no-referrer" for a in answers)


def test_a_link_ends_when_another_agency_takes_the_work_over(app: Flask, outsider: Client) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    outsider.post(path, REPORT)
    taken = {a.agency_id for a in work.task.assignments}
    other = next(a for a in agencies.all_agencies() if a.id not in taken)
    work = of(*NOBODY_SIGNS_IN)
    changes.change_agency(somebody("dieuphoi"), work, other, "Đổi cơ quan")
    assert outsider.get(path).status_code == 404
    second = new_link(db.session.get_one(Assignment, work.id))
    assert "Đã vận động 12 hộ" not in outsider.get(second).text


def test_a_token_is_signed() -> None:
    token = signed("n" * 32, "secret")
    assert is_ours(token, "secret")
    assert not is_ours(token, "another")
    assert not is_ours(token[:-1] + ("A" if token[-1] != "A" else "B"), "secret")
    assert not is_ours("", "secret")
    assert not is_ours("đ" * 48, "secret")


def test_guessing_is_slowed_down_but_never_for_who_has_a_link(app: Flask, outsider: Client) -> None:
    path = new_link(of(*NOBODY_SIGNS_IN))
    for n in range(MOST_GUESSES):
        assert outsider.get(f"/guest/{n}").status_code == 404
    assert outsider.get("/guest/more").status_code == 429
    assert outsider.get(path).status_code == 200


def test_no_other_page_opens_with_a_guest_link(app: Flask, outsider: Client) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    picture = {"files": [(io.BytesIO(b"\x89PNG\r\n\x1a\n"), "ảnh.png")]}
    assert outsider.post(path, REPORT | picture).status_code == 303
    token = path.rpartition("/")[2]
    numbers = {
        "task_id": work.task_id,
        "assignment_id": work.id,
        "number": db.session.scalars(select(Evidence.number)).all()[-1],
        "plan_id": db.session.scalars(select(Plan.id)).first(),
        "agency_id": work.agency_id,
        "person_id": db.session.scalars(select(User.id)).first(),
        "token": token,
        "ending": "csv",
    }
    public = {"/login", "/forgot", "/healthz", "/readyz", "/guest/<token>", "/bell/new"}
    public.add("/reports/asked/<id:requirement_id>/now")  # as the bell: 204 without a session
    public.add("/api/v1/openapi.json")  # how programs ask, and nothing of what they read
    tried = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or rule.rule in public or "/assets/" in rule.rule:
            continue
        address = rule.rule
        for argument in rule.arguments:
            value = str(numbers.get(argument, 1))
            address = re.sub(rf"<(?:[^<>]*:)?{argument}>", value, address)
        for where in (address, f"{address}?token={token}"):
            answer = outsider.get(where, headers={"Authorization": f"Bearer {token}"})
            is_login = answer.status_code == 303 and answer.location.startswith("/login")
            assert is_login or answer.status_code in (401, 404, 405, 410), (
                f"{where}: {answer.status}"
            )
        tried += 1
    assert tried > 50
    assert outsider.get(path + "/files/1").status_code == 404


# --- reporting -----------------------------------------------------------------------------------


def test_progress_counts_and_is_marked_everywhere(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    paper = {"files": [(io.BytesIO(b"%PDF-1.4 "), "báo cáo.pdf")], "document": "07/BC-HND"}
    answer = outsider.post(path, REPORT | paper)
    assert (answer.status_code, answer.location) == (303, path)
    work = of(*NOBODY_SIGNS_IN)
    assert (work.work_state, work.percent) == (WorkState.IN_PROGRESS, 45)
    report = last_report(work)
    assert (report.author_id, report.author_name, report.figure) == (None, MARK, "12/30 hộ")
    assert [(e.file.name, e.author_name) for e in report.evidence] == [("báo cáo.pdf", MARK)]
    page = client_of("dieuphoi").get(f"/tasks/{work.task_id}").text
    assert page.count(MARK) >= 4  # stream, evidence, and both entries of the record
    assert client_of("dieuphoi").get(f"/tasks/{work.task_id}/print").text.count(MARK) >= 4
    entries = history.of("task", work.task_id)[:2]
    assert {(e.actor_id, e.actor_name, e.verb) for e in entries} == {
        (None, MARK, "task.progress"),
        (None, MARK, "task.evidence"),
    }
    assert client_of("dieuphoi").get(f"/tasks/{work.task_id}/files/1").status_code == 200
    shown = outsider.get(path).text
    assert "Đã nhận" in shown
    assert "Đã vận động 12 hộ" in shown
    assert "báo cáo.pdf" in shown
    made = db.session.scalars(select(GuestLink)).one()
    assert made.use_count == 1
    assert made.last_used_at is not None


def test_a_guest_has_accepted_the_work_by_reporting_on_it(app: Flask, outsider: Client) -> None:
    work = next(
        a
        for a in db.session.scalars(
            select(Assignment).where(Assignment.work_state == WorkState.ASSIGNED)
        )
        if a.agency.short_name == "Hội Nông dân"
    )
    assert outsider.post(new_link(work), REPORT).status_code == 303
    assert db.session.get_one(Assignment, work.id).work_state is WorkState.IN_PROGRESS


def test_a_completion_waits_for_the_focal_point(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    work = of(*WITH_FOCAL)
    answer = outsider.post(new_link(work), REPORT | {"state": "submitted", "percent": "100"})
    assert answer.status_code == 303
    work = of(*WITH_FOCAL)
    assert (work.work_state, work.pending_act) == (WorkState.IN_PROGRESS, Act.SUBMIT)
    assert (work.pending_by, work.pending_name, work.submitted_at) == (None, MARK, None)
    assert any(MARK in line for line in told("daumoi", "pending"))
    focal = client_of("daumoi")
    row = focal.get("/agency-work/").text
    assert MARK in row
    assert focal.post(f"/assignments/{work.id}/pass-on").status_code == 303
    work = of(*WITH_FOCAL)
    assert (work.work_state, work.submitted_by) == (WorkState.SUBMITTED, somebody("daumoi"))
    assert (work.pending_guest, work.submitted_guest) == ("", "")
    assert MARK in last_report(work).body
    assert "task.pass" in verbs_of(work.task_id)
    assert client_of("dieuphoi").post(f"/assignments/{work.id}/confirm").status_code == 303


def test_a_focal_point_holds_a_completion_back(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    work = of(*WITH_FOCAL)
    path = new_link(work)
    outsider.post(path, REPORT | {"state": "submitted"})
    answer = client_of("daumoi").post(f"/assignments/{work.id}/hold-back", {"reason": "Thiếu ảnh"})
    assert answer.status_code == 303
    work = of(*WITH_FOCAL)
    assert (work.pending_act, work.pending_guest) == (None, "")
    assert outsider.post(path, REPORT | {"form_token": "x"}).status_code == 303


def test_what_an_officer_has_waiting_is_not_undone_by_a_guest(app: Flask, outsider: Client) -> None:
    work = of(*WITH_FOCAL)
    path = new_link(work)
    posting.post_progress(somebody("chuyenvien"), work, WorkState.SUBMITTED, 100, "Xong 36/36 lớp")
    answer = outsider.post(path, REPORT | {"state": "submitted"})
    assert answer.status_code == 409
    assert "Đã vận động 12 hộ" in answer.text
    assert of(*WITH_FOCAL).pending_by == somebody("chuyenvien")
    assert outsider.post(path, REPORT | {"form_token": "b"}).status_code == 303
    assert of(*WITH_FOCAL).pending_by == somebody("chuyenvien")


def test_without_a_focal_point_it_waits_for_the_coordinator_who_made_the_link(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    outsider.post(new_link(work), REPORT | {"state": "submitted"})
    work = of(*NOBODY_SIGNS_IN)
    assert (work.work_state, work.percent) == (WorkState.SUBMITTED, 100)
    assert (work.submitted_by, work.entered_by) == (None, None)
    assert work.submitted_at is not None
    assert clock.local(work.submitted_at).date() == clock.today()
    assert any(MARK in line for line in told("dieuphoi", "submit"))
    coordinator = client_of("dieuphoi")
    assert MARK in coordinator.get("/waiting/").text
    assert coordinator.post(f"/assignments/{work.id}/confirm").status_code == 303
    assert of(*NOBODY_SIGNS_IN).work_state is WorkState.DONE


def test_officers_without_a_focal_point_correct_what_a_guest_completed(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    agency = somebody("vhttdl").agency_id
    work = db.session.scalars(
        select(Assignment)
        .join(Assignment.task)
        .where(
            Assignment.agency_id == agency,
            Assignment.work_state == WorkState.IN_PROGRESS,
            Task.phase == Phase.ISSUED,
        )
        .order_by(Assignment.id)
    ).first()
    assert work is not None
    outsider.post(new_link(work), REPORT | {"state": "submitted"})
    client = client_of("vhttdl")
    assert "Sửa báo cáo qua liên kết khách" in client.get(f"/tasks/{work.task_id}").text
    form = {"state": "in_progress", "percent": "70", "body": "Chưa xong, còn 30 %"}
    assert client.post(f"/assignments/{work.id}/progress", form).status_code == 303
    work = db.session.get_one(Assignment, work.id)
    assert (work.work_state, work.submitted_guest) == (WorkState.IN_PROGRESS, "")


def test_the_agency_and_who_made_the_link_are_told(app: Flask, outsider: Client) -> None:
    outsider.post(new_link(of(*WITH_FOCAL)), REPORT)
    for person in ("daumoi", "dieuphoi"):
        assert sum(MARK in line for line in told(person, "guest")) == 1, person
    outsider.post(new_link(of(*NOBODY_SIGNS_IN)), REPORT | {"body": "Đã vận động 12 hộ. " * 200})
    (mail,) = office_letters()
    assert mail.to_address == agencies.by_short_name()["Hội Nông dân"].mailbox
    assert mail.subject.startswith(f"Mục IV.4.-1: Cập nhật tiến độ {MARK}")
    assert len(mail.subject) < 200
    assert f"Nếu chưa đúng, xin báo {somebody('dieuphoi').name}" in mail.text


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Hãy ghi họ và tên."),
        ("title", "", "Hãy ghi chức vụ"),
        ("body", "", "Hãy ghi kết quả"),
        ("percent", "101", "số nguyên từ 0 đến 100"),
        ("state", "done", "Hãy chọn Đang thực hiện"),
        ("figure", "nhiều", "phải có con số"),
        ("files", "la.exe", "không phải Word"),
    ],
)
def test_a_bad_field_says_so_and_keeps_the_text(
    app: Flask, outsider: Client, field: str, value: str, sentence: str
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    sent = [(io.BytesIO(b"MZ"), value)] if field == "files" else value  # a stream is read once
    answer = outsider.post(new_link(work), REPORT | {field: sent})
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = [v for k, v in REPORT.items() if k in ("name", "title", "body") and k != field]
    assert all(words in answer.text for words in kept)
    assert db.session.scalars(select(Evidence.id).where(Evidence.author_id.is_(None))).all() == []


def test_a_page_left_open_loses_its_session_but_no_text(app: Flask, outsider: Client) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    answer = outsider.post(path, REPORT | {"csrf_token": "old"})
    assert answer.status_code == 422
    assert "mở đã lâu" in answer.text
    assert REPORT["body"] in answer.text
    assert of(*NOBODY_SIGNS_IN).percent == work.percent


def test_a_form_sent_twice_makes_one_report(app: Flask, outsider: Client) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    for _ in range(2):
        assert outsider.post(path, REPORT | {"form_token": "twice"}).status_code == 303
    query = select(func.count(ProgressUpdate.id)).where(ProgressUpdate.guest_link_id.is_not(None))
    assert db.session.scalar(query) == 1


def test_a_stale_form_keeps_its_text_and_can_be_sent_again(app: Flask, outsider: Client) -> None:
    work = of(*WITH_FOCAL)
    path, seen = new_link(work), work.version
    posting.post_progress(somebody("daumoi"), work, WorkState.IN_PROGRESS, 77, "Chữ nội bộ")
    answer = outsider.post(path, REPORT | {"version": str(seen)})
    assert answer.status_code == 409
    assert "Đang thực hiện, 77 %" in answer.text
    assert "nội bộ" not in answer.text
    assert REPORT["body"] in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert version is not None
    assert outsider.post(path, REPORT | {"version": version[1]}).status_code == 303


def test_posts_through_one_link_are_slowed_down(app: Flask, outsider: Client) -> None:
    path, other = new_link(of(*NOBODY_SIGNS_IN)), new_link(of(*WITH_FOCAL))
    for n in range(MOST_POSTS):
        form = REPORT | {"form_token": str(n)} | ({"percent": "x"} if n % 2 else {})
        assert outsider.post(path, form).status_code in (303, 422)
    answer = outsider.post(path, REPORT)
    assert answer.status_code == 429
    assert REPORT["body"] in answer.text
    assert outsider.post(other, REPORT).status_code == 303


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        (Phase.PAUSED, "Tạm dừng"),
        (Phase.CANCELLED, "Hủy"),
        (Phase.DROPPED, "Bỏ khi soát"),
    ],
)
def test_a_task_that_is_not_done_takes_nothing(
    app: Flask, outsider: Client, phase: Phase, words: str
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    if phase is Phase.DROPPED:
        with transaction():
            work.task.phase = phase
    else:
        phases.change_phase(somebody("dieuphoi"), work.task, phase, "Chờ kinh phí")
    _takes_nothing(outsider, path, words)


@pytest.mark.parametrize("state", [WorkState.SUBMITTED, WorkState.DONE, WorkState.REFUSED])
def test_work_that_waits_or_is_done_takes_nothing(
    app: Flask, outsider: Client, state: WorkState
) -> None:
    words = {"submitted": "Chờ xác nhận", "done": "Đã hoàn thành", "refused": "Từ chối"}
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    with transaction():
        work.work_state = state
    _takes_nothing(outsider, path, words[state])


def _takes_nothing(outsider: Client, path: str, words: str) -> None:
    page = outsider.get(path)
    assert page.status_code == 200
    assert f"{words}: " in page.text
    assert "<form" not in page.text
    answer = outsider.post(path, REPORT)
    assert answer.status_code == 409
    assert REPORT["body"] in answer.text
    query = select(func.count(ProgressUpdate.id)).where(ProgressUpdate.guest_link_id.is_not(None))
    assert db.session.scalar(query) == 0


def test_who_is_signed_in_sees_the_page_but_reports_under_the_own_name(
    app: Flask, client_of: ClientOf
) -> None:
    path = new_link(of(*NOBODY_SIGNS_IN))
    client = client_of("dieuphoi")
    page = client.get(path)
    assert "Bạn đang đăng nhập" in page.text
    assert "<form" not in page.text
    assert client.post(path, REPORT).status_code == 409


def test_what_waits_or_is_returned_is_shown_to_the_guest(
    app: Flask, client_of: ClientOf, outsider: Client
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    outsider.post(path, REPORT | {"state": "submitted"})
    form = {"reason": "Thiếu danh sách hộ"}
    assert client_of("dieuphoi").post(f"/assignments/{work.id}/return", form).status_code == 303
    page = outsider.get(path).text
    assert "Lý do: Thiếu danh sách hộ" in page
    assert "<form" in page


def test_a_request_of_a_guest_commits_at_most_once(app: Flask, outsider: Client) -> None:
    path = new_link(of(*NOBODY_SIGNS_IN))
    requests: list[Callable[[], object]] = [
        lambda: outsider.get(path),
        lambda: outsider.get("/guest/wrong"),
        lambda: outsider.post(path, REPORT | {"body": ""}),
        lambda: outsider.post(path, REPORT | {"version": "999"}),
        lambda: outsider.post(path, REPORT),
    ]
    for request in requests:
        seen: list[object] = []
        note = seen.append
        event.listen(db.engine, "commit", note)
        request()
        event.remove(db.engine, "commit", note)
        assert len(seen) == 1


def test_the_pages_take_a_fixed_number_of_queries(
    app: Flask,
    client_of: ClientOf,
    outsider: Client,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    path = new_link(work)
    client = client_of("dieuphoi")

    def count(of_client: Client, address: str) -> int:
        with statements() as seen:
            of_client.get(address)
        return len(seen)

    def report(times: int) -> None:
        for n in range(times):
            paper = {"files": [(io.BytesIO(b"%PDF-1.4 "), f"{n}.pdf")]}
            outsider.post(path, REPORT | paper | {"form_token": f"{times}-{n}"})

    report(1)
    outsider.get(path)  # keeps when it was opened, once a minute
    task = f"/tasks/{work.task_id}?open=guest-links-{work.task_id}"
    before = count(outsider, path), count(client, task)
    report(4)
    new_link(of(*NOBODY_SIGNS_IN))
    new_link(of(*NOBODY_SIGNS_IN), maker="dieuphoi")
    assert (count(outsider, path), count(client, task)) == before


def test_the_record_of_a_guest_cannot_be_taken_for_the_program(
    app: Flask, outsider: Client
) -> None:
    work = of(*NOBODY_SIGNS_IN)
    outsider.post(new_link(work), REPORT | {"name": "Hệ thống", "title": "x"})
    newest = select(HistoryEntry).order_by(HistoryEntry.id.desc()).limit(1)
    assert db.session.scalars(newest).one().actor_name == "qua liên kết khách – Hệ thống, x"


def test_a_link_lives_by_the_true_clock(app: Flask) -> None:
    work = of(*NOBODY_SIGNS_IN)
    token = new_link(work, days=7).rpartition("/")[2]
    made = db.session.scalars(select(GuestLink)).one()
    assert abs(made.expires_at - clock.real_now() - timedelta(days=7)) < timedelta(minutes=1)
    assert is_living(token_hash(token))


def test_two_browsers_of_guests_share_nothing(app: Flask, outsider: Client) -> None:
    path = new_link(of(*NOBODY_SIGNS_IN))
    outsider.post(path, REPORT)
    assert "Cảm ơn" not in new_client(app).get(path).text
    assert "Cảm ơn" in outsider.get(path).text


def test_the_log_of_a_crash_does_not_tell_the_token(
    app: Flask,
    outsider: Client,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = new_link(of(*NOBODY_SIGNS_IN))

    def crash(_token: str, _source: str) -> None:
        raise RuntimeError

    monkeypatch.setattr(service, "opened", crash)
    app.testing = False
    assert outsider.get(path).status_code == 500
    assert "/guest/<token>" in caplog.text
    assert path not in caplog.text
