"""Under which result of a report a task stands: by the words of its field, whatever the plan."""

import re
from collections.abc import Iterable

from ntmtasks.core.text import nfc
from ntmtasks.reports.rules.content import SectionKind

WORDS: dict[SectionKind, tuple[str, ...]] = {
    SectionKind.COMMUNICATION: (
        "tuyên truyền",
        "truyền thông",
        "tập huấn",
        "bồi dưỡng",
        "phổ biến",
        "học tập kinh nghiệm",
    ),
    SectionKind.RESOURCES: (
        "nguồn lực",
        "nguồn vốn",
        "vốn",
        "kinh phí",
        "ngân sách",
        "giải ngân",
    ),
    SectionKind.GUIDANCE: (
        "chỉ đạo",
        "điều hành",
        "kiện toàn",
        "kiểm tra",
        "giám sát",
        "đôn đốc",
        "ban hành",
        "hướng dẫn",
        "tổng kết",
        "báo cáo",
    ),
}
"""What fields and tasks of each result are called; all else is about the criteria."""
_KIND = {word: kind for kind, words in WORDS.items() for word in words}
_ANY = re.compile(rf"\b({'|'.join(_KIND)})\b")
_BODY = re.compile(
    r"(các )?(sở|ban|ủy ban|uỷ ban|ubnd|văn phòng|hội|đài|báo|công an|cục|chi cục)\b"
)
"""How headings begin that name who does something: no field, though a name may sound like one."""
OPENING = 60
"""So many characters of a task's own text say what kind of work it is; what follows are its subjects."""


def section_of(headings: Iterable[str], text: str) -> SectionKind:
    """The result under which a task stands: what the nearest of its headings says that names a field,
    else how its own text begins. `headings` are the nearest first."""
    for heading in headings:
        words = nfc(heading).casefold()
        kind = None if _BODY.match(words) else _first(words)
        if kind is not None:
            return kind
    return _first(nfc(text).casefold()[:OPENING]) or SectionKind.CRITERIA


def _first(words: str) -> SectionKind | None:
    found = _ANY.search(words)
    return _KIND[found.group()] if found else None
