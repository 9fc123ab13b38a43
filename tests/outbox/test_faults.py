"""Killed workers and a bad mail server: the harness of `make faults` in small, and what it catches."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.faults import mails, slots
from tests.support import databases

FEW_MAILS = mails.Plan(
    mails=100, workers=2, random_kills=4, kills_a_point=2, pauses=0, drain_seconds=20
)
FEW_SLOTS = slots.Plan(slots=40, workers=3, kills=6, drain_seconds=20)


@pytest.fixture(params=databases.ENGINES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with databases.empty_database(request.param, tmp_path) as url:
        yield url


def test_no_mail_is_lost_and_no_double_is_unknown(database_url: str, tmp_path: Path) -> None:
    verdict = mails.run(FEW_MAILS, tmp_path, database_url)
    assert sum(verdict.deaths.values()) == len(FEW_MAILS.ways)
    assert verdict.mails == FEW_MAILS.mails
    assert not any(verdict.faults.values()), verdict


def test_each_slot_is_worked_on_once(database_url: str, tmp_path: Path) -> None:
    verdict = slots.run(FEW_SLOTS, tmp_path, database_url)
    assert sum(verdict.deaths.values()) == FEW_SLOTS.kills
    assert not any(verdict.faults.values()), verdict


@pytest.mark.parametrize(
    ("plant", "fault"),
    [
        ("doubt_is_forgotten", "lost"),
        ("sent_too_early", "sent but never taken"),
        ("no_fence", "doubles without doubt"),
        ("new_message_id", "other id"),
        ("bad_row_blocks", "blocked"),
    ],
)
def test_a_planted_bug_of_sending_is_found(plant: str, fault: str, tmp_path: Path) -> None:
    plan = mails.Plan(
        mails=40, workers=2, random_kills=0, kills_a_point=2, pauses=0, drain_seconds=4
    )
    assert mails.run(plan, tmp_path, "", plant).faults[fault]


@pytest.mark.parametrize(
    ("plant", "fault"), [("slot_claimed_apart", "gaps"), ("slot_looked_up", "doubles")]
)
def test_a_planted_bug_of_claiming_is_found(plant: str, fault: str, tmp_path: Path) -> None:
    plan = slots.Plan(slots=40, workers=3, kills=8, drain_seconds=2)
    assert slots.run(plan, tmp_path, "", plant).faults[fault]
