"""What a report consists of: its parts, its lines, and that it is kept as it was."""

from datetime import date
from decimal import Decimal

from ntmtasks.core.plain import from_plain, to_plain
from ntmtasks.reports.rules.content import (
    AnnexRow,
    Content,
    Figure,
    LineKind,
    Part,
    SectionKind,
    Table,
    TableRow,
    lines_of,
    sections_of,
)

CONTENT = Content(
    title="Báo cáo kết quả",
    period_labels=("Tháng 12/2024", "Năm 2024"),
    starts_on=date(2023, 12, 15),
    cut_off=date(2024, 12, 14),
    sections=sections_of(
        {
            SectionKind.PROPOSALS: "Bổ sung kinh phí.",
            SectionKind.GUIDANCE: "Ban hành 02 văn bản:\n- Công văn 15\n  + gửi 12 xã",
            SectionKind.DIFFICULTIES: "-\n ",
        }
    ),
    figures=(Figure("Số xã đạt chuẩn", Decimal("24"), "xã", Decimal("22.5")),),
    annex=(AnnexRow(1, "Mở lớp", "III.1.a", "Sở", "", "", date(2024, 12, 31), "Đã mở", 60, ""),),
    tables=(Table("Theo cơ quan", ("Cơ quan", "Tổng số"), (TableRow("Sở", (7,)),)),),
)


def test_sections_stand_in_their_parts_and_empty_ones_are_left_out() -> None:
    assert [(part, [s.kind for s in sections]) for part, sections in CONTENT.parts()] == [
        (Part.RESULTS, [SectionKind.GUIDANCE]),
        (Part.PROPOSALS, [SectionKind.PROPOSALS]),
    ]


def test_lines_know_their_marks_and_numbers_below_zero_are_no_bullets() -> None:
    found = [(line.kind, line.text) for line in lines_of("Chữ\n- Một\n\n • Hai\n + Ba\n-5 độ")]
    assert found == [
        (LineKind.PARAGRAPH, "Chữ"),
        (LineKind.BULLET, "Một"),
        (LineKind.BULLET, "Hai"),
        (LineKind.SUB_BULLET, "Ba"),
        (LineKind.PARAGRAPH, "-5 độ"),
    ]


def test_a_figure_tells_its_change() -> None:
    assert CONTENT.figures[0].change == Decimal("1.5")


def test_a_content_comes_back_as_it_was_kept() -> None:
    kept = to_plain(CONTENT)
    assert kept["figures"][0]["value"] == "24"
    assert from_plain(Content, kept) == CONTENT
