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
    "numbers that start again below a number": (
        "II. NHIỆM VỤ\n1. Nhiệm vụ chung\n1. Ban hành văn bản.\n2. Kiện toàn Ban Chỉ đạo.\n"
        "2. Nhiệm vụ cụ thể\n1. Xây dựng trạm.\n2. Nâng cấp đường ống.\nIII. TỔ CHỨC THỰC HIỆN\n"
        "1. Sở Xây dựng\n1. Chủ trì thực hiện.\n2. Sở Tài chính\nBố trí kinh phí.",
        ["II.1.1", "II.1.2", "II.2.1", "II.2.2", "III.1.1", "III.2.p1"],
    ),
    "headings over two lines and paragraphs cut by a page": (
        "II. CÁC NHIỆM VỤ TRỌNG TÂM VÀ GIẢI PHÁP\nTHỰC HIỆN TRONG NĂM 2025\n"
        "1. Nhóm nhiệm vụ về thể chế,\ncơ chế quản lý\n1.1. Rà soát quy định.\n1.2. Phát triển\n"
        "hạ tầng tại các huyện.\nIII. TỔ CHỨC\nTHỰC HIỆN\n1. Sở Y tế\n1.1. Chủ trì thực hiện.",
        ["II.1.1", "II.1.2", "III.1.1"],
    ),
    "letters right below a numeral, with bullets and paragraphs": (
        "II. NỘI DUNG THỰC HIỆN\na) Tuyên truyền\nTổ chức 05 hội nghị.\nBiên soạn tài liệu.\n"
        "b) Xây dựng mô hình\n- Khảo sát 03 xã.\nc) Kiểm tra: Tổ chức 02 đợt kiểm tra.",
        ["II.a.p1", "II.a.p2", "II.b.-1", "II.c"],
    ),
    "duties without labels to the end, and last words behind them": (
        "II. NHIỆM VỤ\n1. Ban hành quy chế.\nIII. TỔ CHỨC THỰC HIỆN\nGiao Sở Y tế chủ trì thực hiện.\n"
        "Các sở, ban, ngành lập kế hoạch, báo cáo trước ngày 15/11/2026.\n"
        "Sở Tài chính bố trí kinh phí.\nTrong quá trình thực hiện nếu có vướng mắc, báo cáo./.",
        ["II.1", "III.p1", "III.p2", "III.p3"],
    ),
    "a duty that ends the plan where no work has a label": (
        "II. NHIỆM VỤ\n1. Ban hành quy chế.\nIII. TỔ CHỨC THỰC HIỆN\nGiao Sở Y tế chủ trì thực hiện.\n"
        "Sở Tài chính bố trí kinh phí./.",
        ["II.1", "III.p1", "III.p2"],
    ),
    "a last word below work with labels": (
        "II. NHIỆM VỤ\n1. Ban hành quy chế.\nIII. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế chủ trì thực hiện.\n"
        "Các sở, ban, ngành nghiêm túc thực hiện Kế hoạch này./.",
        ["II.1", "III.1"],
    ),
    "capital letters below a numeral divide its section": (
        "II. NỘI DUNG\nA. CÔNG TÁC CHỈ ĐẠO\n1. Ban hành quy chế.\nB. CÔNG TÁC KIỂM TRA\n"
        "1. Kiểm tra 50 cơ sở.\nIII. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế chủ trì.",
        ["II.A.1", "II.B.1", "III.1"],
    ),
    "capital letters above numerals are parts": (
        "A. MỤC TIÊU\nI. Mục tiêu chung\n1. Tăng 20%.\nB. NHIỆM VỤ\nI. Thể chế\n1. Ban hành quy chế.\n"
        "II. Hạ tầng\n1. Xây dựng 03 chợ.\nC. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế chủ trì.",
        ["B.I.1", "B.II.1", "C.1"],
    ),
    "the numeral of a part stands for it": (
        "Phần I\nMỤC TIÊU\n1. Tăng 20%.\nPhần II\nNHIỆM VỤ\n1. Ban hành quy chế.",
        ["II.1"],
    ),
    "tasks counted by a word above bullets": (
        "II. NHIỆM VỤ\nNhiệm vụ 1: Hoàn thiện thể chế\n- Ban hành quy chế.\n"
        "Nhiệm vụ 2: Phát triển hạ tầng\n- Xây dựng 03 chợ.",
        ["II.1.-1", "II.2.-1"],
    ),
    "tasks counted by a word above numbers that start again": (
        "II. NHIỆM VỤ\nNhiệm vụ 1. Thể chế\n1. Ban hành quy chế.\n2. Sửa đổi quy chế.\n"
        "Nhiệm vụ 2. Hạ tầng\n1. Xây chợ.\nIII. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế chủ trì.",
        ["II.1.1", "II.1.2", "II.2.1", "III.1"],
    ),
    "projects counted by a word below a number or a letter": (
        "II. NHIỆM VỤ\n1. Thực hiện các dự án:\nDự án 1: Hỗ trợ nhà ở.\nDự án 2: Hỗ trợ nước sạch.\n"
        "2. Giảm nghèo\na) Các dự án\nDự án 1: Hỗ trợ cây giống.\nb) Tuyên truyền.",
        ["II.1.1", "II.1.2", "II.2.a.1", "II.2.b"],
    ),
    "a section that only points to its annex holds no work": (
        "II. NHIỆM VỤ\nTheo phụ lục kèm theo.\nIII. TỔ CHỨC THỰC HIỆN\n1. Sở Y tế chủ trì.\n"
        "2. Có biểu chi tiết kèm theo.\nPhụ lục chi tiết kèm theo Kế hoạch này.",
        ["III.1"],
    ),
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
        ["II.II.-1"],
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
    "bullets below a row divide it, whichever column they stand in": (
        f"PHỤ LỤC\nCÁC NHIỆM VỤ\n{HEADER}1\tKhảo sát\tSở A\t\tQuý I\n\t- Trực tuyến\tSở A\t\tQuý II\n"
        "\t- Trực tiếp\t\t\t\n2\tRà soát\tSở A\t\tQuý I\n-\tVăn bản\tSở A\t\tQuý I",
        ["PL.1.-1", "PL.1.-2", "PL.2.-1"],
    ),
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
    "groups that count anew, with the letter and the words in one cell": (
        "PHỤ LỤC\nSTT\tNhiệm vụ\tCơ quan chủ trì/Cơ quan phối hợp\tThời gian\nA Quy hoạch\n"
        "1\tLập đồ án\tSở Xây dựng\tQuý I\nB Xúc tiến\n1\tTổ chức lễ hội\tSở Y tế\tQuý II",
        ["PL.A.1", "PL.B.1"],
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
        ["PL.p1"],
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


COLONS = {
    "1. Xây dựng mô hình tại 03 huyện: Châu Phú, Thoại Sơn.": None,
    "1. Tổ chức hội chợ (Chủ trì: Sở Công Thương; thời gian: Tháng 9/2025).": None,
    "a) Phổ biến Luật Thương mại (Chủ trì: Sở Tư pháp).": None,
    "1. Tổ chức hội chợ, đơn vị chủ trì: Sở Công Thương.": None,
    "1. Triển khai Đề án “Nâng cấp chợ của huyện”: Sở Công Thương chủ trì.": None,
    "1. Nâng cấp hệ thống báo cáo: Hoàn thành trước ngày 30/6/2025.": None,
    "1. Xây dựng chuyên mục: “Vì người nghèo” trên báo.": None,
    "1. Phát triển các công trình cấp xã: Chú trọng đầu tư đường.": "Chú trọng đầu tư đường.",
    "1. Tập huấn, bồi dưỡng: Tổ chức 05 lớp.": "Tổ chức 05 lớp.",
    "1. Kiểm tra, giám sát: Sở Nội vụ kiểm tra các đơn vị.": "Sở Nội vụ kiểm tra các đơn vị.",
    "1. Công tác tuyên truyền: 05 hội nghị.": "05 hội nghị.",
    "1. Sở Y tế: Hỗ trợ thuốc.": "Hỗ trợ thuốc.",
}


@pytest.mark.parametrize("line", COLONS)
def test_a_colon_parts_a_heading_from_its_words_and_never_a_sentence(line: str) -> None:
    [task] = read_plan(f"KẾ HOẠCH\nABC\nII. NHIỆM VỤ\n{line}", Directory()).tasks
    assert task.text == (COLONS[line] or line.split(" ", 1)[1])


def test_a_row_says_what_the_row_says_that_it_divides() -> None:
    body = (
        f"PHỤ LỤC\nCÁC NHIỆM VỤ\n{HEADER}1\tKhảo sát\tSở Y tế\t\tQuý I/2025\n"
        "\t- Trực tuyến\t\t\t\n\t- Trực tiếp\tSở Nội vụ\t\tQuý II/2025\n"
    )
    first, second = read_plan(f"KẾ HOẠCH\nABC\n{body}", Directory()).tasks
    assert (first.text, [a.name for a in first.agencies]) == ("Trực tuyến", ["Sở Y tế"])
    assert first.deadline is not None
    assert first.deadline.text == "Quý I/2025"
    assert [a.name for a in second.agencies] == ["Sở Nội vụ"]


def test_labels_above_and_below_an_item_describe_it() -> None:
    body = (
        "II. NỘI DUNG\n1. Lễ phát động\n- Thời gian: Tháng 6/2025.\n- Nội dung: Phát động phong trào.\n"
        "- Đơn vị chủ trì: Sở Y tế."
    )
    [task] = read_plan(f"KẾ HOẠCH\nABC\n{body}", Directory()).tasks
    assert [a.name for a in task.agencies] == ["Sở Y tế"]
    assert task.deadline is not None
    assert task.deadline.text == "Tháng 6/2025"
