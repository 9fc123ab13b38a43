"""The page on which an administrator reads every mail as its recipient sees it."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from sqlalchemy import delete, update

from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox import queries, service
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import MailState
from tests.support.client import Client

ClientOf = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]


def write_mails(count: int, html: str = "<p>Chào</p>") -> list[int]:
    """Put `count` mails in the outbox; returns their numbers, oldest first."""
    ids = []
    with transaction():
        for n in range(count):
            mail = service.post(
                key=f"page-test-{db.session.query(OutboxMail).count()}-{n}",
                kind="reminder",
                to_address=f"nguoi{n}@example.invalid",
                to_name=f"Người {n}",
                subject=f"[Nhắc việc] Thư số {n}",
                text="Dòng một <b>\nDòng hai",
                html=html,
            )
            assert mail is not None
            ids.append(mail.id)
    return ids


def test_mails_stand_newest_first_fifty_a_page(client_of: ClientOf) -> None:
    before = sum(queries.counts().values())
    write_mails(60)
    client = client_of("admin")
    first = client.get("/outbox/").text
    assert first.index("Thư số 59<") < first.index("Thư số 58<")
    assert first.count('data-label="Ngày"') == 50
    assert "Thư số 9<" not in first
    second = client.get("/outbox/?page=2").text
    assert second.count('data-label="Ngày"') == min(50, before + 10)
    assert "Thư số 9<" in second
    for nonsense in ("x", "0", "-3", ""):
        assert "Thư số 59<" in client.get(f"/outbox/?page={nonsense}").text
    assert client.get("/outbox/?page=99999").status_code == 200


def test_the_state_in_the_address_filters(client_of: ClientOf) -> None:
    failed, queued = write_mails(2)
    with transaction():
        db.session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == failed)
            .values(state=MailState.FAILED, attempts=1, error="550 không có hộp thư")
        )
    page = client_of("admin").get("/outbox/?state=failed").text
    assert f"/outbox/{failed}" in page
    assert f"/outbox/{queued}" not in page
    assert "550 không có hộp thư" in page
    assert f"/outbox/{queued}" in client_of("admin").get("/outbox/?state=nonsense").text


def test_an_empty_outbox_says_what_belongs_there(client_of: ClientOf) -> None:
    with transaction():
        db.session.execute(delete(Notice))
        db.session.execute(delete(OutboxMail))
    client = client_of("admin")
    assert "Chưa có thư nào" in client.get("/outbox/").text
    assert "Không có thư nào ở trạng thái" in client.get("/outbox/?state=doubtful").text


def test_a_mail_shows_its_headers_and_its_text_as_written(client_of: ClientOf) -> None:
    (mail_id,) = write_mails(1)
    mail = queries.mail(mail_id)
    assert mail is not None
    answer = client_of("admin").get(f"/outbox/{mail_id}")
    assert "Dòng một &lt;b&gt;\nDòng hai</pre>" in answer.text
    assert mail.message_id.strip("<>") in answer.text
    assert "Người 0 &lt;nguoi0@example.invalid&gt;" in answer.text
    assert "<dt>Ngày</dt><dd>14/11/2024</dd>" in answer.text
    assert clock.local(mail.made_at).strftime("%d/%m/%Y %H:%M") in answer.text
    assert f'sandbox src="/outbox/{mail_id}/html"' in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in policy
    assert "script-src 'self'" in policy


def test_the_formatted_body_may_do_nothing_but_look(client_of: ClientOf) -> None:
    (mail_id,) = write_mails(1, html="<p style='color:red'>Chào</p><script>alert(1)</script>")
    answer = client_of("admin").get(f"/outbox/{mail_id}/html", htmx=True)
    assert answer.text == "<p style='color:red'>Chào</p><script>alert(1)</script>"
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_mails_are_for_who_administers(client_of: ClientOf) -> None:
    (mail_id,) = write_mails(1)
    for address in ("/outbox/", f"/outbox/{mail_id}", f"/outbox/{mail_id}/html"):
        assert client_of("dieuphoi").get(address).status_code == 403
    assert client_of("admin").get("/outbox/999999").status_code == 404


def test_more_mails_ask_no_more_queries(client_of: ClientOf, statements: Statements) -> None:
    client = client_of("admin")
    write_mails(2)
    with statements() as few:
        client.get("/outbox/")
    write_mails(30)
    with statements() as many:
        client.get("/outbox/")
    assert len(few) == len(many)


def test_a_key_in_a_mail_is_shown_to_nobody_but_its_recipient(client_of: ClientOf) -> None:
    for kind, place in (("guest_link", "http://x/guest/"), ("password_reset", "http://x/reset/")):
        link = f"{place}abc.DEF-9_z"
        html = f'<a href="{link}">Mở</a><p>{link}</p>'
        mail = service.post(
            kind, kind, "an@example.invalid", "An", "Thư", f"Mở {link} để báo", html
        )
        assert mail is not None
        page = client_of("admin").get(f"/outbox/{mail.id}").text
        body = client_of("admin").get(f"/outbox/{mail.id}/html").text
        assert f"Mở {place}… để báo" in page
        assert "chìa khóa riêng của người nhận" in page
        assert body.count("/…") == 2
        assert "abc.DEF" not in page + body
