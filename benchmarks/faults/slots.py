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
    """How much is done."""

    slots: int = 300
    workers: int = 4
    kills: int = 200
    drain_seconds: float = DRAIN_SECONDS


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
    limit.write_text("0")
    with create_app(load_config(env)).app_context():
        lives = Lives(
            folder,
            claimers.claim,
            (env, plant, limit),
            plan.workers,
            [RANDOM] * plan.kills,
            random.Random(seed),
        )

        def feed(is_hungry: bool = False) -> None:
            limit.write_text(str(min(plan.slots, 3 + int(plan.slots * lives.share))))

        feed()
        lives.run(feed)
        limit.write_text(str(plan.slots))
        lives.run_on(lambda: plan.slots - len(_done()), plan.drain_seconds)
        done = _done()
        return Verdict(
            slots=plan.slots,
            deaths=lives.deaths,
            faults={
                "gaps": plan.slots - len(done),
                "doubles": sum(times - 1 for times in done.values()),
                "not reached": lives.not_reached,
            },
        )


def _done() -> dict[str, int]:
    """How often the work of each slot was done."""
    let_go()
    rows = select(OutboxMail.subject, func.count()).group_by(OutboxMail.subject)
    return dict(db.session.execute(rows).all())
