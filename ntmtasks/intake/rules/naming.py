"""Names of bodies in running text: where a name begins, where it ends, how a list is parted.

Vietnamese writes a name with capitals at the beginning of its parts ("Trung tâm Kiểm soát bệnh
tật tỉnh"), so its end cannot be seen by letters alone: a department's name ends where the closed
list says, any other at a word of place, at punctuation, or at a verb. Words for anybody ("các cơ
quan, đơn vị", "địa phương") are no agency unless the plan puts them where it assigns work.
"""

import re

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import CAPITALS, SMALLS, fold
from ntmtasks.intake.rules.bodies import (
    AND_MORE,
    CLOSED_LATER,
    DEPARTMENT,
    HEAD,
    INNER,
    PLACE,
    PLURAL,
    QUALIFIER,
    SOFT_VERB,
    VERB,
    tidy,
)

PREFIX = re.compile(
    r"(?:Đề nghị|Trân trọng đề nghị|Kính đề nghị|Mời|Giao cho|Giao|Yêu cầu|Phân công|"
    r"Trách nhiệm của|Đối với|Trách nhiệm|Nhiệm vụ của|Về phía)\s*:?\s+"
    r"(?:(?:các )?đồng chí\s+)?|"
    # "Đồng chí Giám đốc …", "Ông Nguyễn Văn A, Phó Chủ tịch …": the office is named, not the person.
    rf"(?:(?:Các )?[Đđ]ồng chí|Ông|Bà|Đ/c)\s+(?:(?:[{CAPITALS}][{SMALLS}]*\s+){{1,4}}[{CAPITALS}][{SMALLS}]*\s*[,–-]\s*)?"
)
_NOBODY = (
    r"(?:cap|nganh|co quan|don vi|dia phuong|to chuc|ca nhan|nguoi dan|doanh nghiep|hop tac xa|"
    r"ho kinh doanh|ho gia dinh|co so(?: san xuat| kinh doanh)*)"
)
_ANYBODY = re.compile(
    rf"(?:tat ca )?(?:cac |moi )?{_NOBODY}(?:(?:,| va|,? cac) ?{_NOBODY}|"
    r" (?:don vi|dia phuong|lien quan|co lien quan|chuc nang|khac))*"
    r"(?: (?:dong |hoat dong )?(?:tren dia ban|trong tinh|trong nuoc)(?: [a-z ]+)?)?"
)
# "Các cơ quan, đơn vị, địa phương" is the formula for the whole administration; "các đơn vị" or
# "các doanh nghiệp" alone is nobody whom the plan could give work.
_OFFICIAL = re.compile(r"\b(?:co quan|don vi|dia phuong|nganh|cap)\b")
_TOKEN = re.compile(r"(\s*(?:,\s*|/\s*|\s[-–]\s|và\s+|và(?=\s))|\s+|[-–])?([^\s,;:.()“”\"/…]+)")
_BREAK = re.compile(r"\s*(?:\([^()]*\)\s*)?[,;/]?\s*(?:(?<!\w)(?:và|cùng với|cùng|hoặc)(?!\w)\s*)?")
_SEVERAL_DEPARTMENTS = re.compile(
    r"(?:(?:Lãnh đạo|lãnh đạo|Giám đốc|giám đốc)\s+)?"
    r"(?:[Cc]ác\s+(?:[Ss]ở|(?P<sector>[Nn]gành))\s*:?|[Ss]ở\s*:)\s+"
)
_SHORT_LOOK = 60  # enough to see whether a name begins at all
_LONGEST = 1500  # characters of one list of names; what is asked for each sentence must be cheap
_ROLE_TAIL = re.compile(
    r"\s*(?:\((?:là )?(?:cơ quan |đơn vị )?(?:chủ trì|đầu mối|thường trực|phối hợp)[^()]*\)|"
    r"(?:,|\s[-–])?\s+(?:là )?(?:cơ quan |đơn vị )?(?:chủ trì|đầu mối|phối hợp)(?: thực hiện)?)$",
    re.I,
)


def is_anybody(name: str) -> bool:
    """Tell whether a phrase means just anybody ("các cơ quan, đơn vị, địa phương")."""
    return _ANYBODY.fullmatch(fold(name)) is not None


def is_everybody(name: str) -> bool:
    """Tell whether words for anybody address the whole administration, sort by sort."""
    return is_anybody(name) and len(set(_OFFICIAL.findall(fold(name)))) > 1


def starts_with_agency(text: str) -> bool:
    """Tell whether ``text`` begins with the name of a body."""
    return HEAD.match(tidy(text)) is not None


def names_at(text: str, start: int = 0) -> tuple[list[str], int]:
    """Return the names of the list that begins at ``start``, and where the list ends.

    ([], start) where no name begins there. "Các Sở: Y tế, Nội vụ" gives two names.
    """
    near = tidy(text[start : start + _SHORT_LOOK])
    if not (HEAD.match(near) or _SEVERAL_DEPARTMENTS.match(near)):
        return [], start
    names, length = _names_of(text[start : start + _LONGEST])
    return names, start + length


