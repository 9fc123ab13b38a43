"""The monthly round: several rows of *Việc của tôi* saved in one go, without losing a word."""

import io
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select, update

from benchmarks.many import fill
from ntmtasks.accounts.models import User
from ntmtasks.core.db import db, part, transaction
from ntmtasks.files.models import StoredFile
from ntmtasks.files.service import store
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.progress.service import posting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.work import ClientOf, of, somebody

OURS = "Sở NN&PTNT"
PATHS = ("III.1.c", "III.4.a.-1", "III.4.c")
CHANGED = "Việc này vừa được người khác thay đổi."


def mine() -> list[Assignment]:
    """Three pieces of work of the officer, by date."""
    return [of(path, OURS) for path in PATHS]


def typed(work: Assignment, **fields: Any) -> dict[str, Any]:
    """An open row as a browser sends it, with what was typed."""
    seen = {"state": "in_progress", "percent": work.percent, "body": "", "version": work.version}
    return {f"{work.id}-{name}": value for name, value in {**seen, **fields}.items()}


def round_of(*rows: dict[str, Any]) -> dict[str, Any]:
    """Several open rows in one form."""
    form = {name: value for row in rows for name, value in row.items()}
    return form | {"row": [name.partition("-")[0] for name in form if name.endswith("-body")]}


def last_of(work: Assignment) -> ProgressUpdate | None:
    """The newest update of an assignment."""
    return db.session.scalars(
        select(ProgressUpdate)
        .where(ProgressUpdate.assignment_id == work.id)
        .order_by(ProgressUpdate.id.desc())
    ).first()


def body_of(work: Assignment) -> str:
    """The text of the newest update."""
    last = last_of(work)
    return last.body if last else ""


def test_rows_are_opened_by_the_address(app: Flask, client_of: ClientOf) -> None:
    first, second, third = mine()
    client = client_of("chuyenvien")
    page = client.get(f"/my-work/?edit={first.id},{second.id},x,999999").text
    assert f'id="body-{first.id}"' in page
    assert f'id="body-{second.id}"' in page
    assert f'id="body-{third.id}"' not in page
    assert f'id="body-{third.id}"' in client.get("/my-work/?edit=all").text
    section = client.get("/my-work/?edit=all", htmx=True).text
    assert section.startswith('<section id="work"')


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_the_good_rows_are_saved_and_the_bad_ones_kept(
    app: Flask, client_of: ClientOf, htmx: bool
) -> None:
    good, bad, untouched = mine()
    before = body_of(untouched)
    form = round_of(
        typed(good, body="Mở 36 lớp", figure="36/36 xã", percent=90),
        typed(bad, body="Lời đã gõ", percent="x7", figure="nhiều"),
        typed(untouched),
    )
    client, commits = client_of("chuyenvien"), list[object]()
    note = commits.append
    event.listen(db.engine, "commit", note)
    answer = client.post("/my-work/", form, htmx=htmx)
    event.remove(db.engine, "commit", note)
    assert answer.status_code == 422
    assert len(commits) == 1
    for sentence in (
        "Lời đã gõ",
        'value="x7"',
        "Tiến độ là số nguyên từ 0 đến 100.",
        "Số liệu phải có con số, ví dụ 24/36 xã.",
        "Đã lưu cập nhật tiến độ. 1 việc chưa lưu được, nội dung còn nguyên; xem từng việc.",
    ):
        assert sentence in answer.text
    assert f'id="body-{good.id}"' not in answer.text, "what is saved is closed"
    assert f'id="body-{untouched.id}"' in answer.text, "what nobody typed into stays open"
    saved = last_of(good)
    assert saved is not None
    assert (saved.body, saved.figure, saved.percent) == ("Mở 36 lớp", "36/36 xã", 90)
    assert body_of(bad) != "Lời đã gõ"
    assert body_of(untouched) == before
    if htmx:
        assert json.loads(answer.headers["HX-Trigger"]) == {"saved": [f"progress-{good.id}"]}


