"""What the reader finds odd in a plan: slips of letters, papers that are no plan, unclear lines."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.parts import Finding
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.rules.slips import slips

TOP = "UBND TỈNH AN GIANG\nSố: {number}\nAn Giang, ngày 21 tháng 02 năm 2025\n{title}\n"


def findings(body: str, number: str = "57/KH-UBND", title: str = "KẾ HOẠCH") -> list[Finding]:
    text = TOP.format(number=number, title=title) + body
    return list(read_plan(text, Directory()).findings)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Sở Y tế tổ chúc hội nghi.", ["tổ chúc", "hội nghi"]),
        ("Xã PHÂN ĐẦU đạt chuẩn.", ["PHÂN ĐẦU"]),
        ("Mua vật tu y tế.", ["vật tu"]),
        ("công tác xây dựng xây nông thôn mới", ["xây dựng xây"]),
        ("Họp tổng kêt.", ["tổng kêt", "kêt"]),
        ("Xong trước ngày l5/6/2025.", ["l5/6/2025"]),
        ("Xong trước ngày 30/O6/2025, năm 2O25.", ["30/O6/2025", "2O25"]),
        ("Ban hành kế hoạch v0i nội dung.", ["v0i"]),
        ("Đoàn kiểmTra.", ["kiểmTra"]),
        ("Việc thựchiện.", ["thựchiện"]),
        ("Chủ tịch ký. *vn*", ["*vn*"]),
        # Names, abbreviations, foreign words, units and other words of the same letters.
        ("Đắk Lắk, Krông Păc, QĐ-UBND, HĐND, LĐTBXH, đ/kg, VNeID, MobiFone", []),
        ("ôtô, vectơ, vắc-xin, pa-nô, áp phích, H5N1, 5G, 24h, m2, B2B, Quý I/2025, mục I.2", []),
        ("nguồn chi tiêu; khả năng cao; nhận thức hiện nay; có quan hệ; mục tiêu chỉ đạo", []),
        ("Chủ trì chủ động thực hiện; hoá chất, uỷ ban, thuỷ lợi, quý, giờ, gìn giữ", []),
    ],
)
def test_slips_of_letters_are_seen(text: str, written: list[str]) -> None:
    assert [w for w, _ in slips(text)] == written


@pytest.mark.parametrize(
    ("number", "title", "quote"),
    [
        ("120/BC-UBND", "BÁO CÁO", "120/BC-UBND"),
        ("12/TTr-SYT", "TỜ TRÌNH", "12/TTr-SYT"),
        ("1250/UBND-NC", "V/v phòng, chống dịch", "1250/UBND-NC"),
        ("88/SGDĐT-VP", "V/v tập huấn", "88/SGDĐT-VP"),
        ("", "BÁO CÁO", "BÁO CÁO"),
        ("57/KH-UBND", "KẾ HOẠCH", None),
        ("57/QĐ-UBND", "QUYẾT ĐỊNH", None),
        ("57/KH-SYT", "KẾ HOẠCH", None),
        ("57/CTr-UBND", "CHƯƠNG TRÌNH", None),
    ],
)
def test_a_paper_that_gives_no_work_is_named(number: str, title: str, quote: str | None) -> None:
    found = findings("I. KẾT QUẢ\n1. Đã họp.\n", number, title)
    assert [f.quote for f in found if f.code == "not_a_plan"] == ([quote] if quote else [])


def test_a_line_below_the_last_of_several_items_may_speak_of_all() -> None:
    body = (
        "II. NHIỆM VỤ\n1. Hội chợ\na) Mở hội chợ tỉnh.\nb) Mở hội chợ huyện.\n"
        "Đơn vị chủ trì: Sở Công Thương.\n"
        "2. Tập huấn\na) Mở lớp tỉnh.\nĐơn vị chủ trì: Sở Y tế.\n"
        "b) Mở lớp huyện.\nĐơn vị chủ trì: Sở Nội vụ.\n"
    )
    (found,) = [f for f in findings(body) if f.code == "shared_labels"]
    assert (found.path, found.quote) == ("II.1.b", "Đơn vị chủ trì: Sở Công Thương.")
    assert "II.1.a" in found.message


def test_a_wrong_sum_is_told_in_figures_as_written() -> None:
    body = (
        "II. NHIỆM VỤ\n1. Sở Y tế tổ chức hội nghị.\nIII. KINH PHÍ\n"
        "Dự kiến 4.500 triệu đồng, trong đó:\n- Ngân sách tỉnh: 3.000 triệu đồng;\n"
        "- Ngân sách huyện: 1.200 triệu đồng.\n"
    )
    (found,) = [f for f in findings(body) if f.code == "funding_sum"]
    assert found.message == "Các nguồn cộng lại là 4.200 triệu đồng, kế hoạch ghi 4.500."


def test_every_place_of_a_finding_is_in_its_message() -> None:
    body = "II. NHIỆM VỤ\n" + "".join(f"{n}. Mở hội chợ thứ {n}.\n" for n in range(1, 31))
    found = findings(body)
    for code in ("no_owner", "no_date", "no_product"):
        (one,) = [f for f in found if f.code == code]
        assert one.message.endswith(f": {', '.join(f'II.{n}' for n in range(1, 31))}.")
