"""A wheel installed with its lock, as production does it, carries all it needs and no Django."""

import json
import os
import subprocess
import sys
from pathlib import Path

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


def run(*command: str | Path, cwd: Path, **settings: str) -> str:
    """Run a command without our own settings and paths; its output."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("NTMTASKS_", "PYTHON", "VIRTUAL_ENV"))
    }
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_a_wheel_with_its_lock_is_the_whole_product(tmp_path: Path) -> None:
    run(
        sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", tmp_path, cwd=paths.CHECKOUT
    )  # fmt: skip
    (wheel,) = tmp_path.glob("ntmtasks-*.whl")
    run(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    lock = paths.CHECKOUT / "requirements.lock"
    pip = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps")
    run(*pip, "--require-hashes", "-r", lock, cwd=tmp_path)
    run(*pip, wheel, cwd=tmp_path)

    run(python, "-c", FOUND, cwd=tmp_path)
    read = run(
        python.with_name("ntmtasks"), "read", PLAN, "--json",
        cwd=tmp_path, NTMTASKS_INSTANCE=str(tmp_path / "instance"),
    )  # fmt: skip
    items = json.loads(read)["items"]
    assert sum(item["kind"] == "task" for item in items) == 69
