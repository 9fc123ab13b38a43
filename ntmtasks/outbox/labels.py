"""Words for the states of a mail."""

from datetime import timedelta

from ntmtasks.outbox.rules import Event, MailState, Trouble

STATES: dict[MailState, str] = {
    MailState.QUEUED: "Chờ gửi",
    MailState.DATA: "Đang gửi",
    MailState.SENT: "Đã gửi",
    MailState.FAILED: "Không gửi được",
    MailState.DOUBTFUL: "Chưa rõ đã đến",
    MailState.CANCELLED: "Đã hủy",
}

EVENTS: dict[Event, str] = {
    Event.ASSIGNED: "Được giao nhiệm vụ",
    Event.SUBMITTED: "Báo cáo hoàn thành",
    Event.CONFIRMED: "Xác nhận hoàn thành",
    Event.OVERDUE: "Quá hạn",
    Event.REPORT_SUBMITTED: "Nộp báo cáo",
}

WORKER_SILENT = "Bộ gửi nhắc việc không hoạt động: thư và nhắc việc đang dừng."
STEP_FAILS = "Bộ gửi nhắc việc gặp lỗi liên tục ở bước: {}."
STEPS = {
    "fill_calendar": "ghi ngày nghỉ",
    "remind": "lập thư nhắc việc",
    "join_notices": "gộp thông báo thành thư",
    "send": "gửi thư",
    "tidy": "dọn tệp tạm",
}
"""What the worker does, step by step."""
TROUBLES: dict[Trouble, str] = {
    Trouble.SERVER: "Máy chủ thư không nhận thư.",
    Trouble.WAITING: "Thư đến lượt mà không được gửi.",
    Trouble.REFUSED: "Máy chủ thư từ chối nhiều thư.",
}


def waiting_since(age: timedelta) -> str:
    """How long the oldest mail has waited: "12 phút", "3 giờ", "2 ngày"."""
    minutes = int(age.total_seconds()) // 60
    if minutes < 120:
        return f"{minutes} phút"
    return f"{minutes // 60} giờ" if minutes < 48 * 60 else f"{minutes // (24 * 60)} ngày"


def lost_words(waiting: int, given_up: int) -> str:
    """What is told of events that other systems do not take; one of both numbers is not 0."""
    parts = [f"{waiting} đang chờ gửi lại"] if waiting else []
    parts += [f"{given_up} không gửi được trong 24 giờ qua"] if given_up else []
    return f"Hệ thống khác không nhận được sự kiện: {', '.join(parts)}."
