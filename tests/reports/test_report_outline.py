"""What a report says, numbered as official papers are, with nothing empty in it."""

from datetime import date
from decimal import Decimal

from ntmtasks.core.papers import Grid, Heading, Piece, Text
from ntmtasks.reports.rules.content import (
    AnnexRow,
    Content,
    Figure,
    Section,
    SectionKind,
    Table,
    TableRow,
)
from ntmtasks.reports.service.outline import annexes, body


def content(**changes: object) -> Content:
    """A report of November with everything that one may have."""
    parts: dict[str, object] = {
        "title": "Báo cáo định kỳ tình hình thực hiện",
        "period_labels": ("Tháng 11/2024",),
        "starts_on": date(2024, 10, 15),
        "cut_off": date(2024, 11, 14),
        "sections": (
            Section(SectionKind.GUIDANCE, "Ban hành 02 kế hoạch.\n- Họp 03 lần\n+ tại huyện"),
            Section(SectionKind.CRITERIA, "Về giao thông\n- 12 km\nVề điện\n- 3 trạm\nChung"),
            Section(SectionKind.DIFFICULTIES, "- Thiếu vốn"),
            Section(SectionKind.PROPOSALS, "Về vốn:\n- 1 tỷ đồng\nVề đất:\n- 2 ha"),
        ),
        "figures": (
            Figure("Số xã đạt chuẩn", Decimal(24), "xã", Decimal(22)),
            Figure("Giải ngân", Decimal("1356.5"), "triệu đồng"),
        ),
        "annex": (
            AnnexRow(
                number=1,
                task="Xây dựng kế hoạch",
                path="III.1.c",
                lead="Sở NN&PTNT",
                supporting="",
                deadline_text="Quý IV/2024",
                due_on=date(2024, 12, 31),
                result="Đã trình",
                percent=60,
                note="Trong hạn",
            ),
            AnnexRow(2, "Rà soát", "", "Sở Y tế", "", "thường xuyên", None, "", None, ""),
        ),
    }
    return Content(**{**parts, **changes})  # type: ignore[arg-type]  # parts are those of Content


def words(pieces: list[Piece]) -> list[str]:
    """The lines with a mark for headings of each level."""
    return [
        f"{'#' * piece.level} {piece.text}" if isinstance(piece, Heading) else piece.text
        for piece in pieces
        if not isinstance(piece, Grid)
    ]


def test_an_answer_to_one_question_is_its_text_and_figures_without_headings() -> None:
    told = (Section(SectionKind.CRITERIA, "12 nhà bị ngập."),)
    answer = content(period_labels=("Đột xuất",), sections=told)
    assert words(body(answer)) == ["12 nhà bị ngập.", "Số liệu chủ yếu:"]
    assert isinstance(body(answer)[-1], Grid)


def test_the_sum_of_all_has_no_number_of_its_own() -> None:
    rows = (TableRow("Toàn kế hoạch", (3,)), TableRow("Sở Y tế", (2,)), TableRow("Sở Nội vụ", (1,)))
    table = Table("Theo cơ quan", ("Cơ quan", "Tổng số"), rows)
    grid = annexes(content(tables=(table,)), "")[0].body[0]
    assert isinstance(grid, Grid)
    assert [row[0] for row in grid.rows] == ["", "1", "2"]


def test_parts_sections_and_lines_are_numbered_in_turn() -> None:
    assert words(body(content())) == [
        "# I. Kết quả",
        "## 1. Công tác chỉ đạo, điều hành",
        "Ban hành 02 kế hoạch.",
        "- Họp 03 lần",
        "+ tại huyện",
        "## 2. Kết quả thực hiện nhiệm vụ, tiêu chí",
        "### a) Về giao thông",
        "- 12 km",
        "### b) Về điện",
        "- 3 trạm",
        "Chung",
        "## 3. Số liệu chủ yếu",
        "# II. Khó khăn, vướng mắc",
        "- Thiếu vốn",
        "# III. Đề xuất, kiến nghị",
        "## 1. Về vốn:",
        "- 1 tỷ đồng",
        "## 2. Về đất:",
        "- 2 ha",
    ]


def test_nobody_numbers_twice_what_the_writer_numbered() -> None:
    own = (Section(SectionKind.CRITERIA, "a) Giao thông\n- 12 km\nb) Điện\n- 3 trạm"),)
    said = words(body(content(sections=own, figures=())))
    assert said[2:] == ["a) Giao thông", "- 12 km", "b) Điện", "- 3 trạm"]


def test_no_heading_stands_above_nothing() -> None:
    hollow = (Section(SectionKind.GUIDANCE, " \n- \n"), Section(SectionKind.NEXT_PERIOD, "Họp"))
    assert words(body(content(sections=hollow, figures=()))) == ["# I. Nhiệm vụ kỳ tới", "Họp"]
    alone = body(content(sections=()))
    assert words(alone) == ["# I. Kết quả", "## 1. Số liệu chủ yếu"]
    grid = alone[-1]
    assert isinstance(grid, Grid)
    assert grid.rows == [
        ["1", "Số xã đạt chuẩn", "xã", "22", "24", "tăng 2 xã"],
        ["2", "Giải ngân", "triệu đồng", "–", "1.356,5", "–"],
    ]
    assert body(content(sections=(), figures=())) == []


def test_the_tables_of_a_consolidated_report_come_before_its_tasks() -> None:
    table = Table("Theo cơ quan", ("Cơ quan", "Tổng số"), (TableRow("Sở Y tế", (1250,)),))
    per_agency, tasks = annexes(content(tables=(table,)), "(Kèm theo)")
    assert (per_agency.title, per_agency.is_landscape) == ("Theo cơ quan", False)
    assert per_agency.body[0].rows == [["1", "Sở Y tế", "1.250"]]  # type: ignore[union-attr]  # a grid
    assert tasks.is_landscape
    grid = tasks.body[0]
    assert isinstance(grid, Grid)
    assert [column.label for column in grid.columns] == [
        "STT",
        "Nhiệm vụ",
        "Cơ quan chủ trì",
        "Cơ quan phối hợp",
        "Hạn",
        "Kết quả",
        "Tỷ lệ",
        "Ghi chú",
    ]
    assert grid.rows[0] == [
        "1",
        "Xây dựng kế hoạch (mục III.1.c)",
        "Sở NN&PTNT",
        "",
        "31/12/2024",
        "Đã trình",
        "60\u00a0%",
        "Trong hạn",
    ]
    assert grid.rows[1][4:7] == ["thường xuyên", "", ""]
    assert annexes(content(annex=()), "") == []
    assert all(isinstance(piece, Text | Heading | Grid) for piece in body(content()))
