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
    ],
)
def test_a_deadline_is_found_in_a_sentence(text: str, written: str) -> None:
    found = find_deadline(text, 2025)
    assert found is not None
    assert found.text == written


def test_a_day_that_no_calendar_has_is_not_invented() -> None:
    reading = read_phrase("trước ngày 31/02/2025", 2025)
    assert (reading.due_on, reading.text) == (None, "trước ngày 31/02/2025")
    assert (reading.recurrence, reading.basis) == (None, "explicit")
