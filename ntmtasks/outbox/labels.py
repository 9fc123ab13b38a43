"""Words for the states of a mail."""

from ntmtasks.outbox.rules import MailState

STATES: dict[MailState, str] = {
    MailState.QUEUED: "Chờ gửi",
    MailState.DATA: "Đang gửi",
    MailState.SENT: "Đã gửi",
    MailState.FAILED: "Không gửi được",
    MailState.DOUBTFUL: "Chưa rõ đã đến",
    MailState.CANCELLED: "Đã hủy",
}
