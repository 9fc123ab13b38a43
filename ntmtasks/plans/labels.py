"""Words for plans and what the reader found in them."""

from ntmtasks.plans.rules import FindingState, PlanState

STATES: dict[PlanState, str] = {
    PlanState.DRAFT: "Dự thảo",
    PlanState.ISSUED: "Đã ban hành giao việc",
    PlanState.CLOSED: "Đã kết thúc",
}
LEVELS = {"advanced": "Nâng cao", "model": "Kiểu mẫu"}
COMMITMENTS = {"registered": "Đăng ký", "striving": "Phấn đấu"}
SEVERITIES = {"error": "Cần sửa", "warning": "Cần xem", "info": "Lưu ý"}
FINDING_STATES: dict[FindingState, str] = {
    FindingState.OPEN: "Chưa xử lý",
    FindingState.ACCEPTED: "Chấp nhận",
    FindingState.FIXED: "Đã sửa",
    FindingState.NOTED: "Đã ghi chú",
}
