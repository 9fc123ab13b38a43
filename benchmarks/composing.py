"""How long reports on a plan of 500 tasks take to open filled: the districts' and the office's own.

The aim is that of the issue: a report of 500 tasks in under 3 s, of which writing the file is a part.
"""

import os
import secrets
import tempfile
import time

from sqlalchemy import select

from benchmarks.many import fill
from ntmtasks import sample
from ntmtasks.agencies.models import Agency
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import clock
from ntmtasks.core.db import db
from ntmtasks.core.migrate import upgrade
from ntmtasks.reports.models import Report
from ntmtasks.reports.queries import contents
from ntmtasks.reports.queries.one import report as loaded

TASKS = 500
AIM = 3.0
COMMENTS = 100
"""With any the tasks have progress, too."""
ROUNDS = 5


def reports() -> list[tuple[str, int]]:
    """The reports that are opened: the districts', and the office's, which has the whole plan."""
    found = db.session.execute(
        select(Agency.short_name, Report.id)
        .join(Report.agency)
        .where(Report.due_on.between(clock.today(), clock.today().replace(day=28)))
        .order_by(Agency.position)
    )
    return [(name, number) for name, number in found]


def seconds(number: int) -> tuple[float, int]:
    """How long a report takes to open and to be put together at best, and how many rows its annex has."""
    best, rows = float("inf"), 0
    for _ in range(ROUNDS):
        db.session.rollback()
        db.session.expunge_all()
        begun = time.perf_counter()
        report = loaded(number)
        assert report is not None
        rows = len(contents.composed(report, contents.draft(report)).annex)
        best = min(best, time.perf_counter() - begun)
    return best, rows


def main() -> int:
    """Print the times; 1 if one is over."""
    over = 0
    with tempfile.TemporaryDirectory(prefix="ntmtasks-bench-") as folder:
        os.environ["NTMTASKS_INSTANCE"] = folder
        os.environ["NTMTASKS_SECRET_KEY"] = secrets.token_hex(32)
        app = create_app(load_config())
        upgrade(app)
        sample.build(app, progress=lambda _line: None)
        with app.test_request_context():
            clock.freeze(sample.SAMPLE_DAY)
            fill(TASKS, COMMENTS)
            print(f"composing: {TASKS} tasks, best of {ROUNDS}")
            for name, number in reports():
                taken, rows = seconds(number)
                over += taken > AIM
                print(f"{name:30}{rows:6} rows{taken:8.2f} s (under {AIM:.0f})")
            db.session.remove()
            db.engine.dispose()
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
