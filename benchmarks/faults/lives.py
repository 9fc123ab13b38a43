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
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

RANDOM, NONE = "random", "none"
LONGEST_LIFE = 20.0
HUNGRY_AFTER = 1.0
"""Seconds without a death after which those that wait to reach their point are given more to do."""

processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(
    [f"benchmarks.faults.{name}" for name in ("senders", "claimers", "typists")]
)


@dataclass(frozen=True)
class Point:
    """Where a process may die: before it calls a function, or after it when `reached` says of its result
    and arguments that this is what the point is named after."""

    owner: Any
    name: str
    reached: Callable[..., bool] | None = None


@dataclass
class Life:
    """One process: how it shall end, and after how many seconds of work it is killed from outside."""

    way: str
    process: BaseProcess
    ready: Connection
    lasts: float
    ends_at: float = float("inf")
    is_ready: bool = False
    missed: bool = False
    """Whether it had to be killed because it never came to the point at which it was to die."""

    def look_after(self, now: float) -> None:
        """Kill the process when its time has come, which runs from when it is ready for work."""
        if not self.is_ready and self.ready.poll():
            self.is_ready, self.ends_at = True, now + self.lasts
        if now >= self.ends_at and not self.missed:
            self.missed = self.way != RANDOM
            self.process.kill()


@dataclass
class Lives:
    """As many processes as `workers`, each replaced when it died, until no way to die is left.

    `body(way, seed, ready, *arguments)` is what a process does; it closes `ready` when it begins. One that never came to the point at which it was
    to die is killed and its death wanted again, as often as deaths of that way were asked for.
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
        self._wanted = Counter(self.ways)
        kept = self.folder / "kills.json"
        if kept.exists():
            told = json.loads(kept.read_text())
            self.ways, self.deaths = told["left"], Counter(told["deaths"])
        else:
            self.chance.shuffle(self.ways)

    @property
    def share(self) -> float:
        """How much of the dying is done, 0 to 1."""
        return 1 - len(self.ways) / self._wanted.total()

    @property
    def not_reached(self) -> int:
        """How many deaths are lacking of those that were asked for."""
        return (self._wanted - self.deaths).total()

    def run(self, feed: Callable[[bool], None]) -> None:
        """Until all have died; `feed` is called after each death, and with True when none came for a
        while."""
        last_death = time.monotonic()
        try:
            while self.ways or self.living:
                while self.ways and len(self.living) < self.workers:
                    self._begin(self.ways.pop())
                is_hungry = time.monotonic() - last_death > HUNGRY_AFTER
                if self._bury() or is_hungry:
                    feed(is_hungry)
                    last_death = time.monotonic()
                time.sleep(0.005)
        finally:
            self.end()

    def run_on(self, left: Callable[[], int], seconds: float) -> None:
        """Let processes that nobody kills work until nothing is `left` to do, or it has not become less
        for so long; a slow machine only takes longer."""
        try:
            for _ in range(self.workers):
                self._begin(NONE)
            for life in self.living:
                life.ready.poll(None)
            least, since = left(), time.monotonic()
            while least and time.monotonic() - since < seconds:
                time.sleep(0.1)
                now_left = left()
                if now_left < least:
                    least, since = now_left, time.monotonic()
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
        ready, told = processes.Pipe(duplex=False)
        process = processes.Process(target=self.body, args=(way, seed, told, *self.arguments))
        process.start()
        told.close()
        lasts = {NONE: float("inf"), RANDOM: self.chance.uniform(0, 1)}
        self.living.append(Life(way, process, ready, lasts.get(way, LONGEST_LIFE)))

    def _bury(self) -> int:
        """Remove the dead; how many. One that died of something else than a kill is an error."""
        dead = [life for life in self.living if not life.process.is_alive()]
        for life in dead:
            if life.process.exitcode != -signal.SIGKILL:
                raise RuntimeError(f"a process ended with {life.process.exitcode}")
            self.living.remove(life)
            self._count(life)
        if dead:
            left = [*self.ways, *(life.way for life in self.living)]
            told = json.dumps({"left": left, "deaths": self.deaths})
            (self.folder / "kills.json").write_text(told)
        for life in self.living:
            life.look_after(time.monotonic())
        return len(dead)

    def _count(self, life: Life) -> None:
        if not life.missed:
            self.deaths[life.way] += 1
            return
        missed = f"{life.way}, missed"
        self.deaths[missed] += 1
        if self.deaths[missed] <= self._wanted[life.way]:
            self.ways.insert(0, life.way)


def die() -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def end_at(point: Point, turn: int, end: Callable[[], None]) -> None:
    """Let `end` happen when the point is reached for the `turn`-th time."""
    real: Callable[..., Any] = getattr(point.owner, point.name)
    calls = 0

    def count() -> None:
        nonlocal calls
        calls += 1
        if calls == turn:
            end()

    def mortal(*args: Any, **values: Any) -> Any:
        if point.reached is None:
            count()
        result = real(*args, **values)
        if point.reached is not None and point.reached(result, *args):
            count()
        return result

    setattr(point.owner, point.name, mortal)
