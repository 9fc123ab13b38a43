"""How fast pages are with 10,000 tasks and 30,000 comments, each beside its floor.

    python -m benchmarks.pages

Both are served by gunicorn with 2 workers from the same database and asked in turn over one
connection each, so that whatever else the machine does meets both; neither packs its answers, as
packing would be the same for both. Beside the time stands what the server's processes computed in
it (CPU), which a busy machine does not change. A page over 3 times its floor is marked and makes the
command fail.
`NTMTASKS_DATABASE_URL` names an empty PostgreSQL database to measure on (one beside it, its name
with `_copy`, is made and dropped), else SQLite files are made and removed.
"""

import gzip
import http.client
import os
import pickle
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import URL, make_url, select, text

from benchmarks import floor
from benchmarks.many import fill
from ntmtasks import sample
from ntmtasks.accounts import service
from ntmtasks.accounts.queries import people as accounts
from ntmtasks.accounts.sessions import TOKEN
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db, sqlite_beginning
from ntmtasks.core.migrate import upgrade
from ntmtasks.server import THREADS
from ntmtasks.tasks.models import Assignment
from ntmtasks.tasks.rules import Phase, TaskKind, WorkState

TASKS, COMMENTS, WORKERS = 10_000, 30_000, 2
ROUNDS, WARM_UP = 34, 6
MOST_FLOORS = 3
"""How many times its floor a page may take."""
AIMS = {"50 overdue": 10, "one task": 8, "overview": 12, "comment": 8, "progress": 8}
"""Milliseconds to come under on a quiet machine."""


def csrf_token_of(page: str) -> str:
    """The token that HTMX sends from a page."""
    return str(re.findall(r'"X-CSRFToken": "([^"]+)"', page)[0])


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
        self.csrf_token = csrf_token_of(page)


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
        if db.engine.dialect.name == "postgresql":  # its own house-keeping would, within a minute
            with db.engine.begin() as line:
                line.execute(text("ANALYZE"))
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
    """What is asked about: tasks to read and to talk about, assignments that nobody has begun; each
    is used once. `tokens` are sessions for catching what the pages do."""

    tasks: list[int]
    assignments: list[int]
    tokens: dict[str, str]


def subjects(app: Flask) -> Subjects:
    """Work of the officer's agency."""
    with app.app_context():
        officer = accounts.user_by_name("chuyenvien")
        coordinator = accounts.user_by_name("dieuphoi")
        assert officer is not None
        assert coordinator is not None
        query = (
            select(Assignment.id, Assignment.task_id)
            .where(
                Assignment.agency_id == officer.agency_id,
                Assignment.officer_id.is_(None),
                Assignment.work_state.in_([WorkState.ASSIGNED, WorkState.RETURNED]),
                Assignment.task.has(kind=TaskKind.CONCRETE, phase=Phase.ISSUED),
            )
            .order_by(Assignment.id)
            .limit(2 * (ROUNDS + WARM_UP))
        )
        rows = db.session.execute(query).all()
        tokens = {u.username: service.sign_in(u) for u in (officer, coordinator)}
        db.session.remove()
        db.engine.dispose()
    return Subjects([task for _, task in rows], [a for a, _ in rows], tokens)


@dataclass(frozen=True)
class Question:
    """One line of the table: who asks what in a round. What writes has its own rows in each round, the
    even ones for the page, the odd ones for the floor."""

    name: str
    who: str
    address: Callable[[int], str]
    form: Callable[[], dict[str, str]] | None = None

    def key(self, number: int) -> str:
        """The name of the floor's script for what stands at this place."""
        return f"{self.name}-{number}".replace(" ", "-")


