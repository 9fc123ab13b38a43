"""Words for extensions, explanations, urgings, slots of recurring work and acts on many."""

from datetime import date

from ntmtasks.core.formats import WEEKDAYS, day
from ntmtasks.progress.rules.asks import ExplanationState, ExtensionFault, ExtensionState
from ntmtasks.progress.rules.bulk import BulkFault
from ntmtasks.progress.rules.occurrences import (
    LAST_DAY,
    OccurrenceState,
    Rhythm,
    Schedule,
    SlotFault,
    Standing,
)
from ntmtasks.tasks.rules import Ending

EXTENSIONS: dict[ExtensionState, str] = {
    ExtensionState.ASKED: "Chờ quyết định",
    ExtensionState.GRANTED: "Đã duyệt",
    ExtensionState.DENIED: "Không duyệt",
    ExtensionState.WITHDRAWN: "Đã rút",
    ExtensionState.LAPSED: "Không còn hiệu lực",
}
EXPLANATIONS: dict[ExplanationState, str] = {
    ExplanationState.ASKED: "Chờ giải trình",
    ExplanationState.ANSWERED: "Đã giải trình, chờ xem xét",
    ExplanationState.ACCEPTED: "Đã chấp nhận giải trình",
    ExplanationState.REPEATED: "Yêu cầu giải trình lại",
    ExplanationState.LAPSED: "Không còn hiệu lực",
}
ENDINGS: dict[Ending, str] = {
    Ending.MOVED: "việc đã giao cơ quan khác",
    Ending.ROUTINE: "việc nay là thường xuyên, định kỳ, không còn thời hạn chung",
    Ending.CANCELLED: "nhiệm vụ đã hủy",
}
"""Why something that was asked has lapsed, after "không còn hiệu lực:"."""
EXTENSION_FAULTS: dict[ExtensionFault, str] = {
    ExtensionFault.NOT_UNDER_WAY: (
        "Nhiệm vụ đang tạm dừng hoặc đã hủy nên chưa gia hạn được; hãy mở lại nhiệm vụ trước."
    ),
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
OCCURRENCES: dict[OccurrenceState, str] = {
    OccurrenceState.PLANNED: "Theo lịch",
    OccurrenceState.MOVED: "Dời ngày",
    OccurrenceState.DONE: "Đã thực hiện",
    OccurrenceState.NOT_HELD: "Không thực hiện",
}
STANDINGS: dict[Standing, str] = {
    Standing.DONE: "Đã thực hiện",
    Standing.NOT_HELD: "Không thực hiện",
    Standing.UNRECORDED: "Chưa ghi nhận",
    Standing.TODAY: "Hôm nay",
    Standing.COMING: "Sắp tới",
}
STANDING_ICONS: dict[Standing, str] = {
    Standing.DONE: "check-circle",
    Standing.NOT_HELD: "dash-circle",
    Standing.UNRECORDED: "triangle-fill",
    Standing.TODAY: "record-circle-fill",
    Standing.COMING: "calendar-week",
}
SLOT_FAULTS: dict[SlotFault, str] = {
    SlotFault.NOT_YET: "Kỳ này chưa đến ngày nên chưa ghi nhận được.",
    SlotFault.SAME_DAY: "Kỳ này đang ở đúng ngày đó; hãy chọn ngày khác.",
    SlotFault.BEFORE_ISSUE: "Ngày mới không được trước ngày ban hành kế hoạch.",
    SlotFault.BEYOND_YEAR: "Ngày mới phải trong năm kế hoạch.",
}
RHYTHMS: dict[Rhythm, str] = {
    Rhythm.WEEKLY: "Hằng tuần",
    Rhythm.MONTHLY: "Hằng tháng",
    Rhythm.QUARTERLY: "Hằng quý",
    Rhythm.HALF_YEARLY: "6 tháng một lần",
    Rhythm.YEARLY: "Hằng năm",
}
_MONTH_DAYS: dict[Rhythm, str] = {
    Rhythm.MONTHLY: "hằng tháng",
    Rhythm.QUARTERLY: "của tháng cuối mỗi quý",
    Rhythm.HALF_YEARLY: "tháng 6 và tháng 12",
    Rhythm.YEARLY: "tháng 12 hằng năm",
}
BULK_FAULTS: dict[BulkFault, str] = {
    BulkFault.CHANGED: "vừa được người khác thay đổi, hàng này là bản mới",
    BulkFault.NOT_UNDER_WAY: "nhiệm vụ đang tạm dừng, đã hủy hoặc chưa ban hành",
    BulkFault.NO_PART: "cơ quan bạn không có phần việc",
    BulkFault.OWN: "do chính cơ quan bạn chủ trì",
    BulkFault.REPORTED: "không còn phần việc nào đang thực hiện",
    BulkFault.ROUTINE: "việc thường xuyên, định kỳ không có thời hạn chung",
    BulkFault.SAME_OFFICER: "người này đang phụ trách rồi",
    BulkFault.SAME_DAY: "thời hạn đã là ngày này",
    BulkFault.URGED: "hôm nay đã đôn đốc",
}
"""Why one of many was left, after "chưa làm:"."""
NOT_LATE = "Việc này không chậm nên không cần giải trình."
PAST_DAY = "Ngày phải trả lời không được ở trong quá khứ."
OPEN_REQUEST = "Việc này đã có một đề nghị gia hạn đang chờ quyết định."
BARE_WORDS = "Nội dung có “{}” mà chưa có số liệu hay sản phẩm; nếu có, hãy bổ sung."
DEFAULT_URGING = (
    "Đề nghị cơ quan cập nhật tiến độ, kết quả thực hiện. "
    "Nếu có khó khăn, vướng mắc, xin phản ánh để được tháo gỡ."
)


def day_words(on: date) -> str:
    """A day with its weekday: "Thứ hai 27/05/2024"."""
    return f"{WEEKDAYS[on.weekday()].capitalize()} {day(on)}"


def schedule_words(schedule: Schedule) -> str:
    """The days of a schedule that was chosen by hand: "thứ hai hằng tuần", "ngày 15 hằng tháng"."""
    if schedule.rhythm is Rhythm.WEEKLY:
        return f"{WEEKDAYS[schedule.weekday]} hằng tuần"
    is_last = schedule.month_day == LAST_DAY
    return f"ngày {'cuối' if is_last else schedule.month_day} {_MONTH_DAYS[schedule.rhythm]}"


def series_title(text: str) -> str:
    """The heading of a task's slots: what is broadcast is spoken of otherwise than other work."""
    return "Lịch phát sóng" if "phát sóng" in text.casefold() else "Các kỳ thực hiện"
