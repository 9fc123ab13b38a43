"""Words for extensions, explanations and urgings."""

from ntmtasks.progress.rules.asks import ExplanationState, ExtensionFault, ExtensionState

EXTENSIONS: dict[ExtensionState, str] = {
    ExtensionState.ASKED: "Chờ quyết định",
    ExtensionState.GRANTED: "Đã duyệt",
    ExtensionState.DENIED: "Không duyệt",
    ExtensionState.WITHDRAWN: "Đã rút",
}
EXPLANATIONS: dict[ExplanationState, str] = {
    ExplanationState.ASKED: "Chờ giải trình",
    ExplanationState.ANSWERED: "Đã giải trình, chờ xem xét",
    ExplanationState.ACCEPTED: "Đã chấp nhận giải trình",
    ExplanationState.REPEATED: "Yêu cầu giải trình lại",
}
EXTENSION_FAULTS: dict[ExtensionFault, str] = {
    ExtensionFault.NOT_OPEN: "Việc không còn đang thực hiện nên không đề nghị gia hạn được.",
    ExtensionFault.NO_DEADLINE: "Việc này không có thời hạn nên không cần gia hạn.",
    ExtensionFault.TOO_LATE: (
        "Đã quá thời hạn nên không đề nghị gia hạn được nữa; "
        "hãy giải trình lý do chậm khi được yêu cầu."
    ),
    ExtensionFault.NOT_LATER: "Thời hạn mới phải sau thời hạn hiện nay.",
    ExtensionFault.BEYOND_YEAR: (
        "Ngày này sau năm kế hoạch; nếu đúng ý, hãy đánh dấu vào ô bên dưới rồi gửi lại."
    ),
}
OPEN_REQUEST = "Việc này đã có một đề nghị gia hạn đang chờ quyết định."
BARE_WORDS = "Nội dung có “{}” mà chưa có số liệu hay sản phẩm; nếu có, hãy bổ sung."
DEFAULT_URGING = (
    "Đề nghị cơ quan cập nhật tiến độ, kết quả thực hiện. "
    "Nếu có khó khăn, vướng mắc, xin phản ánh để được tháo gỡ."
)
