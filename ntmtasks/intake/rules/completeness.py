"""Findings on what an item must say to be work: who, until when, with what result.

What is missing from many items alike is one finding for all of them, with their number.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from ntmtasks.agencies.rules import name_key
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.naming import is_anybody
from ntmtasks.intake.rules.parts import AgencyMention, Finding, ItemReading, PlanReading, short
from ntmtasks.intake.rules.proposing import has_lead


def completeness_findings(reading: PlanReading) -> Iterator[Finding]:
    """Yield what is missing or odd in who, until when and with what result."""
    yield from _without_owner(reading)
    yield from _several_leads(reading)
    yield from _unknown_agencies(reading)
    yield from _without_date(reading)
    yield from _odd_deadlines(reading)
    yield from _without_product(reading)


def _all(parts: Iterable[str]) -> str:
    """Return a list as a phrase, each part once: every place can be found from the message."""
    return ", ".join(dict.fromkeys(parts))


def _by_section(reading: PlanReading) -> Iterator[tuple[str, str, list[ItemReading]]]:
    """Yield (label, heading as printed, tasks) of each section; annexes have no heading."""
    headings = {s.label: f"{s.label}. {s.heading}" for s in reading.sections}
    grouped: dict[str, list[ItemReading]] = {}
    for item in reading.tasks:
        grouped.setdefault(item.path.partition(".")[0], []).append(item)
    for label, tasks in grouped.items():
        yield label, headings.get(label) or short(tasks[0].text), tasks


def _without_owner(reading: PlanReading) -> Iterator[Finding]:
    """Indicators that nobody is named for, and sections that name hardly anybody."""
    for item in reading.tasks:
        for m in re.finditer(r"[Cc]hỉ tiêu \d+\.\d+", item.text):
            if not has_lead(item):
                message = f"{m.group()} được nhắc tới nhưng không nêu cơ quan chịu trách nhiệm."
                remedy = "Chọn cơ quan phụ trách chỉ tiêu này theo bộ tiêu chí đang áp dụng."
                yield Finding("no_owner", "warning", message, remedy, m.group(), item.path)
    for label, heading, tasks in _by_section(reading):
        bare = [i.path for i in tasks if not has_lead(i)]
        if bare:
            message = (
                f"Mục {label} có {len(bare)}/{len(tasks)} nội dung không nêu cơ quan chủ trì: "
                f"{_all(bare)}."
            )
            remedy = "Rà đề xuất của phần mềm ở từng nội dung, chọn cơ quan chủ trì khi giao việc."
            yield Finding("no_owner", "info", message, remedy, heading, label)
    for item in reading.tasks:
        for m in re.finditer(
            r"chỉ tiêu ((?:\d+\.\d+(?:,| và)? ?)+)do ([^,.;]+?) được phân công", item.text
        ):
            message = f"Chỉ tiêu {m[1].strip()} giao riêng cho {m[2]}, không phải cho cả nhóm."
            remedy = f"Tách chỉ tiêu này thành nhiệm vụ riêng của {m[2]}."
            yield Finding("indicator_owner", "info", message, remedy, m.group(), item.path)


def _several_leads(reading: PlanReading) -> Iterator[Finding]:
    """Items that name several leads; those that name the same ones are one finding."""
    shared: dict[tuple[str, ...], list[ItemReading]] = {}
    for item in reading.tasks:
        leads = tuple(a.name for a in item.agencies if a.role == "lead")
        if len(leads) > 1:
            shared.setdefault(leads, []).append(item)
    headings = _headings(reading)
    for leads, items in shared.items():
        message = (
            f"Nhiều cơ quan cùng chủ trì ({'; '.join(leads)}) ở {_all(i.path for i in items)}."
        )
        remedy = (
            "Việc chung thì chọn một cơ quan chủ trì, các cơ quan khác phối hợp; việc riêng của "
            "từng cơ quan thì giao mỗi cơ quan một phần."
        )
        quote = _quote(leads[0], items[0], headings)
        yield Finding("several_leads", "warning", message, remedy, quote, items[0].path)


def _quote(name: str, item: ItemReading, headings: Mapping[str, str]) -> str:
    """Return the name where the item or its heading writes it so, else the item's words."""
    near = (item.text, headings.get(item.assigned_by or "", ""))
    return name if any(name in text for text in near) else short(item.text)


def _headings(reading: PlanReading) -> dict[str, str]:
    return {c.path: c.text for c in reading.clauses}


def _unknown_agencies(reading: PlanReading) -> Iterator[Finding]:
    """Agencies with a duty that the directory does not know: one finding for all."""
    first: dict[str, tuple[str, ItemReading]] = {}
    for item in reading.tasks:
        for mention in item.agencies:
            if mention.agency is None and not _vague(mention):
                first.setdefault(name_key(mention.name), (mention.name, item))
    if not first:
        return
    listed = _all(f"“{name}” ({item.path})" for name, item in first.values())
    message = f"{len(first)} tên cơ quan chưa có trong danh mục: {listed}."
    remedy = "Thêm vào danh mục cơ quan, hoặc ghi làm tên khác của cơ quan đã có."
    name, item = next(iter(first.values()))
    quote = _quote(name, item, _headings(reading))
    yield Finding("unknown_agency", "warning", message, remedy, quote, item.path)


def _vague(mention: AgencyMention) -> bool:
    """Tell whether a name means nobody in particular: no directory could hold it."""
    plural = fold(mention.name).startswith("cac ")
    return is_anybody(mention.name) or (plural and mention.role == "supporting")


