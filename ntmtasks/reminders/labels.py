"""The words of a reminder (wording.md, "Mail")."""

from collections.abc import Sequence
from datetime import date

from ntmtasks.core import formats
from ntmtasks.outbox.rules import GUEST_LINK, ISSUED, NOTICES, REMINDER
from ntmtasks.reminders.rules import (
    COUNTED_FROM_A_PAST_DAY,
    Item,
    Ladder,
    Ladders,
    Line,
    Rungs,
    Section,
)
from ntmtasks.workdays.rules import Calendar, working_days_between

SECTIONS: dict[Section, str] = {
    Section.OVERDUE: "Quá hạn",
    Section.TODAY: "Đến hạn hôm nay",
    Section.SOON: "Sắp đến hạn",
    Section.REPORTS: "Báo cáo chưa nộp",
    Section.WAITING: "Chờ quyết định",
    Section.SILENT: "Việc thường xuyên chưa cập nhật",
}
RANKS = (
    "",
    "gửi đầu mối vì quá hạn lâu",
    "gửi lãnh đạo cơ quan vì quá hạn lâu",
    "gửi Văn phòng Điều phối vì quá hạn lâu",
    "gửi lãnh đạo UBND vì quá hạn lâu",
)
"""Why late work comes to somebody above the officer, by rank."""
UNDECIDED = {
    "completion": "báo cáo hoàn thành",
    "refusal": "từ chối nhiệm vụ",
    "extension": "đề nghị gia hạn",
    "explanation": "giải trình",
    "report": "báo cáo định kỳ",
}
SENT_BACK = "đã trả lại, cần nộp lại"
"""Beside the due day of a report that was returned."""
LEVELS = {"advanced": "nông thôn mới nâng cao", "model": "nông thôn mới kiểu mẫu"}
COMMITMENTS = {"registered": "đăng ký", "striving": "phấn đấu"}
LADDERS: dict[Ladder, str] = {
    Ladder.REPORT: "Báo cáo định kỳ",
    Ladder.QUARTER_FOUR: "Việc và xã mà kế hoạch ghi Quý IV",
    Ladder.DATED: "Nhiệm vụ có thời hạn riêng",
    Ladder.PLAN_YEAR: "Nhiệm vụ mặc định theo năm kế hoạch",
    Ladder.SILENT: "Việc thường xuyên im lặng",
    Ladder.WAITING: "Việc chờ quyết định",
}
COUNTED_FROM: dict[Ladder, str] = {
    Ladder.REPORT: "Tính từ hạn nộp của cơ quan; nhắc đến khi nộp.",
    Ladder.QUARTER_FOUR: "Tính từ thời hạn; nhắc cả đơn vị phối hợp.",
    Ladder.DATED: "Tính từ thời hạn; nhắc cả đơn vị phối hợp.",
    Ladder.PLAN_YEAR: "Tính từ ngày cuối năm kế hoạch, vì kế hoạch không ghi thời hạn.",
    Ladder.SILENT: "Ngày 1 hằng tháng luôn nhắc; có thể nhắc thêm sau ngày đó.",
    Ladder.WAITING: "Tính từ ngày gửi đến; nhắc người có quyền quyết định.",
}
"""What the days of a ladder are counted from."""
KINDS = {
    REMINDER: "Nhắc việc",
    NOTICES: "Thông báo",
    ISSUED: "Giao việc",
    GUEST_LINK: "Liên kết khách",
}
"""What a mail is, by its kind."""
_URGENT = {Section.OVERDUE, Section.TODAY}


def in_words(ladder: Ladder, rungs: Rungs) -> str:
    """When a ladder reminds: "trước hạn 30, 7, 0 ngày; sau hạn 1 ngày, rồi cứ 7 ngày một lần"."""
    unit = "ngày làm việc" if rungs.in_working_days else "ngày"
    knows_before = ladder not in COUNTED_FROM_A_PAST_DAY
    parts = ["ngày 1 hằng tháng"] if ladder is Ladder.SILENT else []
    if rungs.before and knows_before:
        parts.append(f"trước hạn {days_before(rungs)} {unit}")
    if rungs.after:
        again = f", rồi cứ {rungs.step} {unit} một lần" if rungs.step else ""
        since = "sau hạn" if knows_before else "sau"
        parts.append(f"{since} {days_after(rungs)} {unit}{again}")
    return "; ".join(parts)


def days_before(rungs: Rungs) -> str:
    """The days before the deadline as people type them: "60, 30, 0"."""
    return ", ".join(str(-rung) for rung in rungs.before)


def days_after(rungs: Rungs) -> str:
    """The days after the deadline as people type them: "1, 3"."""
    return ", ".join(map(str, rungs.after))


