"""What was not read: told by reason, and asking for attention only where work may stand in it."""

import pytest

from ntmtasks.intake.rules.omissions import omissions
from ntmtasks.intake.rules.parts import LeftOut


def test_pieces_are_told_by_reason_without_their_pages_what_weighs_first() -> None:
    found = omissions(
        [
            LeftOut("2", "số trang (trang 2)"),
            LeftOut("3", "số trang (trang 3)"),
            LeftOut("Sở Y tế mở hội chợ", "hộp văn bản nằm ngoài dòng chữ"),
        ]
    )
    assert [(o.reason, o.count, o.length, o.text, o.weighs) for o in found] == [
        ("hộp văn bản nằm ngoài dòng chữ", 1, 18, "Sở Y tế mở hội chợ", True),
        ("số trang", 2, 2, "2 · 3", False),
    ]


def test_a_long_piece_is_cut_between_words_and_counted_whole() -> None:
    text = "Mở hội chợ. " * 1000
    [found] = omissions([LeftOut(text, "phần vượt quá độ dài")])
    assert found.length == len(text)
    assert found.text.endswith(" …")
    assert len(found.text) < 1300
    assert text.startswith(found.text.removesuffix(" …"))


@pytest.mark.parametrize(
    ("reason", "weighs"),
    [
        ("trang là ảnh quét, không có lớp chữ", True),
        ("chữ ẩn", True),
        ("trang trắng", False),
        ("chú thích cuối trang (trang 4)", False),
        ("đầu bảng lặp lại ở trang sau", False),
        ("dòng ghi nguồn của tệp, không thuộc văn bản", False),
    ],
)
def test_only_what_may_hold_work_weighs(reason: str, weighs: bool) -> None:
    [found] = omissions([LeftOut("x", reason)])
    assert found.weighs is weighs
