"""Workers that claim the same slots and are killed: each slot's work is done once."""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.faults import claimers
from benchmarks.faults.lives import RANDOM, Lives
from benchmarks.faults.stores import prepare
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core.db import db, let_go
from ntmtasks.outbox.models import OutboxMail

DRAIN_SECONDS = 30.0


@dataclass(frozen=True)
class Plan:
    """How much is done: slots, workers, deaths at random moments and at each point; and after how many
    seconds without any slot worked on those left are given up."""

    slots: int = 300
    workers: int = 4
    kills: int = 200
    kills_a_point: int = 50
    drain_seconds: float = DRAIN_SECONDS

    @property
    def ways(self) -> list[str]:
        """Each death by its way."""
        points = [point for point in claimers.POINTS for _ in range(self.kills_a_point)]
        return [RANDOM] * self.kills + points


@dataclass(frozen=True)
class Verdict:
    """What was found; `faults` must all be zero."""

    slots: int
    deaths: Counter[str]
    faults: dict[str, int]


def run(plan: Plan, folder: Path, database_url: str, plant: str = "", seed: int = 1) -> Verdict:
    """Kill, let the rest be done, judge; goes on where an earlier run was cut off."""
    env = prepare(folder, database_url)
    limit = folder / "limit"
    if not limit.exists():
        limit.write_text("0")
    with create_app(load_config(env)).app_context():
        lives = Lives(
            folder,
            claimers.claim,
            (env, plant, limit),
            plan.workers,
            plan.ways,
            random.Random(seed),
        )

        def feed(is_hungry: bool = False) -> None:
            given = int(limit.read_text())
            due = min(plan.slots, 3 + int(plan.slots * lives.share))
            limit.write_text(str(max(given + 1 if is_hungry else given, due)))

        feed()
        lives.run(feed)
        total = max(plan.slots, int(limit.read_text()))
        limit.write_text(str(total))
        lives.run_on(lambda: total - len(_done()), plan.drain_seconds)
        done = _done()
        return Verdict(
            slots=total,
            deaths=lives.deaths,
            faults={
                "gaps": total - len(done),
                "doubles": sum(times - 1 for times in done.values()),
                "not reached": lives.not_reached,
            },
        )


def _done() -> dict[str, int]:
    """How often the work of each slot was done."""
    let_go()
    rows = select(OutboxMail.subject, func.count()).group_by(OutboxMail.subject)
    return dict(db.session.execute(rows).all())
