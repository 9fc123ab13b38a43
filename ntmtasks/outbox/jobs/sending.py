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

import structlog
from sqlalchemy import case, func, select, update

from ntmtasks.core import clock, instance
from ntmtasks.core.db import db, insert, let_go, transaction
from ntmtasks.core.smtp import Line, LineBroken, Reply, ServerRefuses, connected
from ntmtasks.outbox import mails
from ntmtasks.outbox.jobs import queue
from ntmtasks.outbox.models import OutboxMail, ServerState
from ntmtasks.outbox.queries import SERVER, server, smtp_url
from ntmtasks.outbox.rules import (
    LONGEST_WAIT_OF_A_RESET,
    MAX_ATTEMPTS,
    PASSWORD_RESET,
    REFUSED_MAILS,
    SERVER_LONGEST_WAIT,
    MailState,
    is_barred,
    keeps_keys,
    state_after_doubt,
    wait_after,
    without_keys,
)

BATCH = 20
LEASE = timedelta(minutes=5)
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


def run(
    now: datetime,
    still_wanted: StillWanted,
    reply_to: str = "",
    at_most: timedelta | None = None,
) -> RunResult:
    """Send all mails that are due; any number of workers may do so at once.

    `now` is the office's moment, kept as the time of sending. `still_wanted` says by kind whether a
    mail still holds when its turn comes, and what it says by then; a kind without an answer always
    goes as it was made. `reply_to` is the address for answers, empty for none. No new batch is begun
    after `at_most`, so that a worker with a thousand mails comes round to its other work. Not to be
    called inside a transaction: between the transactions it talks to the mail server.
    """
    results = _doubt_lost_leases()
    url = smtp_url()
    me = secrets.token_hex(8)
    until = clock.real_now() + at_most if at_most else None
    while url and not _server_rests() and (batch := _claim(me)):
        sending = _Sending(me, now, still_wanted, reply_to, results)
        if not sending.deliver(url, batch) or (until and clock.real_now() >= until):
            break
    return RunResult(
        sent=results[MailState.SENT],
        failed=results[MailState.FAILED],
        queued=results[MailState.QUEUED],
        doubtful=results[MailState.DOUBTFUL],
    )


def _server_rests() -> bool:
    """Whether the server failed just now and is to be left alone for a while."""
    state = server()
    until = state.next_try_at if state and state.failing_since else None
    let_go()
    return until is not None and until > clock.real_now()


def _doubt_lost_leases() -> Counter[MailState]:
    """Settle mails whose sender died while it handed over the text."""
    results: Counter[MailState] = Counter()
    with transaction():
        moment = clock.real_now()
        lost = select(OutboxMail).where(
            OutboxMail.state == MailState.DATA, OutboxMail.lease_until < moment
        )
        for mail in queue.locked(lost):
            mail.state = state_after_doubt(mail.kind, mail.doubts)
            mail.doubts += 1
            mail.attempts += 1
            mail.error = MAY_HAVE_ARRIVED
            mail.claimed_by = mail.lease_until = None
            results[mail.state] += 1
    return results


def _claim(me: str) -> Sequence[OutboxMail]:
    """Up to BATCH due mails, leased to `me`; they are copies that no session follows."""
    # Somebody sits and waits for a password; a thousand reminders stand behind it.
    urgent_first = case((OutboxMail.kind == PASSWORD_RESET, 0), else_=1)
    order = (urgent_first, OutboxMail.next_attempt_at, OutboxMail.id)
    with transaction():
        due = select(OutboxMail).where(queue.is_due(OutboxMail)).order_by(*order).limit(BATCH)
        return queue.claim(due, me, LEASE)


