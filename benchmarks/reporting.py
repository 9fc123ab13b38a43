"""How fast a report of 500 tasks is handed out: for Word, for Excel, on the page that prints.

    python -m benchmarks.reporting

Each is asked of the application as its reader asks it, from the request to the whole answer, with the
draft composed anew and the file written by the office child. `DB=sqlite` or `DB=postgresql` takes one
database.
"""

import os
import platform
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from benchmarks.faults.stores import database, prepare, version
from benchmarks.many import Cast, fill
from ntmtasks import sample
from ntmtasks.accounts import service
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.sessions import TOKEN
from ntmtasks.agencies.queries import agency_named
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import one
from ntmtasks.reports.queries.contents import content_of
from ntmtasks.reports.rules.states import ReportState

ENGINES = ("sqlite", "postgresql")
ROUNDS = 7
TASKS = 1_000
"""Of the plan; the district leads a little more than half of them."""
WRITER, OTHER = "Ủy ban nhân dân huyện Thới Lai", "Sở Y tế"
SECONDS = 3.0
"""What a report of 500 tasks must stay under on 2 cores."""
PAGES = {"Word": "export.docx", "Excel": "export.xlsx", "print": "print"}


def main() -> int:
    """Print a line for each database and page; 1 if one takes longer than it may."""
    print(f"\nReports on {platform.machine()}, {os.cpu_count()} cores; aim: {SECONDS:.0f} s")
    slow = []
    for engine in [os.environ["DB"]] if os.environ.get("DB") else ENGINES:
        with TemporaryDirectory(prefix="ntm") as name, database(engine, Path(name)) as url:
            app = create_app(load_config(prepare(Path(name), url)))
            sample.build(app, progress=lambda _line: None)
            with app.app_context():
                report_id, tasks = _filled()
            client = _client(app)
            for page, ending in PAGES.items():
                times, size = _asked(client, f"/reports/{report_id}/{ending}")
                slow += [page] * (max(times) > SECONDS)
                print(
                    f"{version(url):18} {page:6} {tasks:,} tasks · median "
                    f"{statistics.median(times):.2f} s, longest {max(times):.2f} s · {size / 1000:,.0f} KB",
                    flush=True,
                )
    return 1 if slow else 0


def _filled() -> tuple[int, int]:
    """A report that is still owed, and how many tasks it has."""
    writer, other = agency_named(WRITER), agency_named(OTHER)
    assert writer is not None
    assert other is not None
    fill(TASKS, cast=Cast((writer.id, other.id), (writer.id,)))
    owed = select(Report.id).where(
        Report.agency_id == writer.id, Report.state == ReportState.MISSING
    )
    report_id = db.session.scalars(owed.order_by(Report.due_on)).first()
    assert report_id is not None
    report = one.report(report_id)
    assert report is not None
    return report_id, len(content_of(report).annex)


def _client(app: Flask) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        user = accounts.user_by_name("dieuphoi")
        assert user is not None
        token = service.sign_in(user)
    with client.session_transaction() as kept:
        kept[TOKEN] = token
    return client


def _asked(client: FlaskClient, address: str) -> tuple[list[float], int]:
    """The seconds of each round and the bytes of the answer; the first one only warms up."""
    times, size = [], 0
    for _ in range(ROUNDS + 1):
        begun = time.monotonic()
        answer = client.get(address)
        times.append(time.monotonic() - begun)
        if answer.status_code != 200:
            raise RuntimeError(f"{address}: {answer.status}")
        size = len(answer.data)
    return times[1:], size


if __name__ == "__main__":
    raise SystemExit(main())
