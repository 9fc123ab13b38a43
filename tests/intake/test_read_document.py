"""The one door for files: any bytes give a reading or one sentence that says what to do."""

import io
import json
import unicodedata
import zipfile
from pathlib import Path

import pytest

from ntmtasks.agencies.rules import Directory, directory_from
from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.intake.rules.documents.plain_text import decode
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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
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
        (
            b"\n<!DOCTYPE html><html><body>K\xe1\xba\xbf ho\xe1\xba\xa1ch</body>",
            "không phải tệp Word",
        ),
        (
            "Số: 12/BC-UBND\nBÁO CÁO\nKết quả năm 2025\nI. KẾT QUẢ\n1. Đã họp.".encode(),
            "Văn bản này là báo cáo .*không phải kế hoạch giao việc. Hãy kiểm tra lại tệp",
        ),
        ("Kính gửi các đồng chí,\n\nHôm nay trời đẹp.".encode(), "không thấy nhiệm vụ nào"),
    ],
)
def test_what_is_no_plan_is_refused_with_a_sentence(content: bytes, says: str) -> None:
    with pytest.raises(Unreadable, match=says):
        read_document("ke-hoach.docx", content, None, DIRECTORY)


def _tone_behind(letter: str) -> str:
    """Return a letter as Windows-1258 has it: its tone a character of its own."""
    parts = unicodedata.normalize("NFD", letter)
    tones = "".join(c for c in parts if c in "\u0300\u0301\u0303\u0309\u0323")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in tones)) + tones


def test_windows_1258_is_recognised() -> None:
    written = "".join(map(_tone_behind, PLAN)).encode("cp1258")
    assert read_document("a.txt", written, None, DIRECTORY) == read_plan(PLAN, DIRECTORY)


@pytest.mark.parametrize("damage", [b"\xff", b"\xe1\xba", b"\xc3"])
def test_a_few_damaged_bytes_do_not_make_it_another_encoding(damage: bytes) -> None:
    half = len(PLAN) // 2
    content = PLAN[:half].encode() + damage + PLAN[half:].encode()
    assert len(read_document("a.txt", content, None, DIRECTORY).tasks) == 69


TCVN3 = "KÕ ho¹ch thùc hiÖn Ch­¬ng tr×nh Môc tiªu quèc gia x©y dùng n«ng th«n míi n¨m 2024; ®Ò nghÞ "
VNI = "Keá hoaïch thöïc hieän Chöông trình Muïc tieâu quoác gia xaây döïng noâng thoân môùi naêm 2024; ñeà nghò "
UNICODE = (
    "Kế hoạch thực hiện Chương trình Mục tiêu quốc gia xây dựng nông thôn mới năm 2024; đề nghị "
)


@pytest.mark.parametrize("written", [TCVN3, VNI])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_letters_before_unicode_are_converted(written: str, encoding: str) -> None:
    assert decode((written * 3).encode(encoding)) == UNICODE * 3


def test_letters_of_no_known_encoding_are_refused() -> None:
    with pytest.raises(Unreadable, match="bảng mã lạ"):
        decode("Kåœ hßœµch thÿœ¤c hiœ¶n ".encode() * 20)


def test_a_document_of_tags_alone_is_too_big_and_not_too_slow() -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as parts:
        name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        body = f'<w:document xmlns:w="{name}"><w:body>{"<w:p/>" * 2_000_000}</w:body></w:document>'
        parts.writestr("word/document.xml", body)
    with pytest.raises(Unreadable, match="lớn quá mức cho phép"):
        read_document("rong.docx", package.getvalue(), None, DIRECTORY)
