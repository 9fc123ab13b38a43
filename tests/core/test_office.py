"""What runs in the office child stays within its limits and says which one it met."""

import contextlib
import json
import os
import time
from pathlib import Path

import pytest

from ntmtasks.core import office

JOBS = "tests.support.office_jobs"


def test_a_function_gets_json_and_bytes_and_gives_bytes() -> None:
    answer = office.run(f"{JOBS}.echo", {"year": 2024}, "kế hoạch".encode())
    arguments, content, environment = json.loads(answer)
    assert (arguments, content) == ({"year": 2024}, "kế hoạch")
    assert not [name for name in environment if name.startswith("NTMTASKS")]


def test_what_sleeps_is_ended_with_its_own_children() -> None:
    mark = f"600.{os.getpid()}"  # other runs on this machine have sleepers too
    begun = time.monotonic()
    with pytest.raises(office.TooLong):
        office.run(f"{JOBS}.sleep", mark, limits=office.Limits(seconds=2))
    assert time.monotonic() - begun < 10
    deadline = time.monotonic() + 10
    while _is_running(mark):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _is_running(mark: str) -> bool:
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if file.read_bytes() == f"sleep\0{mark}\0".encode():
                return True
    return False


def test_what_computes_without_end_is_ended() -> None:
    with pytest.raises(office.TooLong):
        office.run(f"{JOBS}.spin", None, limits=office.Limits(seconds=1))


@pytest.mark.parametrize("function", ["swell", "abort"])
def test_what_takes_too_much_memory_is_told_apart(function: str) -> None:
    with pytest.raises(office.TooBig):
        office.run(f"{JOBS}.{function}", None, limits=office.Limits(memory=300 * 2**20))


def test_no_file_is_written(tmp_path: Path) -> None:
    target = tmp_path / "file"
    with pytest.raises(office.Broken, match="OSError"):
        office.run(f"{JOBS}.write", str(target))
    assert not target.exists() or target.read_bytes() == b""


@pytest.mark.parametrize("function", ["die", "nowhere"])
def test_what_breaks_is_said_to_be_broken(function: str) -> None:
    with pytest.raises(office.Broken, match=function):
        office.run(f"{JOBS}.{function}", None)
