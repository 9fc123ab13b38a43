"""What stands above and below a plan's text: number, date, issuer, title, recipients, signer."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ntmtasks.core.text import CAPITALS, SMALLS, fold
from ntmtasks.intake.rules.blocks import Block, Line, Paragraph, Table
from ntmtasks.intake.rules.bodies import DEPARTMENT, tidy
from ntmtasks.intake.rules.zones import TITLES, Zones, is_foot, is_title

_NUMBER = re.compile(r"Số\s*:\s*(\d+\w?)\s*[/-]\s*([A-ZĐ][A-ZĐa-zđ\d&.\-]*(?:-[A-ZĐ&\d]+)*)")
_DATED = re.compile(
    rf"([{CAPITALS}][\w\s.-]{{1,40}}?),\s*ngày\s+(\d{{1,2}})\s+tháng\s+(\d{{1,2}})\s+năm\s+(\d{{4}})"
)
_MOTTO = re.compile(
    r"CỘNG\s+H(?:ÒA|OÀ)\s+XÃ\s+HỘI\s+CHỦ\s+NGHĨA\s+VIỆT\s+NAM|(?i:Độc\s+lập\s*[-–]\s*Tự\s+do\s*[-–]\s*Hạnh\s+phúc)"
)
# The letterhead's left side: a body of the people's committee, and whoever of it issues.
_LETTERHEAD = re.compile(
    r"(?:(?:ỦY|UỶ|UỴ)\s+BAN\s+NHÂN\s+DÂN|UBND)\s+"
    r"(?P<level>THÀNH PHỐ|TP\.?|TỈNH|HUYỆN|QUẬN|THỊ XÃ|XÃ|PHƯỜNG|THỊ TRẤN|ĐẶC KHU)\s+"
    rf"(?P<name>[{CAPITALS}][{CAPITALS}\s'-]*?)"
    rf"(?:\s+(?P<below>(?:SỞ|BAN|PHÒNG|VĂN PHÒNG|CHI CỤC|TRUNG TÂM|THANH TRA|CÔNG AN)\s[{CAPITALS}\s,&-]+?))?"
    r"\s*$"
)
_DEPARTMENT_ALONE = re.compile(rf"(?:SỞ|CÔNG AN|THANH TRA)\s[{CAPITALS}\s,&-]+$")
_TRADE = ("Công thương", "Công Thương")
_RULE = re.compile(r"[-–—_=*|.]{2,}|\|")
_ISSUER = re.compile(
    rf"(?:(?:Ủy|Uỷ) ban nhân dân|UBND) ((?:thành phố|tỉnh)\s(?:[{CAPITALS}][\w-]*\s?){{1,4}})"
)
_RANKS = re.compile(
    r"(TM|KT|TL|TUQ|Q)\.|ỦY BAN|UỶ BAN|CHỦ TỊCH|PHÓ|GIÁM ĐỐC|NHÂN DÂN|TRƯỞNG|SỞ|TỈNH|THÀNH PHỐ|"
    r"ĐÃ KÝ|\(đã ký\)|\(Đã ký\)"
)
_NAME = re.compile(rf"(?:[{CAPITALS}][{SMALLS}]+)(?:\s+[{CAPITALS}][{SMALLS}]*){{1,5}}$")


@dataclass(frozen=True, slots=True)
class Head:
    """The facts around the text; None where they were not found."""

    number: str | None
    issued_on: date | None
    issuer: str | None
    place: str | None
    title: str | None
    year: int | None
    recipients: tuple[str, ...]
    signer: str | None


def lines_of(blocks: Iterable[Block]) -> list[Line]:
    """Return the lines of paragraphs and of table cells in reading order."""
    return [x for b in blocks for x in b.lines]


def read_head(zones: Zones) -> Head:
    """Read number, date, issuer, place, title, year, recipients and signer."""
    top = " ".join(x.text for x in lines_of(zones.head))
    number = _NUMBER.search(top)
    dated = _DATED.search(top)
    issued = _safe_date(dated) if dated else None
    title = _title(zones.head)
    # A decision in front of the plan carries recipients and signature where the plan has none.
    feet = (zones.foot, _foot_above(zones.head))
    return Head(
        number=f"{number[1]}/{number[2].rstrip('.-')}" if number else None,
        issued_on=issued,
        issuer=_issuer(zones),
        place=_place(dated[1]) if dated else None,
        title=title,
        year=_year(title, top, issued),
        recipients=next((r for f in feet if (r := _recipients(lines_of(f)))), ()),
        signer=next((s for f in feet if (s := _signer(f))), None),
    )


def _safe_date(m: re.Match[str]) -> date | None:
    try:
        return date(int(m[4]), int(m[3]), int(m[2]))
    except ValueError:
        return None


def _place(written: str) -> str:
    """Return the place without what stands in front of it ("Số: …/KH-UBND Cần Thơ", the motto)."""
    words = _MOTTO.split(written)[-1].split()
    while len(words) > 1 and not re.fullmatch(
        rf"[{CAPITALS}][{SMALLS}]+(?:-[{CAPITALS}{SMALLS}]+)*", words[0]
    ):
        words.pop(0)
    return " ".join(words)


def _issuer(zones: Zones) -> str | None:
    """Return who issues: the lower body of the letterhead, else a committee that the text names."""
    lines = lines_of(zones.head)
    top = " ".join(x.text for x in lines)
    head = " ".join(_RULE.sub(" ", _MOTTO.sub(" ", _letterhead(lines))).split())
    if m := _LETTERHEAD.search(head):
        level = "thành phố" if m["level"].startswith("TP") else m["level"].lower()
        return _cased(m["below"]) if m["below"] else f"UBND {level} {m['name'].title()}"
    if _DEPARTMENT_ALONE.match(head):
        return _cased(head)
    for text in (top, " ".join(x.text for x in lines_of(zones.foot))):
        if m := _ISSUER.search(text):
            return f"UBND {m[1].strip()}"
    return None


def _letterhead(lines: list[Line]) -> str:
    """Return the capitals that stand above number, date and title."""
    kept: list[str] = []
    for line in lines:
        before, number, _ = line.text.partition("Số")
        bare = _RULE.sub("", _MOTTO.sub("", before)).strip()
        if bare and (not bare.isupper() or bare.startswith(TITLES)):
            break
        kept.append(before)
        if number:
            break
    return " ".join(kept)


def _cased(name: str) -> str:
    """Return the name of a body as running text writes it ("SỞ Y TẾ" is Sở Y tế)."""
    first, _, rest = name.partition(" ")
    if not DEPARTMENT.match(tidy(rest)):
        return name.capitalize()
    parts = (p.capitalize() for p in re.split(r"(\sVÀ\s|,\s*|\s-\s)", rest))
    return f"{first.capitalize()} {''.join(parts)}".replace(" Và ", " và ").replace(*_TRADE)


def _foot_above(head: Sequence[Block]) -> tuple[Block, ...]:
    """Return what stands from "Nơi nhận" or a signature to the title below it; () without one."""
    title = max((i for i, b in enumerate(head) if is_title(b)), default=0)
    begun = next((i for i in range(title) if is_foot(head[i])), title)
    return tuple(head[begun:title])


def _title(head: Iterable[Block]) -> str | None:
    """Return the subject below the word "KẾ HOẠCH"."""
    blocks = list(head)
    at = max((i for i, b in enumerate(blocks) if is_title(b)), default=None)
    if at is None:
        return None
    own = re.sub(r"^(KẾ HOẠCH|CHƯƠNG TRÌNH|ĐỀ ÁN|PHƯƠNG ÁN)\s*", "", blocks[at].text)
    parts = [own] if own else []
    for block in blocks[at + 1 :]:
        if not isinstance(block, Paragraph):
            break
        if parts and not (block.text.isupper() and parts[-1].isupper()):
            break
        if re.match(r"\(|[-–_]{3,}", block.text):
            break
        parts.append(block.text)
    return " ".join(parts) or None


def _year(title: str | None, top: str, issued: date | None) -> int | None:
    """Return the plan's year: the title's, unless that is a period; else the year of issue."""
    named = re.findall(r"(?i)năm\s+(20\d{2})(?!\s*[-–]\s*20)", title or "")
    if named:
        return int(named[-1])
    return issued.year if issued else None


def _recipients(foot: list[Line]) -> tuple[str, ...]:
    """Return who gets the plan; the archive line ("Lưu: …") is none."""
    text = "\n".join(x.text for x in foot)
    m = re.search(r"(?i)nơi nhận\s*:?(.*)", text, re.S)
    if not m:
        return ()
    listed = re.split(r"\n?\s*-\s*Lưu\b|\n(?=TM\.|KT\.)", m[1])[0]
    parts = re.split(r"(?:^|\n|;|\s)\s*-\s+(?=\S)", listed.replace("*", ""))
    cleaned = (" ".join(p.split()).strip(" ;.,-") for p in parts)
    return tuple(p for p in cleaned if p)


def _signer(foot: Iterable[Block]) -> str | None:
    """Return the name below the signature: the last words that look like a person's name."""
    texts = []
    for block in foot:
        if isinstance(block, Table):
            texts += [x.text for r in block.rows for x in r.cells[-1].lines] if block.rows else []
        else:
            texts.append(block.text)
    behind = [t for t in texts if not t.startswith("-")]
    for text in reversed(behind):
        ranks = list(_RANKS.finditer(text))
        name = text[ranks[-1].end() :].strip(" :./-") if ranks else text.strip()
        name = re.sub(rf"^(?:[{CAPITALS}]{{2,}}\s+)+", "", name)
        if _NAME.match(name) and not re.match("noi nhan", fold(name)):
            return name
    return None
