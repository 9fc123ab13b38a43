"""A .pdf with a text layer is read by the places of its words; every other one is refused."""

import io
import json
import os
from collections.abc import Callable
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from ntmtasks.agencies.rules import directory_from
from ntmtasks.intake.rules.documents.extract import Extract
from ntmtasks.intake.rules.documents.flow import Measure, Passage, goes_on
from ntmtasks.intake.rules.documents.lines import Printed
from ntmtasks.intake.rules.documents.portable import read_portable
from ntmtasks.intake.rules.reading import read_plan
from ntmtasks.intake.service.reading import Unreadable, read_document
from tests.support import documents

DATA = Path(__file__).parents[2] / "ntmtasks" / "data"
DIRECTORY = directory_from(json.loads((DATA / "can_tho_2024.json").read_text(encoding="utf-8")))
PLAN = (DATA / "108-kh-ubnd.txt").read_text(encoding="utf-8")
LONG = (
    "Phối hợp với các cơ quan, đơn vị có liên quan tổ chức triển khai thực hiện đầy đủ, kịp thời các "
    "nội dung, nhiệm vụ được giao trên địa bàn huyện"
)


@pytest.fixture(scope="module")
def print_pdf() -> Callable[[str], bytes]:
    if not Path(documents.CHROMIUM).is_file():
        reason = f"{documents.CHROMIUM} is missing: .pdf FILES ARE NOT TESTED"
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return documents.pdf


def test_plan_108_as_a_pdf_is_read_like_its_text(print_pdf: Callable[[str], bytes]) -> None:
    content = print_pdf(documents.html(documents.pieces(PLAN)))
    from_pdf = read_document("108.pdf", content, None, DIRECTORY)
    from_text = read_plan(PLAN, DIRECTORY)
    assert len(from_pdf.tasks) == 69
    for ours, theirs in zip(from_pdf.items, from_text.items, strict=True):
        assert (ours.path, ours.kind) == (theirs.path, theirs.kind)
        assert (ours.agencies, ours.deadline) == (theirs.agencies, theirs.deadline)
        assert without_spaces(ours.text) == without_spaces(theirs.text)
    assert from_pdf.communes == from_text.communes
    assert from_pdf.funding == from_text.funding
    assert from_pdf.recipients == from_text.recipients
    assert (from_pdf.number, from_pdf.title) == (from_text.number, from_text.title)
    numbers = [x.text for x in from_pdf.left_out if x.reason.startswith("số trang")]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert len(numbers) > 5


def without_spaces(text: str) -> str:
    """A plan writes "2021 - 2025" and breaks it there; print does not tell the spaces."""
    return "".join(text.split())


HEAD = [["TT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"]]


@pytest.fixture(scope="module")
def several_things(print_pdf: Callable[[str], bytes]) -> Extract:
    """A page of everything that a plan in print may hold."""
    rows = [
        [str(n), f"{LONG} thứ {n}", "Sở Y tế" if n % 2 else "Sở Công Thương", "UBND", "Quý IV-2025"]
        for n in range(1, 31)
    ]
    style = """
      .note { font-size: 10pt; text-indent: 0; position: absolute; top: 232mm; }
      .page { break-after: page; } sup { font-size: 8pt; } .two td { border: none; text-align: center; }
      .first { width: 40%; }
    """
    page = documents.html(
        ["I. MỤC TIÊU", "@", *[HEAD + rows], "IV. TỔ CHỨC THỰC HIỆN", LONG], style
    )
    two = (
        "<table class=two><tr><td class=first>ỦY BAN NHÂN DÂN<br>TỈNH BẮC NINH<br>Số: 141/KH-UBND</td>"
        "<td>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>Độc lập - Tự do - Hạnh phúc<br>"
        "<i>Bắc Ninh, ngày 20 tháng 11 năm 2025</i></td></tr></table><p class=centre>KẾ HOẠCH</p>"
    )
    body = (
        f"<p>- {LONG}; {LONG}<sup>1</sup>.</p><p>- {LONG};</p>"
        "<p class=note>1 Theo Quyết định số 99/QĐ-UBND.</p><p class=page></p>"
    )
    merged = (
        "<table><tr><td>Địa bàn</td><td>Xã</td></tr><tr><td rowspan=2>Thới Lai</td><td>Đông Bình</td>"
        "</tr><tr><td>Thới Thạnh</td></tr></table>"
    )
    page = page.replace("<body>", f"<body>{two}").replace("<p>@</p>", body)
    return read_portable(print_pdf(page.replace("</body>", f"{merged}</body>")))


def test_lines_become_paragraphs(several_things: Extract) -> None:
    lines = several_things.text.split("\n")
    assert f"- {LONG}; {LONG}." in lines
    assert f"- {LONG};" in lines
    assert LONG in lines


def line(text: str, y: float, x0: float = 90, x1: float = 540) -> Printed:
    return Printed(text, x0, x1, y, 14, 30)


