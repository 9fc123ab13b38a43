"""Readiness, twins, nearest names and cutting: pure rules of the review."""

import json
from dataclasses import replace

import pytest

from ntmtasks import paths
from ntmtasks.agencies.rules import directory_from
from ntmtasks.intake.rules.cutting import cut
from ntmtasks.intake.rules.nearest import nearest
from ntmtasks.intake.rules.readiness import Clear, Facts, Lead, missing
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.rules.twins import pairs, speaks_of

DIRECTORY = directory_from(json.loads((paths.DATA / "can_tho_2024.json").read_text()))
OFFICE = Lead("Sở Y tế", is_proposed=False, is_reachable=True)
CLEAR = Facts("Tổ chức hội nghị tổng kết", "Báo cáo", True, False, [OFFICE], False)


def test_an_item_with_all_five_lacks_nothing() -> None:
    assert missing(CLEAR) == {}


@pytest.mark.parametrize(
    ("change", "lacks"),
    [
        ({"text": "Công tác tuyên truyền"}, Clear.WORK),
        ({"product": " "}, Clear.RESULT),
        ({"has_time": False}, Clear.TIME),
        ({"leads": []}, Clear.PERSON),
        ({"leads": [replace(OFFICE, is_reachable=False)]}, Clear.PERSON),
        ({"leads": [replace(OFFICE, is_proposed=True)]}, Clear.DUTY),
        ({"leads": [OFFICE, OFFICE]}, Clear.DUTY),
        ({"text": "Phối hợp với các sở tổ chức"}, Clear.DUTY),
    ],
)
def test_each_gap_is_named(change: dict[str, object], lacks: Clear) -> None:
    assert list(missing(replace(CLEAR, **change))) == [lacks]  # type: ignore[arg-type]  # a table


def test_several_leads_and_named_support_are_clear() -> None:
    assert not missing(replace(CLEAR, each=True, leads=[OFFICE, OFFICE]))
    assert not missing(replace(CLEAR, text="Phối hợp với các sở tổ chức", has_support=True))


def test_the_twins_of_plan_108_are_those_that_a_reader_sees() -> None:
    reading = read_plan((paths.DATA / "108-kh-ubnd.txt").read_text(), DIRECTORY, 2024)
    tasks = reading.tasks
    found = pairs([t.text for t in tasks], [t.path.partition(".")[0] for t in tasks])
    named = [(tasks[p.one].path, tasks[p.other].path) for p in found]
    assert named[0] == ("III.2.a", "IV.2.-2")
    assert {
        ("III.1.g", "IV.2.-6"), ("III.1.k", "IV.2.-5"), ("III.8.-5", "IV.2.-6"),
        ("III.8.-5", "IV.2.-8"),
    } <= set(named)  # fmt: skip
    assert all(one.startswith("III.") and other.startswith("IV.") for one, other in named)


def test_a_finding_speaks_of_exactly_the_clauses_it_names() -> None:
    message = "Mục III.2.a và mục IV.2.-2 gần như là một việc: nên gộp."
    assert speaks_of(message, "III.2.a", "IV.2.-2")
    assert not speaks_of(message, "III.2.a", "IV.2.-22")
    assert not speaks_of(message, "III.2", "IV.2.-2")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Sở Nông nghiệp và Môi trường", "Sở NN&PTNT"),
        ("Sở Văn hóa và Thể thao", "Sở VHTTDL"),
        ("Hội Nông dân các cấp", "Hội Nông dân"),
    ],
)
def test_the_nearest_agency_is_offered_first(written: str, meant: str) -> None:
    assert meant in nearest(written, DIRECTORY)


def test_a_stranger_has_no_neighbours() -> None:
    assert nearest("Xyz", DIRECTORY) == []


@pytest.mark.parametrize(
    ("text", "typed", "halves"),
    [
        ("a b c d", "a b\nc d", ("a b", "c d")),
        ("a b\nc d", "a b\n\nc d", ("a b", "c d")),
        ("a b\nc d e", "a b\nc\nd e", ("a b\nc", "d e")),
        ("a b c", "a b c", None),
        ("a b c", "a b c\n", None),
        ("a b c", "a x\nc", None),
        ("abc d", "ab\nc d", None),
    ],
)
def test_a_text_is_cut_where_a_line_break_was_put(
    text: str, typed: str, halves: tuple[str, str] | None
) -> None:
    assert cut(text, typed) == halves
