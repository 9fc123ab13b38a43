"""Words for difficulties (wording.md; the states are those of issue "A working day")."""

from ntmtasks.escalations.rules import EscalationState

STATES: dict[EscalationState, str] = {
    EscalationState.REPORTED: "Mới phản ánh",
    EscalationState.CONSOLIDATED: "Đã tổng hợp",
    EscalationState.SUBMITTED: "Đã trình",
    EscalationState.CONCLUDED: "Có kết luận",
    EscalationState.RESOLVED: "Đã gỡ",
    EscalationState.WITHDRAWN: "Đã rút",
}
STEPS: dict[EscalationState, str] = {
    EscalationState.CONSOLIDATED: "Tiếp nhận, tổng hợp",
    EscalationState.SUBMITTED: "Ghi nhận đã trình",
    EscalationState.CONCLUDED: "Ghi kết luận",
    EscalationState.RESOLVED: "Đã gỡ xong",
    EscalationState.WITHDRAWN: "Rút phản ánh",
}
NOTES: dict[EscalationState, str] = {
    EscalationState.CONSOLIDATED: "Ý kiến của cơ quan tổng hợp",
    EscalationState.SUBMITTED: "Nội dung đề nghị",
    EscalationState.CONCLUDED: "Kết luận",
    EscalationState.RESOLVED: "Kết quả tháo gỡ",
    EscalationState.WITHDRAWN: "Lý do rút",
}
