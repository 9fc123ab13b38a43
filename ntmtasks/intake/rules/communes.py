"""Tables that list communes, and amounts of money."""

import re
from collections.abc import Iterable, Iterator

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import label_kind
from ntmtasks.intake.rules.blocks import Row, Table
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.parts import CommuneReading

_VILLAGES = re.compile(
    r"(?P<communes>[^;]+?)\s*[,–-]\s*(?:huyện|thị xã|thành phố|quận)\s+(?P<district>[^,;–]+)"
)


def commune_rows(tables: Iterable[Table]) -> tuple[CommuneReading, ...]:
    """Return the communes that an annex lists, with level, commitment and deadline.

    The level stands in a cell merged over several rows; it holds until the next one.
    """
    found: list[CommuneReading] = []
    for table in tables:
        roles: dict[int, str] = {}
        level: str | None = None
        for row in table.rows:
            header = commune_columns(row)
            if header:
                roles = header
                continue
            if not roles:
                continue
            text = " ".join(c.text for i, c in enumerate(row.cells) if roles.get(i) is None)
            level = _level(text) or level
            when = next((c.text for i, c in enumerate(row.cells) if roles.get(i) == "time"), "")
            found += _communes(row, roles, level, when)
    return tuple(found)


def commune_columns(row: Row) -> dict[int, str] | None:
    """Return the roles of the columns of a header that promises communes, or None."""
    roles: dict[int, str] = {}
    for i, cell in enumerate(row.cells):
        folded = fold(cell.text)
        if re.match(r"(cac )?xa\b.*dang ky", folded):
            roles[i] = "registered"
        elif re.match(r"(cac )?xa\b.*phan dau", folded):
            roles[i] = "striving"
        elif label_kind(cell.text) == "time":
            roles[i] = "time"
    return roles if {"registered", "striving"} & set(roles.values()) else None


def _level(text: str) -> str | None:
    folded = fold(text)
    if "kieu mau" in folded:
        return "model"
    return "advanced" if "nang cao" in folded else None


def _communes(
    row: Row, roles: dict[int, str], level: str | None, when: str
) -> Iterator[CommuneReading]:
    for i, cell in enumerate(row.cells):
        commitment = roles.get(i)
        if commitment not in ("registered", "striving") or level is None:
            continue
        for m in _VILLAGES.finditer(cell.text):
            names = re.split(r",|;|\bvà\b", re.sub(r"\b[Xx]ã\b|^\s*-\s*", " ", m["communes"]))
            for name in (" ".join(n.split()).strip(" -") for n in names):
                if name:
                    yield CommuneReading(
                        name,
                        m["district"].strip(" .-"),
                        "model" if level == "model" else "advanced",
                        "registered" if commitment == "registered" else "striving",
                        read_phrase(when) if when else None,
                    )


_AMOUNT = re.compile(r"([\d.,]*\d)\s*((?:triệu|tỷ|tỉ|nghìn|ngàn)?\s*đồng)")


def amount(text: str) -> tuple[int, str] | None:
    """Return (number, unit) of an amount such as "1.356.994 triệu đồng", or None.

    Points part thousands. A fraction ("1,5 tỷ đồng") has no integer in its unit and gives None.
    """
    m = _AMOUNT.search(text)
    if not m or "," in m[1]:
        return None
    return int(m[1].replace(".", "")), " ".join(m[2].split())
