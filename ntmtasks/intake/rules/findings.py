"""What a careful reader would question in a plan, each with a verbatim quote."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.labels import roman_value
from ntmtasks.intake.rules.naming import is_anybody
from ntmtasks.intake.rules.parts import Finding, ItemReading, PlanReading
from ntmtasks.intake.rules.proposing import find_twins, has_lead
from ntmtasks.intake.rules.questions import (
    alias_findings,
    area_findings,
    recipient_findings,
    route_findings,
)

_SYMBOLS: dict[str, frozenset[str]] = {
    # Nghị định 30/2020/NĐ-CP, phụ lục III: the abbreviation that belongs to each kind.
    "ke hoach": frozenset({"KH"}),
    "quyet dinh": frozenset({"QĐ"}),
    "nghi quyet": frozenset({"NQ"}),
    "chi thi": frozenset({"CT"}),
    "thong tu": frozenset({"TT", "TTLT"}),
    "nghi dinh": frozenset({"NĐ"}),
    "thong bao": frozenset({"TB"}),
    "bao cao": frozenset({"BC"}),
    "to trinh": frozenset({"TTr"}),
    "ket luan": frozenset({"KL"}),
    "huong dan": frozenset({"HD"}),
    "de an": frozenset({"ĐA"}),
}
_KNOWN = frozenset().union(*_SYMBOLS.values())
_CITED = re.compile(
    r"(Kế hoạch|Quyết định|Nghị quyết|Chỉ thị|Thông tư|Nghị định|Thông báo|Báo cáo|Tờ trình|"
    r"Kết luận|"
    r"Hướng dẫn|Đề án) số \d+\w?(?:/\d{4})?[/-]([A-ZĐ]+r?)(?=[/-])[\w/&-]*"
)
# Slips of scanned text, and what may be meant.
_SLIPS = (
    (re.compile(r"PHÂN ĐẦU|[Pp]hân đầu"), "có thể là “phấn đấu”"),
    (re.compile(r"xây dựng xây\b"), "lặp từ"),
    (re.compile(r"vật tu\b"), "có thể là “vật tư”"),
    (re.compile(r"(?<!\S)\*\w{1,4}\*$"), "ký hiệu lạ ở cuối dòng"),
)
_CUT = 160


def find_all(reading: PlanReading, directory: Directory, source: str = "") -> tuple[Finding, ...]:
    """Return all findings, the grave ones first, each with a quote that is never empty.

    ``source`` is the text as it stands in the file, for slips that cleaning hides.
    """
    found = [
        *_missing_sections(reading),
        *_wrong_symbols(reading),
        *area_findings(reading),
        *recipient_findings(reading, directory),
        *_duplicates(reading),
        *route_findings(reading, directory),
        *_without_owner(reading),
        *_without_date(reading),
        *_odd_deadlines(reading),
        *alias_findings(reading, directory),
        *_money(reading),
        *_leads(reading),
        *_this_plan(reading),
        *_slips(reading, source),
    ]
    order = ("error", "warning", "info")
    kept = (f for f in found if f.quote.strip())
    return tuple(sorted(kept, key=lambda f: order.index(f.severity)))


def short(text: str) -> str:
    """Return the beginning of a text, cut between words: still verbatim."""
    if len(text) <= _CUT:
        return text
    return text[:_CUT].rsplit(" ", 1)[0]


def _missing_sections(reading: PlanReading) -> Iterator[Finding]:
    """A gap in the Roman numerals, quoted by the heading behind the gap."""
    values = [(roman_value(s.label) or 0, s) for s in reading.sections]
    values = [v for v in values if v[0]]
    if values and values[0][0] > 1:
        yield _missing("I", values[0][1].label, values[0][1].heading)
    for (before, _), (after, section) in pairwise(values):
        if after - before > 1:
            gap = ", ".join(_roman(n) for n in range(before + 1, after))
            yield _missing(gap, section.label, section.heading)


def _missing(gap: str, label: str, heading: str) -> Finding:
    message = f"Kế hoạch không có mục {gap}: cần hỏi cơ quan soạn thảo là thiếu hay đánh số nhầm."
    return Finding("missing_section", "warning", message, f"{label}. {heading}", label)


def _roman(n: int) -> str:
    tens, ones = divmod(n, 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]


def _wrong_symbols(reading: PlanReading) -> Iterator[Finding]:
    """A cited document whose symbol is of another kind ("Kế hoạch số 147/QĐ-UBND")."""
    for clause in reading.clauses:
        for m in _CITED.finditer(clause.text):
            kind, symbol = m[1], m[2]
            if symbol in _KNOWN and symbol not in _SYMBOLS[fold(kind)]:
                message = (
                    f"Viện dẫn là {kind} nhưng ký hiệu lại là {symbol}: "
                    "kiểm tra lại loại và số văn bản."
                )
                yield Finding("wrong_document_symbol", "error", message, m.group(), clause.path)


def _duplicates(reading: PlanReading) -> Iterator[Finding]:
    by_path = {i.path: i for i in reading.tasks}
    for twin in find_twins(reading.tasks):
        one, other = by_path[twin.path], by_path[twin.other]
        if twin.act:
            message = (
                f"Mục {one.path} và mục {other.path} cùng nói về {twin.act}: "
                "xem có gộp thành một nhiệm vụ với hai căn cứ không."
            )
            yield Finding("duplicate", "info", message, short(one.text), one.path)
        else:
            message = (
                f"Mục {one.path} và mục {other.path} gần như là một việc: "
                "nên gộp thành một nhiệm vụ với hai căn cứ."
            )
            yield Finding("duplicate", "warning", message, short(one.text), one.path)


def _without_owner(reading: PlanReading) -> Iterator[Finding]:
    """Indicators that nobody is named for, and sections that name hardly anybody."""
    for item in reading.tasks:
        for m in re.finditer(r"[Cc]hỉ tiêu \d+\.\d+", item.text):
            if not has_lead(item):
                message = f"{m.group()} được nhắc tới nhưng không nêu cơ quan chịu trách nhiệm."
                yield Finding("no_owner", "warning", message, m.group(), item.path)
    by_section: dict[str, list[ItemReading]] = {}
    for item in reading.tasks:
        by_section.setdefault(item.path.partition(".")[0], []).append(item)
    for section in reading.sections:
        tasks = by_section.pop(section.label, [])
        bare = [i for i in tasks if not has_lead(i)]
        if bare:
            message = (
                f"Mục {section.label} có {len(bare)}/{len(tasks)} nội dung không nêu cơ quan "
                "chủ trì; phần mềm đã đề xuất, cần rà lại từng nội dung."
            )
            quote = f"{section.label}. {section.heading}"
            yield Finding("no_owner", "info", message, quote, section.label)
    for item in reading.tasks:
        for m in re.finditer(
            r"chỉ tiêu ((?:\d+\.\d+(?:,| và)? ?)+)do ([^,.;]+?) được phân công", item.text
        ):
            message = f"Chỉ tiêu {m[1].strip()} giao riêng cho {m[2]}, không phải cho cả nhóm."
            yield Finding("indicator_owner", "info", message, m.group(), item.path)


def _without_date(reading: PlanReading) -> Iterator[Finding]:
    """Reports with a period but no day, and targets that are strived for without a date."""
    for item in reading.tasks:
        recurrence = (item.deadline.recurrence if item.deadline else None) or ()
        if not item.deadline or "bao cao" not in fold(item.text):
            continue
        periodic = {"monthly", "quarterly", "half-yearly", "yearly", "periodic"} & set(recurrence)
        if periodic and not re.search(r"\d", item.deadline.text):
            what = "không nêu kỳ" if "periodic" in periodic else "không nêu ngày nộp"
            message = f"Báo cáo “{item.deadline.text}” nhưng {what}: cần chốt ngày trong kỳ."
            yield Finding("no_date", "warning", message, item.deadline.text, item.path)
    for item in reading.items:
        m = re.search(r"phấn đấu[^.;]*\d+ (?:xã|huyện)[^.;]*", item.text)
        if item.kind == "target" and m and not reading_lists(reading, m.group()):
            message = "Chỉ tiêu phấn đấu không có thời hạn và không có trong phụ lục."
            yield Finding("no_date", "info", message, short(m.group()), item.path)


def reading_lists(reading: PlanReading, text: str) -> bool:
    """Tell whether the annex lists areas of the sort that a target speaks of."""
    level = "model" if "kieu mau" in fold(text) else "advanced"
    if "huyen" in fold(re.sub(r"\(.*?\)", " ", text)):
        return False  # the annex lists communes
    return any(c.level == level and c.commitment == "striving" for c in reading.communes)


def _odd_deadlines(reading: PlanReading) -> Iterator[Finding]:
    for item in reading.tasks:
        due = item.deadline.due_on if item.deadline else None
        if not due or not item.deadline:
            continue
        if reading.issued_on and due < reading.issued_on:
            message = f"Thời hạn {due:%d/%m/%Y} trước ngày ban hành {reading.issued_on:%d/%m/%Y}."
            yield Finding("past_deadline", "warning", message, item.deadline.text, item.path)
        elif reading.year and due.year > reading.year:
            message = f"Thời hạn {due:%d/%m/%Y} sau năm kế hoạch {reading.year}."
            yield Finding("after_plan_year", "info", message, item.deadline.text, item.path)
    for item in reading.tasks:
        if (
            item.deadline
            and item.deadline.basis in ("explicit", "period_end")
            and not item.deadline.due_on
        ):
            message = "Ngày viết trong kế hoạch không có trong lịch."
            yield Finding("impossible_date", "error", message, item.deadline.text, item.path)


def _money(reading: PlanReading) -> Iterator[Finding]:
    funding = reading.funding
    lines = [i for i in reading.items if i.kind == "funding"]
    if not funding or not funding.sources or not lines:
        return
    total = sum(s.amount for s in funding.sources)
    place = next((i for i in lines if not i.label), lines[0])
    if total != funding.total:
        message = (
            f"Các nguồn cộng lại là {total:,} {funding.unit}, kế hoạch ghi {funding.total:,}."
        ).replace(",", ".", 2)
        yield Finding("funding_sum", "error", message, short(place.text), place.path)
        return
    message = (
        "Tổng kinh phí khớp với các nguồn, nhưng chỉ chia theo nguồn vốn, chưa chia theo "
        "nhiệm vụ, địa bàn hay cơ quan."
    )
    yield Finding("funding_split", "info", message, short(place.text), place.path)


def _leads(reading: PlanReading) -> Iterator[Finding]:
    """Several leads in one item; leads that the directory does not know."""
    strangers: set[str] = set()
    for item in reading.tasks:
        leads = [a for a in item.agencies if a.role == "lead"]
        if len(leads) > 1:
            names = ", ".join(a.name for a in leads)
            message = f"Nhiều cơ quan cùng chủ trì ({names}): mỗi cơ quan làm phần của mình."
            yield Finding("several_leads", "warning", message, leads[0].name, item.path)
        for lead in leads:
            key = fold(lead.name)
            if lead.agency is None and key not in strangers and not is_anybody(lead.name):
                strangers.add(key)
                message = f"“{lead.name}” chưa có trong danh mục cơ quan."
                yield Finding("unknown_agency", "warning", message, lead.name, item.path)


def _this_plan(reading: PlanReading) -> Iterator[Finding]:
    """An item that orders this very plan: done on the day of issue."""
    subject = fold(reading.title or "")
    if len(subject) < 30:
        return
    for item in reading.tasks:
        text = fold(item.text)
        if re.match(r"(xay dung|ban hanh)[^.;]{0,30} ke hoach", text) and _covers(subject, text):
            message = (
                f"Mục {item.path} chính là việc ban hành kế hoạch này: hoàn thành khi ban hành."
            )
            yield Finding("done_on_issue", "info", message, short(item.text), item.path)


def _covers(subject: str, text: str) -> bool:
    words = set(subject.split())
    return len(words & set(text.split())) >= 0.9 * len(words)


def _slips(reading: PlanReading, source: str) -> Iterator[Finding]:
    for pattern, meant in _SLIPS:
        seen: set[str] = set()
        for clause in reading.clauses:
            text = source[clause.start : clause.end] if source else clause.text
            for m in pattern.finditer(text):
                if m.group() not in seen:
                    seen.add(m.group())
                    message = f"Có thể là lỗi nhận dạng chữ: “{m.group()}” ({meant})."
                    yield Finding("ocr_slip", "info", message, m.group(), clause.path)
