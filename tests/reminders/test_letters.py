"""Five letters of the plan's real days, byte for byte as they go over the line."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import pytest
from sqlalchemy import select, update

from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.core import clock, instance
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox import mails
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.models import Notice, OutboxMail
from ntmtasks.outbox.rules import MailState
from ntmtasks.progress.queries.waiting import waiting_for
from ntmtasks.progress.service import deciding
from ntmtasks.reminders.service import sweep
from tests.support.work import somebody

pytestmark = pytest.mark.usefixtures("app")
GOLDEN = Path(__file__).parent / "golden"
PHONG_DIEN, THOI_LAI = "mau.phongdien@example.invalid", "thoilai@example.invalid"


def morning(before: date, day: date, address: str) -> OutboxMail:
    """What an address gets on `day`, when the mails of the sweep on `before` went out."""
    sweep(before)
    with transaction():
        db.session.execute(update(OutboxMail).values(state=MailState.SENT))
    clock.freeze(day)
    sweep(day)
    waiting = select(OutboxMail).where(OutboxMail.state == MailState.QUEUED)
    return db.session.scalars(waiting.where(OutboxMail.to_address == address)).one()


def returned() -> OutboxMail:
    """What the focal point gets whose completion was returned, a minute later."""
    work = next(a for a in waiting_for(somebody("dieuphoi")) if a.agency.short_name == "Sở KH&ĐT")
    deciding.return_for_rework(somebody("dieuphoi"), work, "Thiếu biên bản nghiệm thu")
    with transaction():
        past = clock.real_now() - timedelta(seconds=61)
        db.session.execute(update(Notice).values(made_at=past))
    outbox.join_notices(addresses)
    waiting = select(OutboxMail).where(OutboxMail.state == MailState.QUEUED)
    return db.session.scalars(waiting.where(OutboxMail.kind == "notices")).one()


LETTERS: dict[str, Callable[[], OutboxMail]] = {
    "report-2": lambda: morning(date(2024, 11, 13), date(2024, 11, 14), PHONG_DIEN),
    "quarter-four-30": lambda: morning(date(2024, 11, 28), date(2024, 11, 29), PHONG_DIEN),
    "quarter-four-1": lambda: morning(date(2024, 12, 27), date(2024, 12, 30), THOI_LAI),
    "overdue+1": lambda: morning(date(2024, 11, 8), date(2024, 11, 11), THOI_LAI),
    "returned": returned,
}
SUBJECTS = {
    "report-2": "[Báo cáo tháng 11] Còn 2 ngày đến hạn nộp – UBND huyện Phong Điền",
    "quarter-four-30": (
        "[Nhắc việc] 1 quá hạn, 5 sắp đến hạn – UBND huyện Phong Điền – 29/11/2024"
    ),
    "quarter-four-1": "[Nhắc việc] 4 quá hạn, 4 sắp đến hạn – UBND huyện Thới Lai – 30/12/2024",
    "overdue+1": "[Nhắc việc] 2 quá hạn, 1 sắp đến hạn – UBND huyện Thới Lai – 11/11/2024",
    "returned": "Trả lại – mục III.9.a.-1",
}


@pytest.mark.parametrize("name", list(LETTERS))
def test_the_letter_goes_out_as_it_always_did(name: str) -> None:
    mail = LETTERS[name]()
    mail.message_id = "<0123456789abcdef@example.invalid>"
    db.session.expunge(mail)
    moment = datetime(2024, 11, 14, 0, 30, tzinfo=UTC)
    made = mails.content(mail, instance.config().mail_from, "dieuphoi@example.invalid", moment)
    boundary = message_from_bytes(made).get_boundary()
    assert boundary is not None
    made = made.replace(boundary.encode(), b"=ranh-gioi=")  # chance made it
    assert (GOLDEN / f"{name}.eml").read_bytes() == made
    assert mail.subject == SUBJECTS[name]
