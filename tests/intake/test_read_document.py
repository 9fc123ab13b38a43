"""The one door for files: any bytes give a reading or one sentence that says what to do."""

import json
from pathlib import Path

import pytest

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service.reading import Unreadable, read_document

DATA = Path(__file__).parents[2] / "ntmtasks" / "data"
DIRECTORY = directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))
PLAN = (DATA / "108-kh-ubnd.txt").read_text(encoding="utf-8")


def test_a_reading_and_a_directory_survive_the_way_between_processes() -> None:
    reading = read_plan(PLAN, DIRECTORY)
    assert from_plain(PlanReading, json.loads(json.dumps(to_plain(reading)))) == reading
    assert from_plain(Directory, json.loads(json.dumps(to_plain(DIRECTORY)))) == DIRECTORY


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_plan_108_is_read_in_the_child_as_in_the_process(encoding: str) -> None:
    reading = read_document("ke-hoach.txt", PLAN.encode(encoding), None, DIRECTORY)
    assert reading == read_plan(PLAN, DIRECTORY)
    assert len(reading.tasks) == 69


def test_the_year_of_the_form_wins() -> None:
    assert read_document("a.txt", PLAN.encode(), 2025, DIRECTORY).year == 2025


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "trống"),
        (b" \r\n\t ", "trống"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), r"\.docx"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "không phải tệp Word"),
        (bytes(2000), "không phải tệp Word"),
        ("Kính gửi các đồng chí,\n\nHôm nay trời đẹp.".encode(), "không thấy nhiệm vụ nào"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_document("ke-hoach.docx", content, None, DIRECTORY)
