"""Ý kiến chỉ đạo: the city leader's, pinned, edited for 15 minutes, withdrawn on record."""

from datetime import timedelta

from flask import Flask
from sqlalchemy import select

from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox.models import Notice
from ntmtasks.progress.models.guidance import Directive
from ntmtasks.tasks.models import Assignment
from tests.support.client import Client
from tests.support.work import ClientOf, of, somebody


def work() -> Assignment:
    """Work on which nobody has given a directive."""
    return of("III.1.d", "Sở NN&PTNT")


def latest() -> Directive:
    """The last directive."""
    return (
        db.session.scalars(select(Directive).order_by(Directive.id.desc())).first() or Directive()
    )


def given(client: Client, body: str = "Làm xong <trước> tháng 12") -> Directive:
    """A directive on the work."""
    assert client.post(f"/tasks/{work().task_id}/directives", {"body": body}).status_code == 303
    return latest()


def test_a_directive_is_pinned_for_all_readers_and_marks_the_rows(
    app: Flask, client_of: ClientOf
) -> None:
    given(client_of("lanhdao"))
    page = client_of("chuyenvien").get(f"/tasks/{work().task_id}").text
    pinned = page.split('id="directives"')[1].split('id="task-work')[0]
    assert "Làm xong &lt;trước&gt; tháng 12" in pinned
    assert "<form" not in pinned
    told = db.session.scalars(select(Notice.user_id).where(Notice.kind == "directive"))
    assert somebody("daumoi").id in set(told)
    row = client_of("chuyenvien").get("/my-work/").text
    row = row.split(f'id="work-row-{work().id}"')[1].split("</tbody>")[0]
    assert "có chỉ đạo" in row


def test_only_the_city_leader_directs(app: Flask, client_of: ClientOf) -> None:
    url = f"/tasks/{work().task_id}/directives"
    for username in ("dieuphoi", "daumoi", "admin"):
        assert client_of(username).post(url, {"body": "Chỉ đạo"}).status_code == 403
    for htmx in (False, True):
        answer = client_of("lanhdao").post(url, {"body": "  "}, htmx=htmx)
        assert answer.status_code == 422
        assert "Hãy ghi ý kiến chỉ đạo." in answer.text


def test_it_is_edited_for_15_minutes_and_then_stands(app: Flask, client_of: ClientOf) -> None:
    client = client_of("lanhdao")
    directive = given(client)
    url = f"/directives/{directive.id}"
    answer = client.post(url, {"version": directive.version, "body": "Lời mới"}, htmx=True)
    assert answer.status_code == 200
    assert f'<div id="directive-{directive.id}"' in answer.text
    assert "đã sửa" in answer.text
    entry = db.session.scalars(
        select(HistoryEntry).where(HistoryEntry.verb == "task.directive.edit")
    ).one()
    assert entry.before["Nội dung"] == "Làm xong <trước> tháng 12"
    with transaction():
        latest().made_at -= timedelta(minutes=16)
    for htmx in (False, True):
        answer = client.post(url, {"version": latest().version, "body": "Quá muộn rồi"}, htmx=htmx)
        assert answer.status_code == 409
        assert "Đã quá 15 phút" in answer.text
        assert "Quá muộn rồi" in answer.text
    assert latest().body == "Lời mới"
    assert "Sửa (trong 15 phút)" not in client.get(f"/tasks/{work().task_id}").text


def test_two_windows_do_not_overwrite_each_other(app: Flask, client_of: ClientOf) -> None:
    client = client_of("lanhdao")
    directive = given(client)
    url, seen = f"/directives/{directive.id}", directive.version
    assert client.post(url, {"version": seen, "body": "Cửa sổ một"}).status_code == 303
    answer = client.post(url, {"version": seen, "body": "Cửa sổ hai"}, htmx=True)
    assert answer.status_code == 409
    assert "Cửa sổ một" in answer.text
    assert "Cửa sổ hai" in answer.text
    newer = latest().version
    assert f'value="{newer}"' in answer.text
    assert client.post(url, {"version": newer, "body": "Cửa sổ hai"}).status_code == 303


def test_it_is_withdrawn_on_record_with_a_reason(app: Flask, client_of: ClientOf) -> None:
    client = client_of("lanhdao")
    directive = given(client)
    url = f"/directives/{directive.id}/withdraw"
    form = {"version": directive.version, "reason": ""}
    assert client.post(url, form, htmx=True).status_code == 422
    assert client_of("dieuphoi").post(url, form).status_code == 403
    assert client.post(url, {**form, "reason": "Đã đổi kế hoạch"}).status_code == 303
    page = client.get(f"/tasks/{work().task_id}").text
    assert f'id="directive-{directive.id}"' not in page
    entry = page.split(f'id="entry-directive-{directive.id}"')[1].split("</li>")[0]
    assert "đã rút" in entry
    assert "Đã đổi kế hoạch" in entry
    answer = client.post(url, {**form, "reason": "Lần nữa"}, htmx=True)
    assert answer.status_code == 409
    row = client_of("chuyenvien").get("/my-work/").text
    row = row.split(f'id="work-row-{work().id}"')[1].split("</tbody>")[0]
    assert "có chỉ đạo" not in row
