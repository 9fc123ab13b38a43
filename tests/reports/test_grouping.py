"""Tasks are put under the results of a report by words, not by the paths of one plan."""

from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.grouping import section_of


def test_the_field_decides_before_the_task() -> None:
    fields = ("Công tác tuyên truyền, tập huấn", "NỘI DUNG THỰC HIỆN")
    assert section_of(fields, "Ban hành kế hoạch") is SectionKind.COMMUNICATION
    fields = ("Huy động - lồng ghép nguồn lực", "Huy động và phân bổ nguồn lực")
    assert section_of(fields, "Thực hiện tốt các chính sách") is SectionKind.RESOURCES


def test_a_name_of_a_body_is_no_field() -> None:
    fields = ("Sở Thông tin và Truyền thông", "TỔ CHỨC THỰC HIỆN")
    assert section_of(fields, "Nâng cấp đài truyền thanh") is SectionKind.CRITERIA
    assert section_of(fields, "Đẩy mạnh tuyên truyền") is SectionKind.COMMUNICATION


def test_only_the_opening_of_a_task_says_what_it_is() -> None:
    text = "Xây dựng cảnh quan, không gian nông thôn sáng, xanh, sạch, đẹp trên địa bàn; báo cáo kết quả"
    assert section_of((), text) is SectionKind.CRITERIA
    assert section_of((), "Thường xuyên kiểm tra, giám sát") is SectionKind.GUIDANCE