def test_a_round_without_faults_leads_back_to_the_list(app: Flask, client_of: ClientOf) -> None:
    first, second, _ = mine()
    form = round_of(typed(first, body="Đã họp 2 lần"), typed(second, body="Đã tăng cường"))
    client = client_of("chuyenvien")
    answer = client.post("/my-work/", form)
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "Đã lưu cập nhật tiến độ 2 việc." in page
    assert "Nội dung có “tăng cường” mà chưa có số liệu hay sản phẩm; nếu có, hãy bổ sung." in page
    assert "36/36" not in client.get(f"/tasks/{first.task_id}").text


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_stale_row_comes_back_with_both_texts_and_can_be_sent_again(
    app: Flask, client_of: ClientOf, htmx: bool
) -> None:
    stale, other, _ = mine()
    form = round_of(typed(stale, body="Bản tôi gõ", form_token="t1"), typed(other, body="Bản khác"))
    client_of("daumoi").post(
        f"/assignments/{stale.id}/progress",
        {"state": "in_progress", "percent": "70", "body": "Bản của đầu mối", "figure": "7/9 xã"},
    )
    client = client_of("chuyenvien")
    answer = client.post("/my-work/", form, htmx=htmx)
    assert answer.status_code == 409
    row = answer.text.split(f'id="work-row-{stale.id}"')[1].split("</tbody>")[0]
    for sentence in (CHANGED, "Bản tôi gõ", "Bản của đầu mối (7/9 xã)"):
        assert sentence in row
    assert body_of(other) == "Bản khác"
    again = round_of(typed(of(PATHS[0], OURS), body="Bản tôi gõ", form_token="t1"))
    assert client.post("/my-work/", again).status_code == 303
    assert body_of(stale) == "Bản tôi gõ"


def test_work_that_changed_hands_does_not_stop_the_others(app: Flask, client_of: ClientOf) -> None:
    gone, other, _ = mine()
    form = round_of(typed(gone, body="Lời đã gõ"), typed(other, body="Bản khác"))
    with transaction():
        values = {"officer_id": somebody("daumoi").id}
        db.session.execute(update(Assignment).where(Assignment.id == gone.id).values(values))
    answer = client_of("chuyenvien").post("/my-work/", form)
    assert answer.status_code == 409
    assert "Lời đã gõ" in answer.text
    assert "Việc này không còn trong danh sách của bạn" in answer.text
    assert body_of(other) == "Bản khác"