def _names_of(text: str) -> tuple[list[str], int]:
    t = tidy(text)
    names: list[str] = []
    end = at = 0
    while True:
        several = _departments(text, t, at)
        if several:
            found, end = several
            names += found
        elif HEAD.match(t, at):
            end = _name_end(t, at)
            names.append(text[at:end].strip())
        else:
            return names, end
        gap = _BREAK.match(t, end)
        if not gap or not gap.group().strip() or _joins_nothing(gap.group()):
            return names, end
        at = gap.end()


# Names that are whole in themselves: only a capital or a place goes on behind them.
_COMPLETE = re.compile(r"(?:(?:Thành|Tỉnh)\s(?:[Đđ]oàn|[Ủủ]y)|VNPT|Viettel|Mobi[Ff]one)(?!\w)")
_DEPARTMENT_AT = re.compile(rf"[Ss]ở\s+{DEPARTMENT.pattern}(?:\s+{PLACE.pattern})?")
_MORE_DEPARTMENTS = re.compile(r"\s*(?:,|;|(?<!\w)và(?!\w))\s*(?:[Ss]ở\s+)?")
_WITH_THEIRS = re.compile(r"\s*,\s*(?:ban|ngành|đoàn thể|đơn vị)(?!\w)")


def _joins_nothing(gap: str) -> bool:
    """Tell whether only a bracket stands between two words: it joins no names."""
    return re.fullmatch(r"\s*\([^()]*\)\s*", gap) is not None


def _departments(text: str, t: str, start: int) -> tuple[list[str], int] | None:
    """Return the departments behind "Các Sở" and where they end, or None."""
    lead = _SEVERAL_DEPARTMENTS.match(t, start)
    first = DEPARTMENT.match(t, lead.end()) if lead else None
    if not first:
        return None
    kind = "ngành" if lead and lead["sector"] else "Sở"
    names, m = [], first
    while True:
        names.append(f"{kind} {text[m.start() : m.end()]}")
        gap = _MORE_DEPARTMENTS.match(t, m.end())
        following = DEPARTMENT.match(t, gap.end()) if gap else None
        if not following or HEAD.match(t, following.start()):
            place = re.compile(r"\s+(?:tỉnh|thành phố)(?!\w)").match(t, m.end())
            return names, place.end() if place else m.end()
        m = following


def _name_end(t: str, start: int) -> int:
    """Return where the name that begins at ``start`` of a tidy text ends."""
    head = HEAD.match(t, start)
    at = head.end() if head else start
    many = PLURAL.match(t, start) is not None
    if known := _DEPARTMENT_AT.match(t, start):
        return known.end()
    complete = _COMPLETE.match(t, start) is not None
    while not QUALIFIER.match(t, at):
        token = _TOKEN.match(t, at)
        if (
            token
            and complete
            and not (t[token.start(2)].isupper() or PLACE.match(t, token.start(2)))
        ):
            break
        if not token or not _goes_on(t, token, many):
            break
        if place := PLACE.match(t, token.start(2)):
            at = place.end()
            if not _WITH_THEIRS.match(t, at):
                break
            continue
        many = many or PLURAL.match(t, token.start(2)) is not None
        more = AND_MORE.match(t, token.start(2)) or INNER.match(t, token.start(2))
        at = more.end() if more else token.end()
    while qualifier := QUALIFIER.match(t, at):
        at = qualifier.end()
    return at


def _goes_on(t: str, token: re.Match[str], many: bool) -> bool:
    """Tell whether a name goes on with this token."""
    joint, at = (token[1] or "").strip(), token.start(2)
    capital = t[at].isupper() or t[at].isdigit()
    if joint in (",", "/", "và") and HEAD.match(t, at):
        return False
    if VERB.match(t, at) and not capital:
        return False
    if SOFT_VERB.match(t, at) and not capital:
        return CLOSED_LATER.match(t, at) is not None or INNER.match(t, at) is not None
    if joint in ("", "-", "–"):
        return True
    if AND_MORE.match(t, at) and many:
        return True
    if INNER.match(t, at):
        return True
    if joint == "và":
        return capital or not many
    return capital and not many


def split_names(text: str, directory: Directory) -> list[str]:
    """Return the agencies of a list that holds nothing else (a label's value, a cell), as written.

    A comma or "và" parts two names only where the next word begins a name, since names contain
    both ("Sở Văn hóa, Thể thao và Du lịch"). A phrase that the directory lists, spelled exactly
    so, as a group stays whole.
    """
    text = text.strip(" .;:,-")
    if any(text in (g.name, *g.aliases) for g in directory.groups):
        return [text]
    names: list[str] = []
    for part in _parts(text):
        several = _departments(part, tidy(part), 0)
        if several and several[1] >= len(part.rstrip()):
            names += several[0]
            continue
        names += _listed(part)
    cleaned = (_ROLE_TAIL.sub("", n.strip(" .;:,-")).strip() for n in names)
    return [n for n in cleaned if n]


