"""Sending what lies in the outbox.

Plain SMTP cannot promise that a mail arrives exactly once. What is promised here: none is lost, and
every mail that may have arrived twice is known and carried the same Message-ID both times.
"""

import random
import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from sqlalchemy import Select, case, or_, select, update

from ntmtasks.core import clock, instance, settings
from ntmtasks.core.db import db, let_go, transaction
from ntmtasks.core.smtp import Line, LineBroken, Reply, connected
from ntmtasks.outbox import mails
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import (
    MAX_ATTEMPTS,
    PASSWORD_RESET,
    UNREACHABLE_WAIT,
    MailState,
    state_after_doubt,
    wait_after,
)

BATCH = 20
LEASE = timedelta(minutes=5)
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
MAY_HAVE_ARRIVED = "mất kết nối sau khi giao nội dung, thư có thể đã đến"
NO_LONGER_WANTED = "không còn cần gửi"

Verdict = bool | mails.Letter | timedelta
"""What becomes of a mail when its turn comes. True: it goes as it was made; a letter: it says this
now; a time: it is asked about again after so long; False: it is cancelled."""
StillWanted = Mapping[str, Callable[[OutboxMail], Verdict]]
log = structlog.get_logger()


@dataclass(frozen=True)
class RunResult:
    """What became of the mails of one run; a reminder to be sent again after a doubt is queued."""

    sent: int
    failed: int
    queued: int
    doubtful: int


def run(now: datetime, still_wanted: StillWanted) -> RunResult:
    """Send all mails that are due; any number of workers may do so at once.

    `now` is the office's moment, kept as the time of sending. `still_wanted` says by kind whether a
    mail still holds when its turn comes, and what it says by then; a kind without an answer always
    goes as it was made. Not to be called inside a transaction: between the transactions it talks to
    the mail server.
    """
    results = _doubt_lost_leases()
    url = _allowed_smtp_url()
    me = secrets.token_hex(8)
    while url and (batch := _claim(me)):
        sending = _Sending(me, now, still_wanted, results)
        if not sending.deliver(url, batch):
            break
    return RunResult(
        sent=results[MailState.SENT],
        failed=results[MailState.FAILED],
        queued=results[MailState.QUEUED],
        doubtful=results[MailState.DOUBTFUL],
    )


def _allowed_smtp_url() -> str | None:
    """Where to send; None without a server, or when the sample would reach into the world."""
    url = instance.config().smtp_url
    if url and settings.sample_date() and urlsplit(url).hostname not in THIS_MACHINE:
        return None
    return url


def _doubt_lost_leases() -> Counter[MailState]:
    """Settle mails whose sender died while it handed over the text."""
    results: Counter[MailState] = Counter()
    with transaction():
        moment = clock.real_now()
        lost = select(OutboxMail).where(
            OutboxMail.state == MailState.DATA, OutboxMail.lease_until < moment
        )
        for mail in _locked(lost):
            mail.state = state_after_doubt(mail.kind, mail.doubts)
            mail.doubts += 1
            mail.attempts += 1
            mail.error = MAY_HAVE_ARRIVED
            mail.claimed_by = mail.lease_until = None
            results[mail.state] += 1
    return results


def _claim(me: str) -> Sequence[OutboxMail]:
    """Up to BATCH due mails, leased to `me`; they are copies that no session follows."""
    with transaction():
        moment = clock.real_now()
        due = select(OutboxMail).where(
            OutboxMail.state == MailState.QUEUED,
            OutboxMail.next_attempt_at <= moment,
            or_(OutboxMail.lease_until.is_(None), OutboxMail.lease_until < moment),
        )
        # Somebody sits and waits for a password; a thousand reminders stand behind it.
        urgent_first = case((OutboxMail.kind == PASSWORD_RESET, 0), else_=1)
        order = (urgent_first, OutboxMail.next_attempt_at, OutboxMail.id)
        found = _locked(due.order_by(*order).limit(BATCH))
        for mail in found:
            mail.claimed_by = me
            mail.lease_until = moment + LEASE
        db.session.flush()
        for mail in found:
            db.session.expunge(mail)
    return found


def _locked(mails_wanted: Select[OutboxMail]) -> Sequence[OutboxMail]:
    """The rows as they are now, without those that another worker holds (SQLite has one writer)."""
    return db.session.scalars(
        mails_wanted.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).all()


