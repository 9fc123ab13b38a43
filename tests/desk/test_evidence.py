"""Evidence: what may be attached, who gets it, how it is taken back."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, text, update

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, settings
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.files.rules import DOCX, JPEG, PDF, PNG, content_type
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import Comment, ProgressUpdate
from ntmtasks.progress.rules.evidence import NewEvidence
from ntmtasks.progress.service import evidence
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.service import changes
from tests.support.client import Client
from tests.support.work import somebody, told

ClientOf = Callable[[str], Client]
PAPER = b"%PDF-1.4 \xc4\x91"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"0" * 100


def office_file(*parts: str) -> bytes:
    """A zip with these parts, all empty."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in parts:
            archive.writestr(part, "")
    return packed.getvalue()


def work(path: str = "III.4.a.-1", agency: str = "Sở NN&PTNT") -> Assignment:
    """An open assignment of the officer."""
    task = db.session.scalars(select(Task).where(Task.path == path)).one()
    return next(a for a in task.assignments if a.agency.short_name == agency)


def sent(*files: tuple[str, bytes], **fields: str) -> dict[str, object]:
    """A form with files, as a browser sends it."""
    return {**fields, "files": [(io.BytesIO(content), name) for name, content in files]}


def attach(client: Client, target: Assignment, *files: tuple[str, bytes], htmx: bool = False):
    return client.post(
        f"/assignments/{target.id}/evidence",
        sent(*files, document="12/BC-SNN", document_date="2024-11-12"),
        htmx=htmx,
    )


def on_disk() -> set[Path]:
    return set(config().files.iterdir())


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PAPER, PDF),
        (PICTURE, PNG),
        (b"\xff\xd8\xff\xe0", JPEG),
        (office_file("[Content_Types].xml", "word/document.xml"), DOCX),
        (office_file("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), None),
        (office_file("word/document.xml"), None),
        (b"PK\x03\x04 broken", None),
        (b"\xd0\xcf\x11\xe0 an old .doc", None),
        (b"<html>", None),
        (b"", None),
    ],
)
def test_a_file_is_what_its_content_says(content: bytes, kind: str | None) -> None:
    assert content_type(content) == kind


def test_progress_with_files_shows_them_and_hands_them_out(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work()
    answer = officer.post(
        f"/assignments/{target.id}/progress",
        sent(
            ("đường ấp 3.pdf", PAPER),
            ("ảnh.png", PICTURE),
            state="in_progress",
            percent="40",
            body="Xong 2 ấp",
            document="12/BC-SNN",
        ),
    )
    assert answer.status_code == 303
    page = officer.get(f"/tasks/{target.task_id}").text
    assert "đường ấp 3.pdf" in page
    assert "12/BC-SNN" in page
    file = officer.get(f"/tasks/{target.task_id}/files/1")
    assert (file.status_code, file.data, file.mimetype) == (200, PAPER, PDF)
    assert "attachment" in file.headers["Content-Disposition"]
    assert "%C4%91%C6%B0%E1%BB%9Dng" in file.headers["Content-Disposition"]
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in file.headers["Content-Security-Policy"]


def test_files_alone_by_htmx_answer_with_the_list(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work()
    answer = attach(officer, target, ("a.pdf", PAPER), htmx=True)
    assert answer.status_code == 200
    assert 'id="evidence"' in answer.text
    assert "a.pdf" in answer.text
    assert attach(officer, target, ("b.pdf", PAPER)).status_code == 303
    assert [e.number for e in db.session.scalars(select(Evidence).order_by(Evidence.id))] == [1, 2]


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("bài.exe", b"MZ...", "không phải Word"),
        ("trống.pdf", b"", "trống"),
        ("to.pdf", PAPER + b"0" * (1024 * 1024), "lớn hơn 1 MB"),
    ],
)
def test_a_bad_file_is_named_and_the_text_stays(
    app: Flask, client_of: ClientOf, name: str, content: bytes, sentence: str
) -> None:
    with transaction():
        settings.store(settings.UPLOAD_MEGABYTES.name, "1")
    officer, target, before = client_of("chuyenvien"), work(), on_disk()
    typed = sent((name, content), state="in_progress", percent="40", body="Chữ đã gõ")
    answer = officer.post(f"/assignments/{target.id}/progress", typed)
    assert answer.status_code == 422
    assert f"Tệp “{name}”" in answer.text
    assert sentence in answer.text
    assert "Chữ đã gõ" in answer.text
    assert on_disk() == before


