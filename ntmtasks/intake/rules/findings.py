"""What a careful reader would question in a plan, each with a verbatim quote."""

import re
from collections.abc import Iterator
from itertools import pairwise

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.completeness import completeness_findings
from ntmtasks.intake.rules.doubts import doubt_findings
from ntmtasks.intake.rules.labels import roman_value
from ntmtasks.intake.rules.parts import Finding, PlanReading, short
from ntmtasks.intake.rules.proposing import find_twins
from ntmtasks.intake.rules.questions import (
    alias_findings,
    area_findings,
    recipient_findings,
    route_findings,
)
from ntmtasks.intake.rules.slips import slips

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
_MOST_SLIPS = 200  # a text with more of them needs another scan, not a longer list


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
        *completeness_findings(reading),
        *doubt_findings(reading),
        *alias_findings(reading, directory),
        *_money(reading),
        *_this_plan(reading),
        *_slips(reading, source),
    ]
    order = ("error", "warning", "info")
    kept = (f for f in found if f.quote.strip())
    return tuple(sorted(kept, key=lambda f: order.index(f.severity)))


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
    message = f"Kế hoạch không có mục {gap}: có thể thiếu nội dung hoặc đánh số nhầm."
    remedy = "Hỏi cơ quan soạn thảo; nếu thiếu thì đề nghị bổ sung trước khi giao việc."
    return Finding("missing_section", "warning", message, remedy, f"{label}. {heading}", label)


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
                    "loại văn bản hoặc số, ký hiệu bị sai."
                )
                remedy = "Tra văn bản gốc, sửa loại văn bản hoặc số, ký hiệu trong phần viện dẫn."
                yield Finding(
                    "wrong_document_symbol", "error", message, remedy, m.group(), clause.path
                )


def _duplicates(reading: PlanReading) -> Iterator[Finding]:
    by_path = {i.path: i for i in reading.tasks}
    for twin in find_twins(reading.tasks):
        one, other = by_path[twin.path], by_path[twin.other]
        remedy = (
            f"Nếu là một việc, gộp thành một nhiệm vụ với hai căn cứ {one.path} và {other.path}."
        )
        if twin.act:
            message = f"Mục {one.path} và mục {other.path} cùng nói về {twin.act}."
            yield Finding("duplicate", "info", message, remedy, short(one.text), one.path)
        else:
            message = f"Mục {one.path} và mục {other.path} gần như là một việc."
            yield Finding("duplicate", "warning", message, remedy, short(one.text), one.path)


def _money(reading: PlanReading) -> Iterator[Finding]:
    funding = reading.funding
    lines = [i for i in reading.items if i.kind == "funding"]
    if not funding or not funding.sources or not lines:
        return
    total = sum(s.amount for s in funding.sources)
    place = next((i for i in lines if not i.label), lines[0])
    if total != funding.total:
        message = (
            f"Các nguồn cộng lại là {_thousands(total)} {funding.unit}, "
            f"kế hoạch ghi {_thousands(funding.total)}."
        )
        remedy = "Đối chiếu từng nguồn với tổng, sửa số sai trước khi theo dõi nguồn lực."
        yield Finding("funding_sum", "error", message, remedy, short(place.text), place.path)
        return
    message = (
        "Tổng kinh phí khớp với các nguồn, nhưng chỉ chia theo nguồn vốn, chưa chia theo "
        "nhiệm vụ, địa bàn hay cơ quan."
    )
    remedy = "Đề nghị phân bổ theo nhiệm vụ, địa bàn hoặc cơ quan để theo dõi giải ngân."
    yield Finding("funding_split", "info", message, remedy, short(place.text), place.path)


def _thousands(n: int) -> str:
    return f"{n:,}".replace(",", ".")


def _this_plan(reading: PlanReading) -> Iterator[Finding]:
    """An item that orders this very plan: done on the day of issue."""
    subject = fold(reading.title or "")
    if len(subject) < 30:
        return
    for item in reading.tasks:
        text = fold(item.text)
        if re.match(r"(xay dung|ban hanh)[^.;]{0,30} ke hoach", text) and _covers(subject, text):
            message = f"Mục {item.path} chính là việc ban hành kế hoạch này."
            remedy = "Đánh dấu hoàn thành vào ngày ban hành kế hoạch."
            yield Finding("done_on_issue", "info", message, remedy, short(item.text), item.path)


def _covers(subject: str, text: str) -> bool:
    words = set(subject.split())
    return len(words & set(text.split())) >= 0.9 * len(words)


def _slips(reading: PlanReading, source: str) -> Iterator[Finding]:
    """What looks like a slip of recognition; each form once, where it stands first."""
    seen: set[str] = set()
    for clause in reading.clauses:
        text = source[clause.start : clause.end] if source else clause.text
        for written, odd in slips(text):
            if written in seen or len(seen) >= _MOST_SLIPS:
                continue
            seen.add(written)
            message = f"Có thể là lỗi nhận dạng chữ: “{written}” ({odd})."
            remedy = "Đối chiếu với bản gốc và sửa chữ này nếu đúng là lỗi."
            yield Finding("ocr_slip", "info", message, remedy, written, clause.path)
