"""Where the name of an agency begins and ends in running text."""

import pytest

from ntmtasks.agencies.rules import Directory
from ntmtasks.intake.rules.naming import (
    heading_agencies,
    is_anybody,
    is_everybody,
    names_at,
    split_names,
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
        ("Sở Tư pháp, Thanh tra tỉnh", ["Sở Tư pháp", "Thanh tra tỉnh"]),
        ("Bưu điện tỉnh, Viettel Vĩnh Long", ["Bưu điện tỉnh", "Viettel Vĩnh Long"]),
        ("Sở Nội vụ (chủ trì); Sở Y tế", ["Sở Nội vụ", "Sở Y tế"]),
        (
            "Các trường mầm non, tiểu học, trung học cơ sở; Đài truyền thanh xã",
            ["Các trường mầm non, tiểu học, trung học cơ sở", "Đài truyền thanh xã"],
        ),
        # Paragraphs of a cell.
        ("Sở Y tế Sở Nội vụ", ["Sở Y tế", "Sở Nội vụ"]),
        (
            "- Công an tỉnh - Sở Lao động - Thương binh và Xã hội",
            ["Công an tỉnh", "Sở Lao động - Thương binh và Xã hội"],
        ),
        ("Văn phòng UBND tỉnh Sở Y tế", ["Văn phòng UBND tỉnh", "Sở Y tế"]),
        ("Giám đốc Sở Y tế", ["Giám đốc Sở Y tế"]),
        ("Sở NN&MT, BCH Quân sự tỉnh", ["Sở NN&MT", "BCH Quân sự tỉnh"]),
        (
            "Các Sở: Tài chính, Văn hóa, Thể thao và Du lịch, KH&CN; Thuế tỉnh",
            [
                "Sở Tài chính",
                "Sở Văn hóa, Thể thao và Du lịch",
                "Sở KH&CN",
                "Thuế tỉnh",
            ],
        ),
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
        # A department ends where the closed list says, whatever word follows.
        ("Sở Giáo dục và Đào tạo đào tạo giáo viên", ["Sở Giáo dục và Đào tạo"]),
        ("Sở Nông nghiệp và Môi trường siêu tốc rà soát", ["Sở Nông nghiệp và Môi trường"]),
        ("Sở VH,TT&DL mở lớp", ["Sở VH,TT&DL"]),
        # Others end at a word of place, even before a word that no list of verbs holds …
        ("Hội Doanh nhân trẻ tỉnh năng nổ phản ánh", ["Hội Doanh nhân trẻ tỉnh"]),
        ("Báo và phát thanh, truyền hình An Giang đăng tin", None),
        # … and a verb inside a name does not end it.
        ("Ban An toàn giao thông thành phố kiểm tra", ["Ban An toàn giao thông thành phố"]),
        ("Ban Chỉ huy phòng, chống thiên tai tỉnh chỉ đạo", None),
        ("Trung tâm Phục vụ hành chính công tỉnh công khai", None),
        (
            "Thủ trưởng các sở, ban, ngành, Chủ tịch UBND các xã, phường, đặc khu chủ động",
            ["Thủ trưởng các sở, ban, ngành", "Chủ tịch UBND các xã, phường, đặc khu"],
        ),
        (
            "Ban Nội chính Tỉnh ủy, các tổ chức thành viên của Mặt trận phối hợp",
            ["Ban Nội chính Tỉnh ủy", "các tổ chức thành viên của Mặt trận"],
        ),
        ("Các đoàn thể, tổ chức xã hội vận động", ["Các đoàn thể, tổ chức xã hội"]),
        ("Uỷ ban nhân dân xã Đông Anh bàn giao", ["Uỷ ban nhân dân xã Đông Anh"]),
        ("Thành Đoàn ra quân làm sạch bãi biển", ["Thành Đoàn"]),
        ("Tỉnh đoàn Sóc Trăng nỗ lực hết mình", ["Tỉnh đoàn Sóc Trăng"]),
        ("Bệnh viện đa khoa tỉnh chuẩn bị thuốc", ["Bệnh viện đa khoa tỉnh"]),
        ("Báo cáo kết quả về Sở Y tế", []),
        ("Tổ chức hội nghị", []),
    ],
)
def test_a_name_ends_before_what_the_body_does(sentence: str, names: list[str] | None) -> None:
    whole = sentence.rsplit(" ", 2)[0]
    assert names_at(sentence)[0] == ([whole] if names is None else names)


def test_a_heading_in_capitals_names_bodies_too() -> None:
    assert heading_agencies("SỞ Y TẾ VÀ CÔNG AN TỈNH", NOBODY) == ["SỞ Y TẾ", "CÔNG AN TỈNH"]
    assert heading_agencies("TỔ CHỨC THỰC HIỆN", NOBODY) == []
    assert heading_agencies("Công an tỉnh (cơ quan thường trực)", NOBODY) == ["Công an tỉnh"]


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        # Bodies that are named by what they are for, in words of work and with commas.
        ("Ban Chỉ đạo liên ngành về an toàn thực phẩm các cấp", None),
        ("Ban Chỉ đạo khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số tỉnh", None),
        ("Các doanh nghiệp bưu chính, viễn thông, công nghệ thông tin trên địa bàn tỉnh", None),
        ("UBND các xã, phường có tài nguyên du lịch", None),
        ("UBND các xã ven biển", None),
        ("Sở Y tế - Cơ quan thường trực Ban Chỉ đạo", ["Sở Y tế"]),
        ("Sở Y tế, đơn vị đầu mối", ["Sở Y tế"]),
        # What orders somebody is no name, nor is a sentence with a full stop.
        ("UBND các xã, phường có trách nhiệm lập kế hoạch", []),
        ("Ban Chỉ đạo các cấp, các ngành tổ chức kiểm tra", []),
        ("Các đơn vị, địa phương gìn giữ tài liệu, hồ sơ, máy móc trong kho.", []),
    ],
)
def test_a_heading_is_one_long_name_where_nobody_acts(
    heading: str, names: list[str] | None
) -> None:
    assert heading_agencies(heading, NOBODY) == ([heading] if names is None else names)


@pytest.mark.parametrize(
    ("name", "anybody", "everybody"),
    [
        ("Các cơ quan, đơn vị, địa phương", True, True),
        ("các cấp, các ngành", True, True),
        ("các đơn vị", True, False),
        ("Các doanh nghiệp đóng trên địa bàn", True, False),
        ("các tổ chức, cá nhân, hộ gia đình trên địa bàn tỉnh", True, False),
        ("Các Sở, ngành, đơn vị", False, False),
        ("Các đoàn thể, tổ chức xã hội", False, False),
        ("Sở Y tế", False, False),
    ],
)
def test_words_for_anybody(name: str, anybody: bool, everybody: bool) -> None:
    assert (is_anybody(name), is_everybody(name)) == (anybody, everybody)