def _without_date(reading: PlanReading) -> Iterator[Finding]:
    """Items without a date, reports without a day, targets strived for without a date."""
    for label, heading, tasks in _by_section(reading):
        bare = [i.path for i in tasks if not i.deadline and i.task_kind == "concrete"]
        if bare:
            message = f"Mục {label} có {len(bare)}/{len(tasks)} nội dung không nêu thời hạn: {_all(bare)}."
            remedy = "Đặt thời hạn từng việc; nếu không, hạn mặc định là ngày cuối năm kế hoạch."
            yield Finding("no_date", "info", message, remedy, heading, label)
    for item in reading.tasks:
        recurrence = (item.deadline.recurrence if item.deadline else None) or ()
        if not item.deadline or "bao cao" not in fold(item.text):
            continue
        periodic = {"monthly", "quarterly", "half-yearly", "yearly", "periodic"} & set(recurrence)
        if periodic and not re.search(r"\d", item.deadline.text):
            what = "không nêu kỳ" if "periodic" in periodic else "không nêu ngày nộp"
            message = f"Báo cáo “{item.deadline.text}” nhưng {what}."
            remedy = "Chốt kỳ và ngày nộp; chưa chốt thì dùng ngày mặc định trong phần cài đặt."
            yield Finding("no_date", "warning", message, remedy, item.deadline.text, item.path)
    for item in reading.items:
        m = re.search(r"phấn đấu[^.;]*\d+ (?:xã|huyện)[^.;]*", item.text)
        if item.kind == "target" and m and not _listed(reading, m.group()):
            message = "Chỉ tiêu phấn đấu không có thời hạn và không có trong phụ lục."
            remedy = "Đề nghị ghi thời hạn và đưa địa bàn này vào phụ lục."
            yield Finding("no_date", "info", message, remedy, short(m.group()), item.path)


def _listed(reading: PlanReading, text: str) -> bool:
    """Tell whether the annex lists areas of the sort that a target speaks of."""
    level = "model" if "kieu mau" in fold(text) else "advanced"
    if "huyen" in fold(re.sub(r"\(.*?\)", " ", text)):
        return False  # the annex lists communes
    return any(c.level == level and c.commitment == "striving" for c in reading.communes)


def _odd_deadlines(reading: PlanReading) -> Iterator[Finding]:
    """Days before the issue, behind the plan's last year, or in no calendar; alike ones at once."""
    last = _last_year(reading)
    odd: dict[tuple[str, str], list[ItemReading]] = {}
    for item in reading.tasks:
        if not item.deadline:
            continue
        due, text = item.deadline.due_on, item.deadline.text
        if not due and item.deadline.basis in ("explicit", "period_end"):
            odd.setdefault(("impossible_date", text), []).append(item)
        elif due and reading.issued_on and due < reading.issued_on:
            odd.setdefault(("past_deadline", text), []).append(item)
        elif due and last and due.year > last:
            odd.setdefault(("after_plan_year", text), []).append(item)
    for (code, text), items in odd.items():
        places = _all(i.path for i in items)
        yield _odd(code, text, places, items[0], reading, last)


def _odd(
    code: str, text: str, places: str, item: ItemReading, reading: PlanReading, last: int | None
) -> Finding:
    if code == "past_deadline":
        message = f"Thời hạn “{text}” ({places}) trước ngày ban hành {reading.issued_on:%d/%m/%Y}."
        remedy = "Hỏi lại thời hạn đúng; việc đã làm xong thì ghi nhận hoàn thành."
        return Finding(code, "warning", message, remedy, text, item.path)
    if code == "after_plan_year":
        message = f"Thời hạn “{text}” ({places}) sau năm kế hoạch {last}."
        remedy = "Xác nhận việc kéo dài sang năm sau, hoặc tách phần phải xong trong năm kế hoạch."
        return Finding(code, "info", message, remedy, text, item.path)
    message = f"Ngày “{text}” ({places}) không có trong lịch."
    remedy = "Hỏi lại ngày đúng rồi nhập thời hạn bằng tay."
    return Finding(code, "error", message, remedy, text, item.path)


def _last_year(reading: PlanReading) -> int | None:
    """Return the last year that the plan covers: of the period in its title, else its own."""
    named = [int(y) for y in re.findall(r"(?<!\d)20\d{2}(?!\d)", reading.title or "")]
    return max([*named, *([reading.year] if reading.year else [])], default=None)


_RESULT = re.compile(
    r"(?:xay dung|ban hanh|lap|trinh|bien soan|to chuc|hoan thien|hoan thanh|cong bo)\b.{0,60}?\b"
    r"(?:ke hoach|de an|quyet dinh|to trinh|quy che|quy dinh|quy trinh|danh muc|ho so|nghi quyet|"
    r"tieu chi|tai lieu|hoi nghi|hoi thao|lop|chuong trinh|phuong an|du an|mo hinh|so lieu|le)\b|"
    r"\bbao cao\b"
)


def _without_product(reading: PlanReading) -> Iterator[Finding]:
    """Items that name no result, neither in a label nor in their words: one finding for all."""
    tasks = reading.tasks
    bare = [i for i in tasks if not i.product and not _RESULT.search(fold(i.text))]
    if not bare:
        return
    message = (
        f"{len(bare)}/{len(tasks)} nội dung không nêu sản phẩm, kết quả phải có: "
        f"{_all(i.path for i in bare)}."
    )
    remedy = "Ghi sản phẩm dự kiến (văn bản, số liệu, hoạt động) để có căn cứ xác nhận hoàn thành."
    yield Finding("no_product", "info", message, remedy, short(bare[0].text), bare[0].path)
