"""Other systems are told of events: signed, at least once, and never at the cost of others."""

import hmac
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from ntmtasks import worker
from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock, outbound
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.outbound import NotAllowed, is_public, read_url
from ntmtasks.history import queries as history
from ntmtasks.outbox import queries
from ntmtasks.outbox.jobs import webhooks
from ntmtasks.outbox.models import WebhookDelivery, WebhookEvent
from ntmtasks.outbox.rules import MAX_ATTEMPTS, Event, MailState, signature
from ntmtasks.outbox.service import begin_anew, hold_webhook
from ntmtasks.oversight.service.webhooks import NewWebhook, make, pause, resume
from ntmtasks.reports.models import Report
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.states import ReportState
from ntmtasks.reports.service.submitting import submit
from ntmtasks.tasks import jobs as tasks_jobs
from ntmtasks.tasks.queries.counting import counters
from ntmtasks.tasks.rules import Act
from ntmtasks.tasks.service.changes import act, change_deadline
from tests.support.client import Client
from tests.support.receiver import Receiver, receiver
from tests.support.work import ClientOf, of, somebody

TODAY = date(2024, 11, 14)


@pytest.fixture
def other(app: Flask) -> Iterator[Receiver]:
    """Another system on this machine, to which this instance may send."""
    settings = app.extensions["ntmtasks_config"]
    app.extensions["ntmtasks_config"] = replace(settings, webhook_private=True)
    webhooks.spread()  # what the sample's making brought about
    with receiver() as found:
        yield found


def listen(url: str, agency: str = "VP Điều phối NTM") -> str:
    """Let a system listen to all events of an agency; the secret."""
    found = db.session.scalars(select(Agency).where(Agency.short_name == agency)).one()
    return make(somebody("admin"), NewWebhook("Cổng", url, found, tuple(Event)))


def send() -> dict[MailState, int]:
    """What the worker does with events, once."""
    while webhooks.spread():
        pass
    let_go()
    return dict(webhooks.run(timedelta(seconds=30)))


def bodies(found: Receiver) -> list[dict[str, object]]:
    """What arrived."""
    return [json.loads(body) for _, body in found.arrived]


def due_now() -> None:
    """No receiver rests any more."""
    with transaction():
        db.session.execute(update(WebhookDelivery).values(next_attempt_at=clock.real_now()))


def test_each_event_is_told_once_with_a_signature(app: Flask, other: Receiver) -> None:
    work = of("III.1.c", "Sở NN&PTNT")
    mine, all_of_it = listen(other.url("/mine"), "Sở NN&PTNT"), listen(other.url("/all"))
    listen(other.url("/foreign"), "Sở VHTTDL")
    if work.work_state.value == "assigned":
        act(somebody("daumoi"), work, Act.ACCEPT)
    act(somebody("daumoi"), work, Act.SUBMIT)
    act(somebody("dieuphoi"), work, Act.CONFIRM)
    report = db.session.scalars(
        select(Report).where(
            Report.agency_id == work.agency_id, Report.state == ReportState.MISSING
        )
    ).first()
    assert report is not None
    submit(report.id, {next(iter(SectionKind)): "Đã làm xong."}, somebody("daumoi"))
    assert send() == {MailState.SENT: 6}
    assert send() == {}
    told = bodies(other)
    assert sorted(str(each["event"]) for each in told) == sorted(
        ["submitted", "confirmed", "report_submitted"] * 2
    )
    assert len({each["id"] for each in told}) == 3
    assert somebody("daumoi").name not in str(told)
    signed = set()
    for headers, body in other.arrived:
        parts = dict(part.split("=") for part in headers["X-Ntmtasks-Signature"].split(","))
        for secret in (mine, all_of_it):
            text = parts["t"].encode() + b"." + body
            if hmac.new(secret.encode(), text, "sha256").hexdigest() == parts["v1"]:
                signed.add(secret)
    assert signed == {mine, all_of_it}
    assert signature("another", 1, b"{}") != signature("a", 1, b"{}") != signature("a", 2, b"{}")


