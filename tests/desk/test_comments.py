"""Comments: whom they mention and tell, their links, mended and taken back for 15 minutes."""

import re
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from sqlalchemy import func, select

from ntmtasks.accounts.models import User
from ntmtasks.agencies.models import AgencyAlias
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.progress.models.updates import Comment
from ntmtasks.progress.queries.readers import mentionable, readers
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.queries.loading import seen_mark
from ntmtasks.tasks.rules import Phase
from tests.support.client import Client
from tests.support.work import ClientOf, of, office_letters, somebody, told


def work() -> Assignment:
    """Joint work that Sở NN&PTNT leads."""
    return of("III.1.d", "Sở NN&PTNT")


def latest() -> Comment:
    """The last comment."""
    return db.session.scalars(select(Comment).order_by(Comment.id.desc())).first() or Comment()


def say(client: Client, body: str, **more: str) -> Comment:
    """A comment on the work."""
    answer = client.post(f"/tasks/{work().task_id}/comments", {"body": body, **more})
    assert answer.status_code == 303
    return latest()


def entry(client: Client, comment: Comment) -> str:
    """The comment as it stands in the stream."""
    page = client.get(f"/tasks/{comment.task_id}").text
    return page.split(f'id="entry-comment-{comment.id}"')[1].split("</li>")[0]


def test_links_are_to_follow_and_all_else_is_plain_text(app: Flask, client_of: ClientOf) -> None:
    officer = client_of("chuyenvien")
    comment = say(officer, 'Xem https://a.vn/?b="c&d=1. <script>alert(1)</script>')
    shown = entry(officer, comment)
    assert 'href="https://a.vn/?b=" rel="noopener noreferrer nofollow"' in shown
    assert "&lt;script&gt;" in shown
    assert "<script" not in shown


def test_the_box_of_an_answer_can_be_sent_again(app: Flask, client_of: ClientOf) -> None:
    officer, address = client_of("chuyenvien"), f"/tasks/{work().task_id}/comments"
    # Signed in again meanwhile, in another tab; and a program, under the other name of the header.
    frame = {"csrf_token": officer.csrf_token}, {"X-CSRFToken": "of a session before"}
    program = {"csrf_token": ""}, {"X-CSRF-Token": officer.csrf_token}
    for form, headers in (frame, program):
        answer = officer.post(address, {"body": "Một", **form}, htmx=True, headers=headers)
        hidden = dict(re.findall(r'name="(\w+_token)" type="hidden" value="([^"]+)"', answer.text))
        again = officer.post(address, {"body": "Hai", **hidden}, htmx=True)
        assert (again.status_code, latest().body) == (200, "Hai")


def test_the_mentioned_are_marked_and_told_once_and_their_mail_follows(
    app: Flask, client_of: ClientOf
) -> None:
    coordinator = client_of("dieuphoi")
    answer = coordinator.post(
        f"/tasks/{work().task_id}/comments",
        {"body": "@sở nn&ptnt và @chuyenvien cho biết số liệu; @Lan xem giúp."},
        htmx=True,
    )
    assert answer.status_code == 200
    assert '<span class="mention">@sở nn&amp;ptnt</span>' in answer.text
    assert '<span class="mention">@chuyenvien</span>' in answer.text
    assert "đã báo Sở NN&amp;PTNT, " in answer.text
    assert "không có ai tên “@Lan”" in answer.text
    assert len(told("chuyenvien", "mention")) == 1
    assert "nhắc đến bạn" in told("chuyenvien", "mention")[0]
    assert "nhắc đến Sở NN&PTNT" in told("daumoi", "mention")[0]
    assert not told("dieuphoi", "mention")
    for username in ("chuyenvien", "daumoi"):
        assert not any("cho biết số liệu" in line for line in told(username, "comment"))
    with transaction():
        db.session.execute(
            Notice.__table__.update().values(made_at=clock.real_now() - timedelta(minutes=2))
        )
    outbox.join_notices(lambda _ids: {somebody("daumoi").id: ("Đầu mối", "d@example.invalid")})
    mail = db.session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert mail is not None
    assert "nhắc đến Sở NN&PTNT" in mail.text


