"""Whom a sentence orders to act, and with whom."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.duties import (
    given_agencies,
    roles_of,
    subject_agencies,
    supporting_agencies,
)
from ntmtasks.intake.rules.reading import read_plan

NOBODY = Directory()


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Giao Sở Y tế chủ trì, phối hợp với Công an tỉnh kiểm tra.", ["Sở Y tế"]),
        (
            "Trung tâm Kiểm soát bệnh tật tỉnh hỗ trợ các địa phương.",
            ["Trung tâm Kiểm soát bệnh tật tỉnh"],
        ),
        ("Các Trung tâm y tế giám sát tuyến xã.", ["Các Trung tâm y tế"]),
        ("Giao Công an tỉnh (cơ quan thường trực) chủ trì tổng hợp.", ["Công an tỉnh"]),
        ("Căn cứ Kế hoạch này, Thuế tỉnh, Sở Y tế ban hành kế hoạch.", ["Thuế tỉnh", "Sở Y tế"]),
        ("Mời Hội Khuyến học tỉnh cùng tham gia.", ["Hội Khuyến học tỉnh"]),
        # Words of time and grounds open a sentence before its subject.
        ("Hằng quý, Hội LHPN tỉnh tổ chức sinh hoạt.", ["Hội LHPN tỉnh"]),
        ("Định kỳ hằng quý, Sở Công Thương báo cáo.", ["Sở Công Thương"]),
        ("Trong năm 2025, Sở Y tế tổ chức kiểm tra.", ["Sở Y tế"]),
        ("Trước ngày 30/6/2025, Sở Y tế hoàn thành đề án.", ["Sở Y tế"]),
        ("Trước ngày 30.6.2025, Sở Y tế hoàn thành đề án.", ["Sở Y tế"]),
        ("Trên cơ sở đó, Sở Tài chính bố trí kinh phí.", ["Sở Tài chính"]),
        ("Căn cứ chức năng, nhiệm vụ được giao, Sở Y tế rà soát.", ["Sở Y tế"]),
        ("Theo hướng dẫn của Bộ Y tế, Sở Y tế ban hành kế hoạch.", ["Sở Y tế"]),
        ("Theo hướng dẫn của Bộ Y tế, Bộ Tài chính và các văn bản liên quan, rà soát.", []),
        ("Ông Nguyễn Văn Bình, Phó Chủ tịch UBND xã phụ trách.", ["Phó Chủ tịch UBND xã"]),
        ("Trưởng ấp lập danh sách.", ["Trưởng ấp"]),
        # The level stands before its subject; what else stands before a colon does not.
        ("Cấp xã: UBND các xã, phường tổ chức phát động.", ["UBND các xã, phường"]),
        ("Đối tượng: UBND các xã, phường có dân tộc thiểu số.", []),
        ("Đồng chí Giám đốc Sở Y tế trực tiếp chỉ đạo.", ["Giám đốc Sở Y tế"]),
        (
            "Các ngành Y tế, Công Thương chủ động kiểm tra.",
            ["ngành Y tế", "ngành Công Thương"],
        ),
        ("Báo cáo tổng hợp gửi UBND tỉnh.", []),
        ("Đề xuất UBND tỉnh xem xét.", []),
        ("Phối hợp với Sở Y tế kiểm tra.", []),
        ("Sở Y tế.", []),
    ],
)
def test_the_subject_of_a_sentence_leads(sentence: str, names: list[str]) -> None:
    assert subject_agencies(sentence) == names


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        ("Tuyên truyền. Giao Sở Y tế tổng hợp.", ["Sở Y tế"]),
        (
            "Tham gia hội chợ; Trung tâm Xúc tiến tỉnh làm đầu mối thực hiện.",
            ["Trung tâm Xúc tiến tỉnh"],
        ),
        (
            "Ban hành chính sách (Sở Công Thương chủ trì, phối hợp với Thuế tỉnh).",
            ["Sở Công Thương"],
        ),
        ("Rà soát thủ tục (Sở Công Thương; thực hiện thường xuyên).", ["Sở Công Thương"]),
        ("Theo hướng dẫn của bộ (Cục Thuế tỉnh cấp) và rà soát lại.", []),
        ("Trình cấp trên. Các đơn vị chịu trách nhiệm.", []),
    ],
)
def test_a_later_clause_or_bracket_gives_work(sentence: str, names: list[str]) -> None:
    assert given_agencies(sentence) == names


def test_partners_support() -> None:
    text = "Phối hợp với Ban Thi đua – Khen thưởng thành phố, Sở Nội vụ thành phố tham mưu trình"
    assert supporting_agencies(text) == [
        "Ban Thi đua – Khen thưởng thành phố",
        "Sở Nội vụ thành phố",
    ]
    assert supporting_agencies("Sở Nội vụ phối hợp Sở Y tế tham mưu.") == ["Sở Y tế"]
    assert supporting_agencies("Phối hợp với các cơ quan, đơn vị tổ chức lễ.") == []
    everybody = supporting_agencies(
        "Phối hợp với Sở Y tế và các đơn vị liên quan triển khai.", anybody=True
    )
    assert everybody == ["Sở Y tế", "các đơn vị liên quan"]


@pytest.mark.parametrize(
    ("sentence", "names"),
    [
        (
            "Giao Sở Công Thương chủ trì; Sở Y tế, Thuế tỉnh phối hợp kiểm tra.",
            ["Sở Y tế", "Thuế tỉnh"],
        ),
        (
            "Sở Công Thương chủ trì, Sở Y tế và Thuế tỉnh phối hợp kiểm tra.",
            ["Sở Y tế", "Thuế tỉnh"],
        ),
        (
            "Sở Công Thương là cơ quan đầu mối; các sở: Y tế, Tài chính phối hợp tổng hợp.",
            ["Sở Y tế", "Sở Tài chính"],
        ),
        ("Ban hành quy chế (Sở Công Thương chủ trì, Sở Y tế phối hợp).", ["Sở Y tế"]),
        # Without a lead before it, who stands before "phối hợp" leads.
        ("Sở Y tế phối hợp với Sở Công Thương kiểm tra chợ.", ["Sở Công Thương"]),
    ],
)
def test_who_stands_before_the_word_supports_the_lead_named_before(
    sentence: str, names: list[str]
) -> None:
    assert supporting_agencies(sentence) == names


@pytest.mark.parametrize(
    ("value", "leads", "supports"),
    [
        ("Sở Y tế, Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"], []),
        (
            "Thanh tra tỉnh phối hợp với Sở Y tế, Sở Nội vụ",
            ["Thanh tra tỉnh"],
            ["Sở Y tế", "Sở Nội vụ"],
        ),
        ("Sở Y tế chủ trì, phối hợp với UBND cấp xã thực hiện", ["Sở Y tế"], ["UBND cấp xã"]),
        ("Sở Y tế chủ trì; Sở Nội vụ, Thuế tỉnh phối hợp", ["Sở Y tế"], ["Sở Nội vụ", "Thuế tỉnh"]),
        ("Chủ trì: Sở Y tế; phối hợp: Sở Nội vụ", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Chủ trì: Sở Y tế. Phối hợp: Sở Nội vụ", ["Sở Y tế"], ["Sở Nội vụ"]),
        ("Sở Y tế chủ trì, Sở Nội vụ phối hợp", ["Sở Y tế"], ["Sở Nội vụ"]),
        (
            "Sở Y tế (chủ trì), Sở Nội vụ, Thuế tỉnh (phối hợp)",
            ["Sở Y tế"],
            ["Sở Nội vụ", "Thuế tỉnh"],
        ),
        ("Sở Y tế - chủ trì; các sở liên quan - phối hợp", ["Sở Y tế"], ["các sở liên quan"]),
    ],
)
def test_a_label_or_a_cell_may_hold_both_roles(
    value: str, leads: list[str], supports: list[str]
) -> None:
    assert roles_of(value, NOBODY) == (leads, supports)


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("Các cơ quan, đơn vị, địa phương xây dựng kế hoạch.", ["Các cơ quan, đơn vị, địa phương"]),
        ("Yêu cầu các đơn vị nghiêm túc thực hiện.", []),
        ("Các doanh nghiệp đóng trên địa bàn thực hiện tốt chế độ.", []),
        ("Hằng quý, Sở Y tế báo cáo.", ["Sở Y tế"]),
    ],
)
def test_work_is_given_to_bodies_or_to_the_whole_administration(
    order: str, names: list[str]
) -> None:
    reading = read_plan(
        f"KẾ HOẠCH\nIII. TỔ CHỨC THỰC HIỆN\n1. {order}\n2. Sở Y tế kiểm tra.", NOBODY
    )
    assert [a.name for a in reading.tasks[0].agencies] == names


@pytest.mark.parametrize(
    ("body", "text", "names"),
    [
        (
            "IV. TỔ CHỨC THỰC HIỆN\n1. Đề nghị Hội Nông dân tỉnh: vận động hội viên tham gia.",
            "vận động hội viên tham gia.",
            ["Hội Nông dân tỉnh"],
        ),
        # "Xây dựng" is a department here, and work there.
        (
            "IV. TỔ CHỨC THỰC HIỆN\n1. Các Sở: Xây dựng, Y tế\nBảo đảm an toàn công trình.",
            "Bảo đảm an toàn công trình.",
            ["Sở Xây dựng", "Sở Y tế"],
        ),
        (
            "IV. TỔ CHỨC THỰC HIỆN\n1. Các sở: Xây dựng kế hoạch của đơn vị.",
            "Xây dựng kế hoạch của đơn vị.",
            ["Các sở"],
        ),
        (
            "III. NHIỆM VỤ\n1. Quảng bá du lịch (Sở Y tế chủ trì)\na) Tham gia hội chợ.",
            "Tham gia hội chợ.",
            ["Sở Y tế"],
        ),
        (
            "III. NHIỆM VỤ\n1. Tuyên truyền (Chủ trì: Sở Y tế; thời gian: Quý I)\n- Phát tờ rơi.",
            "Phát tờ rơi.",
            ["Sở Y tế"],
        ),
        (
            "IV. TỔ CHỨC THỰC HIỆN\n1. Các đơn vị: Bưu điện tỉnh, VNPT Gia Lai\n- Bảo đảm hạ tầng.",
            "Bảo đảm hạ tầng.",
            ["Bưu điện tỉnh", "VNPT Gia Lai"],
        ),
        (
            "III. NHIỆM VỤ\n1. Thể chế\nSở Tư pháp thực hiện các nhiệm vụ sau:\na) Rà soát văn bản.",
            "Rà soát văn bản.",
            ["Sở Tư pháp"],
        ),
        (
            "V. KINH PHÍ\n1. Các cơ quan, đơn vị, địa phương chủ động bố trí kinh phí.",
            "Các cơ quan, đơn vị, địa phương chủ động bố trí kinh phí.",
            ["Các cơ quan, đơn vị, địa phương"],
        ),
    ],
)
def test_who_acts_is_read_from_heading_bracket_and_colon(
    body: str, text: str, names: list[str]
) -> None:
    (task,) = read_plan(f"KẾ HOẠCH\nABC\n{body}", NOBODY).tasks
    assert (task.text, [a.name for a in task.agencies]) == (text, names)
