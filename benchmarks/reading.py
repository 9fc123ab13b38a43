"""The score table of the plan reader over the real plans, as text and as files made from it.

    python -m benchmarks.reading [-v]      plans from NTMTASKS_PLANS, else ../shared/plans

Items are compared after NFC, without ``*``, with single spaces, casefolded. F1 counts what is
missed and what is invented alike. An item is found where an item of ours begins with its
``starts_with``; paths, agencies and deadlines are then compared pair by pair.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.parts import ItemReading, PlanReading
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service.reading import read_document
from tests.support import documents

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


def score_of(name: str, read: Callable[[], PlanReading], expected: dict[str, Any]) -> Score:
    """Read a plan and compare it with its expected reading."""
    score = Score(name)
    begun = perf_counter()
    reading = read()
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
            scores.append(score_of(path.name, lambda t=text: read_plan(t, directory), expected))
    return scores


def file_forms(text: str) -> dict[str, bytes]:
    """Return a plan's text as the files that an office would have, by a word for each."""
    pieces = documents.pieces(text)
    return {
        "docx": documents.word(pieces),
        "docx numbered": documents.word_numbered(pieces),
        "docx lines": documents.word_lines(text),
        "pdf": documents.pdf(documents.html(pieces)),
    }


def score_files(folder: Path) -> list[Score]:
    """Score the files made from every plan, read as an upload is: in a child process."""
    directory = seed_directory()
    scores = []
    for answer in sorted(folder.glob("*.expected.json")):
        expected = json.loads(answer.read_text(encoding="utf-8"))
        stem = answer.name.removesuffix(".expected.json")
        text = (folder / f"{stem}.txt").read_text(encoding="utf-8")
        for form, content in file_forms(text).items():
            read = partial(read_document, form, content, None, directory)
            scores.append(score_of(f"{stem[:28]} {form}", read, expected))
    return scores


def many_tasks() -> str:
    """Return a plan that is all work, in lines of which no two are alike: the slowest to read."""
    head = "Số: 1/KH-UBND\nKẾ HOẠCH\nPhát triển kinh tế năm 2025\n"
    what = (
        f"{i}. Xây dựng đề án số {i} về lĩnh vực {i * 7919 % 9973} tại huyện {i % 37}.\n"
        for i in range(1, 9000)
    )
    who = (
        f"{i}. Sở Y tế chủ trì, phối hợp với Sở Công Thương lập đề án {i * 31 % 9973}.\n"
        for i in range(1, 9000)
    )
    return f"{head}II. NHIỆM VỤ\n{''.join(what)}III. TỔ CHỨC THỰC HIỆN\n{''.join(who)}"


def print_times() -> None:
    """Print how long large files take: a .pdf of sixty pages, as much text as may be uploaded."""
    text = (SEED.parent / "108-kh-ubnd.txt").read_text(encoding="utf-8")
    pdf = documents.pdf(documents.html(documents.pieces(text) * 7))
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    much = (text * (20 * 2**20 // len(text.encode()) + 1)).encode()[: 20 * 2**20]
    files = (
        (f".pdf of {pages} pages", pdf),
        (".txt of 20 MB", much),
        (".txt of 18,000 tasks, none like another", many_tasks().encode()),
    )
    for name, content in files:
        begun = perf_counter()
        read_document(name, content, None, seed_directory())
        print(f"{name:44}{perf_counter() - begun:7.1f} s")


def main() -> int:
    """Print the tables; with -v also every difference."""
    if not any(plans_folder().glob("*.expected.json")):
        print(f"reading: SKIPPED the scores: no plans with answers in {plans_folder()}")
        print("reading: NTMTASKS_PLANS names their folder")
        print_times()
        return 0
    scores = [*score_folder(plans_folder()), *score_files(plans_folder())]
    print("F1 (found / not invented)")
    print(f"{'plan':44}" + "".join(f"{m:>20}" for m in MEASURES) + f"{'ms':>7}")
    for s in scores:
        row = "".join(f"{s.counts[m]!s:>20}" for m in MEASURES)
        print(f"{s.name[:43]:44}{row}{s.seconds * 1000:7.0f}")
        if "-v" in sys.argv:
            print("".join(f"    {w}\n" for w in s.wrong), end="")
    print_times()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