def test_only_who_was_told_now_is_said_to_be(app: Flask, client_of: ClientOf) -> None:
    coordinator, alone = client_of("dieuphoi"), of("IV.4.-1", "Hội Nông dân")
    with transaction():
        alone.agency.mailbox = ""

    def answer(address: str, body: str, **more: str) -> str:
        return coordinator.post(address, {"body": body, **more}, htmx=True).text

    comments = f"/tasks/{alone.task_id}/comments"
    live = answer(comments, "@dieuphoi @Hội Nông dân")
    assert "Đã gửi ý kiến; chưa báo được Hội Nông dân vì chưa có người nhận." in live
    mine = f"/tasks/{work().task_id}/comments"
    assert "Đã gửi ý kiến; đã báo Sở NN&amp;PTNT." in answer(mine, "@Sở NN&PTNT")
    comment = latest()
    again = answer(f"/comments/{comment.id}", "@Sở NN&PTNT ơi", version=str(comment.version))
    assert "Đã sửa ý kiến." in again


def test_an_agency_is_known_by_its_other_names_too(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        db.session.add(AgencyAlias(agency_id=work().agency_id, name="Ngành nông nghiệp Cần Thơ"))
    comment = say(client_of("dieuphoi"), "Nhờ @nganh nong nghiep can tho")
    assert comment.mentions == ["nganh nong nghiep can tho"]
    assert told("daumoi", "mention")


def test_who_may_not_read_the_task_cannot_be_mentioned(app: Flask, client_of: ClientOf) -> None:
    stranger = somebody("vhttdl")
    comment = say(client_of("chuyenvien"), f"@vhttdl @{stranger.agency.short_name} xem")
    assert comment.mentions == []
    assert not told("vhttdl", "mention")
    known = {i for who in mentionable(work().task) for i in who.user_ids}
    assert stranger.id not in known
    assert somebody("lanhdao").id in known


def test_readers_are_those_whom_the_page_lets_in(app: Flask, client_of: ClientOf) -> None:
    found = {user.username for user in readers(work().task)}
    everybody = set(db.session.scalars(select(User.username).where(User.locked_at.is_(None))))
    for username in everybody:
        status = client_of(username).get(f"/tasks/{work().task_id}").status_code
        assert (status == 200) == (username in found), username


def test_what_an_agency_writes_rings_at_the_lead_and_the_coordinator_without_a_mail(
    app: Flask, client_of: ClientOf
) -> None:
    comment = say(client_of("chuyenvien"), "Chưa rõ biểu mẫu, xin hướng dẫn")
    assert "Chưa rõ biểu mẫu" in told("daumoi", "comment")[-1]
    assert "Chưa rõ biểu mẫu" in told("dieuphoi", "comment")[-1]
    assert not told("chuyenvien", "comment")
    assert not told("lanhdao", "comment")
    with transaction():
        db.session.execute(
            Notice.__table__.update().values(made_at=clock.real_now() - timedelta(minutes=2))
        )
    before = db.session.scalar(select(func.count(OutboxMail.id)))
    people = {u.id: (u.name, "x@example.invalid") for u in db.session.scalars(select(User))}
    outbox.join_notices(lambda _ids: people)
    news = select(func.count()).where(OutboxMail.text.contains("Chưa rõ biểu mẫu"))
    assert db.session.scalar(news) == 0
    assert (db.session.scalar(select(func.count(OutboxMail.id))) or 0) >= (before or 0)
    address = f"/tasks/{comment.task_id}#entry-comment-{comment.id}"
    kept = select(Notice.url).where(Notice.kind == "comment").order_by(Notice.id.desc())
    assert db.session.scalars(kept).first() == address


def test_of_a_task_that_each_does_for_itself_the_others_are_left_in_peace(
    app: Flask, client_of: ClientOf
) -> None:
    mine = of("IV.5.-1", "UBND huyện Thới Lai")
    answer = client_of("thoilai").post(f"/tasks/{mine.task_id}/comments", {"body": "Xã xin hỏi"})
    assert answer.status_code == 303
    rung = select(Notice.user_id).where(Notice.line.contains("Xã xin hỏi"))
    agencies = {u.agency_id for u in db.session.scalars(select(User).where(User.id.in_(rung)))}
    assert agencies <= {mine.agency_id, somebody("dieuphoi").agency_id}
    assert told("dieuphoi", "comment")


def test_of_a_draft_nobody_hears_who_may_not_read_it(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        work().task.phase = Phase.DRAFT
    say(client_of("dieuphoi"), "@Sở NN&PTNT @daumoi chưa giao")
    heard = select(func.count()).select_from(Notice).where(Notice.line.contains("chưa giao"))
    assert db.session.scalar(heard) == 0


def test_it_is_mended_for_15_minutes_and_then_stands(app: Flask, client_of: ClientOf) -> None:
    officer = client_of("chuyenvien")
    comment = say(officer, "Lời <cũ>")
    url = f"/comments/{comment.id}"
    assert "đã sửa" not in entry(officer, comment)
    answer = officer.post(url, {"version": comment.version, "body": "Lời mới @daumoi"}, htmx=True)
    assert answer.status_code == 200
    assert f'<li id="entry-comment-{comment.id}"' in answer.text
    assert "đã sửa" in answer.text
    assert told("daumoi", "mention")
    said = {"version": latest().version, "body": "Lời mới hơn @daumoi"}
    assert officer.post(url, said).status_code == 303
    assert len(told("daumoi", "mention")) == 1
    first = select(HistoryEntry).where(HistoryEntry.verb == "task.comment.edit")
    record = db.session.scalars(first.order_by(HistoryEntry.id)).first()
    assert record is not None
    assert record.before["Nội dung"] == "Lời <cũ>"
    assert (
        "sửa ý kiến · Nội dung: từ “Lời &lt;cũ&gt;” thành “Lời mới @daumoi”"
        in officer.get(f"/tasks/{comment.task_id}").text
    )
    with transaction():
        latest().made_at -= timedelta(minutes=16)
    assert "Sửa, rút (trong 15 phút)" not in entry(officer, comment)
    for htmx in (False, True):
        late = officer.post(url, {"version": latest().version, "body": "Muộn rồi"}, htmx=htmx)
        assert late.status_code == 409
        assert "Đã quá 15 phút" in late.text
        assert "Muộn rồi" in late.text
    gone = officer.post(f"{url}/withdraw", {"version": latest().version}, htmx=True)
    assert gone.status_code == 409
    assert latest().body == "Lời mới hơn @daumoi"
    assert latest().withdrawn_at is None


def test_two_windows_do_not_overwrite_each_other(app: Flask, client_of: ClientOf) -> None:
    officer = client_of("chuyenvien")
    comment = say(officer, "Đầu tiên")
    url, seen = f"/comments/{comment.id}", comment.version
    assert officer.post(url, {"version": seen, "body": "Cửa sổ một"}).status_code == 303
    for htmx in (False, True):
        answer = officer.post(url, {"version": seen, "body": "Cửa sổ hai"}, htmx=htmx)
        assert answer.status_code == 409
        assert "Cửa sổ một" in answer.text
        assert "Cửa sổ hai" in answer.text
    newer = latest().version
    assert f'value="{newer}"' in answer.text
    assert officer.post(url, {"version": newer, "body": "Cửa sổ hai"}).status_code == 303
    empty = officer.post(url, {"version": latest().version, "body": "  "}, htmx=True)
    assert empty.status_code == 422
    assert "Hãy ghi ý kiến." in empty.text


def test_what_was_taken_back_leaves_a_line_and_its_words_in_the_record(
    app: Flask, client_of: ClientOf
) -> None:
    officer = client_of("chuyenvien")
    comment = say(officer, "Nói nhầm")
    url = f"/comments/{comment.id}/withdraw"
    assert client_of("daumoi").post(url, {"version": comment.version}).status_code == 403
    assert client_of("vhttdl").post(url, {"version": comment.version}).status_code == 404
    answer = officer.post(url, {"version": comment.version}, htmx=True)
    assert answer.status_code == 200
    assert "đã rút" in answer.text
    assert "Nói nhầm" not in answer.text
    assert "đã rút" in entry(client_of("dieuphoi"), comment)
    assert (
        "rút ý kiến · Nội dung: bỏ “Nói nhầm”"
        in client_of("dieuphoi").get(f"/tasks/{comment.task_id}").text
    )
    again = officer.post(f"/comments/{comment.id}", {"body": "Sửa cái đã rút"}, htmx=True)
    assert again.status_code == 409
    assert "Sửa cái đã rút" in again.text


def test_it_is_mended_on_a_paused_task_as_well(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        work().task.phase = Phase.PAUSED
    officer = client_of("chuyenvien")
    assert "Sửa, rút (trong 15 phút)" in entry(officer, say(officer, "Tạm dừng đến khi nào"))


def test_a_resent_comment_counts_and_tells_once(app: Flask, client_of: ClientOf) -> None:
    for _ in range(2):
        say(client_of("dieuphoi"), "@daumoi một lần", form_token="once")
    said = select(func.count()).select_from(Comment).where(Comment.body == "@daumoi một lần")
    assert db.session.scalar(said) == 1
    assert len(told("daumoi", "mention")) == 1


@pytest.mark.parametrize(("words", "found"), [("nn", "Sở NN&amp;PTNT"), ("chuyenvien", "")])
def test_names_are_offered_to_who_may_write(
    app: Flask, client_of: ClientOf, words: str, found: str
) -> None:
    url = f"/tasks/{work().task_id}/mentions?q={words}"
    answer = client_of("chuyenvien").get(url, htmx=True)
    assert answer.status_code == 200
    assert f'data-mention="{found or somebody("chuyenvien").name}"' in answer.text
    assert client_of("vhttdl").get(url, htmx=True).status_code == 404
    assert client_of("admin").get(url, htmx=True).status_code == 403


def test_an_agency_without_people_gets_the_mention_in_its_mailbox(
    app: Flask, client_of: ClientOf
) -> None:
    silent = next(
        a
        for a in db.session.scalars(select(Assignment).order_by(Assignment.id))
        if a.agency.mailbox
        and a.task.phase is Phase.ISSUED
        and not db.session.scalar(select(User.id).where(User.agency_id == a.agency_id).limit(1))
    )
    body = f"@{silent.agency.short_name} cho biết tiến độ"
    said = client_of("dieuphoi").post(f"/tasks/{silent.task_id}/comments", {"body": body})
    assert said.status_code == 303
    (letter,) = office_letters()
    assert letter.to_address == silent.agency.mailbox
    assert "cho biết tiến độ" in letter.text


def test_a_comment_marks_the_task_as_changed_but_leaves_open_forms_about_it_valid(
    app: Flask, client_of: ClientOf
) -> None:
    officer, task = client_of("chuyenvien"), work().task
    seen, changed = seen_mark(task, somebody("dieuphoi").agency_id), task.updated_at
    comment = say(officer, "Một")
    for act in (None, "", "/withdraw"):
        if act is not None:
            answer = officer.post(f"/comments/{comment.id}{act}", {"body": "Hai"})
            assert answer.status_code == 303
        task = work().task
        assert task.updated_at > changed
        assert seen_mark(task, somebody("dieuphoi").agency_id) == seen
        changed = task.updated_at


def test_many_words_behind_an_at_are_told_in_a_line_that_a_cookie_holds(
    app: Flask, client_of: ClientOf
) -> None:
    officer = client_of("chuyenvien")
    words = [sha256(str(number).encode()).hexdigest() for number in range(200)]
    body = " ".join(f"@{word}" for word in words)
    answer = officer.post(f"/tasks/{work().task_id}/comments", {"body": body})
    assert answer.status_code == 303
    assert all(len(cookie) < 4000 for cookie in answer.headers.getlist("Set-Cookie"))
    assert f"không có ai tên “@{words[0]}”" in officer.get(answer.location).text