def test_another_agencys_row_is_not_found_and_nothing_is_saved(
    app: Flask, client_of: ClientOf
) -> None:
    own, strange = mine()[0], of("III.7.-1", "Sở VHTTDL")
    form = round_of(typed(own, body="Của tôi"), typed(strange, body="Của người khác"))
    assert client_of("chuyenvien").post("/my-work/", form).status_code == 404
    assert body_of(own) != "Của tôi"


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_one_row_is_saved_alone(app: Flask, client_of: ClientOf, htmx: bool) -> None:
    first, second, _ = mine()
    form = round_of(typed(first, body="Đã đẩy mạnh"), typed(second, body="Chưa xong"))
    answer = client_of("chuyenvien").post("/my-work/", form | {"only": first.id}, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    assert body_of(first) == "Đã đẩy mạnh"
    assert body_of(second) != "Chưa xong"
    if htmx:
        assert f'<tbody id="work-row-{first.id}"' in answer.text
        assert "Nội dung có “đẩy mạnh”" in answer.text
    empty = client_of("chuyenvien").post(
        "/my-work/", typed(second) | {"only": second.id}, htmx=htmx
    )
    assert empty.status_code == 422
    assert "Hãy ghi kết quả đã làm được." in empty.text


def test_a_file_of_a_row_is_its_evidence_or_to_be_chosen_again(
    app: Flask, client_of: ClientOf
) -> None:
    good, bad, _ = mine()
    files = {
        f"{good.id}-files": (io.BytesIO(b"%PDF-1.4 tot"), "bien-ban.pdf"),
        f"{bad.id}-files": (io.BytesIO(b"%PDF-1.4 thieu"), "ke-hoach.pdf"),
    }
    form = round_of(typed(good, body="Có biên bản"), typed(bad)) | files
    answer = client_of("chuyenvien").post("/my-work/", form)
    assert answer.status_code == 422
    assert "Hãy ghi kết quả đã làm được." in answer.text
    assert "Tệp chưa được lưu; hãy chọn lại." in answer.text
    saved = last_of(good)
    assert saved is not None
    assert [e.file.name for e in saved.evidence] == ["bien-ban.pdf"]


def test_without_javascript_rows_open_fill_and_close_with_the_text_kept(
    app: Flask, client_of: ClientOf
) -> None:
    first, second, third = mine()
    client = client_of("chuyenvien")
    form = {"state": "in_progress", "percent": "62", "body": "Kỳ trước", "figure": "24/36 nội dung"}
    client.post(f"/assignments/{second.id}/progress", form)
    rows = round_of(typed(first, body="Đang gõ dở"), typed(of(PATHS[1], OURS)))
    before = body_of(first)
    opened = client.post("/my-work/", rows | {"open": third.id}).text
    filled = client.post("/my-work/", rows | {"reuse": second.id}).text
    closed = client.post("/my-work/", rows | {"close": second.id}).text
    for page in (opened, filled, closed):
        assert "Đang gõ dở" in page
    assert f'id="body-{third.id}"' in opened
    assert 'value="24/36 nội dung"' in filled
    assert 'value="24/36 nội dung"' not in opened
    assert f'id="body-{second.id}"' not in closed
    assert body_of(first) == before


def test_an_officers_completion_keeps_its_state_in_the_next_form(
    app: Flask, client_of: ClientOf
) -> None:
    work = mine()[0]
    client = client_of("chuyenvien")
    client.post("/my-work/", round_of(typed(work, body="Xong 36 lớp", state="submitted")))
    assert of(PATHS[0], OURS).work_state is WorkState.IN_PROGRESS
    row = client.get(f"/assignments/{work.id}/progress", htmx=True).text
    assert '<option selected value="submitted">' in row
    assert 'value="100"' in row
    theirs = client_of("daumoi").get(f"/assignments/{work.id}/progress", htmx=True).text
    assert '<option selected value="in_progress">' in theirs, "another one's word is not taken over"


def test_the_list_has_pages_of_fifty_in_fixed_queries(
    app: Flask,
    client_of: ClientOf,
    statements: Callable[[], AbstractContextManager[list[str]]],
) -> None:
    client = client_of("daumoi")
    with statements() as few:
        client.get("/my-work/?edit=all")
    fill(4000)
    with statements() as many:
        page = client.get("/my-work/?edit=all").text
    assert len(many) == len(few)
    assert page.count('<tbody id="work-row-') == 50
    assert page.index("is-overdue") < page.index("is-in_time")
    assert "Trang 1 / " in page
    later = client.get("/my-work/?page=2").text
    assert later.count('<tbody id="work-row-') in range(1, 51)
    assert 'action="/my-work/?page=2"' in later
    assert client.get("/my-work/?page=99999").status_code == 200


def test_a_part_that_fails_takes_back_its_rows_and_files_alone(app: Flask) -> None:
    work, author = mine()[0], somebody("chuyenvien")
    stored = select(func.count()).select_from(StoredFile)
    before = db.session.scalar(stored) or 0
    folder = app.extensions["ntmtasks_config"].files
    with transaction():
        posting.post_progress(author, work, WorkState.IN_PROGRESS, 61, "Giữ lại")
        with pytest.raises(ZeroDivisionError):
            _fail_half_way(author)
        store(author, "con.pdf", b"%PDF", "application/pdf")
    assert body_of(work) == "Giữ lại"
    assert db.session.scalar(stored) == before + 1
    names = set(db.session.scalars(select(StoredFile.storage_name)))
    assert {p.name for p in folder.iterdir() if p.is_file()} == names


def _fail_half_way(author: User) -> None:
    with part():
        store(author, "mat.pdf", b"%PDF", "application/pdf")
        raise ZeroDivisionError
