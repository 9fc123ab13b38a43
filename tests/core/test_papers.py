"""A paper leaves in the form of Nghị định 30/2020/NĐ-CP, as Word reads it back."""

import io
from datetime import date

import pytest
from docx import Document
from docx.document import Document as Docx
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from ntmtasks.core.papers import (
    Annex,
    Column,
    Grid,
    Heading,
    Letterhead,
    Paper,
    Signature,
    Text,
    label,
    to_docx,
)

GRID = Grid(
    [Column("STT", 1, is_centred=True), Column("Nội dung", 9)],
    [[str(n), f"Dòng {n}\ntiếp theo\x0b\ufffe"] for n in range(1, 61)],
)


def paper(on: date = date(2024, 2, 5), **changes: object) -> Paper:
    """A report with everything that a paper may have."""
    parts: dict[str, object] = {
        "letterhead": Letterhead(
            "Ủy ban nhân dân thành phố Cần Thơ", "Sở Nông nghiệp", "BC-SNN", "Cần Thơ", on
        ),
        "title": "Báo cáo",
        "subject": "Tình hình thực hiện",
        "to": ["Ủy ban nhân dân thành phố"],
        "body": [Heading("I. Kết quả"), Text("Đã làm xong."), Text("Kính báo cáo.")],
        "signature": Signature(["KT. Giám đốc", "Phó Giám đốc"], "Trần Văn Hòa"),
        "recipients": ["Như trên", "Các sở, ngành"],
        "annexes": [Annex("Bảng tổng hợp", "(Kèm theo Báo cáo)", [GRID], is_landscape=True)],
    }
    return Paper(**{**parts, **changes})  # type: ignore[arg-type]  # parts are those of Paper


@pytest.fixture(scope="module")
def written() -> Docx:
    """The report, read back."""
    return Document(io.BytesIO(to_docx(paper())))


def texts(document: Docx) -> list[str]:
    """Every line in the order of the pages, those of tables too."""
    found = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            cells = [cell for row in block.rows for cell in row.cells]
            found += [p.text for cell in cells for p in cell.paragraphs]
        else:
            found.append(block.text)
    return [text for text in found if text]


def test_the_page_is_a4_with_the_margins_of_the_decree(written: Docx) -> None:
    body, annex = written.sections
    assert (round(body.page_width.mm), round(body.page_height.mm)) == (210, 297)
    assert (round(annex.page_width.mm), round(annex.page_height.mm)) == (297, 210)
    assert annex.orientation is WD_ORIENT.LANDSCAPE
    for section in written.sections:
        assert 20 <= round(section.top_margin.mm) <= 25
        assert 20 <= round(section.bottom_margin.mm) <= 25
        assert 30 <= round(section.left_margin.mm) <= 35
        assert 15 <= round(section.right_margin.mm) <= 20


def test_all_letters_are_times_new_roman_and_black(written: Docx) -> None:
    normal = written.styles["Normal"]
    fonts = normal.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{name}")) for name in ("ascii", "hAnsi", "eastAsia", "cs")} == {
        "Times New Roman"
    }
    assert str(normal.font.color.rgb) == "000000"
    runs = [run for p in written.paragraphs for run in p.runs]
    assert {run.font.name for run in runs} == {None}


def test_the_number_stands_from_the_second_page_on(written: Docx) -> None:
    first, annex = written.sections
    assert first.different_first_page_header_footer
    assert not first.first_page_header.paragraphs[0].text
    codes = [e.text for e in first.header._element.iter(qn("w:instrText"))]
    assert codes == ["PAGE"]
    assert annex.header.is_linked_to_previous
    assert not annex.different_first_page_header_footer


def test_head_title_signature_and_recipients_stand_in_their_places(written: Docx) -> None:
    head, closing, _ = written.tables
    issuer, nation = ([p.text for p in cell.paragraphs if p.text] for cell in head.rows[0].cells)
    assert issuer == ["ỦY BAN NHÂN DÂN THÀNH PHỐ CẦN THƠ", "SỞ NÔNG NGHIỆP", "Số:        /BC-SNN"]
    assert nation == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Cần Thơ, ngày 05 tháng 02 năm 2024",
    ]
    told, signed = ([p.text for p in cell.paragraphs if p.text] for cell in closing.rows[0].cells)
    assert told == ["Nơi nhận:", "- Như trên;", "- Các sở, ngành;", "- Lưu: VT."]
    assert signed == ["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC", "Trần Văn Hòa"]
    assert texts(written)[6:12] == [
        "BÁO CÁO",
        "Tình hình thực hiện",
        "Kính gửi: Ủy ban nhân dân thành phố",
        "I. Kết quả",
        "Đã làm xong.",
        "Kính báo cáo./.",
    ]


def test_a_grid_repeats_its_header_and_holds_what_xml_forbids(written: Docx) -> None:
    grid = written.tables[2]
    head, first = grid.rows[0], grid.rows[1]
    assert head._tr.trPr.find(qn("w:tblHeader")) is not None
    assert first._tr.trPr is None
    assert [cell.text for cell in first.cells] == ["1", "Dòng 1\ntiếp theo\n"]
    assert len(grid.rows) == 61
    widths = [round(cell.width.mm) for cell in first.cells]
    assert sum(widths) == 297 - 30 - 15
    assert widths[1] == pytest.approx(9 * widths[0], abs=5)


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2024, 1, 31), "ngày 31 tháng 01 năm 2024"),
        (date(2024, 3, 9), "ngày 09 tháng 3 năm 2024"),
        (date(2024, 11, 14), "ngày 14 tháng 11 năm 2024"),
    ],
)
def test_days_are_written_so_that_nothing_can_be_added(on: date, words: str) -> None:
    lines = texts(Document(io.BytesIO(to_docx(paper(on, annexes=[])))))
    assert f"Cần Thơ, {words}" in lines


def test_several_addressees_stand_below_each_other() -> None:
    two = paper(to=["Ủy ban nhân dân thành phố", "Ban Chỉ đạo"], annexes=[])
    lines = texts(Document(io.BytesIO(to_docx(two))))
    at = lines.index("Kính gửi:")
    assert lines[at + 1 : at + 3] == ["- Ủy ban nhân dân thành phố;", "- Ban Chỉ đạo."]


def test_what_was_typed_never_stops_a_draft() -> None:
    odd = paper(subject="Một\x00 hai\ud800 ba", draft="DỰ THẢO", annexes=[])
    lines = texts(Document(io.BytesIO(to_docx(odd))))
    assert "Một hai ba" in lines
    assert lines[2:4] == ["Số:        /BC-SNN", "DỰ THẢO"]


def test_pieces_are_numbered_as_the_decree_numbers_them() -> None:
    assert [label(level, 4) for level in (1, 2, 3, 4, 5)] == ["IV.", "4.", "d)", "-", "+"]
    assert [label(3, number) for number in (5, 7, 10, 23, 24)] == ["đ)", "g)", "k)", "y)", "aa)"]
