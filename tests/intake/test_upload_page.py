"""The page that brings a new plan in: files, pasted text, questions, refusals."""

import io
import re
import socket
import threading
import unicodedata
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.serving import make_server

from ntmtasks import paths
from ntmtasks.core import settings
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.core.models import FormToken
from ntmtasks.files.models import StoredFile
from ntmtasks.history.models import HistoryEntry
from ntmtasks.plans.models import Plan
from ntmtasks.plans.rules import PlanState
from ntmtasks.tasks.models import Task
from ntmtasks.tasks.rules import Phase
from tests.support.client import Client

ClientOf = Callable[[str], Client]
PLAN = (paths.CHECKOUT / "tests" / "plans" / "sao-mai-15.txt").read_bytes()
SAMPLE = (paths.DATA / "108-kh-ubnd.txt").read_bytes()
ADDRESS = "/plans/new"


def upload(content: bytes, name: str = "kế hoạch.txt") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def kept() -> tuple[int, ...]:
    """What must not grow when an upload is refused: rows and files."""
    rows = tuple(count(m) for m in (Plan, StoredFile, Task, FormToken, HistoryEntry))
    return (*rows, len(list(config().files.iterdir())))


def newest() -> Plan:
    plan = db.session.scalars(select(Plan).order_by(Plan.id.desc()).limit(1)).one()
    return plan


def test_a_file_becomes_a_draft_plan(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    answer = client.post(
        ADDRESS,
        {"file": upload(PLAN, unicodedata.normalize("NFD", "Sao Mai số 15.txt")), "year": ""},
    )
    assert answer.status_code == 303
    plan = newest()
    assert plan.state is PlanState.DRAFT
    assert plan.number.startswith("15/")
    assert plan.source_file.name == "Sao Mai số 15.txt"
    assert plan.source_file.content_type == "text/plain"
    assert plan.source_file.uploaded_by_id is not None
    drafts = db.session.scalars(select(Task).where(Task.plan_id == plan.id)).all()
    assert drafts
    assert {t.phase for t in drafts} == {Phase.DRAFT}
    assert str(plan.id) in answer.headers["Location"]
    assert "Đã đọc Sao Mai số 15.txt" in client.get(answer.headers["Location"]).text
    assert client.get(f"/plans/{plan.id}/source").data == PLAN


def test_pasted_text_of_a_megabyte_is_read_with_the_year_given(
    app: Flask, client_of: ClientOf
) -> None:
    text = PLAN.decode() + "\n" + "Phần đọc thêm, không giao việc.\n" * 30_000
    assert len(text.encode()) > 10**6
    answer = client_of("dieuphoi").post(ADDRESS, {"text": text, "year": "2031"})
    assert answer.status_code == 303
    assert newest().year == 2031
    assert newest().source_file.name == "Văn bản dán.txt"


def test_htmx_is_led_to_the_new_plan(app: Flask, client_of: ClientOf) -> None:
    answer = client_of("dieuphoi").post(ADDRESS, {"text": PLAN.decode()}, htmx=True)
    assert answer.status_code == 204
    assert answer.headers["HX-Redirect"].startswith(f"/plans/{newest().id}")


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"year": "2025"}, "Hãy chọn tệp kế hoạch hoặc dán văn bản"),
        ({"text": "Một bài thơ ngắn.", "year": "2025"}, "không thấy nhiệm vụ nào"),
        ({"text": PLAN.decode(), "year": "hai nghìn"}, "Hãy nhập một số nguyên."),
        ({"text": PLAN.decode(), "year": "1024"}, "Hãy nhập năm từ 2000 đến 2100."),
    ],
)
def test_what_cannot_be_read_keeps_what_was_typed(
    app: Flask, client_of: ClientOf, sent: dict[str, str], sentence: str
) -> None:
    before = kept()
    for htmx in (False, True):
        answer = client_of("dieuphoi").post(ADDRESS, sent, htmx=htmx)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{sent["year"]}"' in answer.text
        assert sent.get("text", "")[:40] in answer.text
    assert kept() == before


def test_a_file_that_is_none_of_ours_is_refused_beside_its_field(
    app: Flask, client_of: ClientOf
) -> None:
    before = kept()
    for content in (
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" * 9,
    ):
        answer = client_of("dieuphoi").post(ADDRESS, {"file": upload(content, "a.docx")})
        assert answer.status_code == 422
        assert 'id="file-error"' in answer.text
    assert kept() == before


