"""Words for reports (wording.md)."""

from ntmtasks.reports.rules.content import Part, SectionKind
from ntmtasks.reports.rules.states import Act, Standing
from ntmtasks.reports.rules.templates import TemplateUse

STANDINGS: dict[Standing, str] = {
    Standing.RETURNED: "Trả lại",
    Standing.MISSING: "Chưa nộp",
    Standing.SUBMITTED: "Đã nộp",
    Standing.ACCEPTED: "Đã tiếp nhận",
    Standing.NOT_REQUIRED: "Không yêu cầu",
}
PARTS: dict[Part, str] = {
    Part.RESULTS: "Kết quả",
    Part.DIFFICULTIES: "Khó khăn, vướng mắc",
    Part.NEXT_PERIOD: "Nhiệm vụ kỳ tới",
    Part.PROPOSALS: "Đề xuất, kiến nghị",
}
SECTIONS: dict[SectionKind, str] = {
    SectionKind.GUIDANCE: "Công tác chỉ đạo, điều hành",
    SectionKind.COMMUNICATION: "Công tác tuyên truyền, tập huấn",
    SectionKind.CRITERIA: "Kết quả thực hiện nhiệm vụ, tiêu chí",
    SectionKind.RESOURCES: "Nguồn lực",
    SectionKind.DIFFICULTIES: PARTS[Part.DIFFICULTIES],
    SectionKind.NEXT_PERIOD: PARTS[Part.NEXT_PERIOD],
    SectionKind.PROPOSALS: PARTS[Part.PROPOSALS],
}

ACTS: dict[Act, str] = {
    Act.ACCEPT: "Tiếp nhận",
    Act.RETURN: "Trả lại",
    Act.UNLOCK: "Mở khóa kỳ báo cáo",
    Act.LET_IN: "Mở khóa kỳ báo cáo",
}
ENDPOINTS: dict[Act, str] = {
    Act.ACCEPT: "accept",
    Act.RETURN: "return_report",
    Act.UNLOCK: "unlock",
    Act.LET_IN: "unlock",
}
"""The views behind the acts."""
TEMPLATES: dict[TemplateUse, str] = {
    TemplateUse.OFFICE: "Báo cáo của Văn phòng Điều phối",
    TemplateUse.AGENCIES: "Báo cáo của các cơ quan khác",
}
