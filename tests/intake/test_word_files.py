"""A .docx is read as it prints: labels that Word counts, merged cells, tracked changes."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import nsdecls

from ntmtasks.agencies.rules import directory_from
from ntmtasks.intake.rules.documents.extract import Extract
from ntmtasks.intake.rules.documents.kinds import Unreadable
from ntmtasks.intake.rules.documents.word import read_word
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service.reading import read_document
from tests.support import documents

DATA = Path(__file__).parents[2] / "ntmtasks" / "data"
DIRECTORY = directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))
PLAN = (DATA / "108-kh-ubnd.txt").read_text(encoding="utf-8")


def words_of(body: str, numbering: str = "", styles: str = "", **parts: str) -> Extract:
    """Read a .docx that consists of this XML."""
    return read_word(package(body, numbering, styles, **parts))


def package(body: str, numbering: str = "", styles: str = "", **parts: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", part("document", f"<w:body>{body}</w:body>"))
        file.writestr("word/numbering.xml", part("numbering", numbering))
        file.writestr("word/styles.xml", part("styles", styles))
        for name, xml in parts.items():
            file.writestr(f"word/{name}.xml", part(name, xml))
    return out.getvalue()


def part(name: str, inner: str) -> str:
    spaces = (
        f'{nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    )
    return f"<w:{name} {spaces}>{inner}</w:{name}>"


def p(text: str, properties: str = "") -> str:
    return (
        f'<w:p><w:pPr>{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def listed(text: str, level: int = 0, num: int = 1) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{num}"/></w:numPr>')


def abstract(*levels: tuple[str, str], extra: str = "") -> str:
    inner = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for i, (style, text) in enumerate(levels)
    )
    return f'<w:abstractNum w:abstractNumId="7">{inner}</w:abstractNum>'


def num(num_id: int, override: str = "") -> str:
    return f'<w:num w:numId="{num_id}"><w:abstractNumId w:val="7"/>{override}</w:num>'


OUTLINE = abstract(
    ("upperRoman", "%1."), ("decimal", "%2."), ("decimal", "%2.%3."), ("lowerLetter", "%4)")
)


@pytest.mark.parametrize("make", [documents.word, documents.word_numbered])
def test_plan_108_as_a_word_file_is_read_like_its_text(
    make: Callable[[list[documents.Piece]], bytes],
) -> None:
    from_word = read_document("108.docx", make(documents.pieces(PLAN)), None, DIRECTORY)
    from_text = read_plan(PLAN, DIRECTORY)
    assert len(from_word.tasks) == 69
    assert [i.to_json() for i in from_word.items] == [i.to_json() for i in from_text.items]
    assert from_word.communes == from_text.communes
    assert from_word.funding == from_text.funding
    assert from_word.recipients == from_text.recipients
    assert (from_word.number, from_word.signer) == ("108/KH-UBND", "Nguyễn Ngọc Hè")


def test_levels_count_on_their_own_and_begin_anew_below_a_new_heading() -> None:
    body = (
        listed("MỘT")
        + listed("a", 1)
        + listed("aa", 2)
        + listed("ab", 2)
        + listed("b", 1)
        + listed("ba", 2)
        + listed("x", 3)
        + listed("y", 3)
        + listed("HAI")
        + listed("c", 1)
    )
    assert words_of(body, OUTLINE + num(1)).text.split("\n")[:-1] == [
        "I. MỘT", "1. a", "1.1. aa", "1.2. ab", "2. b", "2.1. ba", "a) x", "b) y", "II. HAI", "1. c"
    ]  # fmt: skip


def test_two_lists_of_one_kind_count_on_unless_one_says_where_it_begins() -> None:
    restart = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/></w:lvlOverride>'
    body = listed("a") + listed("b", num=2) + listed("c", num=3) + listed("d", num=3)
    text = words_of(body, OUTLINE + num(1) + num(2) + num(3, restart)).text
    assert text.split() == ["I.", "a", "II.", "b", "III.", "c", "IV.", "d"]


def test_a_style_may_number_its_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Base"><w:pPr><w:numPr><w:numId w:val="1"/>'
        '</w:numPr></w:pPr></w:style><w:style w:type="paragraph" w:styleId="Muc">'
        '<w:basedOn w:val="Base"/></w:style>'
    )
    of_style = '<w:pStyle w:val="Muc"/>'
    none = f'{of_style}<w:numPr><w:numId w:val="0"/></w:numPr>'
    body = p("một", of_style) + p("không", none) + p("hai", of_style)
    assert words_of(body, OUTLINE + num(1), styles).text == "I. một\nkhông\nII. hai\n"


def test_marks_of_symbol_fonts_are_dashes_and_below_them_pluses() -> None:
    bullets = abstract(("bullet", "\uf0b7"), ("bullet", "o"), ("bullet", "+"))
    body = listed("a") + listed("b", 1) + listed("c", 2)
    assert words_of(body, bullets + num(1)).text == "- a\n+ b\n+ c\n"


def test_deleted_text_is_gone_and_inserted_text_stays() -> None:
    run = '<w:r><w:t xml:space="preserve">{}</w:t></w:r>'
    body = (
        f"<w:p>{run.format('Trước ')}<w:del><w:r><w:delText>ngày 15</w:delText></w:r></w:del>"
        f"<w:ins>{run.format('ngày 20')}</w:ins></w:p>"
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{run.format('Một câu ')}</w:p>"
        + p("bị nối")
        + f"<w:moveFrom>{p('chuyển đi')}</w:moveFrom>"
    )
    assert words_of(body).text == "Trước ngày 20\nMột câu bị nối\n"


def test_what_stands_beside_the_flow_is_left_out_with_its_reason() -> None:
    box = f"<w:txbxContent>{p('Dự thảo')}</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>Nội dung</w:t></w:r><w:r><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>mật</w:t></w:r></w:p>"
    )
    extract = words_of(body, footnotes=p("Chú thích một"), header1=p("Trang"))
    assert extract.text == "Nội dung\n"
    assert [(x.text, x.reason.split()[0]) for x in extract.left_out] == [
        ("Dự thảo", "hộp"), ("mật", "chữ"), ("Chú thích một", "chú"), ("Trang", "đầu")
    ]  # fmt: skip


def test_soft_breaks_part_items_and_join_sentences() -> None:
    br = "</w:t><w:br/><w:t>"
    body = p(f"KẾ HOẠCH{br}Về nông thôn mới") + p(f"- Một;{br}- Hai dòng{br}nối liền.")
    assert words_of(body).text.split("\n")[:-1] == [
        "KẾ HOẠCH", "Về nông thôn mới", "- Một;", "- Hai dòng nối liền."
    ]  # fmt: skip


def test_capitals_by_format_and_fonts_before_unicode_are_read_as_printed() -> None:
    fonts = '<w:rPr><w:rFonts w:ascii="{0}" w:hAnsi="{0}"/></w:rPr>'
    body = (
        "<w:p><w:r><w:rPr><w:caps/></w:rPr><w:t>Mục đích</w:t></w:r></w:p>"
        f"<w:p><w:r>{fonts.format('.VnTime')}<w:t>KÕ ho¹ch n¨m 2024</w:t></w:r></w:p>"
        f"<w:p><w:r>{fonts.format('.VnTimeH')}<w:t>KÕ ho¹ch</w:t></w:r></w:p>"
        f"<w:p><w:r>{fonts.format('VNI-Times')}<w:t>Keá hoa</w:t></w:r>"
        f"<w:r>{fonts.format('VNI-Times')}<w:t>ïch xaây döïng</w:t></w:r></w:p>"
        f"<w:p><w:r>{fonts.format('.VnTime')}<w:t>Kế hoạch</w:t></w:r></w:p>"
    )
    assert words_of(body).text.split("\n")[:-1] == [
        "MỤC ĐÍCH", "Kế hoạch năm 2024", "KẾ HOẠCH", "Kế hoạch xây dựng", "Kế hoạch"
    ]  # fmt: skip


def test_a_merged_cell_belongs_to_each_of_its_rows() -> None:
    document = Document()
    table = document.add_table(3, 4)
    heads = ("TT", "Nhiệm vụ", "Chủ trì", "Thời gian")
    for i, text in enumerate(heads):
        table.cell(0, i).text = text
    table.cell(1, 0).text, table.cell(1, 1).text = "1", "Rà soát"
    table.cell(2, 0).text, table.cell(2, 1).text = "2", "Tổng hợp"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "Sở Y tế"
    table.cell(2, 3).text = "Quý IV/2024"
    [read] = read_word(documents.saved(document)).tables
    assert [[c.text for c in row.cells] for row in read.rows] == [
        list(heads), ["1", "Rà soát", "Sở Y tế", ""], ["2", "Tổng hợp", "Sở Y tế", "Quý IV/2024"]
    ]  # fmt: skip


def test_a_head_of_two_rows_a_group_row_and_a_table_in_a_cell_keep_the_columns() -> None:
    document = Document()
    table = document.add_table(4, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "Nội dung"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "Cơ quan"
    table.cell(1, 1).text, table.cell(1, 2).text = "Chủ trì", "Phối hợp"
    table.cell(2, 0).merge(table.cell(2, 2)).text = "I. Nhóm một"
    inner = table.cell(3, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "trong", "bảng"
    table.cell(3, 2).text = "Sở Y tế"
    extract = read_word(documents.saved(document))
    [read] = extract.tables
    assert [[c.text for c in row.cells] for row in read.rows] == [
        ["Nội dung", "Cơ quan", ""],
        ["Nội dung", "Chủ trì", "Phối hợp"],
        ["I. Nhóm một", "", ""],
        ["trong bảng", "", "Sở Y tế"],
    ]
    for row in read.rows:
        for cell in row.cells:
            for line in cell.lines:
                assert extract.text[line.start : line.end] == line.text


def test_tabs_set_labels_off_and_part_columns() -> None:
    tab = "</w:t><w:tab/><w:t>"
    body = p(f"1.{tab}Nội dung") + p(f"1{tab}Việc{tab}Sở A{tab}Quý IV")
    assert words_of(body).text == "1. Nội dung\n1\tViệc\tSở A\tQuý IV\n"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("xl/workbook.xml", "bảng tính Excel"),
        ("content.xml", "OpenDocument"),
        ("photo.jpg", "không phải tệp Word"),
    ],
)
def test_another_kind_of_package_is_named(name: str, says: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(name, b"x")
    with pytest.raises(Unreadable, match=says):
        read_word(out.getvalue())


def test_a_damaged_file_is_called_broken() -> None:
    whole = documents.word(documents.pieces(PLAN))
    for damaged in (whole[: len(whole) // 2], whole.replace(b"PK\x01\x02", b"PK\x07\x07")):
        with pytest.raises(Unreadable, match="bị hỏng"):
            read_document("a.docx", damaged, None, DIRECTORY)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = package(p("x" * (60 * 2**20)))
    assert len(bomb) < 2**20
    with pytest.raises(Unreadable, match="quá mức cho phép"):
        read_document("a.docx", bomb, None, DIRECTORY)


def test_entities_of_a_file_are_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("MẬT")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "word/document.xml",
            f'<!DOCTYPE w [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
            + part("document", "<w:body><w:p><w:r><w:t>a&e;b</w:t></w:r></w:p></w:body>"),
        )
    assert "MẬT" not in read_word(out.getvalue()).text


def test_a_list_that_lies_about_its_numbers_is_read_all_the_same() -> None:
    odd = abstract(("lowerRoman", "%1."), ("nonsense", "%2.")).replace(
        '<w:start w:val="1"/>', '<w:start w:val="99999999999"/>'
    )
    circle = '<w:style w:type="paragraph" w:styleId="A"><w:basedOn w:val="A"/></w:style>'
    body = listed("a") + listed("b", 1) + listed("c", num=77) + p("d", '<w:pStyle w:val="A"/>')
    assert words_of(body, odd + num(1), circle).text.split("\n")[-3:-1] == ["c", "d"]
