"""Deadline phrases of real plans (domain.md, section 6)."""

from datetime import date

import pytest

from ntmtasks.intake.rules.deadlines import find_deadline
from ntmtasks.intake.rules.due_dates import read_phrase


@pytest.mark.parametrize(
    ("written", "due", "basis"),
    [
        ("trước ngày 15/12/2025", date(2025, 12, 15), "explicit"),
        ("chậm nhất ngày 28 tháng 02 năm 2026", date(2026, 2, 28), "explicit"),
        ("trước ngày 15/12", date(2025, 12, 15), "explicit"),
        ("Từ 01/3/2025 đến 15/6/2025", date(2025, 6, 15), "explicit"),
        ("trong tháng 12/2025", date(2025, 12, 31), "period_end"),
        ("Tháng 11 - 12/2025", date(2025, 12, 31), "period_end"),
        ("trong năm 2025", date(2025, 12, 31), "period_end"),
        ("Quý IV năm 2025 và các năm tiếp theo", date(2025, 12, 31), "period_end"),
        ("Quí IV-2025", date(2025, 12, 31), "period_end"),
        ("Quý II/2025", date(2025, 6, 30), "period_end"),
        ("Tháng 02/2024", date(2024, 2, 29), "period_end"),
        ("Giai đoạn 2026-2030", date(2030, 12, 31), "period_end"),
        # Before a month or a quarter: its eve.
        ("Trước tháng 6/2026", date(2026, 5, 31), "period_end"),
        ("trước quý III năm 2026", date(2026, 6, 30), "period_end"),
        ("Quý I, II/2026", date(2026, 6, 30), "period_end"),
        ("Quý IV/2025 - Quý I/2026", date(2026, 3, 31), "period_end"),
        ("trong 6 tháng đầu năm 2026", date(2026, 6, 30), "period_end"),
        ("từ tháng 12/2025 đến tháng 02/2026", date(2026, 2, 28), "period_end"),
        ("từ ngày 10 - 17/11/2025", date(2025, 11, 17), "explicit"),
        # The plan's year is meant where none is written.
        ("Tháng 9", date(2025, 9, 30), "period_end"),
        ("Quý II", date(2025, 6, 30), "period_end"),
        ("Cả năm", date(2025, 12, 31), "period_end"),
        ("Quý I năm 2026, cập nhật thường xuyên", date(2026, 3, 31), "period_end"),
        # A written day counts before the month in it, with a year or without.
        ("trước ngày 15 tháng 6", date(2025, 6, 15), "explicit"),
        ("15 tháng 6", date(2025, 6, 15), "explicit"),
        ("trước ngày 30.6.2025", date(2025, 6, 30), "explicit"),
        ("trước ngày 05-6-2026", date(2026, 6, 5), "explicit"),
        # Of several days the last one ends the work.
        ("trước ngày 10 tháng 6 và ngày 10 tháng 12", date(2025, 12, 10), "explicit"),
        ("25 tháng 3, 25 tháng 6, 25 tháng 9 và 25 tháng 12", date(2025, 12, 25), "explicit"),
        ("trước ngày 15/6 và 15/12", date(2025, 12, 15), "explicit"),
        ("15/6 và 15/12/2026", date(2026, 12, 15), "explicit"),
        ("trước ngày 15/6/2025, cả năm trước ngày 15/12/2025", date(2025, 12, 15), "explicit"),
        # Short forms of cells.
        ("9/2025", date(2025, 9, 30), "period_end"),
        ("T10/2025", date(2025, 10, 31), "period_end"),
        ("Q3/2025", date(2025, 9, 30), "period_end"),
        ("Tháng 4,5/2025", date(2025, 5, 31), "period_end"),
        ("Quý II đến Quý IV/2025", date(2025, 12, 31), "period_end"),
        ("Từ Quý II đến Quý III năm 2025", date(2025, 9, 30), "period_end"),
        ("trong tháng 6", date(2025, 6, 30), "period_end"),
        ("trong quý II", date(2025, 6, 30), "period_end"),
        ("từ năm 2025 đến năm 2027", date(2027, 12, 31), "period_end"),
        ("từ ngày 01/6/2025 đến hết năm 2025", date(2025, 12, 31), "period_end"),
        ("từ 15/4-15/5/2025", date(2025, 5, 15), "explicit"),
        ("trong 6 tháng cuối năm", date(2025, 12, 31), "period_end"),
        ("vào cuối năm", date(2025, 12, 31), "period_end"),
    ],
)
def test_a_date_or_period_has_a_last_day(written: str, due: date, basis: str) -> None:
    reading = read_phrase(written, 2025)
    assert (reading.text, reading.due_on, reading.basis) == (written, due, basis)
    assert reading.recurrence is None


