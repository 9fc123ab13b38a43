"""Functions that the tests of the office child run there, each meeting one of its limits."""

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any


def echo(arguments: Any, content: bytes) -> bytes:
    """Answer with everything that came in, after printing something of no concern."""
    print("a package says hello")
    return json.dumps([arguments, content.decode(), sorted(os.environ)]).encode()


def sleep(arguments: Any, _content: bytes) -> bytes:
    """Outlast any limit of time without using the processor, in a child of its own as well."""
    subprocess.Popen(["sleep", arguments])
    time.sleep(600)
    return b""


def spin(_arguments: Any, _content: bytes) -> bytes:
    """Use the processor up."""
    while True:
        pass


def swell(_arguments: Any, _content: bytes) -> bytes:
    """Take all memory that there is."""
    return b"".join([b"x" * 2**24 for _ in range(1000)])


def abort(_arguments: Any, _content: bytes) -> bytes:
    """End as C++ does that gets no memory."""
    os.abort()


def write(arguments: Any, _content: bytes) -> bytes:
    """Put a file onto the disk."""
    Path(arguments).write_bytes(b"written")
    return b""


def die(_arguments: Any, _content: bytes) -> bytes:
    """End the process in the middle of the work."""
    os._exit(9)
