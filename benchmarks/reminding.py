"""How fast a morning is planned: 50,000 and 100,000 open assignments of 3,000 people.

    python -m benchmarks.reminding

*plan* is all SQL and Python that finds out what goes to whom; *sweep* is the whole morning: planned, the
letters' words made, stored with the ledger; *mail* is the look at a mail when its turn comes. Each size is
measured in a process of its own, whose greatest memory is shown, just after the tables were filled, so
that PostgreSQL knows nothing about them yet; it should take twice as long for twice as much.
`DB=sqlite` or `DB=postgresql` takes one database.
"""

import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, delete, func, insert, select

from benchmarks.faults.stores import database, prepare
from ntmtasks import sample
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import Role
from ntmtasks.agencies.models import Agency
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock
from ntmtasks.core.db import Base, db, transaction
from ntmtasks.outbox.models import OutboxMail
from ntmtasks.outbox.rules import REMINDER
from ntmtasks.plans.queries import current_plan
from ntmtasks.reminders import service
from ntmtasks.reminders.models import Reminder
from ntmtasks.reminders.queries.planning import digest_now, plan_day
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import (
    OPEN_STATES,
    AssignmentRole,
    DeadlineBasis,
    Mode,
    Phase,
    TaskKind,
    WorkState,
)

ENGINES = ("sqlite", "postgresql")
SIZES = (50_000, 100_000)
PEOPLE, OFFICES_A_TASK = 3_000, 4
DAY, YEAR_END = date(2024, 11, 29), date(2024, 12, 31)  # the working day of Quý IV −30
LOOKED_AT = 50
SECONDS, MEGABYTES = 3.0, 300
"""What planning the larger size should stay under on 2 cores."""


def main() -> int:
    """Print a line for each database and size."""
    print(f"\nReminders on {platform.machine()}, {os.cpu_count()} cores, {PEOPLE} people")
    print(
        f"aim: plan 100,000 in {SECONDS:.0f} s and {MEGABYTES} MB, twice as much in twice the time"
    )
    for engine in [os.environ["DB"]] if os.environ.get("DB") else ENGINES:
        with TemporaryDirectory(prefix="ntm") as name, database(engine, Path(name)) as url:
            folder = Path(name)
            env = prepare(folder, url)
            app = create_app(load_config(env))
            sample.build(app, progress=lambda _line: None)
            found = []
            for size in SIZES:
                with app.app_context():
                    fill(size)
                found.append(_measure(env))
                _print(engine, found[-1])
            print(
                f"    plan: {found[1]['plan_work'] / found[0]['plan_work']:.2f} × the work for 2 × as much"
            )
    return 0


def _measure(env: dict[str, str]) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reminding", "measure"]
    done = subprocess.run(command, env=os.environ | env, check=True, stdout=subprocess.PIPE)
    return dict(json.loads(done.stdout))


def _print(engine: str, found: dict[str, float]) -> None:
    print(
        f"{engine:10} {found['assignments']:>7,.0f} open · plan {found['plan']:.2f} s "
        f"({found['plan_work']:.2f} s own work, {found['plan_mb']:.0f} MB) · "
        f"sweep {found['sweep']:.2f} s ({found['all_mb']:.0f} MB, locked at most {found['locked']:.2f} s) · "
        f"mail {found['mail'] * 1000:.0f} ms · {found['mails']:,.0f} mails, {found['lines']:,.0f} lines",
        flush=True,
    )


def measure() -> dict[str, float]:
    """Plan a morning, sweep it and look at some of its mails again in this process."""
    with create_app(load_config()).app_context():
        clock.freeze(DAY)
        db.session.execute(select(func.count()).select_from(User))  # connects
        begun, work = time.monotonic(), time.process_time()
        digests = plan_day(DAY)
        plan, work = time.monotonic() - begun, time.process_time() - work
        plan_mb, lines = _greatest_memory(), sum(len(digest.lines) for digest in digests)
        del digests
        locked, begun = _times_of(service, "store"), time.monotonic()
        made = service.sweep(DAY).mails
        sweep, all_mb = time.monotonic() - begun, _greatest_memory()
        mails = db.session.scalars(
            select(OutboxMail)
            .where(OutboxMail.kind == REMINDER, OutboxMail.to_address.startswith("officer"))
            .order_by(OutboxMail.id)
            .limit(LOOKED_AT)
        ).all()
        begun = time.monotonic()
        for mail in mails:
            digest_now(mail, DAY)
        looked = (time.monotonic() - begun) / LOOKED_AT
        return {
            "assignments": db.session.scalar(_count_open()) or 0,
            "plan": plan,
            "plan_work": work,
            "plan_mb": plan_mb,
            "sweep": sweep,
            "all_mb": all_mb,
            "locked": max(locked),
            "mail": looked,
            "mails": made,
            "lines": lines,
        }


