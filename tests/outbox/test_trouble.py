"""When mails do not go out, the server is left in peace and people are told, soon and with the reason."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.core import clock, health, slots
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.models import JobSlot
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox import queries, service
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.labels import waiting_since
from ntmtasks.outbox.models import OutboxMail, ServerState
from ntmtasks.outbox.rules import (
    LONGEST_WAIT_OF_A_RESET,
    PASSWORD_RESET,
    SERVER_LONGEST_WAIT,
    MailState,
    Trouble,
    is_barred,
    trouble,
)
from tests.support.client import Client
from tests.support.mailserver import MailServer as Server
from tests.support.mailserver import mail_server, send_to

ClientOf = Callable[[str], Client]
NOWHERE = "smtp://127.0.0.1:1"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def server(app: Flask) -> Iterator[Server]:
    with mail_server(app) as server:
        yield server


def post(to: str = "an@example.invalid", kind: str = "reminder") -> int:
    mail = service.post(
        f"{kind}:{to}", kind, to, "Ân", "[Nhắc việc] 1 quá hạn", "Chữ\n", "<p>Chữ</p>"
    )
    assert mail is not None
    return mail.id


def run() -> jobs.RunResult:
    return jobs.run(clock.now(), {}, "vpdp@example.invalid")


def known() -> ServerState:
    let_go()
    found = queries.server()
    assert found is not None
    return found


def long_ago(minutes: int) -> None:
    """All that happened with the mails and the server happened so much earlier, and may go on."""
    past = clock.real_now() - minutes * MINUTE
    with transaction():
        db.session.execute(update(OutboxMail).values(made_at=past, next_attempt_at=past))
        db.session.execute(
            update(ServerState)
            .where(ServerState.failing_since.is_not(None))
            .values(failing_since=past, next_try_at=past)
        )


def a_worker_lives() -> None:
    with transaction():
        db.session.execute(update(JobSlot).values(claimed_at=clock.real_now()))
        slots.claim(health.TICK, "now")


def test_a_server_that_fails_is_asked_ever_more_rarely(app: Flask) -> None:
    send_to(app, NOWHERE)
    post()
    waits = []
    for _ in range(8):
        run()
        waits.append(known().next_try_at - clock.real_now())
        assert run() == jobs.RunResult(0, 0, 0, 0), "it rests"
        with transaction():
            db.session.execute(update(ServerState).values(next_try_at=clock.real_now()))
    assert waits[0] < 2 * MINUTE
    assert waits[-1] > 14 * MINUTE
    assert max(waits) <= SERVER_LONGEST_WAIT * 1.25
    assert known().failures == 8


def test_failing_is_counted_from_its_beginning_and_ends_with_the_first_answer(
    app: Flask, server: Server
) -> None:
    send_to(app, NOWHERE)
    post()
    run()
    first = known().failing_since
    long_ago(3)
    since = known().failing_since
    assert since is not None
    assert first is not None
    assert since < first
    run()
    assert known().failing_since == since
    send_to(app, server.url)
    long_ago(3)
    assert run().sent == 1
    assert (known().failing_since, known().failures, known().error) == (None, 0, "")


def test_a_sender_that_is_not_taken_is_no_fault_of_the_mails(
    app: Flask, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_args: object) -> str:
        return "530 5.7.0 Authentication required"

    monkeypatch.setattr(Server, "handle_MAIL", refuse, raising=False)
    numbers = [post(f"an{n}@example.invalid") for n in range(3)]
    assert run().queued == 3
    let_go()
    mails = [db.session.get_one(OutboxMail, number) for number in numbers]
    assert [(mail.state, mail.attempts) for mail in mails] == [(MailState.QUEUED, 0)] * 3
    assert known().error == "530 5.7.0 Authentication required"
    monkeypatch.delattr(Server, "handle_MAIL")
    long_ago(1)
    assert run().sent == 3


@pytest.mark.parametrize(
    ("failing", "due", "refused", "barred", "expected"),
    [
        (None, None, 0, 0, None),
        (4 * MINUTE, None, 0, 0, None),
        (5 * MINUTE, 9 * MINUTE, 9, 0, Trouble.SERVER),
        (None, -MINUTE, 2, 2, None),
        (None, 5 * MINUTE, 0, 0, Trouble.WAITING),
        (None, None, 3, 0, Trouble.REFUSED),
        (None, None, 0, 3, Trouble.REFUSED),
    ],
)
def test_what_is_the_matter(
    failing: timedelta | None,
    due: timedelta | None,
    refused: int,
    barred: int,
    expected: Trouble | None,
) -> None:
    assert trouble(failing, due, refused, barred) is expected


@pytest.mark.parametrize(
    ("code", "text", "expected"),
    [
        (554, "relay access denied", True),
        (550, "5.7.1 Relaying denied", True),
        (550, "5.1.1 no such mailbox", False),
        (451, "4.7.1 greylisted", False),
    ],
)
def test_answers_about_us_are_told_from_those_about_a_mailbox(
    code: int, text: str, expected: bool
) -> None:
    assert is_barred(code, text) is expected


def test_readyz_tells_within_ten_minutes_that_mails_do_not_go(app: Flask, outsider: Client) -> None:
    send_to(app, NOWHERE)
    a_worker_lives()
    post()
    run()
    told = outsider.get("/readyz")
    assert (told.status_code, told.json["queued"]) == (200, 1)
    long_ago(6)
    told = outsider.get("/readyz")
    assert (told.status_code, told.json["problems"]) == (503, ["mail"])
    assert 360 <= told.json["oldest_queued_seconds"] < 400
    assert told.json["last_sweep"] == slots.newest(slots.REMINDERS)


def test_a_queue_that_nobody_empties_is_told(app: Flask, outsider: Client, server: Server) -> None:
    a_worker_lives()
    post()
    long_ago(4)
    assert outsider.get("/readyz").status_code == 200
    long_ago(6)
    assert outsider.get("/readyz").json["problems"] == ["mail"]
    run()
    assert outsider.get("/readyz").status_code == 200


def test_a_worker_that_fails_over_each_batch_is_told(
    app: Flask, outsider: Client, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object) -> None:
        raise RuntimeError("nobody expects this")

    a_worker_lives()
    post()
    long_ago(6)
    monkeypatch.setattr(jobs._Sending, "deliver", fail)
    with pytest.raises(RuntimeError):
        run()
    assert outsider.get("/readyz").json["problems"] == ["mail"], "claimed, and yet not on its way"


def test_a_long_morning_is_no_trouble_while_mails_go_out(
    app: Flask, outsider: Client, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_worker_lives()
    for name in ("an", "binh"):
        post(f"{name}@example.invalid")
    long_ago(20)
    monkeypatch.setattr(jobs, "BATCH", 1)
    result = jobs.run(clock.now(), {}, at_most=timedelta(microseconds=1))
    assert result.sent == 1
    assert outsider.get("/readyz").status_code == 200
    long_ago(6)
    assert outsider.get("/readyz").json["problems"] == ["mail"], "one left, and nothing moves"


def test_a_server_that_failed_is_no_trouble_while_nothing_waits(
    app: Flask, outsider: Client
) -> None:
    send_to(app, NOWHERE)
    a_worker_lives()
    number = post()
    run()
    long_ago(90)
    assert outsider.get("/readyz").status_code == 503
    with transaction():
        mail = db.session.get_one(OutboxMail, number)
        mail.state, mail.error = MailState.CANCELLED, jobs.NO_LONGER_WANTED
    assert outsider.get("/readyz").status_code == 200
    post("binh@example.invalid")
    assert outsider.get("/readyz").status_code == 200, "the next mail asks anew, and has just come"


def test_many_mails_refused_again_and_again_are_told(
    app: Flask, outsider: Client, server: Server
) -> None:
    a_worker_lives()
    for number in range(3):
        post("later@example.invalid", kind=f"k{number}")
    run()
    assert outsider.get("/readyz").status_code == 200
    with transaction():
        db.session.execute(update(OutboxMail).values(made_at=clock.real_now() - 9 * MINUTE))
    assert outsider.get("/readyz").json["problems"] == ["mail"]


@pytest.fixture
def barring(server: Server, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Whether the server takes nothing from us for anybody but `an@`."""
    real = Server.handle_RCPT

    async def refuse(self: Server, *rest: Any) -> str:
        is_an = rest[-2].startswith("an@")
        return await real(self, *rest) if is_an else "554 5.7.1 Relay access denied"

    def bar(is_on: bool) -> None:
        monkeypatch.setattr(Server, "handle_RCPT", refuse if is_on else real)

    bar(True)
    return bar


