"""The coordinator's page: who gets what this week, what was sent to whom, who has nobody."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ntmtasks.agencies.models import Agency
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.history.models import HistoryEntry
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.outbox.service import post
from ntmtasks.reminders.queries.mornings import coming_mornings, dry_run, dry_runs
from ntmtasks.reminders.service import sweep
from tests.support.client import Client
from tests.support.work import somebody

ClientOf = Callable[[str], Client]
Statements = Callable[[], AbstractContextManager[list[str]]]
SENT = "/reminders/sent"
pytestmark = pytest.mark.usefixtures("app")


def mail(kind: str, name: str, state: MailState = MailState.SENT, text: str = "Chữ") -> OutboxMail:
    """A mail to a person of the sample, in a state."""
    person = somebody(name)
    made = post(
        f"{kind}:{name}:{state}", kind, person.email, person.name, f"Thư {kind} {name}", text,
        f"<p>{text}</p>", person.id,
    )  # fmt: skip
    assert made is not None
    with transaction():
        made.state, made.error = state, "550 no" if state is MailState.FAILED else ""
    return made


def test_the_week_repeats_no_rung_and_each_day_is_the_same_alone() -> None:
    days = coming_mornings(5)
    assert days[0] == date(2024, 11, 14)
    assert all(day.weekday() < 5 for day in days)
    week = dry_runs(days)
    told = [
        (item.ladder, item.subject, rung, digest.recipient.address)
        for digests in week.values()
        for digest in digests
        for item, rung in digest.rungs
    ]
    assert told
    assert len(told) == len(set(told))
    for day in days:
        alone = {(d.recipient.address, tuple(d.rungs)) for d in dry_run(day)}
        assert alone == {(d.recipient.address, tuple(d.rungs)) for d in week[day]}


def test_the_page_names_each_morning_and_how_many_get_a_mail(client_of: ClientOf) -> None:
    page = client_of("dieuphoi").get("/reminders/").text
    found = dict(re.findall(r"<h2>\w[\w ]* (\d\d/\d\d/\d{4}) · (\d+) thư", page))
    week = dry_runs(coming_mornings(5))
    assert found == {day.strftime("%d/%m/%Y"): str(len(d)) for day, d in week.items()}
    assert "15/11/2024" in found


def test_a_day_lists_people_and_their_lines(client_of: ClientOf) -> None:
    page = client_of("admin").get("/reminders/?day=2024-12-24").text
    assert f"Thứ ba 24/12/2024: {len(dry_run(date(2024, 12, 24)))} thư" in page
    assert "[-7 ngày]" in page
    free = client_of("admin").get("/reminders/?day=2024-12-22").text
    assert "Không ai nhận thư vào sáng này" in free


@pytest.mark.parametrize("day", ["2024-02-30", "hôm nay", "9999-12-31", "2022-01-01"])
def test_an_odd_day_gets_a_sentence_and_is_kept(client_of: ClientOf, day: str) -> None:
    answer = client_of("dieuphoi").get("/reminders/", query_string={"day": day})
    assert answer.status_code == 422
    assert re.search(r'id="day-error">Hãy (nhập|chọn) một ngày', answer.text)
    assert f'value="{day}"' in answer.text


def test_a_trial_far_away_is_refused(client_of: ClientOf) -> None:
    sent = {"before": "7", "after": "1", "step": "", "on": "9999-12-31"}
    answer = client_of("dieuphoi").post("/reminders/rules/dated/try", sent)
    assert (answer.status_code, "không quá 366 ngày" in answer.text) == (422, True)


def test_agencies_without_anyone_are_named(client_of: ClientOf) -> None:
    assert "chưa có ai để nhắc" not in client_of("dieuphoi").get("/reminders/").text
    with transaction():
        office = Agency.short_name == "Sở Xây dựng"
        db.session.execute(update(Agency).where(office).values(mailbox=""))
    page = client_of("dieuphoi").get("/reminders/").text
    assert "1 cơ quan chưa có ai để nhắc" in page
    assert re.search(r"<b>Sở Xây dựng</b> · \d+ việc.*thư đến Đặng Thu Phương", page)


def test_what_was_sent_is_listed_but_for_secret_links(client_of: ClientOf) -> None:
    for kind in ("reminder", "notices", "issued", "guest_link"):
        mail(kind, "daumoi")
    secret = mail("password_reset", "daumoi")
    client = client_of("dieuphoi")
    page = client.get(SENT).text
    for kind in ("reminder", "notices", "issued", "guest_link"):
        assert f"Thư {kind} daumoi" in page
    assert "Thư password_reset daumoi" not in page
    for address in (f"{SENT}/{secret.id}", f"{SENT}/{secret.id}/html"):
        assert client.get(address).status_code == 404
    assert client.post(f"{SENT}/{secret.id}/send-again").status_code == 404


def test_a_mail_opens_as_its_recipient_sees_it_without_the_guest_s_token(
    client_of: ClientOf,
) -> None:
    made = mail("guest_link", "daumoi", text="Mở http://x/guest/abc.DEF-9_z để báo cáo")
    client = client_of("dieuphoi")
    page = client.get(f"{SENT}/{made.id}")
    assert "Mở http://x/guest/… để báo cáo" in page.text
    assert "abc.DEF" not in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    body = client.get(f"{SENT}/{made.id}/html")
    assert body.text == "<p>Mở http://x/guest/… để báo cáo</p>"
    assert "default-src 'none'" in body.headers["Content-Security-Policy"]


def test_person_agency_and_state_filter_the_list(client_of: ClientOf) -> None:
    mail("reminder", "daumoi")
    mail("reminder", "vhttdl")
    mail("reminder", "thoilai", MailState.FAILED)
    post("box", "reminder", "so@example.invalid", "Sở", "Thư của hộp", "Chữ", "<p>Chữ</p>")
    with transaction():
        agency = somebody("daumoi").agency
        agency.mailbox = "so@example.invalid"
    client = client_of("admin")

    def found(**asked: str | int) -> set[str]:
        page = client.get(SENT, query_string=asked).text
        return set(re.findall(r'sent/\d+">Thư (?:reminder )?(\w[\w ]*)</a>', page))

    everything = found()
    assert {"daumoi", "vhttdl", "thoilai", "của hộp"} <= everything
    assert found(agency=agency.id) == {"daumoi", "của hộp"}
    assert found(q=somebody("vhttdl").name.lower()) == {"vhttdl"}
    assert found(q="so nong nghiep") == {"của hộp"}
    assert found(state="failed") == {"thoilai"}
    assert found(state="lost", agency="x", page="²") == everything


def test_what_failed_says_why_and_goes_again_with_a_record(client_of: ClientOf) -> None:
    made = mail("reminder", "daumoi", MailState.FAILED)
    client = client_of("dieuphoi")
    page = client.get(f"{SENT}?state=failed").text
    assert "550 no" in page
    back = f"{SENT}?state=failed&page=1"
    answer = client.post(f"{SENT}/{made.id}/send-again", {"back": back})
    assert (answer.status_code, answer.location) == (303, back)
    assert db.session.get_one(OutboxMail, made.id).state is MailState.QUEUED
    entry = db.session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    assert entry is not None
    assert (entry.verb, entry.actor_id) == ("mail.retry", somebody("dieuphoi").id)
    again = client.post(f"{SENT}/{made.id}/send-again", {"back": "//evil.example"}, htmx=True)
    assert again.text.lstrip().startswith(f'<tr id="sent-row-{made.id}">')
    assert "không gửi lại được: chờ gửi" in again.text
    assert client.post(f"{SENT}/{made.id}/send-again", {"back": "//evil.example"}).location == SENT


def test_fifty_a_page_and_past_the_end_the_last(client_of: ClientOf) -> None:
    person = somebody("daumoi")
    for number in range(60):
        post(f"n{number}", "notices", person.email, "Ân", f"Tin {number}", "x", "x", person.id)
    client = client_of("dieuphoi")
    asked = {"q": person.name}
    first = client.get(SENT, query_string=asked).text
    assert len(re.findall(r'id="sent-row-', first)) == 50
    last = client.get(SENT, query_string={**asked, "page": 99}).text
    assert "Trang 2 / 2" in last


def test_the_pages_ask_a_fixed_number_of_questions(
    client_of: ClientOf, statements: Statements
) -> None:
    client = client_of("dieuphoi")
    counts = []
    for _ in range(2):
        with statements() as coming:
            client.get("/reminders/")
        with statements() as sent:
            client.get(SENT)
        counts.append((len(coming), len(sent)))
        clock.freeze(date(2024, 12, 24))
        sweep(date(2024, 12, 24))
        with transaction():
            later = clock.today() + timedelta(days=1)
            db.session.execute(update(OutboxMail).values(office_day=later.isoformat()))
    assert counts[0] == counts[1]
    assert counts[0][1] < 15