def questions(on: Subjects) -> list[Question]:
    """What is measured."""

    def comment() -> dict[str, str]:
        text = "Đã họp với các xã, lập danh sách và gửi văn bản hướng dẫn thực hiện."
        return {"body": text, "form_token": secrets.token_urlsafe(16)}

    def report() -> dict[str, str]:
        return comment() | {"state": "in_progress", "percent": "50"}

    return [
        Question("50 overdue", "dieuphoi", lambda _: "/tasks/?deadline=overdue&sort=deadline"),
        Question("one task", "dieuphoi", lambda n: f"/tasks/{on.tasks[n]}"),
        Question("overview", "dieuphoi", lambda _: "/overview"),
        Question("comment", "chuyenvien", lambda n: f"/tasks/{on.tasks[n]}/comments", comment),
        Question(
            "progress",
            "chuyenvien",
            lambda n: f"/assignments/{on.assignments[n]}/progress",
            report,
        ),
    ]


def catch(app: Flask, asked: list[Question], on: Subjects) -> dict[str, floor.Script]:
    """What the pages do to the database in each round, on a copy of it that may be written to."""
    clients = {name: _client(app, token) for name, token in on.tokens.items()}
    with app.app_context():
        engine = db.engine
    begin = sqlite_beginning if engine.dialect.name == "sqlite" else lambda: "BEGIN"
    scripts = {}
    for each in asked:
        for number in range(1, 2 * (ROUNDS + WARM_UP), 2):
            client, headers = clients[each.who]
            address = each.address(number)
            if not each.form and address == each.address(number - 1) and number > 1:
                scripts[each.key(number)] = scripts[each.key(1)]
                continue
            with floor.record(engine, begin) as script:
                if each.form:
                    answer = client.post(address, data=each.form(), headers=headers)
                else:
                    answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            script.page = answer.text
            scripts[each.key(number)] = script
    with app.app_context():
        engine.dispose()
    return scripts


def _client(app: Flask, token: str) -> tuple[FlaskClient, dict[str, str]]:
    """Whose session it is, and the headers of its HTMX requests."""
    client = app.test_client()
    with client.session_transaction() as session:
        session[TOKEN] = token
    page = client.get("/plans/").text
    return client, {"HX-Request": "true", "X-CSRFToken": csrf_token_of(page)}


@contextmanager
def copied(app: Flask, folder: Path) -> Iterator[Flask]:
    """The application on a copy of its database."""
    config = load_config()
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite":
        copy = url.set(database=str(folder / "copy.sqlite3"))
        shutil.copy(url.database or "", copy.database or "")
        yield create_app(replace(config, database_url=copy.render_as_string(False)))
        return
    copy = url.set(database=f"{url.database}_copy")
    _administer(url, f'CREATE DATABASE "{copy.database}" TEMPLATE "{url.database}"')
    try:
        yield create_app(replace(config, database_url=copy.render_as_string(False)))
    finally:
        _administer(url, f'DROP DATABASE "{copy.database}" WITH (FORCE)')


def _administer(url: URL, sql: str) -> None:
    address = url.set(drivername="postgresql", database="postgres").render_as_string(False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql)


def computed(server: int) -> float:
    """Milliseconds that the processes of a server have computed so far; 0 where Linux does not say."""
    try:
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        times = [
            int(thread.read_text().split()[0])
            for process in (str(server), *children)
            for thread in Path(f"/proc/{process}/task").glob("*/schedstat")
        ]
    except OSError:
        return 0
    return sum(times) / 1e6


@dataclass
class Times:
    """What one of the two servers took for a question, in milliseconds, and how much it sent."""

    server: int
    taken: list[float] = field(default_factory=list)
    computed: list[float] = field(default_factory=list)
    size: int = 0

    def run(self, counts: bool, ask: Callable[[], bytes]) -> None:
        """Ask once; what only warms up does not count."""
        before, begun = computed(self.server), time.perf_counter()
        body = ask()
        taken = (time.perf_counter() - begun) * 1000
        if counts:
            self.taken.append(taken)
            self.computed.append(computed(self.server) - before)
            self.size = len(body)


