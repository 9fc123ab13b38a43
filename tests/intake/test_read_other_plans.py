"""The reader is not tuned to one plan: invented ones here, real ones of other provinces there."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import reading as bench
from ntmtasks.intake.service.reading import read_document
from tests.support import documents

ROOT = Path(__file__).parents[2]
INVENTED = ROOT / "tests" / "plans"
# What the reader reaches today on each plan, in both forms; it may only rise.
FLOOR = {"items": 0.99, "paths": 0.99, "agencies": 0.99, "supporting": 0.98, "deadlines": 0.99}


@pytest.fixture(scope="module")
def real() -> Path:
    """The folder of the real plans."""
    folder = bench.plans_folder()
    if not folder.is_dir():
        reason = f"no real plans at {folder} (set NTMTASKS_PLANS): THE READER IS NOT MEASURED"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return folder


def short_of(scores: Sequence[bench.Score]) -> list[str]:
    """What does not reach the floor."""
    assert scores
    return [
        f"{s.name} {measure}: {s.counts[measure]} {s.wrong[:5]}"
        for s in scores
        for measure, floor in FLOOR.items()
        if s.counts[measure].f1 < floor
    ]


@pytest.mark.parametrize("name", sorted(p.name for p in INVENTED.glob("*.txt")))
def test_an_invented_plan_is_read_exactly(name: str) -> None:
    score = next(s for s in bench.score_folder(INVENTED) if s.name == name)
    assert score.wrong == []


def test_real_plans_of_other_provinces_reach_the_floor(real: Path) -> None:
    assert short_of(bench.score_folder(real)) == []


def test_a_pasted_text_saved_by_word_is_read_like_the_text(real: Path) -> None:
    directory, scores = bench.seed_directory(), []
    for path in sorted(real.glob("*.txt")):
        answer = real / f"{path.stem.removesuffix('.wrapped')}.expected.json"
        file = documents.word_lines(path.read_text(encoding="utf-8"))
        scores.append(
            bench.score_of(
                path.name,
                lambda file=file: read_document("a.docx", file, None, directory),
                json.loads(answer.read_text(encoding="utf-8")),
            )
        )
    assert short_of(scores) == []
