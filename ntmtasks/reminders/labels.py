"""The words of a reminder (wording.md, "Mail")."""

from collections.abc import Sequence
from datetime import date

from ntmtasks.core import formats
from ntmtasks.reminders.rules import RUNGS, Item, Line, Section
from ntmtasks.workdays.rules import Calendar, working_days_between

SECTIONS: dict[Section, str] = {
    Section.OVERDUE: "Quá hạn",
    Section.TODAY: "Đến hạn hôm nay",
    Section.SOON: "Sắp đến hạn",
    Section.IN_TIME: "Trong hạn, nhắc trước",
    Section.REPORTS: "Báo cáo chưa nộp",
}
LEVELS = {"advanced": "nông thôn mới nâng cao", "model": "nông thôn mới kiểu mẫu"}
COMMITMENTS = {"registered": "đăng ký", "striving": "phấn đấu"}


def subject_line(lines: Sequence[Line], day: date, calendar: Calendar) -> str:
    """The subject of a mail: how much is late and due, or what the reports in it need."""
    agencies = {line.item.agency for line in lines}
    whose = agencies.pop() if len(agencies) == 1 else f"{len(agencies)} cơ quan"
    if all(line.section is Section.REPORTS for line in lines):
        first = min(lines, key=lambda line: line.item.deadline).item
        others = f", {len(lines) - 1} báo cáo khác" if len(lines) > 1 else ""
        return f"[Báo cáo {first.tag}] {_report_distance(first, day, calendar)}{others} – {whose}"
    return f"[Nhắc việc] {_amounts(lines, day)} – {whose} – {formats.day(day)}"


def opening(lines: Sequence[Line], day: date) -> str:
    """The first line of a mail: how many, and which is the oldest."""
    first = min(lines, key=lambda line: line.item.deadline).item
    order = "Lâu nhất" if first.deadline < day else "Gần nhất"
    name = f"mục {first.path}" if first.path else formats.shorten(first.title, 60)
    return f"Có {len(lines)} việc: {_amounts(lines, day)}. {order}: {name}, {when(first, day)}."


def when(item: Item, day: date) -> str:
    """Day and distance: "10/12/2024 · còn 5 ngày"."""
    return f"{formats.day(item.deadline)} · {formats.distance(item.deadline, day)}"


def in_one_line(line: Line, day: date) -> str:
    """A line of a mail as a terminal shows it, with the rung that the mail uses up."""
    item = line.item
    text = f"{when(item, day)} · {' '.join(filter(None, (item.path, formats.shorten(item.title))))}"
    if item.supporting:
        text += " · phối hợp"
    if line.rung is None:
        return text
    unit = "ngày làm việc" if RUNGS[item.ladder].in_working_days else "ngày"
    return f"{text} [{line.rung:+d} {unit}]"


def period_tag(labels: Sequence[str]) -> str:
    """Period names inside a sentence: "tháng 12/2024, quý IV/2024, năm 2024"."""
    return ", ".join(label[:1].lower() + label[1:] for label in labels)


def _amounts(lines: Sequence[Line], day: date) -> str:
    """How many of each kind; a report in sight that is not yet due counts as due soon."""
    deadlines = [line.item.deadline for line in lines]
    late, today = sum(d < day for d in deadlines), sum(d == day for d in deadlines)
    early = sum(line.section is Section.IN_TIME for line in lines)
    amounts = (
        (late, "quá hạn"),
        (today, "đến hạn hôm nay"),
        (len(lines) - late - today - early, "sắp đến hạn"),
        (early, "trong hạn"),
    )
    return ", ".join(f"{count} {words}" for count, words in amounts if count)


def _report_distance(item: Item, day: date, calendar: Calendar) -> str:
    if item.deadline < day:
        return f"Quá hạn nộp {(day - item.deadline).days} ngày"
    left = working_days_between(day, item.deadline, calendar)
    return f"Còn {left} ngày làm việc đến hạn nộp" if left else "Đến hạn nộp hôm nay"
