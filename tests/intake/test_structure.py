"""Which leaves are items and under which path: one habit of plan writers a test."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.blocks import Paragraph, Table
from ntmtasks.intake.rules.headings import section_kind
from ntmtasks.intake.rules.layout import read_blocks
from ntmtasks.intake.rules.orders import reads_like_order
from ntmtasks.intake.rules.reading import read_plan


def paths(body: str) -> list[str]:
    """Return the paths of the tasks of a plan with this body."""
    return [i.path for i in read_plan(f"KẾ HOẠCH\nABC\n{body}", Directory()).tasks]


HABITS = {
    "numbers in brackets stand for numbers where a section has none": (
        "IV. GIẢI PHÁP\n(1) Nâng cao chất lượng.\n(2) Đẩy mạnh liên kết.",
        ["IV.1", "IV.2"],
    ),
    "numbers in brackets below a letter": (
        "III. NHIỆM VỤ\n1. Cơ chế\na) Xây dựng chính sách:\n(1) Nghiên cứu.\n(2) Trình HĐND.\n"
        "b) Rà soát quy hoạch.",
        ["III.1.a.1", "III.1.a.2", "III.1.b"],
    ),
    "a list right below a colon belongs to the bullet with the colon": (
        "III. NHIỆM VỤ\n1. Cơ chế\n- Xây dựng, gồm:\na) Ban hành quy chế.\nb) Rà soát.\n"
        "- Kiểm tra.\n2. Đào tạo cán bộ.",
        ["III.1.-1.a", "III.1.-1.b", "III.1.-2", "III.2"],
    ),
    "label lines around a paragraph neither introduce it nor count": (
        "III. NHIỆM VỤ\n1. Tuyên truyền\nMỗi quý tổ chức một phiên giao dịch.\n+ Chủ trì: Sở A.\n"
        "2. Kiểm tra\nChủ trì: Sở A; phối hợp: Sở B.\nKiểm tra doanh nghiệp.",
        ["III.1.p1", "III.2.p1"],
    ),
    "aims in bullets are no work": (
        "III. NHIỆM VỤ\n1. Đào tạo\n- Mục tiêu: 100 cán bộ được đào tạo.\n- Nội dung: Mở lớp.\n"
        "- Thời gian: 2026.",
        ["III.1.-2"],
    ),
    "a schedule is work where its entries are orders": (
        "III. TIẾN ĐỘ, THỜI GIAN\n1. Tháng 01/2026: Ban hành kế hoạch.\nIV. THỜI GIAN, TIẾN ĐỘ\n"
        "1. Bắt đầu: 01/01/2026.",
        ["III.1"],
    ),
    "sections named after bodies inside a part that assigns work": (
        "B. PHÂN CÔNG NHIỆM VỤ\nI. SỞ Y TẾ\n1. Khám chữa bệnh lưu động.\nII. CÔNG AN TỈNH\n"
        "An ninh, trật tự.",
        ["B.I.1", "B.II.p1"],
    ),
    "page numbers do not count as paragraphs": (
        "III. NHIỆM VỤ\n1. Đào tạo\nMở lớp.\n12\nCử cán bộ.",
        ["III.1.p1", "III.1.p2"],
    ),
    "decimals below a number in brackets": (
        "III. NHIỆM VỤ\n1) Đào tạo\n1.1. Mở lớp.\n1.2. Cử cán bộ.\n2) Hợp tác quốc tế.",
        ["III.1.1", "III.1.2", "III.2"],
    ),
    "plus bullets above dashes": (
        "III. NHIỆM VỤ\n1. Đối với cây trồng\n+ Cây lúa:\n- Che phủ ni lông.\n- Bón phân.\n"
        "+ Cây màu:\n- Tưới nước.",
        ["III.1.+1.-1", "III.1.+1.-2", "III.1.+2.-1"],
    ),
    "slashes as marks": (
        "II/ NỘI DUNG:\n1/ Nâng cao năng lực\na/ Tập huấn nghiệp vụ;\nb/ Kiểm tra.",
        ["II.1.a", "II.1.b"],
    ),
    "labels that repeat the section": (
        "II. NHIỆM VỤ\nII.1. Tuyên truyền\n- Tổ chức hội nghị.\nII.2. Rà soát văn bản.",
        ["II.1.-1", "II.2"],
    ),
    "parts with their heading on the next line, each counting its sections anew": (
        "PHẦN I\nKẾT QUẢ NĂM 2024\nI. Công tác chỉ đạo\n- Tổ chức 12 lớp tập huấn.\nII. Nhiệm vụ\n"
        "- Thực hiện 3 đợt kiểm tra.\nPHẦN II\nNHIỆM VỤ NĂM 2025\nI. Mục tiêu\n- Đạt 90%.\n"
        "II. Giải pháp\n- Tăng cường kiểm tra.",
        ["PHẦN II.II.-1"],
    ),
    "a plan without Roman numerals": (
        "1. Mục đích\na) Nâng cao nhận thức.\n2. Nội dung hoạt động\na) Tổ chức lễ phát động.\n"
        "3. Tổ chức thực hiện\n3.1. Sở Y tế\n- Chủ trì tham mưu.",
        ["2.a", "3.1.-1"],
    ),
    "a heading with orders below it is no label line": (
        "II. NỘI DUNG\n1. Dự án 1\na) Mục tiêu: Hỗ trợ 5 xã.\nb) Đối tượng: Hộ nghèo.\n"
        "c) Nội dung hỗ trợ:\n- Duy tu công trình.\nd) Phân công thực hiện:\n"
        "- Sở Tài chính chủ trì hướng dẫn.",
        ["II.1.c.-1", "II.1.d.-1"],
    ),
    "short lines above a list are headings, explanations introduce it": (
        "II. NHIỆM VỤ\n1. Đào tạo\nMạng lưới trường nghề đã được đầu tư.\n- Mở 3 ngành.\n"
        "Bồi dưỡng giảng viên\n- Cử giảng viên đi học.\n2. Hợp tác\nThu hút các tập đoàn.",
        ["II.1.-1", "II.1.-2", "II.2.p1"],
    ),
    "the last words to everybody close the plan": (
        "V. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế\n- Chủ trì tham mưu.\n"
        "UBND tỉnh yêu cầu các sở, ban, ngành nghiêm túc thực hiện.\n"
        "Trong quá trình thực hiện nếu phát sinh vướng mắc, gửi Sở Y tế tổng hợp.",
        ["V.1.-1"],
    ),
    "page numbers, footnotes and pointers to an annex are no work": (
        "III. NHIỆM VỤ\n1. Đào tạo\n- Mở lớp.\n2\n- Cử cán bộ.\n[1] Theo Nghị định số 08.\n"
        "Nội dung chi tiết tại Phụ lục kèm theo.",
        ["III.1.-1", "III.1.-2"],
    ),
    "orders about money are work, its sources are not": (
        "IV. KINH PHÍ\n1. Nguồn kinh phí: Ngân sách tỉnh.\n"
        "2. Sở Tài chính chủ trì, tham mưu bố trí kinh phí.",
        ["IV.2"],
    ),
    "sources of money are no work in other sections either": (
        "IV. GIẢI PHÁP VỀ KINH PHÍ\n1. Sở Tài chính tham mưu bố trí kinh phí.\n"
        "2. Nguồn xã hội hóa và các nguồn hợp pháp khác.",
        ["IV.1"],
    ),
    "a heading that tells nothing is judged by its leaves": (
        "IV. CƠ CHẾ, CHÍNH SÁCH\n1. Thực hiện miễn, giảm học phí.\n2. Hỗ trợ vay vốn.\n"
        "V. TƯ LIỆU\n1. Dân số 90.000 người.\n2. Diện tích 120 km2.",
        ["IV.1", "IV.2"],
    ),
}


@pytest.mark.parametrize("habit", HABITS)
def test_reads_the_habit(habit: str) -> None:
    body, expected = HABITS[habit]
    assert paths(body) == expected


# As a .pdf gives it: lines of some 60 characters, no blank line between paragraphs.
WRAPPED = """KẾ HOẠCH
Phát triển nhân lực
I. MỤC TIÊU
Đào tạo 2.000 lao động trình độ cao đẳng trở lên, trong đó
- 2026 là năm đầu tiên.
III. NHIỆM VỤ
1. Đổi mới chương trình, phương pháp đào tạo tại các trường
- Mở mới ba ngành đào tạo về vi mạch bán dẫn tại các trường
đại học, cao đẳng trên địa bàn tỉnh; phối hợp với Sở Lao động
- Thương binh và Xã hội thực hiện.
2. Hợp tác
Thu hút các tập đoàn công nghệ tham gia đào tạo, tiếp nhận
sinh viên thực tập trong giai đoạn 2026
- 2030 theo quy định.
IV. TỔ CHỨC THỰC HIỆN
1. Sở Tài chính
Tham mưu, cân đối, bố trí kinh phí thực hiện Kế hoạch theo
quy định hiện hành của Nhà nước.
Nơi nhận:
- Lưu: VT.
"""


def test_reads_lines_without_blank_ones_between_paragraphs() -> None:
    tasks = read_plan(WRAPPED, Directory()).tasks
    assert [i.path for i in tasks] == ["III.1.-1", "III.2.p1", "IV.1.p1"]
    assert [i.text.rsplit(" ", 2)[1] for i in tasks] == ["thực", "quy", "Nhà"]


HEADER = "TT\tNội dung\tChủ trì\tPhối hợp\tThời gian\n"
TABLES = {
    "the numbers of a body table stand under its section": (
        f"II. NỘI DUNG\n{HEADER}1\tRà soát\tSở A\t\tQuý I\n2\tKiểm tra\tSở B\t\tQuý II",
        ["II.1", "II.2"],
    ),
    "a header of two rows with spanned cells left empty": (
        "II. NỘI DUNG\nTT\tNội dung\tCơ quan thực hiện\t\tThời gian\n\t\tChủ trì\tPhối hợp\t\n"
        "1\tRà soát\tSở A\tSở B\tQuý I",
        ["II.1"],
    ),
    "a header of two rows with the spanned cells alone, and a row of column numbers": (
        "II. NỘI DUNG\nTT\tNội dung\tCơ quan thực hiện\tThời gian\nChủ trì\tPhối hợp\n"
        "(1)\t(2)\t(3)\t(4)\t(5)\n1\tRà soát\tSở A\tSở B\tQuý I",
        ["II.1"],
    ),
    "groups that go on counting do not stand in the path": (
        f"PHỤ LỤC\n{HEADER}I\tTHỂ CHẾ\t\t\t\n1\tRà soát\tSở A\t\tQuý I\nII\tĐẤT ĐAI\t\t\t\n"
        "2\tCông khai\tSở B\t\tQuý I",
        ["PL.1", "PL.2"],
    ),
    "groups that count anew do": (
        f"PHỤ LỤC\n{HEADER}I\tTHỂ CHẾ\t\t\t\n1\tRà soát\tSở A\t\tQuý I\nII\tĐẤT ĐAI\t\t\t\n"
        "1\tCông khai\tSở B\t\tQuý I",
        ["PL.I.1", "PL.II.1"],
    ),
    "rows that further rows divide are headings": (
        f"PHỤ LỤC\n{HEADER}1\tChỉ đạo\t\t\t\n1.1\tBan hành\tSở A\t\tQuý I\n2\tThể chế\t\t\t\n"
        "a\tRà soát\tSở A\t\tQuý I\nb\tKiểm tra\tSở A\t\tQuý I\n3\tTập huấn\tSở B\t\tQuý II",
        ["PL.1.1", "PL.2.a", "PL.2.b", "PL.3"],
    ),
    "tables of figures, projects and points are no work": (
        "III. DANH MỤC\nTT\tTên dự án\tChủ đầu tư\tQuy mô\tTiến độ\n1\tNhà ở xã hội\tCông ty A\t"
        "1.200\tQuý II/2026\nPHỤ LỤC\nTT\tChỉ tiêu\tĐơn vị tính\tNăm 2026\n1\tDoanh nghiệp\tDN\t"
        "52.000\nPhụ lục 2. Tiêu chí\nTT\tTiêu chí\tĐiểm\n1\tKế hoạch\t2,0",
        [],
    ),
    "rows without a number beside paragraphs of the annex": (
        f"PHỤ LỤC\nCÁC NHIỆM VỤ\n{HEADER}\tRà soát\tSở A\t\tQuý I",
        ["PL.p1(2)"],
    ),
    "an annex of numbered paragraphs whose title promises work": (
        "II. TỔ CHỨC THỰC HIỆN\n1. Sở A tổng hợp, báo cáo.\nPHỤ LỤC\nPHÂN CÔNG NHIỆM VỤ\n"
        "1. Sở Tài chính\na) Xây dựng kế hoạch.\n2. Sở Xây dựng: Lập quy hoạch.",
        ["II.1", "PL.1.a", "PL.2"],
    ),
    "a table of work below the signature needs no word for annex": (
        "II. TỔ CHỨC THỰC HIỆN\n1. Sở A tổng hợp, báo cáo.\nNơi nhận:\n- Lưu: VT.\n"
        "TM. ỦY BAN NHÂN DÂN\nNguyễn Văn A\n"
        f"DANH MỤC NHIỆM VỤ CỤ THỂ\n{HEADER}1\tRà soát\tSở A\t\tQuý I",
        ["II.1", "PL.1"],
    ),
}


@pytest.mark.parametrize("table", TABLES)
def test_reads_the_table(table: str) -> None:
    body, expected = TABLES[table]
    assert paths(body) == expected


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("PHƯƠNG HƯỚNG, NHIỆM VỤ VÀ GIẢI PHÁP", "work"),
        ("CHỈ TIÊU, NHIỆM VỤ CHỦ YẾU", "work"),
        ("NHIỆM VỤ CỦA CÁC SỞ, NGÀNH", "organising"),
        ("CHẾ ĐỘ THÔNG TIN, BÁO CÁO", "organising"),
        ("KẾT QUẢ THỰC HIỆN NHIỆM VỤ NĂM 2025", "none"),
        ("PHẠM VI VÀ THỜI GIAN THỰC HIỆN", "none"),
        ("NGUYÊN TẮC THỰC HIỆN", "none"),
        ("QUAN ĐIỂM, MỤC TIÊU", "target"),
        ("NGUỒN LỰC THỰC HIỆN", "funding"),
        ("CƠ CHẾ, CHÍNH SÁCH", "unknown"),
    ],
)
def test_tells_a_section_by_its_heading(heading: str, kind: str) -> None:
    assert section_kind(heading) == kind


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Tổ chức hội nghị.", True),
        ("Thường xuyên, kịp thời rà soát văn bản.", True),
        ("Sở Y tế chủ trì thẩm định.", True),
        ("Đã tổ chức 12 lớp tập huấn.", False),
        ("Mạng lưới trường nghề đã được đầu tư.", False),
        ("Dân số 90.000 người.", False),
    ],
)
def test_tells_orders_from_reports(text: str, order: bool) -> None:
    assert reads_like_order(text) is order


def test_the_text_right_below_a_letterhead_of_bars_is_no_cell() -> None:
    text = "|\nỦY BAN NHÂN DÂN\n|\nCỘNG HÒA XÃ HỘI\n|\nKẾ HOẠCH\nVề nông thôn mới\nI. MỤC ĐÍCH"
    blocks = read_blocks(text)
    assert [b.text for b in blocks if isinstance(b, Paragraph)][-1] == "I. MỤC ĐÍCH"
    [table] = [b for b in blocks if isinstance(b, Table)]
    assert [c.text for row in table.rows for c in row.cells] == [
        "ỦY BAN NHÂN DÂN",
        "CỘNG HÒA XÃ HỘI",
    ]
