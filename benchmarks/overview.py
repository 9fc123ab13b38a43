"""How fast the overview and its pages are in the process, with 10,000 and 100,000 assignments.

    python -m benchmarks.overview

A page is asked of the application itself, without a server, by the coordinator, who is shown most; the
median of some rounds is printed beside what the process computed in it (CPU) and the number of queries.
The overview of today over the larger size has an aim; past days have none, as no index tells how work
stood then. A status page about the sample's plan is asked with its ETag, which must find nothing new in
time, and without. `DB=sqlite` or `DB=postgresql` takes one database, `SIZES=10000` one size.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, func, select
from werkzeug.test import TestResponse

from benchmarks.faults.stores import database, prepare
from benchmarks.many import fill
from ntmtasks import sample
from ntmtasks.accounts import service
from ntmtasks.accounts.models import User
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.sessions import TOKEN
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock
from ntmtasks.core.db import db, transaction
from ntmtasks.oversight.rules.status import Block, SubjectKind
from ntmtasks.oversight.service import status_pages
from ntmtasks.plans.models import Plan
from ntmtasks.tasks.models import Assignment, Task
from ntmtasks.tasks.rules import OPEN_STATES, AssignmentRole
from ntmtasks.tasks.service.changes import change_deadline

ENGINES = ("sqlite", "postgresql")
SIZES = (10_000, 100_000)
ASSIGNMENTS_A_TASK = 1.6
"""What `fill` makes of a task, roughly."""
REVISED = 300
"""So many deadlines are moved after the issue, by the verb itself."""
ROUNDS, WARM_UP = 15, 3
MILLISECONDS = 150
"""What the overview of today should stay under."""
UNCHANGED_MILLISECONDS = 5
"""What a status page should stay under that is asked whether anything is new."""
PAGES = (
    "/overview",
    "/overview?on=2024-09-01",
    "/overview/comparison",
    "/overview/changes",
    "/overview/pictures",
    "/overview/timeline",
    "/overdue?on=2024-09-01",
)


def main() -> int:
    """Print a line for each database, size and page; 1 where the overview misses its aim."""
    print(f"\nOverview on {platform.machine()}, {os.cpu_count()} cores, in the process")
    print(f"aim: the overview of today over {SIZES[-1]:,} assignments in {MILLISECONDS} ms")
    sizes = [int(os.environ["SIZES"])] if os.environ.get("SIZES") else SIZES
    slow = False
    for engine in [os.environ["DB"]] if os.environ.get("DB") else ENGINES:
        with TemporaryDirectory(prefix="ntm") as name, database(engine, Path(name)) as url:
            app = create_app(load_config(prepare(Path(name), url)))
            sample.build(app, progress=lambda _line: None)
            for size in sizes:
                with app.app_context():
                    _enlarge(size)
                slow |= _measure(app, engine, size == SIZES[-1])
                slow |= _measure_status(app)
    return int(slow)


def _enlarge(size: int) -> None:
    """Bring the sample to about so many assignments, and let some of them be revised."""
    clock.freeze(sample.SAMPLE_DAY)
    fill(int(size / ASSIGNMENTS_A_TASK))
    _analyze()
    coordinator = accounts.user_by_name("dieuphoi")
    assert coordinator is not None
    work = db.session.scalars(
        select(Assignment)
        .where(
            Assignment.role == AssignmentRole.LEAD,
            Assignment.work_state.in_(OPEN_STATES),
            Assignment.deadline.is_not(None),
        )
        .order_by(Assignment.id.desc())
        .limit(REVISED)
    ).all()
    with transaction():
        for each in work:
            change_deadline(coordinator, each, sample.SAMPLE_DAY, "Theo đề nghị")
    db.session.remove()
    clock.freeze(None)


def _analyze() -> None:
    """As PostgreSQL does by itself after a while."""
    if db.engine.dialect.name == "postgresql":
        db.session.commit()
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def _measure(app: Flask, engine: str, has_aim: bool) -> bool:
    client = _client(app)
    with app.app_context():
        there = db.session.scalar(select(func.count()).select_from(Assignment)) or 0
        tasks = db.session.scalar(select(func.count()).select_from(Task)) or 0
        people = db.session.scalar(select(func.count()).select_from(User)) or 0
        sql_of = db.engine
        db.session.remove()
    print(f"{engine}: {there:,} assignments of {tasks:,} tasks, {people} people", flush=True)
    slow = False
    for page in PAGES:
        aim = MILLISECONDS if has_aim and page == PAGES[0] else None
        slow |= _line(sql_of, page, partial(client.get, page), 200, aim)
    return slow


def _measure_status(app: Flask) -> bool:
    """A status page without news, as an open one asks every minute, and the whole of it."""
    with app.app_context():
        coordinator = accounts.user_by_name("dieuphoi")
        plan_id = db.session.scalar(select(Plan.id).order_by(Plan.id).limit(1))
        assert coordinator is not None
        assert plan_id is not None
        shows = status_pages.Showing("", tuple(Block), 1)
        path = f"/status/{status_pages.make(coordinator, (SubjectKind.PLAN, plan_id), shows)}"
        sql_of = db.engine
        db.session.remove()
    client = app.test_client()
    mark = {"If-None-Match": client.get(path).headers["ETag"]}
    same = _line(
        sql_of,
        "/status/… 304",
        lambda: client.get(path, headers=mark),
        304,
        UNCHANGED_MILLISECONDS,
    )
    return _line(sql_of, "/status/…", lambda: client.get(path), 200) or same


def _line(
    sql_of: Engine,
    name: str,
    ask: Callable[[], TestResponse],
    status: int,
    aim: float | None = None,
) -> bool:
    """Ask for a page some times and print how long it took; whether it misses its aim (milliseconds)."""
    taken, computed, asked = [], [], 0
    for number in range(ROUNDS + WARM_UP):
        before, begun = time.process_time(), time.perf_counter()
        with _counted(sql_of) as seen:
            answer = ask()
        if answer.status_code != status:
            raise RuntimeError(f"{name}: {answer.status_code}")
        asked = len(seen)
        if number >= WARM_UP:
            taken.append((time.perf_counter() - begun) * 1000)
            computed.append((time.process_time() - before) * 1000)
    middle = statistics.median(taken)
    missed = aim is not None and middle > aim
    print(
        f"    {name:28} {middle:7.1f} ms · CPU {statistics.median(computed):7.1f} ms · "
        f"{asked} queries{'  OVER THE AIM' if missed else ''}",
        flush=True,
    )
    return missed


def _client(app: Flask) -> FlaskClient:
    with app.app_context():
        coordinator = accounts.user_by_name("dieuphoi")
        assert coordinator is not None
        token = service.sign_in(coordinator)
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    return client


@contextmanager
def _counted(engine: object) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


if __name__ == "__main__":
    raise SystemExit(main())
