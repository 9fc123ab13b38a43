"""How fast pages are with 10,000 tasks and 30,000 comments, each beside its floor.

    python -m benchmarks.pages

Both are served by gunicorn with 2 workers from the same database and asked in turn over one
connection each, so that whatever else the machine does meets both. Browsers ask for gzip, and so
does this; the floor never packs. `NTMTASKS_DATABASE_URL` names an empty PostgreSQL database to
measure on, else a SQLite file is made and removed.
"""

import gzip
import http.client
import os
import re
import secrets
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import select

from benchmarks.many import fill
from ntmtasks import sample
from ntmtasks.accounts import queries as accounts
from ntmtasks.accounts import service
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db
from ntmtasks.core.migrate import upgrade
from ntmtasks.server import THREADS
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Phase, TaskKind, WorkState

TASKS, COMMENTS, WORKERS = 10_000, 30_000, 2
ROUNDS, WARM_UP = 34, 6
AIMS = {"50 overdue": 10, "one task": 8, "overview": 12, "comment": 8, "progress": 8}
"""Milliseconds to come under on a quiet machine."""


@dataclass
class Browser:
    """One kept connection with its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    csrf_token: str = ""

    def __post_init__(self) -> None:
        self._line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def ask(
        self, path: str, form: dict[str, str] | None = None, htmx: bool = False, pack: bool = True
    ) -> bytes:
        """The body as it came over the line; raises RuntimeError for anything but 200 or 303."""
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())}
        headers |= {"Accept-Encoding": "gzip"} if pack else {}
        headers |= {"HX-Request": "true", "X-CSRFToken": self.csrf_token} if htmx else {}
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(form) if form is not None else None
        try:
            self._line.request("POST" if form is not None else "GET", path, body, headers)
            answer = self._line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            # gunicorn lets an idle connection go after two seconds
            self._line.close()
            self._line.request("POST" if form is not None else "GET", path, body, headers)
            answer = self._line.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status not in (200, 303):
            raise RuntimeError(f"{path}: {answer.status} {content[:300]!r}")
        return content

    def sign_in(self, username: str, password: str) -> None:
        """Log in as a person does."""
        page = self.ask("/login", pack=False).decode()
        names = ("csrf_token", "form_token")
        form = {n: re.findall(rf'name="{n}"[^>]* value="([^"]+)"', page)[0] for n in names}
        self.ask("/login", {"username": username, "password": password, **form})
        page = self.ask("/plans/", pack=False).decode()
        self.csrf_token = re.findall(r'"X-CSRFToken": "([^"]+)"', page)[0]


@dataclass
class Measure:
    """One line of the table: how the page, and its floor of so many bytes, are asked in a round."""

    name: str
    page: Callable[[int], bytes]
    floor: Callable[[int, int], bytes]
    page_ms: list[float] = field(default_factory=list)
    floor_ms: list[float] = field(default_factory=list)
    size: int = 0

    def run(self, number: int) -> None:
        """One round; negative ones only warm up."""
        begun = time.perf_counter()
        body = self.page(number)
        page_ms = (time.perf_counter() - begun) * 1000
        self.size = len(unpacked(body))
        begun = time.perf_counter()
        self.floor(number, self.size)
        floor_ms = (time.perf_counter() - begun) * 1000
        if number >= 0:
            self.page_ms.append(page_ms)
            self.floor_ms.append(floor_ms)

    def line(self) -> str:
        """The line of the table."""
        page, floor = statistics.median(self.page_ms), statistics.median(self.floor_ms)
        p95 = statistics.quantiles(self.page_ms, n=20)[-1]
        return (
            f"{self.name:12}{page:8.1f}{floor:9.1f}{page / floor:8.2f}{p95:9.1f}"
            f"{AIMS[self.name]:7}{self.size / 1024:9.1f}"
        )


def unpacked(body: bytes) -> bytes:
    """A body as it was before gzip."""
    return gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body


def build() -> Flask:
    """An instance with the sample and the many."""
    app = create_app(load_config())
    upgrade(app)
    sample.build(app, progress=lambda _line: None)
    with app.app_context():
        fill(TASKS, COMMENTS)
        db.session.remove()
    return app


def free_port() -> int:
    """A port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(command: list[str], port: int) -> Iterator[int]:
    """Run a server until the block ends; gives its process id once it answers."""
    process = subprocess.Popen([sys.executable, "-m", *command])
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{command[0]} does not start") from None
                time.sleep(0.1)
        yield process.pid
    finally:
        process.terminate()
        process.wait(15)


@dataclass(frozen=True)
class Subjects:
    """What is asked about: tasks to read and to talk about, assignments that nobody has begun."""

    tasks: list[int]
    assignments: list[int]
    floor_token: str