def _parts(text: str) -> list[str]:
    """Return the parts between semicolons outside brackets; departments behind a colon stay."""
    return [p for p in re.split(r";(?![^()]*\))", text) if p.strip()]


_JOINT = re.compile(r"\s*(?:,|(?<!\w)và(?!\w)|\bcùng với\b|/)\s*|\s+[-–+]\s+|(?P<line>\s+)")
# Before a mere space, which a cell's next paragraph leaves, only these end a name for sure.
_CLOSED = re.compile(
    rf"(?:Các\s)?[Ss]ở\s+{DEPARTMENT.pattern}|.*\s(?:tỉnh|thành phố|huyện|cấp (?:xã|huyện))"
)


def _listed(text: str) -> list[str]:
    t = tidy(text)
    names: list[str] = []
    start = seen = depth = 0
    for m in _JOINT.finditer(t):
        if m.start() < start or (m["line"] and not _ends_line(t, start, m)):
            continue
        depth += t.count("(", seen, m.start()) - t.count(")", seen, m.start())
        seen = m.start()
        if depth > 0 or not HEAD.match(t, m.end()):
            continue
        names.append(text[start : m.start()])
        start = m.end()
        if several := _departments(text, t, start):
            names += several[0]
            start = seen = several[1]
    names.append(text[start:])
    return names


def _ends_line(t: str, start: int, gap: re.Match[str]) -> bool:
    return (
        t[gap.end() : gap.end() + 1].isupper()
        and _CLOSED.fullmatch(t, start, gap.start()) is not None
    )


# What a heading says of a body's standing: "Sở Y tế - Cơ quan thường trực Ban Chỉ đạo".
_STANDING = re.compile(
    r"\s*(?:\((?:là )?(?:cơ quan|đơn vị|thường trực|sau đây|gọi|viết)[^()]*\)|"
    r"(?:\s[-–]|,)\s*(?:cơ quan|đơn vị) (?:thường trực|đầu mối|chủ trì)[^;:,.()]{0,80})\s*:?$",
    re.I,
)
# Bodies named by what they are for, in words that no list holds and with commas among them.
_FOR_A_PURPOSE = re.compile(
    r"(?:Ban (?:[Cc]hỉ đạo|[Đđ]iều hành|[Vv]ận động)|Hội đồng|Tổ công tác|[Cc]ác|Chủ (?:đầu tư|rừng))\s"
)
# Committees told apart by what their places have: "UBND các xã, phường có tài nguyên du lịch".
_OF_SOME_PLACES = re.compile(r"(?:UBND|Ủy ban nhân dân)\s.*?\s(?:có|nơi|thuộc|vùng|trong|tại)\s")
_OF_PURPOSE = re.compile(
    r"(?<!\w)(?:về|đổi mới(?: sáng tạo)?|ứng dụng|thuộc|trong|tại|có(?! (?:trách|nhiệm vụ|kế hoạch|"
    r"ý kiến|văn bản|giải pháp|biện)))(?!\w)"
)
_DUTY = re.compile(rf"(?<!\w)(?:{VERB.pattern}|{SOFT_VERB.pattern})|:|\.\s")


def _names_whole(text: str, end: int) -> bool:
    """Tell whether a heading goes on as one long name where a sentence's name would have ended."""
    t = tidy(text)
    if not (_FOR_A_PURPOSE.match(t) or _OF_SOME_PLACES.match(t)) or end == 0:
        return False
    rest = _OF_PURPOSE.sub(" ", t[end:])
    return len(t) <= 160 and _DUTY.search(rest) is None


def heading_agencies(heading: str, directory: Directory) -> list[str]:
    """Return the agencies that a heading consists of ("Đề nghị: Hội Nông dân tỉnh, …"), or []."""
    text = heading.strip()
    if prefix := PREFIX.match(text):
        text = text[prefix.end() :]
    text = _STANDING.sub("", text)
    anybody, colon, named = text.partition(": ")
    if colon and is_anybody(anybody):
        text = named  # "Các đơn vị: Bưu điện tỉnh, VNPT"
    text = text.strip(" :.;")
    if not HEAD.match(tidy(text)) or len(text) > 250:
        return []
    known = directory.match(text)
    names, end = names_at(text)
    if text[end:].strip(" :.;,") and not known:
        ends = heading.rstrip().endswith((".", ";"))  # a sentence whose verb no list holds
        return split_names(text, directory) if not ends and _names_whole(text, end) else []
    return split_names(text, directory) if known else names
