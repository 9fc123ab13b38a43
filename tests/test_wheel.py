"""A wheel installed with its lock, as production does it, carries all it needs and no Django."""

import json
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from ntmtasks import paths

PLAN = paths.DATA / "108-kh-ubnd.txt"
FOUND = """
from importlib.util import find_spec
from ntmtasks import paths
assert paths.is_installed_wheel()
for folder, file in (
    ("templates", "base.html"), ("static", "app.css"), ("migrations", "env.py"),
):
    assert (paths.resource(folder) / file).is_file(), folder
assert any((paths.resource("migrations") / "versions").glob("*.py"))
assert find_spec("django") is None, "django is installed"
"""


def clean_environment() -> dict[str, str]:
    """The environment without our own settings and paths."""
    own = ("NTMTASKS_", "PYTHON", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if not name.startswith(own)}


def run(*command: str | Path, cwd: Path, **settings: str) -> str:
    """Run a command in a clean environment; its output."""
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=clean_environment() | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@contextmanager
def serving(program: Path, cwd: Path, settings: dict[str, str]) -> Iterator[str]:
    """The address at which the installed program serves until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [str(program), "serve", "--port", str(port), "--workers", "1"],
        cwd=cwd,
        env=clean_environment() | settings,
    )
    try:
        for _ in range(300):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, "the server ended by itself"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.lengthy
def test_a_wheel_with_its_lock_is_the_whole_product(tmp_path: Path) -> None:
    run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=paths.CHECKOUT
    )  # fmt: skip
    (wheel,) = tmp_path.glob("ntmtasks-*.whl")
    run(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    lock = paths.CHECKOUT / "requirements.lock"
    pip = (
        python,
        "-m",
        "pip",
        "install",
        "-q",
        "--disable-pip-version-check",
        "--no-deps",
        "--no-compile",
    )
    run(*pip, "--require-hashes", "-r", lock, cwd=tmp_path)
    run(*pip, wheel, cwd=tmp_path)

    run(python, "-c", FOUND, cwd=tmp_path)
    read = run(
        python.with_name("ntmtasks"), "read", PLAN, "--json",
        cwd=tmp_path, NTMTASKS_INSTANCE=str(tmp_path / "instance"),
    )  # fmt: skip
    items = json.loads(read)["items"]
    assert sum(item["kind"] == "task" for item in items) == 69

    settings = {
        "NTMTASKS_INSTANCE": str(tmp_path / "instance"),
        "NTMTASKS_SECRET_KEY": secrets.token_hex(32),
    }
    run(python.with_name("ntmtasks"), "migrate", cwd=tmp_path, **settings)
    with serving(python.with_name("ntmtasks"), tmp_path, settings) as address:
        page = urlopen(f"{address}/login", timeout=20).read().decode()
        assert "Đăng nhập" in page
        (style,) = re.findall(r'href="(/assets/[^"]*app\.css[^"]*)"', page)
        assert urlopen(f"{address}{style}", timeout=20).status == 200
