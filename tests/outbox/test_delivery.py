"""Mails go out once, come back when they may, and no doubt is forgotten."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.core import clock
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.outbox import service
from ntmtasks.outbox.jobs import sending as jobs
from ntmtasks.outbox.mails import Letter
from ntmtasks.outbox.models import Notice, OutboxMail, ServerState
from ntmtasks.outbox.rules import LONGEST_WAIT, MAX_ATTEMPTS, MailState, wait_after
from tests.support.mailserver import MailServer, mail_server, send_to

SECOND = timedelta(seconds=1)


@pytest.fixture
def server(app: Flask) -> Iterator[MailServer]:
    with mail_server(app) as server:
        yield server


def post(to: str, kind: str = "reminder", subject: str = "[Nhắc việc] 1 quá hạn") -> int:
    mail = service.post(
        f"{kind}:{to}:{subject}", kind, to, "Đỗ Thị Ân, chuyên viên", subject, "Chữ\n", "<p>Chữ</p>"
    )
    assert mail is not None
    return mail.id


def run(**still_wanted: jobs.Verdict) -> jobs.RunResult:
    answers = {kind: (lambda _mail, a=answer: a) for kind, answer in still_wanted.items()}
    return jobs.run(clock.now(), answers)


def row(mail_id: int) -> OutboxMail:
    let_go()
    mail = db.session.get(OutboxMail, mail_id, populate_existing=True)
    assert mail is not None
    return mail


def let_time_pass() -> None:
    """What waits is due, what is leased has run out, and the server has rested."""
    past = clock.real_now() - SECOND
    with transaction():
        db.session.execute(update(OutboxMail).values(next_attempt_at=past))
        db.session.execute(update(ServerState).values(next_try_at=past))
        db.session.execute(
            update(OutboxMail).where(OutboxMail.lease_until.is_not(None)).values(lease_until=past)
        )


def test_a_mail_is_sent_once(app: Flask, server: MailServer) -> None:
    mail_id = post("an@example.invalid")
    assert run() == jobs.RunResult(sent=1, failed=0, queued=0, doubtful=0)
    let_time_pass()
    assert run() == jobs.RunResult(0, 0, 0, 0)
    mail, (arrived,) = row(mail_id), server.arrived
    assert (mail.state, mail.attempts, mail.claimed_by) == (MailState.SENT, 1, None)
    assert mail.sent_at is not None
    assert clock.local(mail.sent_at).date() == clock.today()
    assert arrived["Message-ID"] == mail.message_id
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Subject"] == mail.subject
    assert arrived["To"].addresses[0].display_name == mail.to_name
    assert [p.get_content_type() for p in arrived.iter_parts()] == ["text/plain", "text/html"]
    assert arrived.get_body(("plain",)).get_content().strip() == "Chữ"


def test_a_key_makes_one_mail(app: Flask) -> None:
    post("an@example.invalid")
    again = service.post("reminder:an@example.invalid:[Nhắc việc] 1 quá hạn", *"abcdef")
    assert again is None


def test_a_mail_refused_for_now_waits_and_goes_later(app: Flask, server: MailServer) -> None:
    mail_id = post("later@example.invalid")
    assert run().queued == 1
    assert run() == jobs.RunResult(0, 0, 0, 0), "its time has not come"
    mail = row(mail_id)
    assert (mail.state, mail.attempts) == (MailState.QUEUED, 1)
    assert mail.error.startswith("451 ")
    assert mail.next_attempt_at > clock.real_now()
    server.is_well = True
    let_time_pass()
    assert run().sent == 1
    assert row(mail_id).attempts == 2
    assert server.arrived[0]["Message-ID"] == mail.message_id


def test_a_mail_refused_for_now_all_day_fails(app: Flask, server: MailServer) -> None:
    mail_id = post("later@example.invalid")
    with transaction():
        db.session.execute(update(OutboxMail).values(attempts=MAX_ATTEMPTS - 1))
    assert run().failed == 1
    assert row(mail_id).state is MailState.FAILED


def test_a_mail_refused_for_good_fails_alone(app: Flask, server: MailServer) -> None:
    mail_id = post("never@example.invalid")
    post("an@example.invalid")
    assert run() == jobs.RunResult(sent=1, failed=1, queued=0, doubtful=0)
    let_time_pass()
    assert run() == jobs.RunResult(0, 0, 0, 0)
    assert row(mail_id).state is MailState.FAILED
    assert row(mail_id).error.startswith("550 ")
    assert server.recipients == ["an@example.invalid"]


def test_a_line_that_drops_before_the_text_all_day_fails(app: Flask, server: MailServer) -> None:
    mail_id = post("early@example.invalid")
    with transaction():
        db.session.execute(update(OutboxMail).values(attempts=MAX_ATTEMPTS - 1))
    assert run().failed == 1
    assert row(mail_id).state is MailState.FAILED


def test_a_line_that_drops_before_the_text_leaves_no_doubt(app: Flask, server: MailServer) -> None:
    mail_id = post("early@example.invalid", kind="notices")
    other = post("an@example.invalid")
    assert run().queued == 1
    assert (row(mail_id).state, row(mail_id).doubts) == (MailState.QUEUED, 0)
    assert (row(other).attempts, row(other).claimed_by) == (0, None), "given back at once"
    server.is_well = True
    let_time_pass()
    assert run().sent == 2


def test_a_reminder_in_doubt_is_resent_once_as_the_same_mail(
    app: Flask, server: MailServer
) -> None:
    mail_id = post("late@example.invalid")
    assert run().queued == 1
    assert (row(mail_id).state, row(mail_id).doubts) == (MailState.QUEUED, 1)
    let_time_pass()
    assert run().doubtful == 1
    assert (row(mail_id).state, row(mail_id).doubts) == (MailState.DOUBTFUL, 2)
    let_time_pass()
    assert run() == jobs.RunResult(0, 0, 0, 0)
    assert [m["Message-ID"] for m in server.arrived] == [row(mail_id).message_id] * 2


def test_a_resent_reminder_that_is_taken_keeps_its_doubt(app: Flask, server: MailServer) -> None:
    mail_id = post("late@example.invalid")
    run()
    server.is_well = True
    let_time_pass()
    assert run().sent == 1
    assert (row(mail_id).state, row(mail_id).doubts) == (MailState.SENT, 1)


def test_any_other_mail_in_doubt_waits_for_a_person(app: Flask, server: MailServer) -> None:
    mail_id = post("late@example.invalid", kind="notices")
    assert run().doubtful == 1
    let_time_pass()
    assert run() == jobs.RunResult(0, 0, 0, 0)
    assert row(mail_id).state is MailState.DOUBTFUL
    assert len(server.arrived) == 1


@pytest.mark.parametrize(
    ("kind", "state"), [("reminder", MailState.QUEUED), ("notices", MailState.DOUBTFUL)]
)
def test_a_sender_that_died_over_the_text_leaves_a_doubt(
    app: Flask, kind: str, state: MailState
) -> None:
    mail_id = post("an@example.invalid", kind)
    with transaction():
        lease = clock.real_now() + jobs.LEASE
        values = {"state": MailState.DATA, "claimed_by": "another", "lease_until": lease}
        db.session.execute(update(OutboxMail).where(OutboxMail.id == mail_id).values(values))
    run()
    assert row(mail_id).state is MailState.DATA, "it may still be alive"
    let_time_pass()
    run()
    assert (row(mail_id).state, row(mail_id).doubts) == (state, 1)


def test_a_mail_that_another_worker_holds_is_left_alone(app: Flask, server: MailServer) -> None:
    post("an@example.invalid")
    with transaction():
        lease = clock.real_now() + jobs.LEASE
        db.session.execute(update(OutboxMail).values(claimed_by="another", lease_until=lease))
    assert run() == jobs.RunResult(0, 0, 0, 0)
    let_time_pass()
    assert run().sent == 1


def test_a_mail_that_was_lost_to_another_before_the_text_is_not_sent(
    app: Flask, server: MailServer
) -> None:
    mail_id = post("an@example.invalid")

    def taken_over(_mail: OutboxMail) -> bool:
        with transaction():
            db.session.execute(
                update(OutboxMail)
                .where(OutboxMail.id == mail_id)
                .values(claimed_by="another", lease_until=clock.real_now() + jobs.LEASE)
            )
        return True

    assert jobs.run(clock.now(), {"reminder": taken_over}) == jobs.RunResult(0, 0, 0, 0)
    assert (row(mail_id).claimed_by, row(mail_id).attempts) == ("another", 0)
    assert not server.arrived


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("an@example.invalid", "Tiêu đề\r\nBcc: x@example.invalid"),
        ("an@example.invalid", "Tiêu đề \x07"),
        ("không phải địa chỉ", "Tiêu đề"),
        ("an@", "Tiêu đề"),
        ("an@example.invalid\nRCPT TO:<x@example.invalid>", "Tiêu đề"),
    ],
)
def test_a_mail_that_can_be_no_message_fails_alone(
    app: Flask, server: MailServer, to: str, subject: str
) -> None:
    bad = post(to, subject=subject)
    post("binh@example.invalid")
    assert run() == jobs.RunResult(sent=1, failed=1, queued=0, doubtful=0)
    assert row(bad).state is MailState.FAILED
    assert row(bad).error
    assert server.recipients == ["binh@example.invalid"]


def test_what_no_longer_holds_is_not_sent(app: Flask, server: MailServer) -> None:
    gone, stays = post("an@example.invalid", "notices"), post("an@example.invalid")
    assert run(notices=False, reminder=True).sent == 1
    assert row(gone).state is MailState.CANCELLED
    assert row(stays).state is MailState.SENT
    assert len(server.arrived) == 1


def test_a_mail_says_what_is_true_when_its_turn_comes(app: Flask, server: MailServer) -> None:
    mail_id = post("an@example.invalid")
    message_id = row(mail_id).message_id
    now_true = Letter("[Nhắc việc] 2 quá hạn", "Hai việc\n", "<p>Hai việc</p>")
    assert run(reminder=now_true).sent == 1
    [arrived] = server.arrived
    assert arrived["Subject"] == now_true.subject
    assert arrived.get_body(("plain",)).get_content().strip() == "Hai việc"
    mail = row(mail_id)
    assert (mail.subject, mail.text, mail.html) == vars_of(now_true)
    assert mail.message_id == message_id == arrived["Message-ID"]


def vars_of(letter: Letter) -> tuple[str, str, str]:
    return letter.subject, letter.text, letter.html


def test_a_mail_whose_hour_has_not_come_waits_without_an_attempt(
    app: Flask, server: MailServer
) -> None:
    early, other = post("an@example.invalid"), post("binh@example.invalid", "notices")
    before = clock.real_now()
    assert run(reminder=timedelta(hours=9)) == jobs.RunResult(1, 0, 0, 0)
    mail = row(early)
    assert (mail.state, mail.attempts, mail.claimed_by) == (MailState.QUEUED, 0, None)
    assert timedelta(hours=9) <= mail.next_attempt_at - before < timedelta(hours=9, minutes=5)
    assert row(other).state is MailState.SENT
    let_time_pass()
    assert run(reminder=True).sent == 1


def test_a_mail_that_nobody_can_judge_keeps_back_no_other(app: Flask, server: MailServer) -> None:
    def judge(mail: OutboxMail) -> bool:
        return bool(1 / (mail.to_address != "an@example.invalid"))

    mail_id = post("an@example.invalid")
    post("binh@example.invalid")
    assert jobs.run(clock.now(), {"reminder": judge}) == jobs.RunResult(1, 0, 1, 0)
    assert row(mail_id).state is MailState.QUEUED


@pytest.mark.parametrize("url", [None, "smtp://mail.example.vn:25"])
def test_without_a_server_and_from_the_sample_into_the_world_nothing_goes(
    app: Flask, url: str | None
) -> None:
    send_to(app, url)
    mail_id = post("an@example.invalid")
    assert run() == jobs.RunResult(0, 0, 0, 0)
    assert (row(mail_id).state, row(mail_id).claimed_by) == (MailState.QUEUED, None)


def test_a_server_out_of_reach_costs_no_attempt(app: Flask, server: MailServer) -> None:
    send_to(app, "smtp://127.0.0.1:1")
    mail_id = post("an@example.invalid")
    assert run().queued == 1
    mail = row(mail_id)
    assert (mail.state, mail.attempts, mail.claimed_by) == (MailState.QUEUED, 0, None)
    assert mail.error.startswith("máy chủ thư không nhận: ")
    send_to(app, server.url)
    assert run() == jobs.RunResult(0, 0, 0, 0), "the server is left alone for a while"
    let_time_pass()
    assert run().sent == 1


def test_two_workers_send_each_mail_once(app: Flask, server: MailServer) -> None:
    wanted = sorted(f"nguoi{n}@example.invalid" for n in range(60))
    for address in wanted:
        post(address)
    let_go()
    results: list[jobs.RunResult] = []

    def work() -> None:
        with app.app_context():
            results.append(run())

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.recipients == wanted
    assert sum(result.sent for result in results) == len(wanted)


def user(username: str) -> User:
    return db.session.scalars(select(User).where(User.username == username)).one()


def age_notices(by: timedelta) -> None:
    with transaction():
        db.session.execute(
            update(Notice).where(Notice.mail_id.is_(None)).values(made_at=clock.real_now() - by)
        )


def test_the_notices_of_a_minute_become_one_mail(app: Flask) -> None:
    officer = user("chuyenvien")
    service.notify(officer.id, "mention", "Ý kiến mới", "Mục III.2.c & IV", "/tasks/1")
    service.notify(officer.id, "returned", "Trả lại", "Mục III.2.d", "/tasks/2")
    assert service.join_notices(addresses) == 0, "a minute has not passed"
    age_notices(timedelta(seconds=61))
    assert service.join_notices(addresses) == 1
    assert service.join_notices(addresses) == 0
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.state == "queued")).one()
    assert (mail.kind, mail.user_id, mail.to_address) == ("notices", officer.id, officer.email)
    assert mail.subject == "[Thông báo] 2 việc mới: Ý kiến mới"
    assert "\n- Ý kiến mới\n  Mục III.2.c & IV\n  http://127.0.0.1:8000/tasks/1\n" in mail.text
    assert "Mục III.2.c &amp; IV" in mail.html
    assert 'href="http://127.0.0.1:8000/tasks/2"' in mail.html


def test_what_comes_within_the_minute_of_the_first_goes_with_it(app: Flask) -> None:
    officer = user("chuyenvien")
    service.notify(officer.id, "mention", "Ý kiến mới", "Mục III.2.c", "/tasks/1")
    age_notices(timedelta(seconds=61))
    service.notify(officer.id, "explanation", "Yêu cầu giải trình – III.2.d", "Mục", "/tasks/2")
    service.notify(officer.id, "urging", "Đôn đốc – III.2.e", "Mục", "/tasks/3")
    assert service.join_notices(addresses) == 1
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.state == "queued")).one()
    assert mail.subject == "[Đôn đốc] Đôn đốc – III.2.e và 2 việc mới khác"
    places = [mail.text.index(words) for words in ("III.2.e", "III.2.d", "III.2.c")]
    assert places == sorted(places), "what is urgent stands first"


def test_who_has_no_address_keeps_the_bell_alone(app: Flask) -> None:
    officer = user("chuyenvien")
    with transaction():
        officer.email = ""
    service.notify(officer.id, "mention", "Ý kiến mới", "Mục III.2.c", "/tasks/1")
    age_notices(timedelta(minutes=5))
    assert service.join_notices(addresses) == 0
    with transaction():
        officer.email = "an@example.invalid"
    assert service.join_notices(addresses) == 1


def test_old_notices_are_not_mailed(app: Flask) -> None:
    service.notify(user("chuyenvien").id, "mention", "Ý kiến mới", "Mục III.2.c", "/tasks/1")
    age_notices(timedelta(days=8))
    assert service.join_notices(addresses) == 0


def test_waits_grow_to_a_bound_and_span_a_day() -> None:
    waits = [wait_after(n, 0.0) for n in range(1, MAX_ATTEMPTS)]
    assert waits[0] == timedelta(minutes=1)
    assert waits == sorted(waits)
    assert wait_after(1000, 1.0) == LONGEST_WAIT * 1.25
    longest = [wait_after(n, 1.0) for n in range(1, MAX_ATTEMPTS)]
    assert timedelta(hours=18) < sum(waits, timedelta())
    assert sum(longest, timedelta()) < timedelta(hours=24)


def test_a_password_overtakes_the_reminders(app: Flask, server: MailServer) -> None:
    for number in range(jobs.BATCH + 1):
        post(f"an{number}@example.invalid")
    post("quen@example.invalid", kind="password_reset")
    run()
    assert server.arrived[0]["To"].addresses[0].addr_spec == "quen@example.invalid"
    assert len(server.arrived) == jobs.BATCH + 2


def test_news_of_a_minute_for_an_office_become_one_mail_too(app: Flask) -> None:
    for number in range(3):
        service.write_to_office(
            "bao@example.invalid", "Báo Cần Thơ", "urging", f"Đôn đốc {number}", "Dòng", "/tasks/1"
        )
    assert service.join_notices(addresses) == 0, "a minute has not passed"
    age_notices(timedelta(seconds=61))
    assert service.join_notices(addresses) == 1
    mail = db.session.scalars(select(OutboxMail).where(OutboxMail.state == "queued")).one()
    assert (mail.user_id, mail.to_address, mail.to_name) == (
        None,
        "bao@example.invalid",
        "Báo Cần Thơ",
    )
    assert mail.subject == "[Đôn đốc] Đôn đốc 0 và 2 việc mới khác"


def test_a_key_is_kept_until_its_mail_is_sent(app: Flask, server: MailServer) -> None:
    link = "http://x/guest/abc.DEF-9_z"
    html = f'<a href="{link}">Mở</a>'
    ids = []
    for to in ("never@example.invalid", "hoi@example.invalid"):
        mail = service.post(to, "guest_link", to, "Hội", "Thư", f"Mở {link}\n", html)
        assert mail is not None
        ids.append(mail.id)
    run()
    refused, sent = map(row, ids)
    assert (refused.state, sent.state) == (MailState.FAILED, MailState.SENT)
    (arrived,) = server.arrived
    assert link in arrived.get_body(("plain",)).get_content()
    assert link in refused.text  # somebody may let it go out once more
    assert (sent.text, sent.html) == ("Mở http://x/guest/…\n", '<a href="http://x/guest/…">Mở</a>')
