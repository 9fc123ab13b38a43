"""One short child process for whatever reads or writes office files.

The packages for .docx, .pdf and .xlsx weigh more than the rest of the program together, and the
files come from strangers. So a function named by its dotted path runs in ``python -m
ntmtasks.core.office``, gets JSON and bytes, gives bytes, and is stopped at its limits.
"""

import contextlib
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from ntmtasks import paths

_TOO_BIG = 80  # exit code of a child that met its memory limit
# How a child ends whose C++ part gets no memory (it aborts or traps), or which the kernel chose.
_OUT_OF_MEMORY = (-signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL, -signal.SIGKILL)
_OUTPUT = 256 * 2**20  # bytes that a child may answer


class OfficeError(Exception):
    """The child gave no answer; the message is for the log, not for the screen."""


class TooLong(OfficeError):
    """The work met its limit of time."""


class TooBig(OfficeError):
    """The work met its limit of memory, or its answer is too long."""


class Broken(OfficeError):
    """The function raised, or the process died."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: seconds on the wall and of one core, bytes of address space."""

    seconds: int = 20
    memory: int = 1280 * 2**20


def run(target: str, arguments: Any, content: bytes = b"", limits: Limits = Limits()) -> bytes:
    """Return ``target(arguments, content)`` as computed by a child process.

    ``target`` is the dotted path of a function that takes JSON values and bytes and returns
    bytes. The child knows nothing of this process but these: no settings, no secrets, no files
    to write. Raises TooLong, TooBig or Broken.
    """
    order = {"target": target, "arguments": arguments, "limits": asdict(limits)}
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "ntmtasks.core.office"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": str(paths.PACKAGE.parent), "PYTHONUTF8": "1", "MALLOC_ARENA_MAX": "1"},
        start_new_session=True,
    )
    try:
        answer, said = child.communicate(
            json.dumps(order).encode() + b"\n" + content, timeout=limits.seconds
        )
    except subprocess.TimeoutExpired:
        raise TooLong(f"{target}: more than {limits.seconds} s") from None
    finally:
        _end(child)
    return _checked(target, child.returncode, answer, said)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Leave nothing running, whatever it started itself."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
    for pipe in (child.stdin, child.stdout, child.stderr):
        if pipe:
            with contextlib.suppress(BrokenPipeError):
                pipe.close()


def _checked(target: str, code: int, answer: bytes, said: bytes) -> bytes:
    last = said.decode(errors="replace").strip().rpartition("\n")[2][:300]
    if code == 0:
        return answer
    if code in (-signal.SIGXCPU, -signal.SIGALRM):
        raise TooLong(f"{target}: its time is used up")
    if code == _TOO_BIG or code in _OUT_OF_MEMORY:
        raise TooBig(f"{target}: {last}")
    raise Broken(f"{target}: ended with {code}: {last}")


def main() -> int:
    """The child: take the order from stdin, answer on stdout, say what went wrong on stderr."""
    with os.fdopen(os.dup(1), "wb") as out:
        os.dup2(2, 1)  # whatever a package prints must not get into the answer
        order = json.loads(sys.stdin.buffer.readline())
        try:
            answer = _obey(order)
            if len(answer) > _OUTPUT:
                raise MemoryError(f"an answer of {len(answer)} bytes")
            out.write(answer)
        except MemoryError as error:
            print(f"out of memory {error}", file=sys.stderr)
            return _TOO_BIG
    return 0


def _obey(order: dict[str, Any]) -> bytes:
    limits = Limits(**order["limits"])
    signal.alarm(limits.seconds + 1)  # in case nobody is left to end this process
    _limit(resource.RLIMIT_CPU, limits.seconds)
    _limit(resource.RLIMIT_AS, limits.memory)
    module, _, name = order["target"].rpartition(".")
    function = getattr(importlib.import_module(module), name)
    _limit(resource.RLIMIT_FSIZE, 0)  # only now: Python may keep what it compiled
    content = sys.stdin.buffer.read()
    answer: bytes = function(order["arguments"], content)
    return answer


def _limit(what: int, value: int) -> None:
    resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    sys.exit(main())