class _Sending:
    """The mails claimed by `me` on their way, and what became of them."""

    def __init__(
        self,
        me: str,
        now: datetime,
        still_wanted: StillWanted,
        reply_to: str,
        results: Counter[MailState],
    ) -> None:
        self.me = me
        self.now = now
        self.still_wanted = still_wanted
        self.reply_to = reply_to
        self.results = results
        self.taken = 0
        self.barred: list[tuple[OutboxMail, str]] = []

    def deliver(self, url: str, batch: Sequence[OutboxMail]) -> bool:
        """Send the batch over one line; False when the server took nothing of it."""
        line_holds = False
        try:
            with connected(url, instance.config().mail_from) as line:
                line_holds = all(self._send(line, mail) for mail in batch)
        except LineBroken as error:
            log.warning("mail_server_unreachable", error=str(error))
            for mail, reason in self.barred:
                self._try_again(mail, reason)
            self.results[MailState.QUEUED] += queue.put_back(
                OutboxMail, self.me, f"máy chủ thư không nhận: {error}"
            )
            _server_failed(str(error))
        else:
            for mail, reason in self.barred:
                self._settle(mail, MailState.FAILED, reason)
            queue.put_back(OutboxMail, self.me)
        return line_holds or self.taken > 0

    def _send(self, line: Line, mail: OutboxMail) -> bool:
        """Send one mail and settle its state; False when the line is of no more use."""
        content = self._content(mail)
        let_go()
        if content is None:
            return True
        try:
            reply = line.announce(mail.to_address)
        except ServerRefuses:
            raise  # no fault of this mail: the server takes none
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
                queue.put_off(OutboxMail, mail.id, self.me, verdict)
                return None
            if isinstance(verdict, mails.Letter):
                mail.subject, mail.text, mail.html = verdict.subject, verdict.text, verdict.html
            sender = instance.config().mail_from
            return mails.content(mail, sender, self.reply_to, clock.real_now())
        except mails.UnsendableMail as error:
            self._settle(mail, MailState.FAILED, str(error))
        except Exception as error:  # one mail that nobody can judge must not keep back the others
            log.exception("mail_not_judged", mail=mail.id)
            self._try_again(mail, repr(error))
        return None

    def _take_answer(self, mail: OutboxMail, reply: Reply) -> None:
        reason = f"{reply.code} {reply.text}"
        if is_barred(reply.code, reply.text):
            self._bar(mail, reason)
            return
        _server_answers()
        if reply.is_yes:
            self.taken += 1
            self._settle(mail, MailState.SENT, "", sent_at=self.now)
        elif reply.is_later:
            self._try_again(mail, reason)
        else:
            self._settle(mail, MailState.FAILED, reason)

    def _bar(self, mail: OutboxMail, reason: str) -> None:
        """Keep a mail that the server bars until it is known whether it bars us: it fails alone when others
        are taken. Barred one after the other they are tried later, behind those that were not tried yet;
        raises ServerRefuses then."""
        self.barred.append((mail, reason))
        if not self.taken and len(self.barred) >= REFUSED_MAILS:
            raise ServerRefuses(reason)

    def _try_again(self, mail: OutboxMail, reason: str) -> None:
        """Later, unless it has been tried for a day."""
        is_last = mail.attempts + 1 >= MAX_ATTEMPTS
        self._settle(mail, MailState.FAILED if is_last else MailState.QUEUED, reason)

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
        """End this attempt, unless somebody else has judged the mail since our lease ran out. A key in
        its text is not kept once it goes nowhere any more."""
        attempts = mail.attempts + 1
        is_again = state is MailState.QUEUED
        if not keeps_keys(mail.kind, state):
            values |= {"text": without_keys(mail.text), "html": without_keys(mail.html)}
        wait = wait_after(attempts, random.random()) if is_again else timedelta(0)
        values |= {"state": state, "error": reason, "attempts": attempts}
        if queue.settle(OutboxMail, mail.id, self.me, wait, **values):
            self.results[state] += 1


def _server_failed(error: str) -> None:
    """Note that the server takes nothing now, and leave it alone for longer each time: a wrong
    password that is tried twice a minute locks the account. Not so long while somebody waits for a
    password of ours."""
    with transaction():
        state = server()
        failures = state.failures + 1 if state and state.failing_since else 1
        moment = clock.real_now()
        longest = LONGEST_WAIT_OF_A_RESET if _reset_waits() else SERVER_LONGEST_WAIT
        wait = wait_after(failures, random.random(), longest)
        changes = {"failures": failures, "next_try_at": moment + wait, "error": error}
        row = insert(ServerState).values(id=SERVER, failing_since=moment, **changes)
        since = func.coalesce(ServerState.failing_since, moment)
        db.session.execute(
            row.on_conflict_do_update(
                index_elements=["id"], set_={"failing_since": since, **changes}
            )
        )


def _reset_waits() -> bool:
    waits = select(OutboxMail.id).where(
        OutboxMail.kind == PASSWORD_RESET, OutboxMail.state == MailState.QUEUED
    )
    return db.session.scalar(waits.limit(1)) is not None


def _server_answers() -> None:
    """Note that the server works again, if it did not."""
    state = server()
    is_news = state is not None and state.failing_since is not None
    let_go()
    if is_news:
        with transaction():
            db.session.execute(update(ServerState).values(failing_since=None, failures=0, error=""))