def test_nothing_is_left_on_disk_when_the_act_fails(
    app: Flask, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, target, before = client_of("chuyenvien"), work(), on_disk()

    def fail(*_args: object) -> None:
        raise RuntimeError("after the file was written")

    monkeypatch.setattr("ntmtasks.progress.service.evidence.changes.touch", fail)
    with pytest.raises(RuntimeError):
        attach(officer, target, ("a.pdf", PAPER))
    db.session.rollback()
    assert on_disk() == before
    assert db.session.scalars(select(Evidence)).all() == []


def test_strangers_get_no_file_and_numbers_belong_to_their_task(
    app: Flask, client_of: ClientOf
) -> None:
    target = work()
    attach(client_of("chuyenvien"), target, ("a.pdf", PAPER))
    assert client_of("vhttdl").get(f"/tasks/{target.task_id}/files/1").status_code == 404
    other = work("III.1.d")
    assert client_of("chuyenvien").get(f"/tasks/{other.task_id}/files/1").status_code == 404
    assert client_of("lanhdao").get(f"/tasks/{target.task_id}/files/1").status_code == 200


def test_evidence_is_taken_back_freely_at_first_then_with_a_reason(
    app: Flask, client_of: ClientOf
) -> None:
    officer, target = client_of("chuyenvien"), work()
    attach(officer, target, ("nhầm.pdf", PAPER), ("đúng.pdf", PAPER))
    url = f"/tasks/{target.task_id}/files"
    assert officer.post(f"{url}/1/withdraw").status_code == 303
    assert officer.get(f"{url}/1").status_code == 404
    assert client_of("dieuphoi").get(f"{url}/1").status_code == 200
    with transaction():
        piece = db.session.scalars(select(Evidence).where(Evidence.number == 2)).one()
        earlier = piece.made_at - timedelta(minutes=16)
        db.session.execute(update(Evidence).where(Evidence.number == 2).values(made_at=earlier))
    refused = officer.post(f"{url}/2/withdraw")
    assert refused.status_code == 422
    assert "Hãy ghi lý do" in refused.text
    assert officer.post(f"{url}/2/withdraw", {"reason": "Bản cũ"}).status_code == 303
    assert "Bản cũ" in officer.get(f"/tasks/{target.task_id}").text


def test_the_next_agency_does_not_take_back_what_the_first_one_proved(
    app: Flask, client_of: ClientOf
) -> None:
    target, coordinator = work(), somebody("dieuphoi")
    evidence.attach(somebody("chuyenvien"), target, NewEvidence(document="12/BC-SNN"))
    district = db.session.get_one(Agency, somebody("thoilai").agency_id)
    changes.change_agency(coordinator, target, district)
    assert [line for line in told("daumoi", "moved") if "không còn thực hiện" in line]
    url = f"/tasks/{target.task_id}/files/1/withdraw"
    assert client_of("thoilai").get(url).status_code == 403
    assert f"{url}" not in client_of("thoilai").get(f"/tasks/{target.task_id}").text
    mine = db.session.get_one(Agency, coordinator.agency_id)
    changes.change_agency(coordinator, target, mine)
    changes.change_agency(coordinator, target, district)
    assert not told("dieuphoi", "moved"), "of the own act"


def test_a_resent_form_keeps_its_files_once(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work()
    for _ in range(2):
        typed = sent(
            ("a.pdf", PAPER), state="in_progress", percent="40", body="Một lần", form_token="once"
        )
        assert officer.post(f"/assignments/{target.id}/progress", typed).status_code == 303
    assert len(db.session.scalars(select(Evidence)).all()) == 1
    posted = select(ProgressUpdate).where(ProgressUpdate.body == "Một lần")
    assert len(db.session.scalars(posted).all()) == 1


def test_a_paper_without_a_scan_is_kept_by_its_number(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work()
    typed = sent(
        state="in_progress",
        percent="40",
        body="Đã có công văn",
        document="45/CV-SNN",
        document_date="2024-11-12",
    )
    assert officer.post(f"/assignments/{target.id}/progress", typed).status_code == 303
    page = officer.get(f"/tasks/{target.task_id}").text
    assert page.count("45/CV-SNN ngày 12/11/2024") >= 3  # the list, the update, the record
    assert "không kèm tệp" in page
    assert officer.get(f"/tasks/{target.task_id}/files/1").status_code == 404
    alone = officer.post(
        f"/assignments/{target.id}/evidence", sent(document="46/CV-SNN"), htmx=True
    )
    assert alone.status_code == 200
    assert "46/CV-SNN" in alone.text
    withdrawal = f"/tasks/{target.task_id}/files/2/withdraw"
    assert "46/CV-SNN" in officer.get(withdrawal).text
    assert officer.post(withdrawal).status_code == 303
    assert "<s>46/CV-SNN</s>" in officer.get(f"/tasks/{target.task_id}").text
    assert client_of("dieuphoi").get(f"/tasks/{target.task_id}/files/2").status_code == 404


@pytest.mark.parametrize("place", ["progress", "evidence"])
def test_a_day_alone_names_no_paper(app: Flask, client_of: ClientOf, place: str) -> None:
    officer, target = client_of("chuyenvien"), work()
    typed = sent(state="in_progress", percent="40", body="Chữ đã gõ", document_date="2024-11-12")
    for htmx in (False, True):
        answer = officer.post(f"/assignments/{target.id}/{place}", typed, htmx=htmx)
        assert answer.status_code == 422
        assert "Hãy ghi số/ký hiệu của văn bản có ngày này, hoặc chọn tệp." in answer.text
        assert 'value="2024-11-12"' in answer.text
    assert db.session.scalars(select(Evidence)).all() == []


def test_evidence_that_is_nothing_is_asked_for(app: Flask, client_of: ClientOf) -> None:
    answer = client_of("chuyenvien").post(f"/assignments/{work().id}/evidence", sent(), htmx=True)
    assert answer.status_code == 422
    assert "Hãy chọn tệp, hoặc ghi số/ký hiệu văn bản" in answer.text


def test_a_picture_is_shown_small_and_fetched_late(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work()
    attach(officer, target, ("ảnh.png", PICTURE))
    page = officer.get(f"/tasks/{target.task_id}").text
    shown = page.split('id="evidence"')[1].split("<img ")[1].split(">")[0]
    assert 'loading="lazy"' in shown
    assert 'width="160" height="120"' in shown
    assert f'src="/tasks/{target.task_id}/files/1"' in shown
    before = page.split('id="evidence"')[1].split("<img ")[0]
    assert "<details" not in before


def test_files_that_are_too_big_together_keep_what_was_typed(
    app: Flask, client_of: ClientOf
) -> None:
    with transaction():
        settings.store(settings.UPLOAD_MEGABYTES.name, "1")
        settings.store(settings.TOTAL_MEGABYTES.name, "2")
    officer, target = client_of("chuyenvien"), work()
    paper = PAPER + b"0" * (900 * 1024)
    for count, status in ((3, 422), (2, 303)):
        typed = sent(
            *((f"{n}.pdf", paper) for n in range(count)),
            state="in_progress",
            percent="40",
            body="Chữ đã gõ",
        )
        answer = officer.post(f"/assignments/{target.id}/progress", typed)
        assert answer.status_code == status
        if status == 422:
            assert "Các tệp cộng lại lớn hơn 2 MB" in answer.text
            assert "Chữ đã gõ" in answer.text
    assert len(db.session.scalars(select(Evidence)).all()) == 2


def test_far_too_much_is_answered_with_a_way_back(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        settings.store(settings.UPLOAD_MEGABYTES.name, "1")
        settings.store(settings.TOTAL_MEGABYTES.name, "1")
    officer, target = client_of("chuyenvien"), work()
    page, url = f"/tasks/{target.task_id}", f"/assignments/{target.id}/evidence"
    body = PAPER + b"0" * (7 * 2**20)
    origin = {"Referer": f"http://localhost{page}"}
    answer = officer.post(url, sent(("a.pdf", body)), headers=origin)
    assert answer.status_code == 413
    assert "mỗi tệp tối đa 1 MB, các tệp trong một lần gửi tối đa 1 MB" in answer.text
    assert f'<a href="{page}">Quay lại trang trước</a>' in answer.text
    stranger = {"Referer": "https://elsewhere.example/tasks/1"}
    assert "Quay lại" not in officer.post(url, sent(("a.pdf", body)), headers=stranger).text
    swapped = officer.post(url, sent(("a.pdf", body)), htmx=True)
    assert (swapped.status_code, swapped.headers["HX-Reswap"]) == (413, "none")


def test_a_completion_shows_its_product_to_whoever_decides(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("vhttdl"), work("III.7.-1", "Sở VHTTDL")
    asked = officer.get(f"/tasks/{target.task_id}").text
    assert "Sản phẩm" in asked.split('id="cap-nhat"')[1].split("</form>")[0]
    typed = sent(
        state="submitted",
        percent="100",
        body="Đã xây dựng xong",
        product="Kế hoạch <số 9>",
        document="9/KH-SVHTTDL",
    )
    assert officer.post(f"/assignments/{target.id}/progress", typed).status_code == 303
    for place in ("/waiting/", f"/tasks/{target.task_id}"):
        page = client_of("dieuphoi").get(place).text
        assert "Sản phẩm: <b>Kế hoạch &lt;số 9&gt;</b>" in page
        assert "9/KH-SVHTTDL" in page
        assert "Đã xây dựng xong" in page


def test_the_product_survives_the_focal_point_s_press(app: Flask, client_of: ClientOf) -> None:
    target = work("III.1.d")
    typed = sent(
        ("bb.pdf", PAPER), state="submitted", percent="100", body="Xong", product="Biên bản"
    )
    url = f"/assignments/{target.id}/progress"
    assert client_of("chuyenvien").post(url, typed).status_code == 303
    speaker = client_of("daumoi")
    assert "Sản phẩm: <b>Biên bản</b>" in speaker.get("/agency-work/").text
    assert speaker.post(f"/assignments/{target.id}/pass-on").status_code == 303
    row = client_of("dieuphoi").get("/waiting/").text.split(f'id="waiting-row-{target.id}"')[1]
    row = row.split("</li>")[0]
    assert "Sản phẩm: <b>Biên bản</b>" in row
    assert "bb.pdf" in row


def test_evidence_leaves_the_open_form_of_progress_valid(app: Flask, client_of: ClientOf) -> None:
    officer, target = client_of("chuyenvien"), work("III.1.d")
    seen = str(target.version)
    proof = f"/assignments/{target.id}/evidence"
    assert officer.post(proof, {"document": "12/BC-SNN"}).status_code == 303
    (piece,) = db.session.scalars(select(Evidence).where(Evidence.task_id == target.task_id))
    typed = {"state": "in_progress", "percent": "30", "body": "Đã họp", "version": seen}
    assert officer.post(f"/assignments/{target.id}/progress", typed).status_code == 303
    seen = str(work("III.1.d").version)
    taken = officer.post(
        f"/tasks/{target.task_id}/files/{piece.number}/withdraw", {"reason": "Nhầm"}
    )
    assert taken.status_code == 303
    typed = {**typed, "percent": "40", "version": seen}
    assert officer.post(f"/assignments/{target.id}/progress", typed).status_code == 303


@pytest.mark.parametrize(
    "engine", ["postgresql"], indirect=True
)  # on SQLite one writes after the other
def test_a_file_does_not_wait_for_who_writes_a_comment(app: Flask) -> None:
    """Progress with a file touches the task before; waiting then, both would wait for each other."""
    target, officer = work("III.1.d"), somebody("chuyenvien")
    said = {"task_id": target.task_id, "author_id": officer.id, "body": "Một", "mentions": []}
    with db.engine.connect() as other:
        other.execute(insert(Comment.__table__).values(**said, made_at=clock.now(), version=1))
        with transaction():
            db.session.execute(text("SET LOCAL lock_timeout = '2s'"))
            evidence.attach(officer, target, NewEvidence(document="12/BC-SNN"))
        other.rollback()
