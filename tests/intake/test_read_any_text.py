"""No text makes the reader raise, and no word of a text is lost."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.reading import plans_folder
from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.assigning import assignments_for
from ntmtasks.intake.rules.documents.legacy import Encoding
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.rules.reading import read_plan

DATA = Path(__file__).parents[2] / "ntmtasks" / "data"
DIRECTORY = directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))
PLANS = [
    path.read_text(encoding="utf-8").split("\n")
    for path in (
        DATA / "108-kh-ubnd.txt",
        *sorted((Path(__file__).parents[1] / "plans").glob("*.txt")),
        *sorted(plans_folder().glob("*.txt")),  # real ones of other provinces, where they are
    )
]
SCRAPS = [
    "|",
    "\t",
    "- ",
    "+ ",
    "I. ",
    "1.",
    "1.1. ",
    "(1) ",
    "a) ",
    "PHỤ LỤC",
    "Phần thứ hai",
    "*",
]


def _codes(encoding: Encoding, writings: Iterable[str]) -> dict[str, str]:
    """Return how an old encoding writes each letter that it has a code for."""
    read = ((encoding.to_unicode(w), w) for w in writings)
    return {letter: written for letter, written in read if len(letter) == 1}


_HIGH = [chr(c) for c in range(0xA1, 0x100)]
OLD = (
    _codes(Encoding.TCVN3, _HIGH),
    _codes(Encoding.VNI, [*_HIGH, *(a + b for a in "aeouyôöAEOUYÔÖ" for b in _HIGH)]),
)


def words(text: str) -> Counter[str]:
    """Count the words; emphasis marks ("Th*ông* tư") are no part of them."""
    return Counter(re.findall(r"[^\W_]+", re.sub("[*_]", "", nfc(text))))


def assert_nothing_is_lost(text: str, reading: PlanReading) -> None:
    kept: Counter[str] = Counter()
    for clause in reading.clauses:
        kept += words(f"{clause.label} {clause.text}")
    for left in reading.left_out:
        assert left.reason
        kept += words(left.text)
    assert kept == words(text)


@st.composite
def damaged_plans(draw: st.DrawFn) -> str:
    """A plan with lines dropped, doubled, moved, cut, joined, with labels and encodings damaged."""
    lines = list(draw(st.sampled_from(PLANS)))
    for _ in range(draw(st.integers(1, 25))):
        at = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        half = len(lines[at]) // 2
        match draw(st.integers(0, 12)):
            case 0:
                lines[at] = ""
            case 1:
                lines.insert(other, lines[at])
            case 2:
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                lines[at] = re.sub(r"^\S+ ", "", lines[at])
            case 4:
                lines[at : at + 1] = [lines[at][:half], lines[at][half:]]
            case 5:
                lines[at] = draw(st.sampled_from(SCRAPS)) + lines[at]
            case 6:
                lines[at] = lines[at].encode("utf-8").decode("cp1258", errors="replace")
            case 7:
                lines[at] = f"{lines[at][:half]}\t{lines[at][half:]}"
            case 8:
                lines[at] = " ".join(lines[at : at + 3])
            case 9:
                lines = lines[at:] + lines[:at]
            case 10 | 11:  # a page that was typed in the fonts of old
                codes = draw(st.sampled_from(OLD))
                for i in range(at, min(at + 5, len(lines))):
                    lines[i] = "".join(codes.get(c, c) for c in lines[i])
            case _:
                lines[at] = draw(st.text(max_size=30))
    return "\n".join(lines)


def test_the_old_encodings_hold_every_letter_of_vietnamese() -> None:
    letters = set("àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ")
    for encoding, codes in zip((Encoding.TCVN3, Encoding.VNI), OLD, strict=True):
        assert letters <= set(codes)
        assert encoding.to_unicode("".join(codes[c] for c in sorted(letters))) == "".join(
            sorted(letters)
        )


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(damaged_plans())
def test_a_damaged_plan_is_read_without_loss(text: str) -> None:
    reading = read_plan(text, DIRECTORY)
    assert_nothing_is_lost(text, reading)
    paths = [c.path for c in reading.clauses]
    assert len(paths) == len(set(paths))
    assert all(f.quote.strip() for f in reading.findings)
    for item in reading.tasks:
        assert assignments_for(item, DIRECTORY)[1]


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(), max_size=400))
def test_any_text_is_read_without_loss(text: str) -> None:
    assert_nothing_is_lost(text, read_plan(text, Directory()))


@pytest.mark.parametrize(
    "text", ["", "\x00", "|", "|\n|\n|", "\t", "I.", "1.\n1.\n1.", "- ", "****"]
)
def test_scraps_give_no_items(text: str) -> None:
    assert read_plan(text, DIRECTORY).tasks == ()


def test_what_lies_beyond_the_bounds_is_kept_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join(PLANS[0])
    for bound, most in (("_MOST_LINES", 40), ("_MOST_CHARACTERS", 5000)):
        with monkeypatch.context() as patch:
            patch.setattr(f"ntmtasks.intake.rules.reading.{bound}", most)
            reading = read_plan(text, DIRECTORY)
        assert_nothing_is_lost(text, reading)
        assert "chưa được đọc" in reading.left_out[0].reason
        assert 0 < len(reading.tasks) < 45


def _calls(text: str) -> int:
    """Count the calls of functions, of Python and of C, that a reading makes."""
    made = 0

    def count(frame: FrameType, event: str, arg: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        read_plan(text, DIRECTORY)
    finally:
        sys.setprofile(None)
    return made


HEAD = "KẾ HOẠCH\nII. NHIỆM VỤ\n"


@pytest.mark.parametrize(
    "piece",
    [
        "1. Sở Y tế chủ trì, Sở Nội vụ phối hợp, xong trước ngày 15/6/2025.\n",
        "- Đơn vị chủ trì: Sở Y tế.\n",
        "| 1 | Rà soát | Sở Y tế | Quý II/2025 |\n",
        "Một dòng không có nhãn và không có dấu chấm\n",
        "Sở Y tế, ",
        "hằng quý (trước ngày 20), ",
        "sau khi được phê duyệt, ",
        "(((",
        "a) ",
    ],
)
def test_four_times_the_text_is_about_four_times_the_work(piece: str) -> None:
    few, many = (_calls(HEAD + piece * n) for n in (100, 400))
    assert many < 7 * few


def test_a_letter_is_no_plan() -> None:
    letter = "Kính gửi các đồng chí,\n\nHôm nay trời đẹp.\n\n1. Trân trọng\n- cảm ơn"
    assert read_plan(letter, DIRECTORY).tasks == ()