def subject_line(lines: Sequence[Line], day: date, calendar: Calendar) -> str:
    """The subject of a mail: what the reports or communes need that alone brought it about, else how
    much is late, due and waiting."""
    causes = [line for line in lines if line.rung is not None or line.section in _URGENT]
    if all(line.section is Section.REPORTS for line in causes):
        return _about_reports(
            [line.item for line in lines if line.section is Section.REPORTS], day, calendar
        )
    if all(is_commune(line.item) for line in causes):
        return _about_communes([line.item for line in causes], day)
    return f"[Nhắc việc] {_amounts(lines, day)} – {_whose(lines)} – {formats.day(day)}"


def is_commune(item: Item) -> bool:
    """Whether an item is a commune that a plan wants recognised."""
    return item.ladder is Ladder.QUARTER_FOUR and item.tag != ""


def opening(lines: Sequence[Line], day: date, calendar: Calendar) -> str:
    """The first line of a mail: how many, and which is the oldest."""
    first = min(lines, key=lambda line: line.item.deadline).item
    order = "Lâu nhất" if first.deadline < day else "Gần nhất"
    name = f"mục {first.path}" if first.path else formats.shorten(first.title, 60)
    distance = when(first, day, calendar)
    return f"Có {len(lines)} việc: {_amounts(lines, day)}. {order}: {name}, {distance}."


def when(item: Item, day: date, calendar: Calendar) -> str:
    """Day and distance: "10/12/2024 · còn 5 ngày"; a report has its working days beside them where
    they differ, since it is reminded of by these."""
    days = (day - item.deadline).days
    if item.ladder is Ladder.WAITING:
        return f"chờ từ {formats.day(item.deadline)} · {days} ngày"
    if item.ladder is Ladder.SILENT:
        return item.written
    text = f"{formats.day(item.deadline)} · {formats.distance(item.deadline, day)}"
    if item.ladder is Ladder.REPORT and days < 0:
        left = working_days_between(day, item.deadline, calendar)
        if left != -days:
            text += f", {left} ngày làm việc"
    return text


def in_one_line(line: Line, distance: str, ladders: Ladders, names_agency: bool) -> str:
    """A line of a mail as a terminal shows it, with the rung that the mail uses up."""
    item = line.item
    text = f"{distance} · {' '.join(filter(None, (item.path, formats.shorten(item.title))))}"
    if item.supporting:
        text += " · phối hợp"
    if names_agency:
        text += f" · {item.agency}"
    if line.rung is None:
        return text
    unit = "ngày làm việc" if ladders[item.ladder].in_working_days else "ngày"
    return f"{text} [{line.rung:+d} {unit}]"


def period_tag(labels: Sequence[str]) -> str:
    """Period names inside a sentence: "tháng 12/2024, quý IV/2024, năm 2024"."""
    return ", ".join(label[:1].lower() + label[1:] for label in labels)


def silence(heard: date, day: date) -> str:
    """How long nothing was heard of continuous work."""
    return f"gần nhất {formats.day(heard)} · {(day - heard).days} ngày chưa cập nhật"


def _amounts(lines: Sequence[Line], day: date) -> str:
    """How many of each kind; a report in sight that is not yet due counts as due soon."""
    waiting = sum(line.section is Section.WAITING for line in lines)
    silent = sum(line.section is Section.SILENT for line in lines)
    dated = [
        line.item.deadline
        for line in lines
        if line.section not in (Section.WAITING, Section.SILENT)
    ]
    late, today = sum(d < day for d in dated), sum(d == day for d in dated)
    amounts = (
        (late, "quá hạn"),
        (today, "đến hạn hôm nay"),
        (len(dated) - late - today, "sắp đến hạn"),
        (waiting, "chờ quyết định"),
        (silent, "chưa cập nhật"),
    )
    return ", ".join(f"{count} {words}" for count, words in amounts if count)


def _whose(lines: Sequence[Line]) -> str:
    agencies = {line.item.agency for line in lines}
    return agencies.pop() if len(agencies) == 1 else f"{len(agencies)} cơ quan"


def _about_reports(items: Sequence[Item], day: date, calendar: Calendar) -> str:
    first = min(items, key=lambda item: item.deadline)
    others = f", {len(items) - 1} báo cáo khác" if len(items) > 1 else ""
    agencies = {item.agency for item in items}
    whose = agencies.pop() if len(agencies) == 1 else f"{len(agencies)} cơ quan"
    return f"[Báo cáo {first.tag}] {_report_distance(first, day, calendar)}{others} – {whose}"


def _about_communes(items: Sequence[Item], day: date) -> str:
    first = min(items, key=lambda item: item.deadline)
    others = f" và {len(items) - 1} xã khác" if len(items) > 1 else ""
    return f"[Quý IV] {first.tag}{others}: {formats.distance(first.deadline, day)}"


def _report_distance(item: Item, day: date, calendar: Calendar) -> str:
    if item.deadline < day:
        return f"Quá hạn nộp {(day - item.deadline).days} ngày"
    left = working_days_between(day, item.deadline, calendar)
    return f"Còn {left} ngày đến hạn nộp" if left else "Đến hạn nộp hôm nay"
