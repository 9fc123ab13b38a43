"""Nothing but core/clock.py reads the time; measuring with time.monotonic is no reading."""

import ast
from pathlib import Path

from ntmtasks import paths

READS = {
    "datetime": {"now", "utcnow", "today"},
    "date": {"today"},
    "time": {"time", "time_ns", "localtime", "gmtime", "strftime"},
}


def readings(source: str) -> list[int]:
    """Lines that read the time: `datetime.now()`, `date.today()`, `from time import time` …"""
    lines = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            lines += [node.lineno for alias in node.names if alias.name in READS["time"]]
        if not isinstance(node, ast.Attribute):
            continue
        owner = node.value.attr if isinstance(node.value, ast.Attribute) else None
        owner = node.value.id if isinstance(node.value, ast.Name) else owner
        if node.attr in READS.get(owner or "", ()):
            lines.append(node.lineno)
    return lines


def test_only_the_clock_reads_the_time() -> None:
    clock = paths.PACKAGE / "core" / "clock.py"
    found = {
        str(file.relative_to(paths.PACKAGE)): lines
        for file in sorted(Path(paths.PACKAGE).rglob("*.py"))
        if file != clock and (lines := readings(file.read_text()))
    }
    assert not found


def test_the_clock_itself_is_seen() -> None:
    assert readings((paths.PACKAGE / "core" / "clock.py").read_text())
    assert readings("import time\nx = time.time()\n") == [2]
    assert readings("import datetime as d\nd.datetime.now()\n") == [2]
    assert readings("import time\ntime.monotonic()\n") == []
