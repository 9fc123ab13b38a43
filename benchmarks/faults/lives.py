"""Lives of worker processes: begun, killed, counted, until as many have died as were wanted.

Processes come from a fork server that has read the program once, so that a life begins in a moment.
What is left to do is kept in `kills.json`: a run that was cut off goes on where it was.
"""

import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

RANDOM, NONE = "random", "none"
LONGEST_LIFE = 20.0

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(
    [f"benchmarks.faults.{name}" for name in ("senders", "claimers", "typists")]
)


@dataclass
class Life:
    """One process: how it shall end, and when it is killed from outside."""

    way: str
    process: BaseProcess
    ends_at: float
    missed: bool = False
    """Whether it had to be killed because it never came to the point at which it was to die."""

    def look_after(self, now: float) -> None:
        """Kill the process when its time has come."""
        if now >= self.ends_at and not self.missed:
            self.missed = self.way != RANDOM
            self.process.kill()


@dataclass
class Lives:
    """As many processes as `workers`, each replaced when it died, until no way to die is left.

    `body(way, seed, *arguments)` is what a process does.
    """

    folder: Path
    body: Callable[..., None]
    arguments: tuple[Any, ...]
    workers: int
    ways: list[str]
    chance: random.Random
    living: list[Life] = field(default_factory=list)
    deaths: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._wanted = len(self.ways)
        kept = self.folder / "kills.json"
        if kept.exists():
            told = json.loads(kept.read_text())
            self.ways, self.deaths = told["left"], Counter(told["deaths"])
        else:
            self.chance.shuffle(self.ways)

    @property
    def share(self) -> float:
        """How much of the dying is done, 0 to 1."""
        return 1 - len(self.ways) / self._wanted

    def run(self, on_death: Callable[[], None]) -> None:
        """Until all have died; `on_death` is called after each."""
        try:
            while self.ways or self.living:
                while self.ways and len(self.living) < self.workers:
                    self._begin(self.ways.pop())
                if self._bury():
                    on_death()
                time.sleep(0.005)
        finally:
            self.end()

    def run_until(self, done: Callable[[], bool], seconds: float) -> None:
        """Let processes that nobody kills work until `done`, at most so long."""
        try:
            for _ in range(self.workers):
                self._begin(NONE)
            deadline = time.monotonic() + seconds
            while time.monotonic() < deadline and not done():
                time.sleep(0.1)
        finally:
            self.end()

    def end(self) -> None:
        """Kill what still lives."""
        for life in self.living:
            life.process.kill()
            life.process.join()
        self.living.clear()

    def _begin(self, way: str) -> None:
        seed = self.chance.randrange(2**32)
        process = processes.Process(target=self.body, args=(way, seed, *self.arguments))
        process.start()
        lasts = {NONE: float("inf"), RANDOM: self.chance.uniform(0.1, 1)}
        self.living.append(Life(way, process, time.monotonic() + lasts.get(way, LONGEST_LIFE)))

    def _bury(self) -> int:
        """Remove the dead; how many. One that died of something else than a kill is an error."""
        dead = [life for life in self.living if not life.process.is_alive()]
        for life in dead:
            if life.process.exitcode != -signal.SIGKILL:
                raise RuntimeError(f"a process ended with {life.process.exitcode}")
            self.living.remove(life)
            self.deaths[f"{life.way}, not reached" if life.missed else life.way] += 1
        if dead:
            left = [*self.ways, *(life.way for life in self.living)]
            told = json.dumps({"left": left, "deaths": self.deaths})
            (self.folder / "kills.json").write_text(told)
        for life in self.living:
            life.look_after(time.monotonic())
        return len(dead)


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)