def test_two_ways_at_once_are_asked_about_and_the_file_has_to_be_chosen_again(
    app: Flask, client_of: ClientOf
) -> None:
    sent = {"file": upload(PLAN, "a<b>.txt"), "text": "III. NHIỆM VỤ"}
    answer = client_of("dieuphoi").post(ADDRESS, sent)
    assert answer.status_code == 422
    assert "bỏ tệp đã chọn" in answer.text
    assert "hãy chọn lại <b>a&lt;b&gt;.txt</b>" in answer.text
    sent = {"file": upload(PLAN, "a.txt"), "text": "III. NHIỆM VỤ"}
    fragment = client_of("dieuphoi").post(ADDRESS, sent, htmx=True)
    assert "hãy chọn lại" not in fragment.text  # the browser keeps it
    assert re.search(r'<input[^>]*hx-preserve[^>]*type="file"', fragment.text)


def test_a_plan_without_a_year_asks_for_it(app: Flask, client_of: ClientOf) -> None:
    text = re.sub(r"\b20\d\d\b", "", PLAN.decode())
    answer = client_of("dieuphoi").post(ADDRESS, {"text": text})
    assert answer.status_code == 422
    assert "không nêu rõ năm" in answer.text
    assert client_of("dieuphoi").post(ADDRESS, {"text": text, "year": "2025"}).status_code == 303


def test_the_same_plan_again_is_asked_about_first(app: Flask, client_of: ClientOf) -> None:
    there = newest()
    before = kept()
    client = client_of("dieuphoi")
    same_file = client.post(ADDRESS, {"file": upload(SAMPLE)})
    assert same_file.status_code == 422
    assert f'href="/plans/{there.id}"' in same_file.text
    assert 'name="apart"' in same_file.text
    same_number = client.post(ADDRESS, {"file": upload(SAMPLE + b"\n"), "year": ""}, htmx=True)
    assert same_number.status_code == 422
    assert f'href="/plans/{there.id}"' in same_number.text
    assert kept() == before
    assert client.post(ADDRESS, {"file": upload(SAMPLE), "apart": "y"}).status_code == 303
    assert newest().number == there.number
    assert newest().id != there.id


def test_the_same_form_sent_twice_makes_one_plan(app: Flask, client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    form = {"text": PLAN.decode(), "apart": "y", "form_token": "once"}
    assert client.post(ADDRESS, form).status_code == 303
    again = client.post(ADDRESS, form)
    assert again.status_code == 303
    assert again.headers["Location"] == "/plans/"
    assert count(Plan) == 2


def test_a_file_over_the_limit_is_refused_with_the_limit(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        settings.store("upload_megabytes", "1")
        settings.store("total_megabytes", "1")
    client = client_of("dieuphoi")
    assert "tối đa 1 MB" in client.get(ADDRESS).text
    before = kept()
    beside = client.post(ADDRESS, {"file": upload(b"a" * (2**20 + 1)), "year": "2025"})
    assert beside.status_code == 422
    assert "Tệp lớn quá 1 MB" in beside.text
    assert 'value="2025"' in beside.text
    for htmx in (False, True):
        far = client.post(ADDRESS, {"file": upload(b"a" * 6 * 2**20)}, htmx=htmx)
        assert far.status_code == 413
        assert "mỗi tệp tối đa 1 MB" in far.text
    assert kept() == before


def test_nothing_stays_when_keeping_fails_half_way(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = kept()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("ntmtasks.tasks.service.drafts.add_draft", fail)
    with pytest.raises(OSError, match="disk full"):
        client_of("dieuphoi").post(ADDRESS, {"text": PLAN.decode()})
    assert kept() == before


def test_a_slow_line_keeps_no_lock(app: Flask, client_of: ClientOf) -> None:
    """While half a form has arrived, somebody else writes."""
    client = client_of("chuyenvien")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    body = f"csrf_token={client.csrf_token}&theme=dark".encode()
    cookie = client.get_cookie("ntmtasks")
    assert cookie is not None
    head = (
        f"POST /theme HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ntmtasks={cookie.value}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    try:
        with socket.create_connection(("127.0.0.1", server.server_port), timeout=20) as line:
            line.sendall(head.encode() + body[:10])
            answer = client_of("dieuphoi").post(ADDRESS, {"text": PLAN.decode()})
            assert answer.status_code == 303
            line.sendall(body[10:])
            assert b" 303 " in line.recv(2000)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_only_the_coordinator_is_offered_the_page(app: Flask, client_of: ClientOf) -> None:
    assert f'href="{ADDRESS}"' in client_of("dieuphoi").get("/plans/").text
    assert f'href="{ADDRESS}"' not in client_of("lanhdao").get("/plans/").text


def test_the_page_asks_a_fixed_number_of_questions(
    client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = client_of("dieuphoi")
    with statements() as sql:
        client.get(ADDRESS)
    assert len(sql) <= 6