@pytest.mark.parametrize(
    ("above", "below", "indented", "goes_on_there"),
    [
        (line("- Giai đoạn 2021", 100, 126), line("- 2025 tổ chức thực hiện", 116), True, True),
        (line("- Việc một của xã;", 100, 126), line("- Việc hai của xã", 116, 126), True, False),
        (line("- Việc một của xã;", 100), line("- Việc hai của xã", 116), False, False),
        (line("- Việc một của xã", 100), line("và của huyện", 116, 108), False, True),
        (line("- Việc một của xã", 100), line("Việc hai của xã", 116, 126), True, False),
        (line("Một dòng đầy", 100), line("Xa hơn một chút", 122), False, False),
        (line("Một dòng ngắn", 100, 90, 400), line("Chữ này còn đủ chỗ", 116), False, False),
        (line("KẾ HOẠCH", 100, 280, 350), line("Về nông thôn mới", 116, 215, 415), True, False),
        (line("Về phát triển", 100, 200, 430), line("nông thôn mới", 116, 260, 370), True, True),
    ],
)
def test_places_tell_where_a_paragraph_ends(
    above: Printed, below: Printed, indented: bool, goes_on_there: bool
) -> None:
    usual = Measure(left=90, right=540, leading=16 / 14, indented=indented)
    assert goes_on(Passage([above]), above, below, usual) is goes_on_there


@pytest.mark.parametrize(
    ("above", "below", "goes_on_there"),
    [
        ("1. Văn phòng theo dõi, đôn đốc.", "PHỤ LỤC", False),
        ("1. Văn phòng theo dõi, đôn đốc.", "DANH MỤC NHIỆM VỤ NĂM 2025", False),
        ("1. Văn phòng theo dõi, đôn đốc.", "Phụ lục II", False),
        ("Quảng Nam, ngày 08 tháng 4 năm 2025", "KẾ HOẠCH", False),
        ("1. Văn phòng theo dõi, đôn đốc, trình", "UBND TỈNH", True),
        ("1. Các việc theo", "Phụ lục II", True),
    ],
)
def test_a_heading_in_capitals_starts_anew_even_where_all_lines_are_short(
    above: str, below: str, goes_on_there: bool
) -> None:
    usual = Measure(left=90, right=240, leading=16 / 14)
    last = line(above, 100, x1=220)
    assert goes_on(Passage([last]), None, line(below, 60, x1=160), usual) is goes_on_there


def test_head_and_state_stand_side_by_side(several_things: Extract) -> None:
    [row] = several_things.tables[0].rows
    assert [[x.text for x in cell.lines] for cell in row.cells] == [
        ["ỦY BAN NHÂN DÂN", "TỈNH BẮC NINH", "Số: 141/KH-UBND"],
        [
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            "Bắc Ninh, ngày 20 tháng 11 năm 2025",
        ],
    ]


def test_a_table_goes_on_over_pages_with_its_head_once(several_things: Extract) -> None:
    table = several_things.tables[1]
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == HEAD[0]
    assert [row[0] for row in cells[1:]] == [str(n) for n in range(1, 31)]
    assert all(row[1] == f"{LONG} thứ {row[0]}" for row in cells[1:])
    assert {row[4] for row in cells[1:]} == {"Quý IV-2025"}
    heads = [x for x in several_things.left_out if x.reason.startswith("đầu bảng")]
    assert {x.text for x in heads} == {" ".join(HEAD[0])}
    for row in table.rows:
        assert several_things.text[row.start : row.end].split("\t")[0] == row.cells[0].text


def test_a_merged_cell_belongs_to_each_of_its_rows(several_things: Extract) -> None:
    rows = several_things.tables[-1].rows
    assert [[cell.text for cell in row.cells] for row in rows] == [
        ["Địa bàn", "Xã"], ["Thới Lai", "Đông Bình"], ["Thới Lai", "Thới Thạnh"]
    ]  # fmt: skip


def test_footnotes_and_page_numbers_are_left_out_with_a_reason(several_things: Extract) -> None:
    reasons = {x.text: x.reason for x in several_things.left_out}
    assert reasons["1 Theo Quyết định số 99/QĐ-UBND."] == "chú thích cuối trang (trang 1)"
    assert reasons["2"] == "số trang (trang 2)"
    assert "99/QĐ-UBND" not in several_things.text


def test_a_scanned_page_among_pages_of_text_is_left_out_by_its_number(
    print_pdf: Callable[[str], bytes],
) -> None:
    dot = (
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJg"
        "gg=="
    )
    scan = f'<p style="break-before:page"><img width=400 height=600 src="data:image/png;base64,{dot}"></p>'
    page = documents.html(["I. MỤC TIÊU", *[LONG] * 9]).replace("</body>", f"{scan}</body>")
    extract = read_portable(print_pdf(page))
    told = {x.text: x.reason for x in extract.left_out if x.text.startswith("Trang")}
    assert list(told) == ["Trang 2"]
    assert told["Trang 2"].startswith("trang là ảnh quét")


def test_a_scan_is_refused_and_told_the_other_ways() -> None:
    scan = pdfium.PdfDocument.new()
    for _ in range(3):
        scan.new_page(595, 842)
    with pytest.raises(Unreadable, match="ảnh quét") as refusal:
        read_document("scan.pdf", _saved(scan), None, DIRECTORY)
    assert "Dán văn bản" in str(refusal.value)
    assert "bảng Excel" in str(refusal.value)


def _saved(document: pdfium.PdfDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_locked_file_says_so() -> None:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        b"<</Filter/Standard/V 1/R 2/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32 + b">>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 5\n0000000000 65535 f \n%s" % table
    end += b"trailer<</Size 5/Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]>>\nstartxref\n%d\n" % len(body)
    with pytest.raises(Unreadable, match="mật khẩu"):
        read_document("khoa.pdf", body + end + b"%%EOF", None, DIRECTORY)


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(range(256)) * 50])
def test_a_damaged_file_is_called_broken(content: bytes) -> None:
    with pytest.raises(Unreadable, match="bị hỏng"):
        read_document("a.pdf", content, None, DIRECTORY)
