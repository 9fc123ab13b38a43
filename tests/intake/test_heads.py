"""Who issues a plan, where, who signs and who gets it: by the lines around the text."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import PlanReading
from ntmtasks.intake.rules.reading import read_plan

MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc\n"
NUMBER = "Số: 57/KH-UBND\nKiên Giang, ngày 21 tháng 02 năm 2025\n"
BODY = "II. NHIỆM VỤ\n1. Ban hành quy chế.\n"


def read(head: str, foot: str = "") -> PlanReading:
    """Return the reading of a plan with this head."""
    return read_plan(f"{head}KẾ HOẠCH\nPhát triển thương mại năm 2025\n{BODY}{foot}", Directory())


@pytest.mark.parametrize(
    ("letterhead", "issuer"),
    [
        ("UBND TỈNH KIÊN GIANG\n", "UBND tỉnh Kiên Giang"),
        ("ỦY BAN NHÂN DÂN\nXÃ TÂN HỘI\n-------\n", "UBND xã Tân Hội"),
        ("UBND TP. CẦN THƠ\n", "UBND thành phố Cần Thơ"),
        ("ỦY BAN NHÂN DÂN TỈNH BÀ RỊA - VŨNG TÀU\n", "UBND tỉnh Bà Rịa - Vũng Tàu"),
        ("UBND TỈNH AN GIANG\nSỞ Y TẾ\n", "Sở Y tế"),
        ("UBND TỈNH AN GIANG\nSỞ NÔNG NGHIỆP VÀ MÔI TRƯỜNG\n", "Sở Nông nghiệp và Môi trường"),
        ("UBND TỈNH AN GIANG\nSỞ CÔNG THƯƠNG\n", "Sở Công Thương"),
        ("UBND HUYỆN CHÂU THÀNH\nPHÒNG NỘI VỤ\n", "Phòng Nội vụ"),
        ("SỞ TƯ PHÁP\n", "Sở Tư pháp"),
        ("BAN CHỈ ĐẠO 138\n", None),
    ],
)
def test_the_lower_body_of_the_letterhead_issues(letterhead: str, issuer: str | None) -> None:
    assert read(letterhead + MOTTO + NUMBER).issuer == issuer


def test_reads_a_letterhead_in_two_columns() -> None:
    head = (
        "ỦY BAN NHÂN DÂN\tCỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "THÀNH PHỐ CẦN THƠ\tĐộc lập - Tự do - Hạnh phúc\n"
        "Số: 108/KH-UBND\tCần Thơ, ngày 24 tháng 5 năm 2024\n"
    )
    reading = read(head)
    assert (reading.issuer, reading.place) == ("UBND thành phố Cần Thơ", "Cần Thơ")


def test_the_motto_is_no_place() -> None:
    cell = MOTTO.strip() + " Quảng Nam, ngày 08 tháng 4 năm 2025\n"
    assert read(f"ỦY BAN NHÂN DÂN\nTỈNH QUẢNG NAM\nSố: 9/KH-UBND\n{cell}").place == "Quảng Nam"


SIGNED = (
    "Nơi nhận:\n- Như Điều 3;\n- Bộ Y tế;\n- Lưu: VT.\nKT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\nNguyễn Văn An\n"
)


def test_a_decision_in_front_carries_recipients_and_signature() -> None:
    decision = f"UBND TỈNH SAO MAI\n{NUMBER}QUYẾT ĐỊNH\nĐiều 1. Ban hành Kế hoạch./.\n{SIGNED}"
    reading = read(decision)
    assert reading.signer == "Nguyễn Văn An"
    assert reading.recipients == ("Như Điều 3", "Bộ Y tế")


def test_what_stands_below_the_plan_goes_before_the_decision() -> None:
    own = "Nơi nhận:\n- Sở Y tế;\n- Lưu: VT.\nTM. ỦY BAN NHÂN DÂN\nTrần Văn Bình\n"
    reading = read(f"{NUMBER}QUYẾT ĐỊNH\nĐiều 1. Ban hành.\n{SIGNED}", own)
    assert (reading.signer, reading.recipients) == ("Trần Văn Bình", ("Sở Y tế",))
