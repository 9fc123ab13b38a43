"""Words for reports (wording.md)."""

from datetime import date, time
from typing import Protocol

from ntmtasks.core.formats import day as day_words
from ntmtasks.reports.rules.content import Part, SectionKind
from ntmtasks.reports.rules.periods import DaysFault, PeriodKind
from ntmtasks.reports.rules.states import Act, ReportState, Standing
from ntmtasks.reports.rules.templates import TemplateUse
from ntmtasks.reports.rules.timeliness import Mark

STANDINGS: dict[Standing, str] = {
    Standing.RETURNED: "Trả lại",
    Standing.MISSING: "Chưa nộp",
    Standing.SUBMITTED: "Đã nộp",
    Standing.ACCEPTED: "Đã tiếp nhận",
    Standing.NOT_REQUIRED: "Không yêu cầu",
}
STATES: dict[ReportState, str] = {
    ReportState.MISSING: STANDINGS[Standing.MISSING],
    ReportState.SUBMITTED: STANDINGS[Standing.SUBMITTED],
    ReportState.RETURNED: STANDINGS[Standing.RETURNED],
    ReportState.ACCEPTED: STANDINGS[Standing.ACCEPTED],
    ReportState.DROPPED: "Không còn yêu cầu",
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
EMPTY_SECTION = "Chưa có nội dung. Viết thêm nếu có; để trống thì báo cáo không có phần này."
"""Shown in an empty section."""

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

PERIOD_KINDS: dict[PeriodKind, str] = {
    PeriodKind.MONTH: "hằng tháng",
    PeriodKind.QUARTER: "hằng quý",
    PeriodKind.HALF_YEAR: "6 tháng",
    PeriodKind.YEAR: "hằng năm",
}

DAYS_FAULTS: dict[DaysFault, str] = {
    DaysFault.AGENCY_DUE: (
        "Giữa ngày chốt số liệu và hạn nộp phải có ít nhất 1 ngày làm việc (Nghị định 09/2019/NĐ-CP): "
        "chốt ngày {} thì hạn nộp từ ngày {} trở đi."
    ),
    DaysFault.OFFICE_DUE: (
        "Văn phòng Điều phối nộp sau huyện, sở, ngành: hạn của các cơ quan là ngày {} thì hạn này từ "
        "ngày {} trở đi."
    ),
}


def due_words(due_on: date, due_time: time | None) -> str:
    """Until when, with the hour where there is one: "14:00 ngày 20/11/2024"."""
    day = day_words(due_on)
    return f"{due_time:%H:%M} ngày {day}" if due_time else f"hết ngày {day}"


def late_words(submitted_on: date, due_on: date) -> str:
    """How late something came in: "muộn 2 ngày", "muộn trong ngày" after the hour of the due day."""
    days = (submitted_on - due_on).days
    return f"muộn {days} ngày" if days > 0 else "muộn trong ngày"


def own_day(day: int | None) -> str:
    """A day of a requirement in the record, or that the office's setting holds."""
    return "theo cài đặt chung" if day is None else str(day)


class Moved(Protocol):
    """A period that a changed requirement moves, as far as its words need one."""

    @property
    def label(self) -> str: ...
    @property
    def before(self) -> date | None: ...
    @property
    def after(self) -> date | None: ...


def change_words(change: Moved) -> str:
    """What becomes of one period: "Tháng 11/2024: hạn nộp 22/11/2024 (trước là 18/11/2024)"."""
    if change.after is None:
        return f"{change.label}: không yêu cầu nữa"
    was = f" (trước là {day_words(change.before)})" if change.before else ""
    return f"{change.label}: hạn nộp {day_words(change.after)}{was}"


MARKS: dict[Mark, str] = {
    Mark.IN_TIME: "Đúng hạn",
    Mark.LATE: "Muộn",
    Mark.RETURNED: "Trả lại",
    Mark.MISSING: "Chưa nộp, quá hạn",
    Mark.AWAITED: "Chưa đến hạn",
    Mark.NOT_REQUIRED: "Không yêu cầu",
}
MARK_ICONS: dict[Mark, str] = {
    Mark.IN_TIME: "check-circle",
    Mark.LATE: "check-circle",
    Mark.RETURNED: "arrow-return-left",
    Mark.MISSING: "exclamation-square-fill",
    Mark.AWAITED: "record-circle-fill",
    Mark.NOT_REQUIRED: "dash-circle",
}
MARK_CLASSES: dict[Mark, str] = {
    Mark.IN_TIME: "done_on_time",
    Mark.LATE: "done_late",
    Mark.RETURNED: "due_soon",
    Mark.MISSING: "overdue",
    Mark.AWAITED: "in_time",
    Mark.NOT_REQUIRED: "no_deadline",
}
"""The colour of a mark is that of the deadline class."""
NOTHING_SAID = "Báo cáo chưa có nội dung nào. Hãy ghi ít nhất một phần hoặc một số liệu."
NUMERALS = ("I", "II", "III", "IV")
"""How the parts of a report are numbered."""