def _times_of(owner: Any, name: str) -> list[float]:
    """How long each call of a function takes from now on, in seconds."""
    real, times = getattr(owner, name), []

    def timed(*args: Any) -> Any:
        begun = time.monotonic()
        found = real(*args)
        times.append(time.monotonic() - begun)
        return found

    setattr(owner, name, timed)
    return times


def _count_open() -> Any:
    issued = Assignment.task.has(phase=Phase.ISSUED, kind=TaskKind.CONCRETE)
    return select(func.count()).where(Assignment.work_state.in_(OPEN_STATES), issued)


def _greatest_memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def fill(assignments: int) -> None:
    """Bring the sample to so many open assignments and PEOPLE officers, with nobody reminded yet."""
    with transaction():
        db.session.execute(delete(Reminder))
        db.session.execute(delete(OutboxMail).where(OutboxMail.kind == REMINDER))
        agencies = db.session.scalars(select(Agency.id).order_by(Agency.position)).all()
        if not db.session.scalar(select(User.id).where(User.username == "officer0")):
            _write(User, _officers(agencies))
        there = db.session.scalar(_count_open()) or 0
        plan = current_plan()
        assert plan is not None
        texts = db.session.scalars(select(Task.text).order_by(Task.id)).all()
        last = db.session.scalar(select(func.max(Task.id))) or 0
        missing = (assignments - there) // OFFICES_A_TASK
        _write(Task, _tasks(plan.id, last, missing, texts))
        ids = db.session.scalars(select(Task.id).where(Task.id > last).order_by(Task.id)).all()
        officers: dict[int, list[int]] = {agency: [] for agency in agencies}
        people = select(User.id, User.agency_id).where(User.username.startswith("officer"))
        for number, agency in db.session.execute(people):
            officers[agency].append(number)
        _write(Assignment, _assignments(ids, officers))


def _write(table: type[Base], rows: Iterator[dict[str, Any]]) -> None:
    assert isinstance(table.__table__, Table)
    db.session.execute(insert(table.__table__), list(rows))


def _officers(agencies: Any) -> Iterator[dict[str, Any]]:
    moment = clock.real_now()
    for number, agency in enumerate(islice(cycle(agencies), PEOPLE)):
        yield {
            "username": f"officer{number}",
            "name": f"Chuyên viên {number}",
            "title": "",
            "phone": "",
            "email": f"officer{number}@example.invalid",
            "role": Role.OFFICER,
            "agency_id": agency,
            "password_hash": "-",
            "must_change_password": True,
            "created_at": moment,
            "version": 1,
        }


def _deadline(number: int) -> date:
    """Of ten tasks seven are due at the year's end, one is late, two are due within a fortnight."""
    if number % 10 < 7:
        return YEAR_END
    return DAY + timedelta(days=-1 - number % 90 if number % 10 == 7 else number % 14)


def _tasks(plan_id: int, last: int, count: int, texts: Any) -> Iterator[dict[str, Any]]:
    moment = clock.real_now()
    for number, text in enumerate(islice(cycle(texts), count), last + 1):
        due = _deadline(number)
        yield {
            "plan_id": plan_id,
            "path": f"V.{number}",
            "section": "IV",
            "position": 1000 + number,
            "text": text,
            "product": "",
            "source_note": "",
            "kind": TaskKind.CONCRETE,
            "mode": Mode.EACH,
            "phase": Phase.ISSUED,
            "deadline": due,
            "deadline_text": "Quý IV/2024" if due == YEAR_END else "",
            "deadline_basis": DeadlineBasis.PERIOD_END,
            "deadline_note": "",
            "quarter_four": due == YEAR_END,
            "recurrence": [],
            "search_text": "",
            "updated_at": moment,
            "version": 1,
        }


def _assignments(task_ids: Any, officers: dict[int, list[int]]) -> Iterator[dict[str, Any]]:
    """Half of the offices of each task lead, half support, each by one of its officers."""
    agencies, moment = list(officers), clock.real_now()
    for number, task_id in enumerate(task_ids):
        due = _deadline(task_id)
        for place in range(OFFICES_A_TASK):
            agency = agencies[(number * OFFICES_A_TASK + place) % len(agencies)]
            people = officers[agency]
            yield {
                "task_id": task_id,
                "agency_id": agency,
                "role": AssignmentRole.LEAD if place % 2 == 0 else AssignmentRole.SUPPORTING,
                "position": place + 1,
                "reason": "",
                "work_state": WorkState.IN_PROGRESS,
                "officer_id": people[number % len(people)],
                "deadline": due,
                "original_deadline": due,
                "extended": False,
                "percent": 40,
                "pending_note": "",
                "state_note": "",
                "heard_at": moment,
                "updated_at": moment,
                "version": 1,
            }


if __name__ == "__main__":
    if sys.argv[1:] == ["measure"]:
        print(json.dumps(measure()))
        raise SystemExit(0)
    raise SystemExit(main())
