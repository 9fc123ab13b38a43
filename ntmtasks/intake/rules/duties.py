"""Which bodies a sentence orders to act, and with whom."""

import re

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import CAPITALS, SMALLS
from ntmtasks.intake.rules.naming import PREFIX, is_anybody, names_at, split_names

_SAYS = re.compile(rf"\s*(?:\([^()]*\)\s*)?,?\s*[{SMALLS}:]")


def name_phrase(text: str, start: int = 0) -> str:
    """Return the phrase of names that begins at ``start``, up to the verb; "" if there is none."""
    names, end = names_at(text, start)
    return text[start:end].strip(" ,;") if names else ""


# Words before the subject: its grounds ("Căn cứ Kế hoạch này, các sở …"), or when and where it acts
# ("Hằng quý, Sở Y tế …", "Trước ngày 30/6/2025, …", "Đối với các chợ, …").
_OPENING = re.compile(
    r"(?:Căn cứ|Trên cơ sở|Theo|Thực hiện|H[àằ]ng|Mỗi|Định kỳ|Trong|Trước|Chậm nhất|Đến|Từ|Vào|Sau|"
    r"Ngay|Khi|Bắt đầu|Hết|Cuối|Đầu|Riêng|Đối với|Đồng thời|Bên cạnh đó|Ngoài ra|Tại|Nhân dịp|"
    r"Ngày|Tháng|Quý|Năm|Quá trình)\s(?=[^;:]{1,200},)"
)
_COMMA = re.compile(r",\s+(?!(?:và|hoặc)\s)")
_CLAUSE_END = re.compile(r"[;:]|\.\s")
# A list that only goes on: "Theo hướng dẫn của Bộ Y tế, Bộ Tài chính và các văn bản liên quan, …".
_GOES_ON = re.compile(r"\s*(?:,|(?:và|hoặc|cùng với)\s)")


# "Cấp xã: UBND các xã, phường tổ chức …": the level for which the sentence names its subject.
_LEVEL = re.compile(r"(?:(?:Ở|Tại|Đối với)\s+)?(?:[Cc]ấp|[Tt]uyến)\s[^:.;,]{1,30}:\s+")


def subject_agencies(text: str) -> list[str]:
    """Return the agencies that a sentence orders: its subject, or who follows "Giao"."""
    level = _LEVEL.match(text)
    return _subject_at(text, level.end() if level else 0) or _behind_opening(text)


def _subject_at(text: str, start: int) -> list[str]:
    if prefix := PREFIX.match(text, start):
        start = prefix.end()
    names, end = names_at(text, start)
    return names if names and _SAYS.match(text, end) else []


def _behind_opening(text: str) -> list[str]:
    """Return the subject behind the first comma that an agency follows, or []."""
    if not _OPENING.match(text):
        return []
    stop = _CLAUSE_END.search(text)
    for comma in _COMMA.finditer(text, 0, min(stop.start() if stop else len(text), 240)):
        end = names_at(text, comma.end())[1]
        if end > comma.end() and not _GOES_ON.match(text, end):
            return _subject_at(text, comma.end())
        if prefix := PREFIX.match(text, comma.end()):
            return _subject_at(text, prefix.start())
    return []


_GIVEN = re.compile(
    r"(?:(?<=[.;:(,]\s)|(?<=\()|(?<!\w)do\s+)(?P<order>(?:Đề nghị|đề nghị|[Gg]iao cho|[Gg]iao|"
    r"[Yy]êu cầu)\s+)?"
    rf"(?=[{CAPITALS}]|các\s)"
)
_IN_CHARGE = re.compile(
    r"[\s,]*(?:\([^()]*\)\s*)?(?:làm |là )?(?:cơ quan |đơn vị )?(?:đầu mối,? |chủ trì|"
    r"chịu trách|thực hiện(?=[;.)]|$))"
)

_ALONE = re.compile(r"\s*(?:[;)]|thực hiện)")


def given_agencies(text: str) -> list[str]:
    """Return agencies that a later clause puts in charge ("… . Giao Sở Y tế chủ trì …").

    A bracket at the end that holds names alone, perhaps with a time, does so as well.
    """
    at = 0
    while m := _GIVEN.search(text, at):
        names, end = names_at(text, m.end())
        at = max(end, m.end() + 1)  # a match may be empty
        if all(is_anybody(n) for n in names):
            continue
        bracket = text[m.start() - 1 : m.start()] == "(" and text.rstrip(" .;").endswith(")")
        alone = bracket and _ALONE.match(text, end) is not None
        if (m["order"] and "iao" in m["order"]) or _IN_CHARGE.match(text, end) or alone:
            return names
    return []


