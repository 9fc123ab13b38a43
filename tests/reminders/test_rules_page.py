"""The rules of reminding are data: changed, tried before they are saved, paused, each on record."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from sqlalchemy import func, select

from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.core.db import db
from ntmtasks.history import queries as history
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.service import record_as_sent
from ntmtasks.reminders.models import Reminder, ReminderRule
from ntmtasks.reminders.queries.ladders import ladders_now
from ntmtasks.reminders.queries.mornings import dry_run
from ntmtasks.reminders.queries.planning import plan_day
from ntmtasks.reminders.rules import QUIET, RUNGS, Ladder, Rungs
from ntmtasks.reminders.service import RULES, sweep
from tests.support.client import Client

ClientOf = Callable[[str], Client]
PAGE = "/reminders/rules"
DATED = f"{PAGE}/dated"
TYPED = {"before": "14, 7,0", "after": "2", "step": "10", "version": "0"}
pytestmark = pytest.mark.usefixtures("app")


def test_without_a_change_the_program_s_own_days_hold_and_stand_on_the_page(
    client_of: ClientOf,
) -> None:
    assert ladders_now() == RUNGS
    page = client_of("dieuphoi").get(PAGE).text
    assert 'value="60, 30, 15, 7, 3, 1, 0"' in page
    assert "trước hạn 7, 3, 1, 0 ngày; sau hạn 1 ngày, rồi cứ 7 ngày một lần" in page
    assert "trước hạn 5, 2, 0 ngày làm việc; sau hạn 1, 3 ngày làm việc" in page


def test_what_is_saved_holds_for_the_next_mails_and_is_on_record(client_of: ClientOf) -> None:
    assert client_of("admin").post(DATED, TYPED).status_code == 303
    assert ladders_now()[Ladder.DATED] == Rungs((-14, -7, 0), (2,), 10)
    assert ladders_now()[Ladder.REPORT] == RUNGS[Ladder.REPORT]
    [entry] = history.of(RULES, 0)
    name = "Nhiệm vụ có thời hạn riêng"
    assert entry.verb == "reminder.rule"
    assert entry.before[name].startswith("trước hạn 7, 3, 1, 0 ngày")
    assert entry.after[name].startswith("trước hạn 14, 7, 0 ngày; sau hạn 2 ngày, rồi cứ 10")
    assert "đổi quy tắc nhắc việc" in client_of("dieuphoi").get(PAGE).text


def test_the_same_form_sent_twice_is_one_change(client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    for _ in range(2):
        assert client.post(DATED, {**TYPED, "form_token": "once"}).status_code == 303
    assert len(history.of(RULES, 0)) == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"before": "7, ba"}, "“ba” không phải là số ngày"),
        ({"before": "-7"}, "“-7” không phải là số ngày"),
        ({"after": "0"}, "Hãy ghi các số từ 1 đến 366"),
        ({"after": "367"}, "“367” không phải là số ngày"),
        ({"after": ""}, "Hãy ghi ngày nhắc đầu tiên sau hạn"),
        ({"step": "7, 9"}, "Hãy ghi một số ngày"),
        ({"before": "", "after": "", "step": ""}, "Hãy ghi ít nhất một ngày"),
        ({"before": ",".join(map(str, range(30)))}, "mỗi ô ghi được 20 số"),
    ],
)
def test_bad_days_are_said_beside_the_field_and_kept(
    client_of: ClientOf, typed: dict[str, str], sentence: str
) -> None:
    sent, client = {**TYPED, "on": "2024-11-18", **typed}, client_of("dieuphoi")
    for address, htmx in ((DATED, False), (DATED, True), (f"{DATED}/try", True)):
        answer = client.post(address, sent, htmx=htmx)
        assert answer.status_code == 422
        assert sentence in answer.text
        assert f'value="{sent["before"]}"' in answer.text
    assert ladders_now() == RUNGS


def test_somebody_was_faster_shows_both_and_loses_nothing(client_of: ClientOf) -> None:
    client_of("admin").post(DATED, {**TYPED, "before": "20"})
    client = client_of("dieuphoi")
    for htmx in (True, False):
        answer = client.post(DATED, TYPED, htmx=htmx)
        assert answer.status_code == 409
        assert "Bản đang lưu: trước hạn 20 ngày" in answer.text
        assert 'value="14, 7,0"' in answer.text
    version = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert ladders_now()[Ladder.DATED].before == (-20,)
    assert version is not None
    again = {**TYPED, "version": str(db.session.scalar(select(ReminderRule.version)))}
    assert client.post(DATED, again).status_code == 303
    assert ladders_now()[Ladder.DATED].before == (-14, -7, 0)


def test_a_trial_names_who_would_get_a_mail_and_stores_nothing(client_of: ClientOf) -> None:
    day = date(2024, 12, 3)
    before = {digest.recipient.address for digest in dry_run(day)}
    kept = db.session.scalar(select(func.count()).select_from(OutboxMail))
    typed = {"before": "28", "after": "1", "step": "7", "version": "0", "on": day.isoformat()}
    for htmx in (True, False):
        answer = client_of("dieuphoi").post(f"{PAGE}/plan_year/try", typed, htmx=htmx)
        assert answer.status_code == 200
        said = re.search(
            r"Sáng 03/12/2024 theo nội dung vừa nhập: (\d+) thư.</b> Theo quy tắc đang lưu: (\d+) thư",
            answer.text,
        )
        assert said is not None
        assert int(said[1]) > int(said[2]) == len(before)
        assert "[-28 ngày]" in answer.text
        assert 'value="28"' in answer.text
    assert ladders_now() == RUNGS
    assert db.session.scalar(select(func.count()).select_from(OutboxMail)) == kept


def test_a_trial_wants_a_day(client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    assert "Hãy chọn ngày để thử." in client.post(f"{DATED}/try", TYPED).text
    odd = client.post(f"{DATED}/try", {**TYPED, "on": "2024-02-30"})
    assert (odd.status_code, "Hãy nhập một ngày có thật." in odd.text) == (422, True)
    assert client.post(DATED, {**TYPED, "on": ""}).status_code == 303, "saving asks for none"


def test_a_paused_rule_reminds_nobody_and_says_who_let_it_pause(client_of: ClientOf) -> None:
    day = date(2024, 12, 24)
    rungs = {item.ladder for digest in plan_day(day) for item, _ in digest.rungs}
    assert Ladder.PLAN_YEAR in rungs
    client = client_of("dieuphoi")
    assert client.post(f"{PAGE}/plan_year/pause", {"version": "0"}).status_code == 303
    assert ladders_now()[Ladder.PLAN_YEAR] is QUIET
    assert Ladder.PLAN_YEAR not in {i.ladder for d in plan_day(day) for i, _ in d.rungs}
    page = client_of("admin").get(PAGE).text
    assert re.search(r"Tạm dừng từ 14/11/2024 \d\d:\d\d bởi Đặng Thu Phương", page)
    stale = client.post(f"{PAGE}/plan_year/resume", {"version": "0"}, htmx=True)
    assert stale.status_code == 409
    assert client.post(f"{PAGE}/plan_year/resume", {"version": "1"}).status_code == 303
    assert ladders_now() == RUNGS
    assert [e.verb for e in history.of(RULES, 0)] == ["reminder.resume", "reminder.pause"]


def test_what_waits_for_a_decision_can_pause_too(client_of: ClientOf) -> None:
    day = date(2024, 11, 22)
    assert Ladder.WAITING in {i.ladder for d in plan_day(day) for i, _ in d.rungs}
    client_of("dieuphoi").post(f"{PAGE}/waiting/pause", {})
    assert Ladder.WAITING not in {line.item.ladder for d in plan_day(day) for line in d.lines}


def test_a_ladder_counted_from_a_past_day_has_no_days_before(client_of: ClientOf) -> None:
    client = client_of("dieuphoi")
    sent = {"before": "9", "after": "15", "step": "", "version": "0"}
    assert client.post(f"{PAGE}/silent", sent).status_code == 303
    assert ladders_now()[Ladder.SILENT] == Rungs((0,), (15,), 0)
    assert "Nhắc ngày 1 hằng tháng; sau 15 ngày." in client.get(PAGE).text
    sent |= {"after": "", "version": "1"}
    assert client.post(f"{PAGE}/silent", sent).status_code == 303, "the first of the month is left"
    assert client.post(f"{PAGE}/waiting", {**sent, "version": "0"}).status_code == 422


def test_an_unknown_rule_is_nowhere(client_of: ClientOf) -> None:
    assert client_of("admin").post(f"{PAGE}/yearly", TYPED).status_code == 404


def test_the_page_asks_the_same_number_of_questions_however_long_the_record(
    client_of: ClientOf, statements: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    client = client_of("dieuphoi")
    with statements() as before:
        client.get(PAGE)
    for version in range(4):
        client.post(DATED, {**TYPED, "before": str(version), "version": str(version)})
    with statements() as after:
        client.get(PAGE)
    assert len(before) == len(after) < 15


def test_a_day_far_off_is_told_as_if_the_mornings_before_had_gone_out() -> None:
    """Each rung once: the plain plan of that day would repeat what earlier mornings tell."""
    day = date(2024, 12, 26)
    told = {(i.subject, rung) for d in dry_run(day) for i, rung in d.rungs}
    for earlier in (date(2024, 12, 24), date(2024, 12, 25)):
        sweep(earlier)
        record_as_sent(addresses)
    truth = {(i.subject, rung) for d in plan_day(day) for i, rung in d.rungs}
    assert db.session.scalar(select(func.count()).select_from(Reminder))
    assert told == truth
