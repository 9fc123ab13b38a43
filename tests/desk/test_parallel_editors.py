"""Eight people edit the same work at once: whoever is late is told and sends again, nothing is lost.

Here they are eight browsers of one person, and few edits; `make faults` lets processes of different
people make 200 edits each (benchmarks/faults/editors.py), of which the harness is tried here.
"""

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from benchmarks.faults import editors
from ntmtasks.core.db import db
from ntmtasks.progress.models.updates import ProgressUpdate
from tests.support import databases
from tests.support.client import Client, new_client
from tests.support.work import of

EDITORS = 8
MINE = ("III.1.c", "Sở NN&PTNT")
VERSION = re.compile(r'name="\d+-version"[^>]*value="(\d+)"')


def seen_in(page: str) -> str:
    """The version that an open row carries."""
    found = VERSION.search(page)
    assert found is not None, page
    return found.group(1)


def edit(client: Client, work: int, editor: int, edits: int) -> Counter[int]:
    """Post so many updates, each again until it is through; how often which status came."""
    row, statuses = f"/assignments/{work}/progress", Counter[int]()
    seen = seen_in(client.get(row, htmx=True).text)
    for number in range(edits):
        body = f"Cập nhật {number} của người {editor}"
        typed = {"state": "in_progress", "percent": str(number % 101), "body": body}
        while True:
            form = {f"{work}-{name}": value for name, value in (typed | {"version": seen}).items()}
            answer = client.post("/my-work/", form | {"only": work}, htmx=True)
            statuses[answer.status_code] += 1
            if answer.status_code == 200:
                seen = seen_in(client.get(row, htmx=True).text)
                break
            assert answer.status_code == 409
            assert body in answer.text, "what was typed comes back"
            seen = seen_in(answer.text)
    return statuses


def test_eight_parallel_editors_lose_no_edit(app: Flask) -> None:
    edits = 4
    work = of(*MINE).id
    db.session.remove()
    clients = [new_client(app, "daumoi") for _ in range(EDITORS)]
    with ThreadPoolExecutor(EDITORS) as pool:
        results = list(pool.map(lambda e: edit(clients[e], work, e, edits), range(EDITORS)))
    statuses = sum(results, Counter())
    assert statuses[200] == EDITORS * edits
    bodies = db.session.scalars(
        select(ProgressUpdate.body).where(
            ProgressUpdate.assignment_id == work, ProgressUpdate.body.like("Cập nhật % của người %")
        )
    ).all()
    wanted = [f"Cập nhật {n} của người {e}" for e in range(EDITORS) for n in range(edits)]
    assert Counter(bodies) == Counter(wanted)


@pytest.mark.parametrize(
    ("engine", "plant", "fault"),
    [
        ("sqlite", "", ""),
        ("sqlite", "span_forgotten", "other state"),
        ("sqlite", "comment_dropped", "lost"),
        ("postgresql", "comment_dropped", "lost"),
    ],
)
def test_the_long_race_finds_a_planted_bug_and_else_nothing(
    engine: str, plant: str, fault: str, tmp_path: Path
) -> None:
    with databases.sample_instance(engine, tmp_path) as config:
        url = config.database_url if engine == "postgresql" else ""
        verdict = editors.run(editors.Plan(edits=2), config.instance, url, plant)
    assert verdict.edits == 2 * EDITORS
    assert {name for name, found in verdict.faults.items() if found} == (
        {fault} if fault else set()
    )