def test_a_server_that_bars_us_fails_no_mail_and_is_told(
    app: Flask, outsider: Client, server: Server, barring: Callable[[bool], None]
) -> None:
    a_worker_lives()
    for number in range(5):
        post(f"b{number}@example.invalid")
    assert run() == jobs.RunResult(sent=0, failed=0, queued=5, doubtful=0)
    assert known().error == "554 5.7.1 Relay access denied"
    waiting = select(OutboxMail.attempts).where(OutboxMail.state == MailState.QUEUED)
    attempts = waiting.order_by(OutboxMail.id)
    assert db.session.scalars(attempts).all() == [1, 1, 1, 0, 0], (
        "the others are tried first next time"
    )
    with transaction():
        past = clock.real_now() - 6 * MINUTE
        db.session.execute(update(ServerState).values(failing_since=past, next_try_at=past))
        db.session.execute(
            update(OutboxMail).where(OutboxMail.attempts == 0).values(next_attempt_at=past)
        )
    assert outsider.get("/readyz").json["problems"] == ["mail"]
    barring(False)
    long_ago(1)
    assert run().sent == 5


def test_a_mail_that_is_barred_beside_others_that_go_fails_alone(
    app: Flask, outsider: Client, server: Server, barring: Callable[[bool], None]
) -> None:
    a_worker_lives()
    for number in range(2):
        post(f"b{number}@example.invalid")
    post("an@example.invalid")
    assert run() == jobs.RunResult(sent=1, failed=2, queued=0, doubtful=0)
    assert outsider.get("/readyz").status_code == 200


