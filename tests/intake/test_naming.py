"""Where the name of an agency begins and ends in running text."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.naming import (
    given_agencies,
    heading_agencies,
    split_names,
    subject_agencies,
    supporting_agencies,
)

NOBODY = Directory()


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
        ("Các Sở, ngành, đơn vị, UBND cấp xã", ["Các Sở, ngành, đơn vị", "UBND cấp xã"]),
        (
            "Các sở, ban, ngành tỉnh, Ủy ban nhân dân các xã, phường",
            ["Các sở, ban, ngành tỉnh", "Ủy ban nhân dân các xã, phường"],
        ),
        (
            "Báo và Phát thanh, Truyền hình tỉnh; Sở Tư pháp",
            ["Báo và Phát thanh, Truyền hình tỉnh", "Sở Tư pháp"],
        ),
        ("Công an tỉnh và Bộ Chỉ huy Quân sự tỉnh", ["Công an tỉnh", "Bộ Chỉ huy Quân sự tỉnh"]),
    ],
)
def test_a_comma_parts_names_only_before_a_name(written: str, names: list[str]) -> None:
    assert split_names(written, NOBODY) == names


def test_headings_name_agencies_or_work() -> None:
    two = ["Hội Nông dân tỉnh", "Tỉnh đoàn"]
    assert heading_agencies("Đề nghị: Hội Nông dân tỉnh, Tỉnh đoàn", NOBODY) == two
    for work in ("Tổ chức hội nghị", "Ban hành kế hoạch", "Báo cáo kết quả", "Hội nghị tổng kết"):
        assert heading_agencies(work, NOBODY) == []


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Giao Sở Y tế chủ trì, phối hợp với Công an tỉnh kiểm tra.", ["Sở Y tế"]),
        (
            "Trung tâm Kiểm soát bệnh tật tỉnh hỗ trợ các địa phương.",
            ["Trung tâm Kiểm soát bệnh tật tỉnh"],
        ),
        ("Các Trung tâm y tế giám sát tuyến xã.", ["Các Trung tâm y tế"]),
        ("Báo cáo tổng hợp gửi UBND tỉnh.", []),
        ("Đề xuất UBND tỉnh xem xét.", []),
        ("Phối hợp với Sở Y tế kiểm tra.", []),
    ],
)
def test_the_subject_of_a_sentence_leads(sentence: str, names: list[str]) -> None:
    assert subject_agencies(sentence, NOBODY) == names


def test_later_sentences_give_work_and_partners_support() -> None:
    assert given_agencies("Tuyên truyền. Giao Sở Y tế tổng hợp.", NOBODY) == ["Sở Y tế"]
    text = "Phối hợp với Ban Thi đua – Khen thưởng thành phố, Sở Nội vụ thành phố tham mưu trình"
    assert supporting_agencies(text, NOBODY) == [
        "Ban Thi đua – Khen thưởng thành phố",
        "Sở Nội vụ thành phố",
    ]
    assert supporting_agencies("Phối hợp với các cơ quan, đơn vị tổ chức lễ.", NOBODY) == []