def test_what_is_overdue_is_told_once_for_each_deadline(app: Flask, other: Receiver) -> None:
    assert tasks_jobs.run(clock.now()) == 0  # nobody listens
    listen(other.url())
    late = counters(TODAY).overdue
    assert tasks_jobs.run(clock.now()) == late > 0
    assert tasks_jobs.run(clock.now()) == 0  # the day is done
    work = of("III.1.c", "Sở NN&PTNT")
    change_deadline(somebody("dieuphoi"), work, date(2024, 11, 13), "Nhầm")
    clock.freeze(date(2024, 11, 15))
    assert tasks_jobs.run(clock.now()) >= late + 1
    keys = list(db.session.scalars(select(WebhookEvent.key).where(WebhookEvent.key.is_not(None))))
    assert f"overdue:{work.id}:2024-11-13" in keys
    clock.freeze(date(2024, 11, 16))
    tasks_jobs.run(clock.now())
    count = select(func.count()).where(WebhookEvent.key == f"overdue:{work.id}:2024-11-13")
    assert db.session.scalar(count) == 1


def test_a_bad_receiver_rests_and_keeps_nobody_waiting(
    app: Flask, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbound, "READ_SECONDS", 0.2)
    listen(other.url("/slow"))
    with receiver() as good:
        listen(good.url())
        tasks_jobs.run(clock.now())
        late = counters(TODAY).overdue
        assert send() == {MailState.QUEUED: 1, MailState.SENT: late}
        assert (len(other.arrived), len(good.arrived)) == (1, late)
        assert send() == {}  # it rests
        due_now()
        assert send() == {MailState.QUEUED: 1}
        assert len(good.arrived) == late


def test_what_fails_is_shown_and_sent_again_by_hand(
    app: Flask, client_of: ClientOf, other: Receiver
) -> None:
    listen(other.url(), "Sở NN&PTNT")
    work = of("III.1.c", "Sở NN&PTNT")
    if work.work_state.value == "assigned":
        act(somebody("daumoi"), work, Act.ACCEPT)
    act(somebody("daumoi"), work, Act.SUBMIT)
    other.status = 302
    assert send() == {MailState.QUEUED: 1}
    assert len(other.arrived) == 1  # a redirect is not followed
    due_now()
    with transaction():
        db.session.execute(update(WebhookDelivery).values(attempts=MAX_ATTEMPTS - 1))
    assert send() == {MailState.FAILED: 1}
    delivery = db.session.scalars(select(WebhookDelivery)).one()
    admin, address = client_of("admin"), f"/webhooks/{delivery.webhook_id}"
    shown = admin.get(address).text
    assert "trả lời 302" in shown
    assert "mục III.1.c" in shown
    other.status = 200
    assert admin.post(f"/deliveries/{delivery.id}/send-again").status_code == 303
    assert send() == {MailState.SENT: 1}
    assert len({body["id"] for body in map(dict, bodies(other))} | {delivery.event.uid}) == 1
    assert "gửi lại sự kiện" in admin.get(address).text
    act(somebody("dieuphoi"), work, Act.CONFIRM)
    webhooks.spread()
    assert admin.post(f"{address}/remove").status_code == 303
    assert send() == {}
    states = db.session.scalars(select(WebhookDelivery.state).order_by(WebhookDelivery.id)).all()
    assert states == [MailState.SENT, MailState.CANCELLED]
    assert admin.get(address).status_code == 404


