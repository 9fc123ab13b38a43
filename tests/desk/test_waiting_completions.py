"""What was reported stands beside the decision on it."""

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.progress.models.evidence import Evidence
from ntmtasks.progress.rules.evidence import NewEvidence, NewFile
from ntmtasks.progress.service import evidence, posting
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import WorkState
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody

MINE = ("III.4.c", "Sở NN&PTNT")
LONG = "Mở 36 lớp tập huấn cho nông dân tại các xã. " * 12


def pdf(name: str) -> NewEvidence:
    """A file as evidence."""
    return NewEvidence((NewFile(name, b"%PDF-1.4" + b" " * 2040, "application/pdf"),))


def row_of(client: Client, work: Assignment, address: str = "/waiting/") -> str:
    """The row of an assignment on a page of decisions."""
    page = client.get(address).text
    return page.split(f'id="waiting-row-{work.id}"')[1].split('id="acts-')[0]


def test_text_percent_figure_and_files_stand_in_the_row(app: Flask, client_of: ClientOf) -> None:
    work, speaker = of(*MINE), somebody("daumoi")
    with transaction():
        work.task.product = "Báo cáo kết quả tập huấn"
    posting.post_progress(speaker, work, WorkState.IN_PROGRESS, 80, "Bản cũ", proof=pdf("cũ.pdf"))
    posting.post_progress(
        speaker, work, WorkState.SUBMITTED, 100, LONG, proof=pdf("kết quả.pdf"), figure="36/36 lớp"
    )
    evidence.attach(speaker, work, pdf("bổ sung.pdf"))
    row = row_of(client_of("dieuphoi"), work)
    assert "xem thêm" in row
    assert row.count(LONG.strip()) == 1
    assert "<b>100 %</b>" in row
    assert "<b>36/36 lớp</b>" in row
    assert "Báo cáo kết quả tập huấn" in row
    assert "14/11/2024" in row
    assert row.index("kết quả.pdf") < row.index("bổ sung.pdf")
    assert "2 KB" in row
    assert "cũ.pdf" not in row
    assert "Bản cũ" not in row


def test_a_withdrawn_file_is_not_shown(app: Flask, client_of: ClientOf) -> None:
    work, speaker = of(*MINE), somebody("daumoi")
    posting.post_progress(speaker, work, WorkState.SUBMITTED, 100, "Xong", proof=pdf("nhầm.pdf"))
    number = next(e.number for e in evidence_of(work))
    client_of("daumoi").post(f"/tasks/{work.task_id}/files/{number}/withdraw", {"reason": "Nhầm"})
    row = row_of(client_of("dieuphoi"), work)
    assert "nhầm.pdf" not in row
    assert "Không kèm minh chứng." in row


def evidence_of(work: Assignment) -> list[Evidence]:
    """The evidence on an assignment."""
    return list(db.session.scalars(select(Evidence).where(Evidence.assignment_id == work.id)))


def test_a_returned_row_keeps_what_was_reported(app: Flask, client_of: ClientOf) -> None:
    work = of("III.9.a.-1", "Sở KH&ĐT")
    answer = client_of("dieuphoi").post(
        f"/assignments/{work.id}/return",
        {"version": work.version, "reason": "", "back": "waiting"},
        htmx=True,
        headers={"HX-Target": f"waiting-row-{work.id}"},
    )
    assert answer.status_code == 422
    assert f'id="reported-{work.id}"' in answer.text


def test_what_an_officer_reported_waits_for_the_focal_point_here_too(
    app: Flask, client_of: ClientOf
) -> None:
    work, focal_point = of(*MINE), client_of("daumoi")
    posting.post_progress(
        somebody("chuyenvien"),
        work,
        WorkState.SUBMITTED,
        100,
        LONG,
        proof=pdf("tổng kết.pdf"),
        figure="36/36 lớp",
    )
    for address in ("/waiting/", "/agency-work/"):
        row = row_of(focal_point, work, address)
        assert "tổng kết.pdf" in row
        assert row.count(LONG.strip()) == 1
    form = {"version": of(*MINE).version, "back": "waiting"}
    answer = focal_point.post(f"/assignments/{work.id}/pass-on", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/waiting/")
    assert of(*MINE).work_state is WorkState.SUBMITTED
    row = row_of(client_of("dieuphoi"), work)
    assert "tổng kết.pdf" in row
    assert "<b>36/36 lớp</b>" in row