@pytest.mark.parametrize(
    ("written", "recurrence"),
    [
        ("hằng ngày", ("daily",)),
        ("hàng tháng, quý, năm", ("monthly", "quarterly", "yearly")),
        ("trước ngày 15 hằng tháng", ("monthly",)),
        ("trước ngày 01/6 và 15/11 hằng năm", ("yearly",)),
        ("định kỳ 6 tháng, hằng năm", ("half-yearly", "yearly")),
        ("Thường xuyên", ("continuous",)),
        ("Thường xuyên, hằng năm", ("yearly", "continuous")),
        ("định kỳ", ("periodic",)),
        ("trước ngày 15 tháng cuối quý", ("quarterly",)),
        ("hằng quý (trước ngày 25 của tháng cuối quý)", ("quarterly",)),
        ("chậm nhất ngày 05 của tháng sau", ("monthly",)),
        ("Định kỳ 6 tháng, năm", ("half-yearly", "yearly")),
        ("6 tháng/lần", ("half-yearly",)),
        ("01 lần/tuần", ("weekly",)),
        ("trước 16 giờ 00 phút thứ Năm hằng tuần", ("weekly",)),
        ("hằng tháng, chậm nhất ngày 05", ("monthly",)),
        ("định kỳ 6 tháng và hàng năm", ("half-yearly", "yearly")),
        ("định kỳ (quý, 6 tháng, năm)", ("quarterly", "half-yearly", "yearly")),
        ("tháng, quý, 6 tháng, năm", ("monthly", "quarterly", "half-yearly", "yearly")),
        (
            "hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), năm (trước 10/12)",
            ("monthly", "quarterly", "yearly"),
        ),
        ("3 tháng/lần", ("quarterly",)),
        (
            "hàng tháng trước ngày 20; hàng quý trước ngày 20 của tháng cuối quý; năm trước 10/12",
            ("monthly", "quarterly", "yearly"),
        ),
        ("một lần trong năm", ("yearly",)),
        ("mỗi học kỳ", ("half-yearly",)),
        ("trong Quý I hằng năm", ("yearly",)),
        ("từ tháng 6/2025", ("event",)),
        ("trước mùa mưa bão", ("event",)),
        ("01 lần/quý", ("quarterly",)),
        ("02 lần/năm", ("yearly",)),
        ("mỗi quý một lần", ("quarterly",)),
        ("tháng 10 hằng năm", ("yearly",)),
        ("trước 15 tháng 6 hằng năm", ("yearly",)),
        ("thường xuyên, liên tục", ("continuous",)),
        ("Từ năm 2026", ("event",)),
        ("chậm nhất 05 ngày làm việc kể từ ngày ban hành", ("event",)),
        ("Từ 01/7/2025", ("event",)),
        ("trong 24-48 giờ sau khi nước rút", ("event",)),
        ("theo tiến độ dự án", ("event",)),
    ],
)
def test_what_recurs_or_waits_for_an_event_has_no_day(
    written: str, recurrence: tuple[str, ...]
) -> None:
    reading = read_phrase(written, 2025)
    assert (reading.due_on, reading.recurrence) == (None, recurrence)