def subjects(app: Flask) -> Subjects:
    """Work of the officer's agency, each piece to be used once, and a session for the floor."""
    with app.app_context():
        officer = accounts.user_by_name("chuyenvien")
        assert officer is not None
        query = (
            select(Assignment.id, Assignment.task_id)
            .where(
                Assignment.agency_id == officer.agency_id,
                Assignment.officer_id.is_(None),
                Assignment.work_state.in_([WorkState.ASSIGNED, WorkState.RETURNED]),
                Assignment.task.has(kind=TaskKind.CONCRETE, phase=Phase.ISSUED),
            )
            .order_by(Assignment.id)
        )
        rows = db.session.execute(query).all()
        token = service.sign_in(officer)
        db.session.remove()
        db.engine.dispose()
    return Subjects([task for _, task in rows], [a for a, _ in rows], token)


def measures(page: Browser, officer: Browser, floor: Browser, on: Subjects) -> list[Measure]:
    """What is measured, the floor with its own rows where something is written."""

    def form() -> dict[str, str]:
        text = "Đã họp với các xã, lập danh sách và gửi văn bản hướng dẫn thực hiện."
        return {"body": text, "form_token": secrets.token_urlsafe(16)}

    def report() -> dict[str, str]:
        return form() | {"state": "in_progress", "percent": "50"}

    def mine(number: int, of: list[int]) -> int:
        return of[2 * (number + WARM_UP)]

    def others(number: int, of: list[int]) -> int:
        return of[2 * (number + WARM_UP) + 1]

    return [
        Measure(
            "50 overdue",
            lambda n: page.ask("/tasks/?deadline=overdue&sort=deadline"),
            lambda n, size: floor.ask(f"/overdue?bytes={size}"),
        ),
        Measure(
            "one task",
            lambda n: page.ask(f"/tasks/{mine(n, on.tasks)}"),
            lambda n, size: floor.ask(f"/tasks/{mine(n, on.tasks)}?bytes={size}"),
        ),
        Measure(
            "overview",
            lambda n: page.ask("/overview"),
            lambda n, size: floor.ask(f"/overview?bytes={size}"),
        ),
        Measure(
            "comment",
            lambda n: officer.ask(f"/tasks/{mine(n, on.tasks)}/comments", form(), htmx=True),
            lambda n, size: floor.ask(
                f"/tasks/{others(n, on.tasks)}/comments?bytes={size}", form()
            ),
        ),
        Measure(
            "progress",
            lambda n: officer.ask(
                f"/assignments/{mine(n, on.assignments)}/progress", report(), htmx=True
            ),
            lambda n, size: floor.ask(
                f"/assignments/{others(n, on.assignments)}/progress?bytes={size}", report()
            ),
        ),
    ]


def first_visit(port: int) -> str:
    """What a browser that was never here fetches for the login page, packed."""
    browser = Browser(port)
    page = browser.ask("/login")
    assets = set(re.findall(r"/assets/[^\"#]+", unpacked(page).decode()))
    sizes = [len(page), *(len(browser.ask(address)) for address in assets)]
    return f"first visit: {len(sizes)} requests, {sum(sizes) / 1024:.1f} KB packed (≤ 8, ≤ 120 KB)"


def memory(process: int) -> str:
    """Resident memory of a server's processes; what they share is counted in each."""
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    sizes = []
    for each in (str(process), *children):
        status = Path(f"/proc/{each}/status").read_text()
        sizes.append(int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024)
    return f"resident memory: master {sizes[0]:.0f} MB, workers " + ", ".join(
        f"{size:.0f} MB" for size in sizes[1:]
    )


def measure(folder: Path) -> None:
    """Build, serve, ask, print."""
    os.environ["NTMTASKS_INSTANCE"] = str(folder)
    os.environ["NTMTASKS_SECRET_KEY"] = secrets.token_hex(32)
    print(f"pages: {TASKS} tasks, {COMMENTS} comments, {WORKERS} workers", flush=True)
    app = build()
    on = subjects(app)
    port, floor_port = free_port(), free_port()
    os.environ["FLOOR_DATABASE"] = app.extensions["ntmtasks_config"].database_url
    with app.app_context():
        password = sample.password() or ""
    serve = ["ntmtasks.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    bare = ["gunicorn", "--bind", f"127.0.0.1:{floor_port}", "--workers", str(WORKERS)]
    bare += ["--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "warning"]
    with serving(serve, port) as process, serving([*bare, "benchmarks.floor:app"], floor_port):
        coordinator, officer = Browser(port), Browser(port)
        coordinator.sign_in("dieuphoi", password)
        officer.sign_in("chuyenvien", password)
        floor = Browser(floor_port, {"floor": on.floor_token})
        lines = measures(coordinator, officer, floor, on)
        for number in range(-WARM_UP, ROUNDS):
            for each in lines:
                each.run(number)
        print(f"{'':12}{'ms':>8}{'floor':>9}{'ratio':>8}{'p95':>9}{'aim':>7}{'KB':>9}")
        for each in lines:
            print(each.line())
        print(first_visit(port))
        print(memory(process))


def main() -> int:
    """Measure in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="ntmtasks-bench-") as folder:
        measure(Path(folder))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