@dataclass
class Measure:
    """What was measured of one question, of the page and of its floor."""

    question: Question
    page: Times
    floor: Times

    def run(self, number: int, browser: Browser, bare: Browser) -> None:
        """One round; negative ones only warm up."""
        asked, at = self.question, 2 * (number + WARM_UP)
        form = asked.form() if asked.form else None
        address, key = asked.address(at), asked.key(at + 1)
        self.page.run(
            number >= 0, lambda: browser.ask(address, form, htmx=form is not None, pack=False)
        )
        self.floor.run(number >= 0, lambda: bare.ask(f"/{key}", form, pack=False))

    @property
    def ratio(self) -> float:
        """How many times its floor the page takes."""
        return statistics.median(self.page.taken) / statistics.median(self.floor.taken)

    def line(self) -> str:
        """The line of the table."""
        page, floor = statistics.median(self.page.taken), statistics.median(self.floor.taken)
        page_cpu = statistics.median(self.page.computed)
        floor_cpu = statistics.median(self.floor.computed)
        cpu_ratio = page_cpu / floor_cpu if floor_cpu else 0
        p95 = statistics.quantiles(self.page.taken, n=20)[-1]
        return (
            f"{self.question.name:12}{page:8.1f}{floor:8.1f}{self.ratio:7.2f}{p95:8.1f}"
            f"{AIMS[self.question.name]:6}{page_cpu:9.1f}{floor_cpu:8.1f}{cpu_ratio:7.2f}"
            f"{self.page.size / 1024:9.1f}{self.floor.size / 1024:8.1f}"
            + (f"   OVER {MOST_FLOORS}" if self.ratio > MOST_FLOORS else "")
        )


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


def measure(folder: Path) -> int:
    """Build, serve, ask, print; how many pages are over."""
    os.environ["NTMTASKS_INSTANCE"] = str(folder)
    os.environ["NTMTASKS_SECRET_KEY"] = secrets.token_hex(32)
    print(f"pages: {TASKS} tasks, {COMMENTS} comments, {WORKERS} workers", flush=True)
    app = build()
    on = subjects(app)
    asked = questions(on)
    with copied(app, folder) as copy:
        (folder / "scripts").write_bytes(pickle.dumps(catch(copy, asked, on)))
    port, floor_port = free_port(), free_port()
    os.environ["FLOOR_DATABASE"] = app.extensions["ntmtasks_config"].database_url
    os.environ["FLOOR_SCRIPTS"] = str(folder / "scripts")
    with app.app_context():
        password = sample.password() or ""
    serve = ["ntmtasks.cli", "serve", "--port", str(port), "--workers", str(WORKERS)]
    bare = ["gunicorn", "--bind", f"127.0.0.1:{floor_port}", "--workers", str(WORKERS)]
    bare += ["--threads", str(THREADS), "--worker-class", "gthread", "--log-level", "warning"]
    bare += ["--preload", "benchmarks.floor:app"]
    with serving(serve, port) as process, serving(bare, floor_port) as bare_process:
        browsers = {name: Browser(port) for name in on.tokens}
        for name, browser in browsers.items():
            browser.sign_in(name, password)
        bottom = Browser(floor_port)
        lines = [Measure(each, Times(process), Times(bare_process)) for each in asked]
        for number in range(-WARM_UP, ROUNDS):
            for each in lines:
                each.run(number, browsers[each.question.who], bottom)
        print(
            f"{'':12}{'ms':>8}{'floor':>8}{'ratio':>7}{'p95':>8}{'aim':>6}"
            f"{'CPU ms':>9}{'floor':>8}{'ratio':>7}{'KB':>9}{'floor':>8}"
        )
        for each in lines:
            print(each.line())
        print(first_visit(port))
        print(memory(process))
    over = [each.question.name for each in lines if each.ratio > MOST_FLOORS]
    if over:
        print(f"pages: OVER {MOST_FLOORS} times the floor: {', '.join(over)}")
    return len(over)


def main() -> int:
    """Measure in a folder that is removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="ntmtasks-bench-") as folder:
        over = measure(Path(folder))
    return 1 if over else 0


if __name__ == "__main__":
    raise SystemExit(main())
