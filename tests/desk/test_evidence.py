"""Evidence: what may be attached, who gets it, how it is taken back."""

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.core import settings
from ntmtasks.core.db import db, transaction
from ntmtasks.core.instance import config
from ntmtasks.files.rules import DOCX, JPEG, PDF, PNG, content_type
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.models.updates import ProgressUpdate
from ntmtasks.tasks.models import Assignment, Task
from tests.support.client import Client

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
