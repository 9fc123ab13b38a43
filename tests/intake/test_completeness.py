"""What an item must say to be work: one finding for many alike, each with a remedy."""

from collections.abc import Callable

import pytest

from ntmtasks.agencies.rules import AgencyEntry, AgencyKind, Directory
from ntmtasks.intake.rules.parts import Finding
from ntmtasks.intake.rules.reading import read_plan

HEALTH = Directory((AgencyEntry("Sở Y tế", "Sở Y tế", AgencyKind.DEPARTMENT),))
TOP = "Số: 12/KH-UBND\nCần Thơ, ngày 10 tháng 6 năm 2025\nKẾ HOẠCH\n{title}\n"
BODY = """I. NHIỆM VỤ
1. Tuyên truyền
- Mở chuyên mục, hoàn thành trước ngày 01/5/2025.
- Treo băng rôn tại các xã.
- Xây dựng đề án, hoàn thành trước ngày 31/12/2027.
- Rà soát chợ, hoàn thành trước ngày 31/02/2026.
II. TỔ CHỨC THỰC HIỆN
1. Sở Y tế và Thuế tỉnh
- Kiểm tra các cơ sở, hoàn thành trước ngày 01/5/2025.
- Xử lý vi phạm.
2. Bưu điện tỉnh: Hỗ trợ người dân.
3. Sở Y tế: Rà soát thủ tục, xong trong tháng 9/2025.
"""

Read = Callable[..., dict[str, list[Finding]]]


@pytest.fixture
def read() -> Read:
    def by_code(title: str = "Phòng bệnh năm 2025") -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for finding in read_plan(TOP.format(title=title) + BODY, HEALTH).findings:
            found.setdefault(finding.code, []).append(finding)
        return found

    return by_code


def test_days_before_the_issue_are_one_finding_for_each_written_day(read: Read) -> None:
    (past,) = read()["past_deadline"]
    assert (past.path, past.quote) == ("I.1.-1", "trước ngày 01/5/2025")
    assert "II.1.-1" in past.message
    assert "10/06/2025" in past.message


def test_a_day_behind_the_years_of_the_plan_is_asked_about(read: Read) -> None:
    assert [f.path for f in read()["after_plan_year"]] == ["I.1.-3"]
    assert "after_plan_year" not in read("Phòng bệnh giai đoạn 2025 - 2030")


def test_a_day_that_no_calendar_has_is_an_error(read: Read) -> None:
    assert [(f.path, f.severity) for f in read()["impossible_date"]] == [("I.1.-4", "error")]


def test_items_with_the_same_leads_are_one_finding(read: Read) -> None:
    (several,) = read()["several_leads"]
    assert "Sở Y tế; Thuế tỉnh" in several.message
    assert "II.1.-1, II.1.-2" in several.message


def test_names_that_the_directory_lacks_are_one_finding(read: Read) -> None:
    (unknown,) = read()["unknown_agency"]
    assert unknown.message.startswith("2 tên cơ quan")
    assert "“Bưu điện tỉnh” (II.2)" in unknown.message
    assert unknown.quote == "Thuế tỉnh"


def test_what_a_section_lacks_is_counted(read: Read) -> None:
    found = read()
    owner = [f for f in found["no_owner"] if f.path == "I"]
    assert [f.quote for f in owner] == ["I. NHIỆM VỤ"]
    assert "4/4" in owner[0].message
    assert ["1/4" in f.message for f in found["no_date"] if f.path == "I"] == [True]
    assert "7/8" in found["no_product"][0].message


def test_each_finding_has_a_remedy(read: Read) -> None:
    for findings in read().values():
        for finding in findings:
            assert finding.remedy.endswith(".")
            assert finding.quote