class _Sending:
    """The mails claimed by `me` on their way, and what became of them."""

    def __init__(
        self,
        me: str,
        now: datetime,
        still_wanted: StillWanted,
        results: Counter[MailState],
    ) -> None:
        self.me = me
        self.now = now
        self.still_wanted = still_wanted
        self.results = results
        self.taken = 0

    def deliver(self, url: str, batch: Sequence[OutboxMail]) -> bool:
        """Send the batch over one line; False when the server took nothing of it."""
        line_holds = False
        try:
            with connected(url, instance.config().mail_from) as line:
                line_holds = all(self._send(line, mail) for mail in batch)
        except LineBroken as error:
            log.warning("mail_server_unreachable", error=str(error))
            self.results[MailState.QUEUED] += len(batch)
            self._put_back(UNREACHABLE_WAIT, error=f"không kết nối được máy chủ thư: {error}")
        else:
            self._put_back(timedelta(0))
        return line_holds or self.taken > 0

    def _send(self, line: Line, mail: OutboxMail) -> bool:
        """Send one mail and settle its state; False when the line is of no more use."""
        content = self._content(mail)
        let_go()
        if content is None:
            return True
        try:
            reply = line.announce(mail.to_address)
        except LineBroken as error:
            self._try_again(mail, str(error))
            return False
        if reply.is_yes:
            if not self._step_to_data(mail):
                return True
            try:
                reply = line.hand_over(content)
            except LineBroken:
                state = state_after_doubt(mail.kind, mail.doubts)
                self._settle(mail, state, MAY_HAVE_ARRIVED, doubts=mail.doubts + 1)
                return False
        self._take_answer(mail, reply)
        return not reply.hangs_up

    def _content(self, mail: OutboxMail) -> bytes | None:
        """The message to hand over; None when there is none to send any more, or not yet."""
        try:
            ask = self.still_wanted.get(mail.kind)
            verdict = True if ask is None else ask(mail)
            if verdict is False:
                self._settle(mail, MailState.CANCELLED, NO_LONGER_WANTED)
                return None
            if isinstance(verdict, timedelta):
                self._let_wait(mail, verdict)
                return None
            if isinstance(verdict, mails.Letter):
                mail.subject, mail.text, mail.html = verdict.subject, verdict.text, verdict.html
            return mails.content(mail, instance.config().mail_from, clock.real_now())
        except mails.UnsendableMail as error:
            self._settle(mail, MailState.FAILED, str(error))
        except Exception as error:  # one mail that nobody can judge must not keep back the others
            log.exception("mail_not_judged", mail=mail.id)
            self._try_again(mail, repr(error))
        return None

    def _take_answer(self, mail: OutboxMail, reply: Reply) -> None:
        reason = f"{reply.code} {reply.text}"
        if reply.is_yes:
            self.taken += 1
            self._settle(mail, MailState.SENT, "", sent_at=self.now)
        elif reply.is_later and mail.attempts + 1 < MAX_ATTEMPTS:
            self._try_again(mail, reason)
        else:
            self._settle(mail, MailState.FAILED, reason)

    def _try_again(self, mail: OutboxMail, reason: str) -> None:
        self._settle(mail, MailState.QUEUED, reason)

    def _step_to_data(self, mail: OutboxMail) -> bool:
        """Note that the text goes out now, and which; False when the mail is no longer ours to send."""
        with transaction():
            moment = clock.real_now()
            step = update(OutboxMail).where(
                OutboxMail.id == mail.id,
                OutboxMail.claimed_by == self.me,
                OutboxMail.state == MailState.QUEUED,
                OutboxMail.lease_until > moment,
            )
            step = step.values(
                state=MailState.DATA,
                lease_until=moment + LEASE,
                subject=mail.subject,
                text=mail.text,
                html=mail.html,
            )
            return db.session.scalar(step.returning(OutboxMail.id)) is not None

    def _settle(self, mail: OutboxMail, state: MailState, reason: str, **values: Any) -> None:
        """End this attempt, unless somebody else has judged the mail since our lease ran out."""
        attempts = mail.attempts + 1
        with transaction():
            settled = (
                update(OutboxMail)
                .where(OutboxMail.id == mail.id, OutboxMail.claimed_by == self.me)
                .values(
                    state=state,
                    error=reason,
                    attempts=attempts,
                    next_attempt_at=clock.real_now() + wait_after(attempts, random.random()),
                    claimed_by=None,
                    lease_until=None,
                    **values,
                )
            )
            if db.session.scalar(settled.returning(OutboxMail.id)) is not None:
                self.results[state] += 1

    def _let_wait(self, mail: OutboxMail, wait: timedelta) -> None:
        """Give a mail back whose hour has not come; that is no attempt."""
        with transaction():
            db.session.execute(
                update(OutboxMail)
                .where(
                    OutboxMail.id == mail.id,
                    OutboxMail.claimed_by == self.me,
                    OutboxMail.state == MailState.QUEUED,
                )
                .values(claimed_by=None, lease_until=None, next_attempt_at=clock.real_now() + wait)
            )

    def _put_back(self, wait: timedelta, **values: Any) -> None:
        """Give back what is still claimed and was not tried."""
        with transaction():
            left = update(OutboxMail).where(
                OutboxMail.claimed_by == self.me, OutboxMail.state == MailState.QUEUED
            )
            if wait:
                values["next_attempt_at"] = clock.real_now() + wait
            db.session.execute(left.values(claimed_by=None, lease_until=None, **values))
