"""Label lines: which labels there are, where they stand, whom they describe."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.attributes import inline_labels, label_kind
from ntmtasks.intake.rules.reading import read_plan

HEAD = "KẾ HOẠCH\nThử nghiệm năm 2025\nI. NHIỆM VỤ\n1. Tuyên truyền\n"


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("Cơ quan chủ trì", "lead"),
        ("Đơn vị chủ trì tham mưu thực hiện", "lead"),
        ("Cơ quan, đơn vị thực hiện", "lead"),
        ("Phân công thực hiện", "lead"),
        ("Cơ quan, đơn vị, địa phương phối hợp", "support"),
        ("Thời gian/tiến độ thực hiện", "time"),
        ("Lộ trình thực hiện", "time"),
        ("Hoàn thành", "time"),
        ("Sản phẩm dự kiến", "product"),
        ("Địa điểm", "other"),
        ("Nội dung", None),
        ("Mục tiêu", None),
    ],
)
def test_labels_have_kinds(label: str, kind: str | None) -> None:
    assert label_kind(label) == kind


def test_labels_may_end_an_item_in_a_bracket() -> None:
    found = inline_labels("Làm việc (đơn vị chủ trì: Sở Y tế; thời gian: quý II/2025).")
    assert found is not None
    assert (found.lead, found.time) == (["Sở Y tế"], ["quý II/2025"])


def test_labels_above_describe_what_follows() -> None:
    text = HEAD + (
        "Chủ trì: Sở Y tế; phối hợp: Công an tỉnh; thời gian: quý II năm 2025.\n"
        "- Tổ chức kiểm tra các cơ sở.\n- Xử lý vi phạm.\n2. Việc khác\n- Rà soát danh mục.\n"
    )
    said = {
        i.path: ([(a.name, a.role) for a in i.agencies], i.deadline and i.deadline.text)
        for i in read_plan(text, Directory()).tasks
    }
    block = ([("Sở Y tế", "lead"), ("Công an tỉnh", "supporting")], "quý II năm 2025")
    assert said == {"I.1.-1": block, "I.1.-2": block, "I.2.-1": ([], None)}


def test_commas_inside_a_bracket_of_labels_stay() -> None:
    found = inline_labels(
        "Lập hồ sơ (chủ trì: Sở Y tế; phối hợp: UBND các xã, phường; thời gian: tháng 6/2026)."
    )
    assert found is not None
    assert found.support == ["UBND các xã, phường"]
    assert found.time == ["tháng 6/2026"]


def test_labels_numbered_like_the_items_hold_for_those_that_say_nothing_themselves() -> None:
    body = (
        "2. Kiểm tra\na) Treo băng rôn.\nb) Công an tỉnh kiểm tra chợ trước ngày 10/5/2025.\n"
        "c) Thời gian: Năm 2025.\nd) Đơn vị chủ trì: Sở Y tế."
    )
    *_, first, second = read_plan(HEAD + body, Directory()).tasks
    said = [([a.name for a in i.agencies], i.deadline and i.deadline.text) for i in (first, second)]
    assert said == [
        (["Sở Y tế"], "Năm 2025"),
        (["Công an tỉnh"], "trước ngày 10/5/2025"),
    ]
