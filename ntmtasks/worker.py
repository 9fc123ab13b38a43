"""Work that nobody asks for by hand: the morning's reminders, joined notices, the outbox, webhooks.

APScheduler only wakes. What is due is found in the database and claimed there, so that any number of
workers may run, and what was missed while the machine was off is done once.
"""

from collections.abc import Callable
from datetime import timedelta

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask

from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries.recipients import addresses
from ntmtasks.accounts.service import RESET_LIFE
from ntmtasks.agencies.queries import office_mailbox
from ntmtasks.core import clock, health, instance, logs, settings
from ntmtasks.core.db import db
from ntmtasks.files import jobs as files_jobs
from ntmtasks.outbox import service as outbox
from ntmtasks.outbox.jobs import sending as outbox_jobs
from ntmtasks.outbox.jobs import webhooks
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import GUEST_LINK, ISSUED, NOTICES, PASSWORD_RESET, REMINDER
from ntmtasks.progress.queries import guests
from ntmtasks.reminders import jobs as reminder_jobs
from ntmtasks.reminders import service as reminders
from ntmtasks.reminders.rules import wait_for_day
from ntmtasks.tasks import jobs as tasks_jobs
from ntmtasks.workdays import jobs as workdays_jobs
from ntmtasks.workdays.queries import calendar

WAKE_SECONDS = 30
WEBHOOKS = "webhooks"
SENDING = timedelta(minutes=1)
"""So long one tick sends; the others have their turn in between."""
SCHEDULER = {
    "timezone": clock.OFFICE_ZONE,
    "job_defaults": {"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
}

log = structlog.get_logger()


def _reader_is_there(mail: OutboxMail) -> bool:
    """The person is not locked and still reads at this address."""
    user = db.session.get(User, mail.user_id) if mail.user_id is not None else None
    return user is not None and user.locked_at is None and user.email == mail.to_address


def _receiver_is_there(mail: OutboxMail) -> bool:
    """An office's mailbox is always there."""
    return mail.user_id is None or _reader_is_there(mail)


def _link_lives(mail: OutboxMail) -> bool:
    """The guest link in the mail has not been revoked or run out."""
    return guests.is_living(mail.key.rpartition(":")[2])


def _is_of_use(mail: OutboxMail) -> bool:
    """A password's link lives but an hour; later its mail would only mislead."""
    return _reader_is_there(mail) and mail.made_at > clock.real_now() - RESET_LIFE


STILL_WANTED: outbox_jobs.StillWanted = {
    REMINDER: reminders.at_sending,
    ISSUED: _receiver_is_there,
    GUEST_LINK: _link_lives,
    NOTICES: _receiver_is_there,
    PASSWORD_RESET: _is_of_use,
}


def tick(app: Flask) -> None:
    """Do what is due now; a step that fails is logged and does not keep back the others."""
    with app.app_context():
        clock.freeze(instance.config().today or settings.sample_date())
        try:
            _take(health.record_tick, _fill_calendar, _remind, _join_notices, _spread, _send, _tidy)
        finally:
            clock.freeze(None)


def tick_webhooks(app: Flask) -> None:
    """Tell other systems what is due; in a thread of its own, so that a receiver that keeps silent keeps
    no mail waiting."""
    with app.app_context():
        clock.freeze(instance.config().today or settings.sample_date())
        try:
            _take(_tell_systems)
        finally:
            clock.freeze(None)


def _take(*steps: Callable[[], None]) -> None:
    for step in steps:
        try:
            step()
        except Exception:
            db.session.rollback()
            log.exception("job_failed", step=step.__name__)
            _record_failure(step.__name__.strip("_"))


def _record_failure(step: str) -> None:
    """Let people be told of a step that goes on failing; a database that is away is told anyway."""
    try:
        health.record_failure(step)
    except Exception:
        db.session.rollback()


def _fill_calendar() -> None:
    filled = workdays_jobs.run(clock.now())
    if filled:
        log.info("days_off_filled", days=filled)


def _remind() -> None:
    """The sweep of a working day, once, from the hour in the settings on; what was missed by the
    evening waits for the next morning."""
    now = clock.now()
    if not wait_for_day(clock.local(now), reminders.start_of_sweep(), calendar()):
        made = reminder_jobs.run(now)
        if made:
            log.info("reminded", day=clock.today().isoformat(), mails=made)


def _join_notices() -> None:
    outbox.join_notices(addresses)


def _spread() -> None:
    """Events become deliveries; `tick_webhooks` sends them."""
    tasks_jobs.run(clock.now())
    webhooks.spread()


def _tell_systems() -> None:
    results = webhooks.run(SENDING)
    if results:
        log.info("webhooks", **{state.value: count for state, count in results.items()})


def _send() -> None:
    result = outbox_jobs.run(clock.now(), STILL_WANTED, office_mailbox(), SENDING)
    if any(vars(result).values()):
        log.info("outbox", **vars(result))


def _tidy() -> None:
    forgotten = files_jobs.run(clock.real_now())
    if forgotten:
        log.info("files_forgotten", files=forgotten)
    webhooks.forget()


def start(app: Flask) -> BackgroundScheduler:
    """Wake every 30 seconds and at once, in a thread of this process; the caller shuts it down."""
    scheduler = BackgroundScheduler(**SCHEDULER)
    _schedule(scheduler, app)
    scheduler.start()
    return scheduler


def run_forever(app: Flask) -> None:
    """The worker as a process of its own, until it is interrupted."""
    scheduler = BlockingScheduler(**SCHEDULER)
    _schedule(scheduler, app)
    scheduler.start()


def _schedule(scheduler: BaseScheduler, app: Flask) -> None:
    logs.configure()
    scheduler.add_executor(ThreadPoolExecutor(1))  # the next tick waits until this one is done
    scheduler.add_executor(ThreadPoolExecutor(1), WEBHOOKS)
    for work, executor in ((tick, "default"), (tick_webhooks, WEBHOOKS)):
        scheduler.add_job(work, args=[app], executor=executor)
        scheduler.add_job(work, "interval", [app], seconds=WAKE_SECONDS, executor=executor)