_WITH = re.compile(r"[Pp]hối hợp(?: chặt chẽ)?(?:,? (?:cùng )?với| cùng(?: với)?)?\s+")


# "…; Sở B, Sở C phối hợp": who stands before the word, in a sentence that named its lead.
_CHARGED = re.compile(r"chủ trì|đầu mối|chịu trách nhiệm")
_CLAUSE = re.compile(r"(?:[;,(]|\.|\bvà)\s*(?=[^\s])")
_SUPPORT = re.compile(
    r"[\s,]*(?:có trách nhiệm |chủ động |tích cực |là )?(?:cùng |cơ quan |đơn vị )*phối hợp(?!,? (?:cùng )?với)"
)


def supporting_agencies(text: str, anybody: bool = False) -> list[str]:
    """Return who stands behind "phối hợp với", or before "phối hợp" where another body leads.

    Words for anybody only if wanted.
    """
    named = [n for m in _WITH.finditer(text) for n in names_at(text, m.end())[0]]
    named += _helping(text)
    return [n for n in dict.fromkeys(named) if anybody or not is_anybody(n)]


def _helping(text: str) -> list[str]:
    found: list[str] = []
    charged = _CHARGED.search(text)
    at = charged.end() if charged else len(text)
    while m := _CLAUSE.search(text, at):
        names, end = names_at(text, m.end())
        if names and _SUPPORT.match(text, end):
            found += names
        at = max(end, m.end())
    return found


_PARTNERS = re.compile(
    r"[,;]?\s*(?:(?:là )?(?:cơ quan |đơn vị )?chủ trì,?\s+(?:và\s+)?)?(?<!\w)phối hợp(?: chặt chẽ)?"
    r"(?:,? (?:cùng )?với| cùng(?: với)?)?\s+(?!thực hiện)"
)
_SUPPORTS = re.compile(
    r"(?:cơ quan |đơn vị )?phối hợp(?: thực hiện)?\s*:|.*\sphối hợp(?: thực hiện)?$", re.I
)
_LABEL = re.compile(r"(?:cơ quan |đơn vị )?(?:chủ trì|phối hợp)(?: thực hiện)?\s*:\s*", re.I)


_BOTH_PARTS = re.compile(r";(?![^()]*\))|\.\s+(?=(?i:cơ quan |đơn vị )?(?i:phối hợp))")
# "Sở A chủ trì, Sở B phối hợp"; "Sở A (chủ trì), Sở B (phối hợp)"
_BOTH = re.compile(
    r"(?P<leads>[^:]+?)[\s(–-]*(?:là )?(?:cơ quan |đơn vị )?chủ trì\)?\s*[,–-]\s*"
    r"(?P<supports>[^:]+?)[\s(–-]*(?:cùng )?phối hợp(?: thực hiện)?\)?[\s.]*",
    re.I,
)


def roles_of(value: str, directory: Directory) -> tuple[list[str], list[str]]:
    """Return (leads, supporting) of what stands behind "Chủ trì:" or in a column of agencies.

    Mostly names alone; some write the roles into it: "Sở A phối hợp với Sở B", "Sở A chủ trì;
    Sở B phối hợp".
    """
    leads: list[str] = []
    supports: list[str] = []
    for part in (p.strip() for p in _BOTH_PARTS.split(value)):
        if both := _BOTH.fullmatch(part):
            leads += split_names(both["leads"], directory)
            supports += split_names(both["supports"], directory)
            continue
        names = _LABEL.sub("", part)
        partners = _PARTNERS.search(names)
        if _SUPPORTS.match(part):
            supports += split_names(re.sub(r"\s+phối hợp(?: thực hiện)?$", "", names), directory)
        elif partners and partners.start() > 0:
            leads += split_names(names[: partners.start()], directory)
            supports += names_at(names, partners.end())[0]
        elif supports and partners is None and leads:
            supports += split_names(names, directory)  # the list of partners goes on
        else:
            leads += split_names(names, directory)
    return leads, supports
