"""Findings on what the reader itself could not be sure of: what a paper is, whom a line describes."""

import re
from collections.abc import Iterator

from ntmtasks.intake.rules.attributes import read_label_line
from ntmtasks.intake.rules.parts import ClauseReading, Finding, PlanReading

# Nghị định 30/2020/NĐ-CP, phụ lục III: abbreviations of kinds that report or ask.
_KINDS = {
    "BC": "báo cáo",
    "TTr": "tờ trình",
    "TB": "thông báo",
    "GM": "giấy mời",
    "BB": "biên bản",
    "CĐ": "công điện",
    "TT": "thông tư",
}
# An official letter has no kind; who writes stands first: "1250/UBND-NC", "88/SYT-NVY".
_WRITER = re.compile(r"UBND|HĐND|VP(?:UBND)?|BCĐ|BQL|S[A-ZĐ&]{1,8}|P[A-ZĐ&]{2,8}")
_PLANS = ("KẾ HOẠCH", "CHƯƠNG TRÌNH", "ĐỀ ÁN", "PHƯƠNG ÁN")
_SYMBOL = re.compile(r"\d+\w?\s*[/-]\s*[A-ZĐ][\w&./-]*")


def doubt_findings(reading: PlanReading) -> Iterator[Finding]:
    """Yield what a person should look at before trusting the reading."""
    yield from _not_a_plan(reading)
    yield from _shared_labels(reading)


def _not_a_plan(reading: PlanReading) -> Iterator[Finding]:
    """A paper whose symbol is that of a report, a proposal, a letter: it gives no work."""
    top = [c for c in reading.clauses if c.kind == "other" and c.path.startswith("MĐ.")]
    if any(c.text.startswith(_PLANS) for c in top):
        return  # sent along with a plan
    kind = _kind(reading.number or "")
    written = (_SYMBOL.search(c.text) for c in top)
    quote = next((m.group() for m in written if m and _kind(m.group())), reading.number or "")
    if kind is None:
        kind = next((k for k in _KINDS.values() for c in top if c.text == k.upper()), None)
        quote = (kind or "").upper()
    if kind:
        message = f"Văn bản này là {kind} (“{quote}”), không phải kế hoạch giao việc."
        remedy = "Kiểm tra lại tệp; nếu đúng là kế hoạch thì sửa số, ký hiệu rồi mới giao việc."
        yield Finding("not_a_plan", "warning", message, remedy, quote)


def _kind(number: str) -> str | None:
    """Return what a paper with this symbol is, None for kinds that may give work."""
    symbol = re.split(r"[/-]", "".join(number.split()), maxsplit=1)[-1]
    first = symbol.split("-")[0].split("/")[0]
    if first in _KINDS:
        return _KINDS[first]
    return "công văn" if "-" in symbol and _WRITER.fullmatch(first) else None


def _shared_labels(reading: PlanReading) -> Iterator[Finding]:
    """Label lines below the last of several items, of which the others say nothing.

    "a) … b) … Đơn vị chủ trì: Sở X": they may speak of b) alone or of all.
    """
    below: dict[str, list[ClauseReading]] = {}
    for clause in reading.clauses:
        below.setdefault(clause.parent_path or "", []).append(clause)
    items = {i.path: i for i in reading.tasks}
    for siblings in below.values():
        group = [c for c in siblings if c.path in items]
        if len(group) < 2:
            continue
        *others, last = group
        lines = [c for c in below.get(last.path, ()) if read_label_line(c.text)]
        silent = [
            c.path for c in others if not items[c.path].agencies and not items[c.path].deadline
        ]
        if lines and len(silent) == len(others):
            message = (
                f"Dòng “{lines[0].text}” đứng sau mục {last.path}: có thể nói cả cho "
                f"{', '.join(silent)}."
            )
            remedy = "Nếu dòng này nói chung cho các mục, gán cùng cơ quan, thời hạn cho từng mục."
            yield Finding("shared_labels", "warning", message, remedy, lines[0].text, last.path)
