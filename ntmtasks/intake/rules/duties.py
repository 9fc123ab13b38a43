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


# "Căn cứ Kế hoạch này, các sở …": the subject stands behind the grounds.
_OPENING = re.compile(r"(?:Căn cứ|Trên cơ sở|Theo)\s[^.;:,]{3,120},\s+")


def subject_agencies(text: str) -> list[str]:
    """Return the agencies that a sentence orders: its subject, or who follows "Giao"."""
    opening = _OPENING.match(text)
    start = opening.end() if opening else 0
    if prefix := PREFIX.match(text, start):
        start = prefix.end()
    names, end = names_at(text, start)
    return names if names and _SAYS.match(text, end) else []


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


def supporting_agencies(text: str, anybody: bool = False) -> list[str]:
    """Return the agencies named behind "phối hợp với"; words for anybody only if wanted."""
    found: list[str] = []
    for m in _WITH.finditer(text):
        for name in names_at(text, m.end())[0]:
            if name not in found and (anybody or not is_anybody(name)):
                found.append(name)
    return found


_PARTNERS = re.compile(
    r"[,;]?\s*(?:(?:là )?(?:cơ quan |đơn vị )?chủ trì,?\s+(?:và\s+)?)?(?<!\w)phối hợp(?: chặt chẽ)?"
    r"(?:,? (?:cùng )?với| cùng(?: với)?)?\s+(?!thực hiện)"
)
_SUPPORTS = re.compile(
    r"(?:cơ quan |đơn vị )?phối hợp(?: thực hiện)?\s*:|.*\sphối hợp(?: thực hiện)?$", re.I
)
_LABEL = re.compile(r"(?:cơ quan |đơn vị )?(?:chủ trì|phối hợp)(?: thực hiện)?\s*:\s*", re.I)


def roles_of(value: str, directory: Directory) -> tuple[list[str], list[str]]:
    """Return (leads, supporting) of what stands behind "Chủ trì:" or in a column of agencies.

    Mostly names alone; some write the roles into it: "Sở A phối hợp với Sở B", "Sở A chủ trì;
    Sở B phối hợp".
    """
    leads: list[str] = []
    supports: list[str] = []
    for part in (p.strip() for p in re.split(r";(?![^()]*\))", value)):
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
