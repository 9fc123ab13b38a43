"""The header of a work table: which column holds what.

A header may take two rows ("Cơ quan thực hiện" above "Chủ trì" and "Phối hợp"); the second comes
with empty cells where the first spans it, or with those two cells alone.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ntmtasks.core.text import fold
from ntmtasks.intake.rules.attributes import label_kind
from ntmtasks.intake.rules.blocks import Row
from ntmtasks.intake.rules.communes import commune_columns

_CONTENT = re.compile(
    r"(?:ten |noi dung |danh muc |cac |nhom |chi tiet )*(?:nhiem vu|noi dung|cong viec|hoat dong|"
    r"giai phap|dau viec|viec|phan viec|cong tac)\b.*"
)
# Papers and projects are work where somebody leads them.
_LED = re.compile(
    r"(?:ten |danh muc |cac )*(?:van ban|de an|du an|chuong trinh|ke hoach|mo hinh|linh vuc)\b.*"
)
_NUMBERS = re.compile(r"s?tt|so tt|so thu tu|muc|ma(?: so)?|#")
_SPANS = re.compile(r".*\b(?:thuc hien|phan cong|trach nhiem|co quan|don vi|thoi gian)\b.*")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column holds what; -1 where the table has none of the kind."""

    content: int
    lead: int = -1
    support: int = -1
    time: int = -1
    product: int = -1
    number: int = -1
    width: int = 0


def task_columns(rows: Sequence[Row], at: int) -> tuple[Columns, int] | None:
    """Return the columns of the header that begins at row ``at`` and how many rows it takes.

    None for any other row. A table holds work where it has a column of tasks and one that says
    who or when; a list of places with a date is no list of work.
    """
    names = [c.text for c in rows[at].cells]
    if len(names) < 2 or any(len(n) > 80 for n in names):
        return None
    below = [c.text for c in rows[at + 1].cells] if at + 1 < len(rows) else []
    if _is_second_row(names, below):
        columns = _columns(_merged(names, below))
        if columns and not commune_columns(rows[at]):
            return columns, 2
    columns = _columns(names)
    return (columns, 1) if columns and not commune_columns(rows[at]) else None


def heads_numbers(name: str) -> bool:
    """Tell whether a cell heads the column of numbers ("STT", "TT", "Mục")."""
    return _NUMBERS.fullmatch(fold(name).strip(" .")) is not None


def _is_second_row(names: list[str], below: list[str]) -> bool:
    """Tell whether a row consists of headings alone, some of which say who or when."""
    filled = [n for n in below if n]
    if not 2 <= len(filled) < len(names) or any(re.match(r"\d|[IVX]+\b", n) for n in filled):
        return False
    kinds = [label_kind(n) for n in filled]
    return all(len(n) <= 40 for n in filled) and {"lead", "support"} <= set(kinds)


def _merged(names: list[str], below: list[str]) -> list[str]:
    """Return one heading a column: the lower cell where there is one."""
    if len(below) >= len(names):
        return [low or high for high, low in zip([*names, *[""] * len(below)], below, strict=False)]
    span = next((i for i, n in enumerate(names) if _SPANS.fullmatch(fold(n))), len(names))
    return [*names[:span], *below, *names[span + 1 :]]


def _columns(names: list[str]) -> Columns | None:
    found: dict[str, int] = {}
    papers = -1
    for i, name in enumerate(names):
        kind, folded = label_kind(name), re.sub(r"[,/]", " ", fold(name))
        if kind in ("lead", "support", "time", "product"):
            found.setdefault(kind, i)
        elif "chu tri" in folded:
            found.setdefault("lead", i)
        elif _CONTENT.fullmatch(" ".join(folded.split())):
            found.setdefault("content", i)
        elif _LED.fullmatch(folded):
            papers = i
        elif i == 0 and (not name or heads_numbers(name)):
            found["number"] = i
    if "content" not in found and papers >= 0 and "lead" in found:
        found["content"] = papers
    if "content" not in found or not ("lead" in found or "time" in found):
        return None
    if found["content"] == 1 and found.get("number") is None:
        found["number"] = 0
    return Columns(width=len(names), **found)
