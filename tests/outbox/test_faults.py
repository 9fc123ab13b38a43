"""Killed workers and a bad mail server: the harness of `make faults` in small, and what it catches."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from benchmarks.faults import lives, mails, slots
from tests.support import databases

FEW_MAILS = mails.Plan(
    mails=100, workers=2, random_kills=4, kills_a_point=2, pauses=0, drain_seconds=20
)
FEW_SLOTS = slots.Plan(slots=40, workers=3, kills=4, kills_a_point=2, drain_seconds=20)


@pytest.fixture(params=databases.ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with databases.empty_database(request.param, tmp_path) as url:
        yield url


def test_no_mail_is_lost_and_no_double_is_unknown(database_url: str, tmp_path: Path) -> None:
    verdict = mails.run(FEW_MAILS, tmp_path, database_url)
    assert not Counter(FEW_MAILS.ways) - verdict.deaths
    assert verdict.mails >= FEW_MAILS.mails
    assert verdict.refusals["sender"]
    assert not any(verdict.faults.values()), verdict


def test_each_slot_is_worked_on_once(database_url: str, tmp_path: Path) -> None:
    verdict = slots.run(FEW_SLOTS, tmp_path, database_url)
    assert not Counter(FEW_SLOTS.ways) - verdict.deaths
    assert not any(verdict.faults.values()), verdict


@contextmanager
def empty(engine: str, folder: Path) -> Iterator[str]:
    """The address of an empty database as the harnesses take it."""
    if engine == "sqlite":
        yield ""  # the instance's own
        return
    with databases.empty_database(engine, folder) as url:
        yield url


@pytest.mark.parametrize(
    ("engine", "plant", "fault"),
    [
        ("sqlite", "doubt_is_forgotten", "lost"),
        ("sqlite", "sent_too_early", "sent but never taken"),
        ("sqlite", "no_fence", "doubles without doubt"),
        ("sqlite", "new_message_id", "other id"),
        ("sqlite", "bad_row_blocks", "blocked"),
        ("sqlite", "refused_sender_is_final", "lost"),
        ("postgresql", "no_fence", "doubles without doubt"),
    ],
)
def test_a_planted_bug_of_sending_is_found(
    engine: str, plant: str, fault: str, tmp_path: Path
) -> None:
    plan = mails.Plan(
        mails=40, workers=2, random_kills=0, kills_a_point=1, pauses=0, drain_seconds=3
    )
    with empty(engine, tmp_path) as url:
        assert mails.run(plan, tmp_path, url, plant).faults[fault]


@pytest.mark.parametrize(
    ("engine", "plant", "fault"),
    [
        ("sqlite", "slot_claimed_apart", "gaps"),
        ("sqlite", "slot_looked_up", "doubles"),
        ("postgresql", "slot_looked_up", "doubles"),
    ],
)
def test_a_planted_bug_of_claiming_is_found(
    engine: str, plant: str, fault: str, tmp_path: Path
) -> None:
    plan = slots.Plan(slots=40, workers=3, kills=4, kills_a_point=2, drain_seconds=2)
    with empty(engine, tmp_path) as url:
        assert slots.run(plan, tmp_path, url, plant).faults[fault]


def test_a_point_that_nobody_comes_to_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "LONGEST_LIFE", 0.5)
    dying = lives.Lives(tmp_path, idle, (), 2, ["here", "here"], random.Random(1))
    hungry = []
    dying.run(hungry.append)
    assert dying.deaths == {"here, missed": 4}
    assert dying.not_reached == 2


def idle(_way: str, _seed: int, ready: Connection) -> None:
    """A process that never does anything."""
    ready.close()
    time.sleep(60)