def test_mails_that_are_barred_one_by_one_are_told_until_one_goes(
    app: Flask, outsider: Client, client_of: ClientOf, barring: Callable[[bool], None]
) -> None:
    a_worker_lives()
    for number in range(3):
        post(f"b{number}@example.invalid")
        assert run().failed == 1
    assert outsider.get("/readyz").json["problems"] == ["mail"]
    assert "554 5.7.1 Relay access denied" in client_of("admin").get("/outbox/").text
    post("an@example.invalid")
    assert run().sent == 1
    assert outsider.get("/readyz").status_code == 200


def test_what_waits_for_monday_is_no_trouble_at_the_weekend(
    app: Flask, outsider: Client, server: Server
) -> None:
    a_worker_lives()
    for number in range(3):
        post("later@example.invalid", kind=f"k{number}")
    run()
    send_to(app, NOWHERE)
    post()
    run()
    long_ago(30)
    assert outsider.get("/readyz").json["problems"] == ["mail"]
    send_to(app, server.url)
    jobs.run(clock.now(), dict.fromkeys(("reminder", "k0", "k1", "k2"), lambda _: 60 * 60 * MINUTE))
    assert outsider.get("/readyz").status_code == 200


def test_a_server_that_rests_is_asked_soon_for_a_password(app: Flask, outsider: Client) -> None:
    send_to(app, NOWHERE)
    post()
    run()
    with transaction():
        far = clock.real_now() + 15 * MINUTE
        db.session.execute(update(ServerState).values(failures=9, next_try_at=far))
    post("binh@example.invalid")
    assert known().next_try_at == far
    post("chi@example.invalid", kind=PASSWORD_RESET)
    assert known().next_try_at <= clock.real_now() + MINUTE
    long_ago(1)
    run()
    assert known().failures == 10
    assert known().next_try_at <= clock.real_now() + LONGEST_WAIT_OF_A_RESET * 1.25


