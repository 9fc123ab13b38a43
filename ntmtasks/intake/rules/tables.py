"""Tables that hold work (lead, supporting, time) and tables that list communes."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from ntmtasks.agencies.rules import Directory
from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import label_kind
from ntmtasks.intake.rules.deadlines import find_deadline
from ntmtasks.intake.rules.due_dates import read_phrase
from ntmtasks.intake.rules.duties import roles_of
from ntmtasks.intake.rules.items import is_quarter_four, task_kind
from ntmtasks.intake.rules.layout import Row, Table
from ntmtasks.intake.rules.naming import split_names
from ntmtasks.intake.rules.parts import AgencyMention, CommuneReading, ItemReading, Role

_CONTENT = re.compile(
    r"(ten |noi dung |danh muc |cac )*(nhiem vu|noi dung|cong viec|hoat dong|giai phap|"
    r"nhiem vu giai phap|"
    r"noi dung cong viec|noi dung nhiem vu|noi dung thuc hien|nhiem vu cu the|ten nhiem vu)\b.*"
)


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; -1 where the table has none of the kind."""

    content: int
    lead: int = -1
    support: int = -1
    time: int = -1
    product: int = -1


def task_columns(row: Row) -> Columns | None:
    """Return the columns of a header row of a work table, or None for any other row.

    A table holds work where it has a column of tasks and one that says who or when.
    """
    found: dict[str, int] = {}
    for i, cell in enumerate(row.cells):
        kind = label_kind(cell.text)
        folded = fold(cell.text)
        if kind in ("lead", "support", "time", "product"):
            found.setdefault(kind, i)
        elif "chu tri" in folded and "phoi hop" not in folded:
            found.setdefault("lead", i)
        elif _CONTENT.fullmatch(folded.replace(",", "").replace("/", " ")):
            found.setdefault("content", i)
    if "content" not in found or not ("lead" in found or "time" in found):
        return None
    if _commune_columns(row):
        return None  # a list of places with a date is no list of work
    return Columns(**found)


def table_items(
    table: Table, prefix: str, directory: Directory, year: int | None, taken: set[str]
) -> Iterator[tuple[Row, ItemReading | None]]:
    """Yield each row with the item it holds, or None for headers and group rows."""
    columns: Columns | None = None
    for row in table.rows:
        header = task_columns(row)
        if header:
            columns = header
            yield row, None
            continue
        item = _row_item(row, columns, prefix, directory, year) if columns else None
        if item and item.path in taken:
            item = None if not item.label else _renamed(item, taken)
        if item:
            taken.add(item.path)
        yield row, item


def _renamed(item: ItemReading, taken: set[str]) -> ItemReading:
    """Return the item under a path of its own: a second table counts from 1 again."""
    path = next(p for k in range(2, 100_000) if (p := f"{item.path}({k})") not in taken)
    return replace(item, path=path)


def _row_item(
    row: Row, columns: Columns, prefix: str, directory: Directory, year: int | None
) -> ItemReading | None:
    def cell(i: int) -> str:
        return row.cells[i].text if 0 <= i < len(row.cells) else ""

    label = cell(0).rstrip(".)") if columns.content > 0 else ""
    text = cell(columns.content)
    said = [cell(columns.lead), cell(columns.support), cell(columns.time)]
    if not text or not re.fullmatch(r"\d{1,3}(?:\.\d{1,3})*", label) or not any(said):
        return None
    leads, partners = roles_of(said[0], directory)
    deadline = read_phrase(said[2], year) if said[2] else find_deadline(text, year)
    return ItemReading(
        path=f"{prefix}.{label}" if prefix else label,
        label=label,
        text=text,
        kind="task",
        agencies=(
            *_mentions(leads, "lead", directory),
            *_mentions([*partners, *split_names(said[1], directory)], "supporting", directory),
        ),
        deadline=deadline,
        task_kind=task_kind(text, deadline),
        quarter_four=is_quarter_four(deadline),
        product=cell(columns.product),
        start=row.start,
        end=row.end,
    )


def _mentions(names: list[str], role: Role, directory: Directory) -> Iterator[AgencyMention]:
    for name in dict.fromkeys(names):
        yield AgencyMention(name, role, directory.match(name))


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
            header = _commune_columns(row)
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


def _commune_columns(row: Row) -> dict[int, str] | None:
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
