"""Words for plans and what the reader found in them."""

from ntmtasks.plans.rules import PlanState

STATES: dict[PlanState, str] = {
    PlanState.DRAFT: "Dự thảo",
    PlanState.ISSUED: "Đã ban hành giao việc",
    PlanState.CLOSED: "Đã kết thúc",
}
LEVELS = {"advanced": "Nâng cao", "model": "Kiểu mẫu"}
COMMITMENTS = {"registered": "Đăng ký", "striving": "Phấn đấu"}
SEVERITIES = {"error": "Cần sửa", "warning": "Cần xem", "info": "Lưu ý"}