def test_without_a_server_nothing_is_the_matter(app: Flask, outsider: Client) -> None:
    a_worker_lives()
    post()
    long_ago(600)
    assert outsider.get("/readyz").status_code == 200


def test_a_banner_tells_coordinator_and_admin_why_and_since_when(
    app: Flask, client_of: ClientOf
) -> None:
    send_to(app, NOWHERE)
    a_worker_lives()
    coordinator, admin = client_of("dieuphoi"), client_of("admin")
    quiet = coordinator.get("/outbox/alarm", htmx=True).text
    assert "Máy chủ thư" not in quiet
    since = quiet.split("since=")[1].split('"')[0]
    assert coordinator.get(f"/outbox/alarm?since={since}", htmx=True).status_code == 204
    post()
    run()
    long_ago(130)
    loud = coordinator.get(f"/outbox/alarm?since={since}", htmx=True).text
    assert "Máy chủ thư không nhận thư." in loud
    assert "1 thư chưa gửi, thư lâu nhất đã chờ 2 giờ." in loud
    assert "/outbox/" not in loud.split("</p>")[0].split("<p")[1], "not a page of the coordinator's"
    assert "Máy chủ thư không nhận thư." in admin.get("/outbox/").text
    assert client_of("chuyenvien").get("/outbox/alarm", htmx=True).status_code == 403


def test_a_dead_worker_is_told_too(app: Flask, client_of: ClientOf) -> None:
    with transaction():
        db.session.execute(update(JobSlot).values(claimed_at=clock.real_now() - 6 * MINUTE))
    assert "không hoạt động" in client_of("dieuphoi").get("/outbox/alarm", htmx=True).text


def test_a_failed_mail_is_sent_again_by_hand_as_the_same_mail(
    app: Flask, client_of: ClientOf, server: Server
) -> None:
    number = post("never@example.invalid")
    assert run().failed == 1
    admin = client_of("admin")
    assert "Gửi lại" in admin.get(f"/outbox/{number}").text
    old = db.session.get_one(OutboxMail, number).message_id
    assert admin.post(f"/outbox/{number}/send-again").status_code == 303
    server.is_well = True
    assert run().sent == 1
    assert server.arrived[0]["Message-ID"] == old
    let_go()
    entry = db.session.scalars(select(HistoryEntry).where(HistoryEntry.verb == "mail.retry")).one()
    assert (entry.subject_id, entry.actor_name) == (number, "Quản trị hệ thống")


def test_a_sent_mail_is_not_sent_again(app: Flask, client_of: ClientOf, server: Server) -> None:
    number = post()
    run()
    admin = client_of("admin")
    assert "Gửi lại" not in admin.get(f"/outbox/{number}").text
    admin.post(f"/outbox/{number}/send-again")
    assert run() == jobs.RunResult(0, 0, 0, 0)
    assert len(server.arrived) == 1


def test_answers_go_to_the_coordinating_office(app: Flask, server: Server) -> None:
    post()
    run()
    assert server.arrived[0]["Reply-To"] == "vpdp@example.invalid"


@pytest.mark.parametrize(
    ("age", "words"),
    [(5 * MINUTE, "5 phút"), (130 * MINUTE, "2 giờ"), (timedelta(days=3), "3 ngày")],
)
def test_how_long_a_mail_has_waited(age: timedelta, words: str) -> None:
    assert waiting_since(age) == words
