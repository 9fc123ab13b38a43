"""The score table of the plan reader over the real plans.

    python benchmarks/reading.py [-v]      plans from NTMTASKS_PLANS, else ../shared/plans

Items are compared after NFC, without ``*``, with single spaces, casefolded. F1 counts what is
missed and what is invented alike. An item is found where an item of ours begins with its
``starts_with``; paths, agencies and deadlines are then compared pair by pair.
"""

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.parts import ItemReading
from ntmtasks.intake.rules.reading import read_plan

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT / "ntmtasks" / "data" / "can_tho_2024.json"
MEASURES = ("items", "paths", "agencies", "supporting", "deadlines")


def plans_folder() -> Path:
    """Return where the real plans stand."""
    return Path(os.environ.get("NTMTASKS_PLANS") or ROOT.parent / "shared" / "plans")


def seed_directory() -> Directory:
    """Return the directory of the seed file."""
    return directory_from(json.loads(SEED.read_text(encoding="utf-8")))


def plain(text: str | None) -> str:
    """Return a text as it is compared."""
    return " ".join(nfc(text or "").replace("*", "").casefold().split()).strip(" .;,:")


@dataclass
class Count:
    """True positives, what we gave, what was expected."""

    hit: int = 0
    given: int = 0
    wanted: int = 0

    def add(self, given: Iterable[Any], wanted: Iterable[Any]) -> None:
        """Count two sets."""
        a, b = set(given), set(wanted)
        self.hit += len(a & b)
        self.given += len(a)
        self.wanted += len(b)

    @property
    def f1(self) -> float:
        """Return the F1; 1.0 where nothing was wanted and nothing given."""
        return 2 * self.hit / (self.given + self.wanted) if self.given + self.wanted else 1.0

    def __str__(self) -> str:
        found = self.hit / self.wanted if self.wanted else 1.0
        true = self.hit / self.given if self.given else 1.0
        return f"{self.f1:.3f} ({found:.2f}/{true:.2f})"


@dataclass
class Score:
    """The measures of one file, and what was wrong."""

    name: str
    counts: dict[str, Count] = field(default_factory=lambda: {m: Count() for m in MEASURES})
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)


def pair_items(
    items: list[ItemReading], expected: list[dict[str, Any]]
) -> list[tuple[ItemReading | None, dict[str, Any]]]:
    """Pair every expected item with ours: by the same beginning, the same path first."""
    free = list(items)
    pairs: list[tuple[ItemReading | None, dict[str, Any]]] = []
    for want in expected:
        start = plain(want["starts_with"])
        fits = [i for i in free if plain(i.text).startswith(start)]
        best = next((i for i in fits if i.path == want["path"]), fits[0] if fits else None)
        if best:
            free.remove(best)
        pairs.append((best, want))
    return pairs


def score_text(name: str, text: str, expected: dict[str, Any], directory: Directory) -> Score:
    """Read one text and compare it with its expected reading."""
    score = Score(name)
    begun = perf_counter()
    reading = read_plan(text, directory)
    score.seconds = perf_counter() - begun
    wanted = [w for w in expected["items"] if w.get("kind") != "closing"]
    items = list(reading.tasks)
    pairs = pair_items(items, wanted)
    found = [i for i, _ in pairs if i]
    c = score.counts
    c["items"] = Count(len(found), len(items), len(wanted))
    c["paths"].add((i.path for i in items), (w["path"] for w in wanted))
    score.wrong += [f"missed {w['path']}: {w['starts_with']}" for i, w in pairs if not i]
    score.wrong += [f"invented {i.path}: {i.text[:70]}" for i in items if i not in found]
    for item, want in pairs:
        if item:
            _compare(score, item, want)
    return score


def _compare(score: Score, item: ItemReading, want: dict[str, Any]) -> None:
    optional = {plain(a) for a in want.get("optional_agencies", ())}
    mine = {plain(a.name) for a in item.agencies if a.role == "lead"} - optional
    theirs = {plain(a) for a in want["agencies"]}
    score.counts["agencies"].add(
        ((want["path"], a) for a in mine), ((want["path"], a) for a in theirs)
    )
    if mine != theirs:
        score.wrong.append(f"agencies {want['path']}: {mine or '-'} for {theirs or '-'}")
    if "coord_agencies" in want:
        coord = {plain(a.name) for a in item.agencies if a.role == "supporting"}
        expected = {plain(a) for a in want["coord_agencies"]}
        score.counts["supporting"].add(coord, expected)
        if coord != expected:
            score.wrong.append(f"supporting {want['path']}: {coord} for {expected}")
    given, wanted = _deadlines(item, want)
    score.counts["deadlines"].add(given, wanted)
    if given != wanted:
        score.wrong.append(f"deadline {want['path']}: {given or '-'} for {wanted or '-'}")
    if item.path != want["path"]:
        score.wrong.append(f"path {item.path} for {want['path']}")
    if "ends_with" in want and not plain(item.text).endswith(plain(want["ends_with"])):
        score.wrong.append(f"end {want['path']}: {item.text[-40:]}")


def _deadlines(item: ItemReading, want: dict[str, Any]) -> tuple[set[str], set[str]]:
    """Return (ours, theirs), each tagged with the path; plan 00 gives dates and recurrences."""
    tag, mine = want["path"], item.deadline
    if "deadline_text" in want:
        theirs = {f"{tag} {plain(want['deadline_text'])}"} if want["deadline_text"] else set()
        return ({f"{tag} {plain(mine.text)}"} if mine else set()), theirs
    ours = set()
    if mine and mine.due_on:
        ours.add(f"{tag} {mine.due_on.isoformat()}")
    if mine and mine.recurrence:
        ours.add(f"{tag} {','.join(mine.recurrence)}")
    return ours, {f"{tag} {v}" for v in (want.get("deadline"), want.get("recurrence")) if v}


def score_folder(folder: Path) -> list[Score]:
    """Score every ``.txt`` that has an ``.expected.json`` beside it."""
    directory = seed_directory()
    scores = []
    for path in sorted(folder.glob("*.txt")):
        stem = path.name.removesuffix(".txt").removesuffix(".wrapped")
        answer = folder / f"{stem}.expected.json"
        if answer.exists():
            expected = json.loads(answer.read_text(encoding="utf-8"))
            text = path.read_text(encoding="utf-8")
            scores.append(score_text(path.name, text, expected, directory))
    return scores


def main() -> int:
    """Print the table; with -v also every difference."""
    scores = score_folder(plans_folder())
    print("F1 (found / not invented)")
    print(f"{'plan':44}" + "".join(f"{m:>20}" for m in MEASURES) + f"{'ms':>7}")
    for s in scores:
        row = "".join(f"{s.counts[m]!s:>20}" for m in MEASURES)
        print(f"{s.name[:43]:44}{row}{s.seconds * 1000:7.0f}")
        if "-v" in sys.argv:
            print("".join(f"    {w}\n" for w in s.wrong), end="")
    return 0 if scores else 1


if __name__ == "__main__":
    raise SystemExit(main())
