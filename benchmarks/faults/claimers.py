"""A process that claims slots and does their work in the same transaction."""

import os
import random
import time
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from sqlalchemy.exc import OperationalError

from benchmarks.faults.lives import Point, die, end_at
from benchmarks.faults.plants import PLANTS
from ntmtasks.app import create_app
from ntmtasks.config import load_config
from ntmtasks.core import slots
from ntmtasks.core.db import db, transaction
from ntmtasks.outbox import service

JOB = "faults"
POINTS = {"after claim": Point(slots, "claim", lambda mine, *_: mine)}


def claim(
    way: str, seed: int, ready: Connection, env: dict[str, str], plant: str, limit: Path
) -> None:
    """Work on the slots 0 … `limit` (a file) again and again until killed; `way` names the point to die
    at, if any.

    The work of a slot is a mail whose subject is the slot and whose key is random, so that a second
    one would be seen.
    """
    os.environ.update(env)
    chance = random.Random(seed)
    if plant:
        PLANTS[plant]()
    if way in POINTS:
        end_at(POINTS[way], chance.randint(1, 3), die)
    app = create_app(load_config())
    ready.close()
    with app.app_context():
        done = 0
        while True:
            while done < int(limit.read_text() or "0"):
                with suppress(OperationalError):  # a busy SQLite: the slot comes again
                    _work(str(done), chance)
                    done += 1
            time.sleep(0.01)


def _work(slot: str, chance: random.Random) -> None:
    with transaction():
        if slots.claim(JOB, slot):
            time.sleep(chance.random() / 50)
            key = f"{slot}:{chance.randbytes(16).hex()}"
            service.post(key, JOB, "an@example.invalid", "An", slot, "Chữ\n", "<p>Chữ</p>")
    db.session.remove()
