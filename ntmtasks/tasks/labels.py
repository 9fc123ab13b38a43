"""Words and signs for states, classes, roles and bases (wording.md)."""

from ntmtasks.tasks.rules import (
    Act,
    AgeClass,
    AssignmentRole,
    BoardFilter,
    DeadlineBasis,
    DeadlineClass,
    Mode,
    Phase,
    TaskKind,
    WorkState,
)

STATES: dict[WorkState, str] = {
    WorkState.UNASSIGNED: "Chưa phân công",
    WorkState.ASSIGNED: "Chưa thực hiện",
    WorkState.REFUSED: "Từ chối",
    WorkState.IN_PROGRESS: "Đang thực hiện",
    WorkState.SUBMITTED: "Chờ xác nhận",
    WorkState.RETURNED: "Trả lại – Thực hiện lại",
    WorkState.DONE: "Đã hoàn thành",
}
CLASSES: dict[DeadlineClass, str] = {
    DeadlineClass.OVERDUE: "Quá hạn",
    DeadlineClass.DUE_SOON: "Sắp đến hạn",
    DeadlineClass.IN_TIME: "Trong hạn",
    DeadlineClass.SUBMITTED: "Chờ xác nhận",
    DeadlineClass.DONE_ON_TIME: "Hoàn thành đúng hạn",
    DeadlineClass.DONE_LATE: "Hoàn thành quá hạn",
    DeadlineClass.NO_DEADLINE: "Không hạn",
}
ICONS: dict[DeadlineClass, str] = {
    DeadlineClass.OVERDUE: "exclamation-square-fill",
    DeadlineClass.DUE_SOON: "triangle-fill",
    DeadlineClass.IN_TIME: "record-circle-fill",
    DeadlineClass.SUBMITTED: "hourglass-split",
    DeadlineClass.DONE_ON_TIME: "check-circle",
    DeadlineClass.DONE_LATE: "check-circle",
    DeadlineClass.NO_DEADLINE: "dash-circle",
}
ACTS: dict[Act, str] = {
    Act.ISSUE: "Giao nhiệm vụ",
    Act.ACCEPT: "Tiếp nhận",
    Act.REFUSE: "Từ chối",
    Act.PROGRESS: "Cập nhật tiến độ",
    Act.SUBMIT: "Báo cáo hoàn thành",
    Act.CORRECT: "Sửa nội dung nhập thay",
    Act.WITHDRAW: "Báo chưa hoàn thành",
    Act.CONFIRM: "Xác nhận hoàn thành",
    Act.RETURN: "Trả lại",
    Act.REOPEN: "Mở lại",
    Act.GIVE_BACK: "Giao lại",
    Act.REASSIGN: "Giao cơ quan khác",
}
PHASES: dict[Phase, str] = {
    Phase.DRAFT: "Dự thảo",
    Phase.DROPPED: "Bỏ khi soát",
    Phase.ISSUED: "Đã giao",
    Phase.PAUSED: "Tạm dừng",
    Phase.CANCELLED: "Hủy",
}
PHASE_ACTS: dict[Phase, str] = {
    Phase.ISSUED: "Mở lại",
    Phase.PAUSED: "Tạm dừng",
    Phase.CANCELLED: "Hủy",
}
KINDS: dict[TaskKind, str] = {
    TaskKind.CONCRETE: "Việc cụ thể",
    TaskKind.CONTINUOUS: "Thường xuyên",
    TaskKind.RECURRING: "Định kỳ",
}
MODES: dict[Mode, str] = {
    Mode.JOINT: "Một cơ quan chủ trì",
    Mode.EACH: "Mỗi cơ quan thực hiện phần của mình",
}
ROLES: dict[AssignmentRole, str] = {
    AssignmentRole.LEAD: "Chủ trì",
    AssignmentRole.SUPPORTING: "Phối hợp",
    AssignmentRole.APPRAISING: "Thẩm định",
    AssignmentRole.CONSOLIDATING: "Tổng hợp",
    AssignmentRole.RECEIVING: "Nhận báo cáo",
}
BASES: dict[DeadlineBasis, str] = {
    DeadlineBasis.EXPLICIT: "theo ngày ghi trong kế hoạch",
    DeadlineBasis.PERIOD_END: "cuối kỳ ghi trong kế hoạch",
    DeadlineBasis.PLAN_YEAR: "mặc định theo năm kế hoạch",
    DeadlineBasis.BY_HAND: "do Văn phòng Điều phối ấn định",
}
AGES: dict[AgeClass, str] = {
    AgeClass.WEEK: "1–7 ngày",
    AgeClass.MONTH: "8–30 ngày",
    AgeClass.QUARTER: "31–120 ngày",
    AgeClass.OLDER: "trên 120 ngày",
}
COUNTERS: tuple[tuple[str, str, str], ...] = (
    ("total", "Tổng số", ""),
    ("overdue", "Quá hạn", "overdue"),
    ("due_soon", "Sắp đến hạn", "due_soon"),
    ("in_time", "Trong hạn", "in_time"),
    ("submitted", "Chờ xác nhận", "submitted"),
    ("done_on_time", "Hoàn thành đúng hạn", "done_on_time"),
    ("done_late", "Hoàn thành quá hạn", "done_late"),
    ("no_deadline", "Không hạn", "no_deadline"),
)
"""Name, label and value of the board's `deadline` filter, in the order of wording.md."""
SORTS: dict[str, str] = {
    "deadline": "hạn gần trước",
    "-deadline": "hạn xa trước",
    "agency": "cơ quan",
    "updated": "mới cập nhật",
}


def filter_words(chosen: BoardFilter, agency: str = "", plan: str = "") -> str:
    """What a filter of the board lets through, in a line for paper and files; `agency` and `plan` are
    the names behind its numbers. Empty where all is shown."""
    parts = (
        ("chữ", f"“{chosen.q}”" if chosen.q else ""),
        ("cơ quan", agency),
        ("kế hoạch", plan),
        ("phần", chosen.section),
        ("trạng thái", ", ".join(STATES[s] for s in chosen.states)),
        ("hạn", ", ".join(CLASSES[d] for d in chosen.deadlines)),
        ("giai đoạn", PHASES[chosen.phase] if chosen.phase else ""),
        ("chỉ việc", "im lặng" if chosen.silent else ""),
    )
    return "; ".join(f"{label} {words}" for label, words in parts if words)