def test_what_happens_while_a_receiver_is_paused_waits_and_is_no_failure(
    app: Flask, client_of: ClientOf, outsider: Client, other: Receiver
) -> None:
    listen(other.url(), "Sở NN&PTNT")
    work, other.status = of("III.1.c", "Sở NN&PTNT"), 500
    act(somebody("daumoi"), work, Act.SUBMIT)
    assert send() == {MailState.QUEUED: 1}
    admin, hook = client_of("admin"), queries.webhooks()[0].id

    def told() -> tuple[int, int, bool]:
        page = client_of("dieuphoi").get("/outbox/alarm", htmx=True).text
        ready = outsider.get("/readyz").json
        assert ("sự kiện: 1 " in page) is ("Hệ thống khác" in page)  # nothing of what is 0
        return ready["webhooks_waiting"], ready["webhooks_failed"], "Hệ thống khác" in page

    assert told() == (1, 0, False)  # once may be bad luck
    with transaction():
        an_hour_ago = clock.real_now() - timedelta(hours=1)
        db.session.execute(update(WebhookDelivery).values(made_at=an_hour_ago))
    assert told() == (1, 0, True)
    for _ in range(2):
        assert admin.post(f"/webhooks/{hook}/pause").location == f"/webhooks/{hook}"
    assert told() == (0, 0, False)
    act(somebody("dieuphoi"), work, Act.CONFIRM)
    due_now()
    assert send() == {}
    page = admin.get(f"/webhooks/{hook}").text
    assert "Tạm dừng gửi từ" in page
    other.status = 410
    for _ in range(2):
        admin.post(f"/webhooks/{hook}/resume")
    assert send() == {MailState.FAILED: 1}
    assert told() == (0, 1, True)
    verbs = [entry.verb for entry in history.of("webhook", hook)]
    assert verbs == ["webhook.resume", "webhook.pause", "webhook.make"]
    other.status = 200
    due_now()
    assert send() == {MailState.SENT: 1}


def due_for_a_day() -> None:
    """What waits has been tried for longer than a day, and its turn has come."""
    with transaction():
        moment = clock.real_now() - webhooks.TRIED * 2
        db.session.execute(update(WebhookDelivery).values(made_at=moment, next_attempt_at=moment))


