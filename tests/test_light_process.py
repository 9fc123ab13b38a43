"""The processes that live long never load the packages for office files: they weigh too much."""

import os
import subprocess
import sys
from pathlib import Path

HEAVY = ("docx", "pypdfium2", "openpyxl", "xlsxwriter", "lxml")
SCRIPT = f"""
import sys
import ntmtasks.cli, ntmtasks.worker
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.migrate import upgrade

app = create_app(load_config())
upgrade(app)
assert app.test_client().get("/login").status_code == 200
print(sorted(set({HEAVY!r}) & sys.modules.keys()))
"""


def test_neither_pages_nor_worker_nor_command_line_load_them(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "NTMTASKS_INSTANCE": str(tmp_path),
        "NTMTASKS_DATABASE_URL": "",
        "NTMTASKS_SECRET_KEY": "x" * 32,
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stdout.strip().splitlines()[-1:]) == (0, ["[]"]), done.stderr