@pytest.mark.parametrize(
    "text",
    [
        "Thực hiện Nghị quyết số 04/NQ-HĐND ngày 12/12/2025 của Hội đồng nhân dân tỉnh.",
        "Phục vụ đời sống hàng ngày của người dân.",
        "Bố trí kinh phí trong dự toán ngân sách nhà nước hàng năm.",
        "Củng cố các xã đạt chuẩn năm 2024.",
        "Tập trung vốn cho các xã hoàn thành mục tiêu trong năm 2024, ưu tiên sản xuất.",
        "Triển khai Đề án giai đoạn 2021 - 2025.",
        "Thường xuyên rà soát bộ máy.",
        "Tổ chức kiểm tra định kỳ các xã.",
        "Thực hiện Luật có hiệu lực từ ngày 01/7/2025.",
        "Đến năm 2030, 100% xã có điểm phục vụ.",
        "Phấn đấu đến hết năm 2027, 100% học sinh có sổ sức khỏe.",
        "Xây dựng kế hoạch hằng năm của ngành.",
        "Báo cáo kết quả triển khai năm 2024 về Sở Nội vụ.",
        "Đến nay 10 xã hoàn thành 15/19 tiêu chí.",
        "Xử lý các văn bản trái luật sau khi ban hành.",
        "Hỗ trợ các xã sau khi sáp nhập ổn định tổ chức.",
        "Giải ngân, bảo đảm theo tiến độ dự án.",
        "Cân đối nguồn chi thường xuyên.",
        "Triển khai Chương trình khuyến công từ năm 2021 đến năm 2025, ưu tiên vùng sâu.",
    ],
)
def test_not_every_date_is_a_deadline(text: str) -> None:
    assert find_deadline(text, 2024) is None


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Lập danh mục, hoàn thành trước ngày 31/3/2026.", "trước ngày 31/3/2026"),
        ("Báo cáo kết quả trước 17 giờ ngày 05/6/2025.", "trước 17 giờ ngày 05/6/2025"),
        ("Báo cáo gửi về Sở trước ngày 20 hằng tháng.", "trước ngày 20 hằng tháng"),
        ("Hằng năm, tổ chức tổng kết.", "Hằng năm"),
        ("Tổ chức tập huấn cho cán bộ các cấp năm 2024.", "năm 2024"),
        ("Tổng điều tra ngay khi nước rút.", "ngay khi nước rút"),
        ("Hoàn thành trong quý II/2025.", "trong quý II/2025"),
        ("Xây dựng kế hoạch, xong trong quý I/2026.", "xong trong quý I/2026"),
        ("Từ nay đến hết tháng 12/2025 ra quân.", "Từ nay đến hết tháng 12/2025"),
        (
            "Cao điểm từ ngày 15/12/2025 đến hết ngày 14/3/2026.",
            "từ ngày 15/12/2025 đến hết ngày 14/3/2026",
        ),
        ("Báo cáo vào thứ Sáu hằng tuần.", "thứ Sáu hằng tuần"),
        ("Báo cáo trước ngày 20 tháng cuối quý.", "trước ngày 20 tháng cuối quý"),
        ("Định kỳ 6 tháng, năm báo cáo Bộ.", "Định kỳ 6 tháng, năm"),
        (
            "Giải ngân trong vòng 05 ngày làm việc kể từ khi nhận đủ hồ sơ.",
            "trong vòng 05 ngày làm việc kể từ khi nhận đủ hồ sơ",
        ),
        ("Báo cáo hằng tuần (trước 14 giờ thứ Năm).", "hằng tuần (trước 14 giờ thứ Năm)"),
        ("Rà soát thủ tục (Sở Y tế; thực hiện thường xuyên).", "thường xuyên"),
        ("Tổng kết Kế hoạch vào cuối năm 2030.", "vào cuối năm 2030"),
        ("Giải ngân 100% vốn đến ngày 31/01/2026.", "đến ngày 31/01/2026"),
        ("Báo cáo trước ngày 15 tháng 6.", "trước ngày 15 tháng 6"),
        ("Gửi trước ngày 30.6.2025.", "trước ngày 30.6.2025"),
        ("Định kỳ hằng quý, tổng hợp báo cáo UBND tỉnh.", "hằng quý"),
        ("Định kỳ hằng tháng báo cáo.", "hằng tháng"),
        ("Xử lý vi phạm; định kỳ hằng quý gửi kết quả về Sở Y tế.", "hằng quý"),
        ("Theo dõi thi hành pháp luật, hằng quý báo cáo Bộ Tư pháp.", "hằng quý"),
        ("Báo cáo định kỳ 6 tháng và hàng năm.", "định kỳ 6 tháng và hàng năm"),
        ("Báo cáo định kỳ (quý, 6 tháng, năm).", "định kỳ (quý, 6 tháng, năm)"),
        ("Báo cáo tháng, quý, 6 tháng, năm theo quy định.", "tháng, quý, 6 tháng, năm"),
        (
            "Báo cáo hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), năm.",
            "hằng tháng (trước ngày 20), quý (trước ngày 20 tháng cuối quý), năm",
        ),
        # Two reports in one item: the whole phrase stands, its last day ends the work.
        (
            "Báo cáo 6 tháng trước ngày 15/6/2025, cả năm trước ngày 15/12/2025.",
            "trước ngày 15/6/2025, cả năm trước ngày 15/12/2025",
        ),
        (
            "Báo cáo trước ngày 10/6 (báo cáo 6 tháng) và trước ngày 10/11 (báo cáo năm).",
            "trước ngày 10/6 (báo cáo 6 tháng) và trước ngày 10/11 (báo cáo năm)",
        ),
        (
            "Gửi kết quả trước ngày 20/11/2025 để báo cáo Bộ trước ngày 30/11/2025.",
            "trước ngày 20/11/2025",
        ),
        ("Tham mưu UBND tỉnh trong tháng 6.", "trong tháng 6"),
        ("Hoàn thành trong quý II.", "trong quý II"),
        ("Hoàn thành năm 2025.", "năm 2025"),
        ("Hoàn thành ngày 30/9/2025.", "ngày 30/9/2025"),
        ("Giao ban 01 lần/quý.", "01 lần/quý"),
        ("Tập huấn 02 lần/năm cho cán bộ xã.", "02 lần/năm"),
        ("Kiểm tra, đôn đốc thường xuyên, liên tục.", "thường xuyên, liên tục"),
        ("Thực hiện từ năm 2025 đến năm 2027.", "từ năm 2025 đến năm 2027"),
        ("Thực hiện trong giai đoạn 2026-2030.", "trong giai đoạn 2026-2030"),
        (
            "Báo cáo trước ngày 05 của tháng đầu quý sau.",
            "trước ngày 05 của tháng đầu quý sau",
        ),
        ("Ban hành chậm nhất trong tháng 6/2025.", "chậm nhất trong tháng 6/2025"),
        ("Tổ chức Tuần lễ vào tháng 10 hằng năm.", "tháng 10 hằng năm"),
        ("Trước 16 giờ ngày 25 hằng tháng báo cáo.", "Trước 16 giờ ngày 25 hằng tháng"),
        (
            "Thực hiện sau khi có hướng dẫn của Bộ Tài chính.",
            "sau khi có hướng dẫn của Bộ Tài chính",
        ),
        (
            "Sau khi Đề án được phê duyệt, tổ chức công bố.",
            "Sau khi Đề án được phê duyệt",
        ),
        ("Giải ngân theo tiến độ dự án.", "theo tiến độ dự án"),
        (
            "Kết nối dữ liệu theo tiến độ của các bộ, ngành.",
            "theo tiến độ của các bộ, ngành",
        ),
        (
            "Hàng tháng trước ngày 20; hàng quý trước ngày 20 của tháng cuối quý; năm trước ngày 10/12.",
            "Hàng tháng trước ngày 20; hàng quý trước ngày 20 của tháng cuối quý; năm trước ngày 10/12",
        ),
        ("Tuyên truyền lưu động; mỗi tháng 01 buổi.", "mỗi tháng"),
        ("Kiểm tra định kỳ ít nhất một lần trong năm.", "một lần trong năm"),
        ("Báo cáo nhanh trước 16 giờ hằng ngày.", "trước 16 giờ hằng ngày"),
        ("Tổ chức Ngày hội vào ngày 10/10 hằng năm.", "ngày 10/10 hằng năm"),
        ("Hoàn thành trong Quý I hằng năm.", "trong Quý I hằng năm"),
        ("Ban hành trong tuần đầu tháng 5/2025.", "trong tuần đầu tháng 5/2025"),
        ("Cuối tháng 6/2025 sơ kết.", "Cuối tháng 6/2025"),
        ("Triển khai từ tháng 6/2025.", "từ tháng 6/2025"),
        (
            "Thực hiện từ ngày 01/6/2025 đến hết năm 2025.",
            "từ ngày 01/6/2025 đến hết năm 2025",
        ),
        ("Hưởng ứng từ 15/4-15/5/2025.", "từ 15/4-15/5/2025"),
        ("Kiểm tra hồ đập trước mùa mưa lũ.", "trước mùa mưa lũ"),
        ("Sửa chữa trường lớp trước năm học mới.", "trước năm học mới"),
        ("Báo cáo ngay khi có ca bệnh về Sở Y tế.", "ngay khi có ca bệnh"),
        ("Tổng kết, báo cáo vào cuối năm.", "vào cuối năm"),
        ("Định kỳ, đột xuất báo cáo UBND tỉnh.", "Định kỳ"),
        ("Kiểm tra các trường, mỗi học kỳ 01 lần.", "mỗi học kỳ"),
        ("Lập danh sách, trình duyệt trước ngày 15/12 năm trước.", "trước ngày 15/12 năm trước"),
        ("Lấy mẫu máu gót chân trong 72 giờ sau sinh.", "trong 72 giờ sau sinh"),
        ("Áp dụng tại tất cả trạm y tế từ năm 2027.", "từ năm 2027"),
        (
            "Báo cáo tháng (trước ngày 05 tháng sau), quý (trước ngày 10/4), năm (trước ngày 10/01 "
            "năm sau) về Sở Y tế.",
            "tháng (trước ngày 05 tháng sau), quý (trước ngày 10/4), năm (trước ngày 10/01 năm sau)",
        ),
        ("Định kỳ 06 tháng một lần rà soát hệ thống điện.", "Định kỳ 06 tháng một lần"),
        ("Kể từ ngày 01/3/2026, dừng nhận hồ sơ giấy.", "Kể từ ngày 01/3/2026"),
        ("Cung cấp bản tin dự báo hằng ngày.", "hằng ngày"),
        # The rhythm comes first; the year behind it is that of another event …
        ("Định kỳ hằng năm báo cáo UBND tỉnh; tổng kết vào năm 2030.", "hằng năm"),
        # … but a clear day counts wherever it stands.
        ("Cập nhật hằng tháng; kết nối trước ngày 31/12/2026.", "trước ngày 31/12/2026"),
    ],
)
def test_a_deadline_is_found_in_a_sentence(text: str, written: str) -> None:
    found = find_deadline(text, 2025)
    assert found is not None
    assert found.text == written


def test_the_year_before_and_after_is_counted_from_the_plan() -> None:
    assert read_phrase("trước ngày 15/12 năm trước", 2025).due_on == date(2024, 12, 15)
    assert read_phrase("trước ngày 10/01 năm sau", 2025).due_on == date(2026, 1, 10)
    assert read_phrase("trước ngày 31/12 và các năm tiếp theo", 2025).due_on == date(2025, 12, 31)


def test_a_day_that_no_calendar_has_is_not_invented() -> None:
    reading = read_phrase("trước ngày 31/02/2025", 2025)
    assert (reading.due_on, reading.text) == (None, "trước ngày 31/02/2025")
    assert (reading.recurrence, reading.basis) == (None, "explicit")


@pytest.mark.parametrize(
    "piece",
    ["trước ngày 15/6 và ", "trước ngày 15/6, ", "hằng quý (trước ngày 20), ", "trong quý I, II, "],
)
def test_a_list_without_end_is_cut(piece: str) -> None:
    # Else each of its places would be read to the end, and a long one never finished.
    found = find_deadline(piece * 300, 2025)
    assert found is not None
    assert len(found.text) < 1000