def test_a_pause_holds_back_what_is_about_to_go_and_gives_up_nothing(
    app: Flask, client_of: ClientOf, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(other.url(), "Sở NN&PTNT")
    work = of("III.1.c", "Sở NN&PTNT")
    act(somebody("daumoi"), work, Act.SUBMIT)
    act(somebody("dieuphoi"), work, Act.CONFIRM)
    webhooks.spread()
    answers = [204, 500]

    def pausing(*_told: object, **_how: object) -> int:
        assert not db.session().in_transaction(), "nobody waits for a slow receiver"
        pause(somebody("admin"), queries.webhooks()[0])
        return answers.pop(0)

    monkeypatch.setattr(outbound, "post", pausing)
    due_for_a_day()
    assert send() == {MailState.SENT: 1}, "the second was claimed with the first"
    resume(somebody("admin"), queries.webhooks()[0])
    due_for_a_day()
    assert send() == {MailState.QUEUED: 1}, "it would be the last attempt"
    assert answers == []
    left = db.session.scalars(
        select(WebhookDelivery).where(WebhookDelivery.state == MailState.QUEUED)
    ).one()
    assert left.claimed_by is None
    with transaction():
        left.state = MailState.FAILED
    admin, hook = client_of("admin"), left.webhook_id
    for is_paused, words in ((True, "khi bấm Gửi tiếp"), (False, "trong một phút")):
        admin.post(f"/deliveries/{left.id}/send-again")
        shown = admin.get(f"/webhooks/{hook}").text
        assert ("sẽ được gửi lại khi bấm Gửi tiếp" in shown) is is_paused
        assert words in shown
        admin.post(f"/webhooks/{hook}/resume")
        with transaction():
            db.session.get_one(WebhookDelivery, left.id).state = MailState.FAILED


def test_all_that_waits_behind_a_failing_receiver_is_counted(app: Flask, other: Receiver) -> None:
    other.status = 500
    listen(other.url())
    tasks_jobs.run(clock.now())
    late = counters(TODAY).overdue
    assert send() == {MailState.QUEUED: 1}
    with receiver() as good:
        listen(good.url())
        with transaction():
            again = {"spread_at": None, "made_at": clock.real_now() + timedelta(days=1)}
            today = WebhookEvent.key.is_not(None)
            db.session.execute(update(WebhookEvent).where(today).values(again))
        webhooks.spread()
    well = queries.webhooks()[1].id
    assert queries.delivery_counts()[well, MailState.QUEUED] == late
    assert queries.lost_events().waiting == late > 1


def test_sending_on_and_an_attempt_that_fails_do_not_wait_for_each_other(
    app: Flask, other: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    listen(other.url())
    tasks_jobs.run(clock.now())
    webhooks.spread()
    is_out, may_fail, results = threading.Event(), threading.Event(), list[object]()

    def post(*_told: object, **_how: object) -> int:
        is_out.set()
        may_fail.wait(10)
        return 500

    def attempt() -> None:
        with app.app_context():
            results.append(webhooks.run(timedelta(seconds=30)))

    monkeypatch.setattr(outbound, "post", post)
    (hook,) = queries.webhooks()
    let_go()
    worker_thread = threading.Thread(target=attempt)
    worker_thread.start()
    assert is_out.wait(10)
    with transaction():
        hold_webhook(hook.id)
        last = select(func.max(WebhookDelivery.id)).scalar_subquery()
        db.session.execute(
            update(WebhookDelivery).where(WebhookDelivery.id == last).values(error="")
        )
        may_fail.set()
        wait_until_somebody_is_held_up()
        begin_anew(hook.id)
    worker_thread.join()
    assert results == [{MailState.QUEUED: 1}]


def wait_until_somebody_is_held_up() -> None:
    """On PostgreSQL, until another connection waits for a lock; SQLite has one writer."""
    if db.engine.dialect.name == "sqlite":
        return
    waiting = text(
        "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
        " WHERE datname = current_database() AND NOT granted"
    )
    until = time.monotonic() + 10
    while not db.session.scalar(waiting):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_the_secret_is_shown_once_and_a_private_address_is_refused(
    app: Flask, client_of: ClientOf, other: Receiver
) -> None:
    admin = client_of("admin")
    agency = somebody("vhttdl").agency_id
    data = {"name": "Cổng", "agency_id": agency, "events": ["overdue"], "url": other.url()}
    page = admin.post("/webhooks/", data).text
    secret = page.split('id="webhook-secret"')[1].split('value="')[1].split('"')[0]
    assert secret not in admin.get("/webhooks/").text
    app.extensions["ntmtasks_config"] = replace(
        app.extensions["ntmtasks_config"], webhook_private=False
    )
    refused = admin.post("/webhooks/", {**data, "name": "Khác"})
    assert refused.status_code == 422
    assert "Địa chỉ phải bắt đầu bằng https://." in refused.text
    assert 'value="Khác"' in refused.text
    with transaction():
        db.session.execute(update(WebhookEvent).values(spread_at=None))
    tasks_jobs.run(clock.now())
    send()
    assert other.arrived == []  # what was allowed once is refused by the machine it leads to


def test_the_worker_tells_systems_in_a_thread_of_its_own(app: Flask, other: Receiver) -> None:
    listen(other.url())
    worker.tick(app)
    assert other.arrived == []
    worker.tick_webhooks(app)
    assert len(other.arrived) == counters(TODAY).overdue


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2a00:1450:4001::1", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::808:808", True),
    ],
)
def test_only_machines_of_the_world_are_public(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    [
        "http://ntm.example.vn/",
        "ftp://ntm.example.vn/",
        "https://",
        "https://a:b@ntm.example.vn/",
        "https://ntm.example.vn:99999/",
        "https://ntm.example.vn/\r\nHost: x",
        "https://ntm.example.vn/#a",
        "https://[::1/",
    ],
)
def test_an_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(NotAllowed):
        read_url(url, private=False)


def test_a_name_that_leads_to_a_private_machine_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(_host: str, port: int, **_kind: object) -> list[tuple[object, ...]]:
        return [(0, 0, 0, "", ("8.8.8.8", port)), (0, 0, 0, "", ("192.168.0.1", port))]

    monkeypatch.setattr(outbound.socket, "getaddrinfo", look_up)
    with pytest.raises(NotAllowed):
        outbound.post("https://ntm.example.vn/", b"{}", {}, private=False)
