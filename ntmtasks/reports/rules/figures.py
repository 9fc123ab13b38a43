"""Figures as officers write them: "1.356.994", "12,5", "1 250"."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ntmtasks.core.text import fold

_SHAPE = re.compile(r"[+-]?\d[\d.,]*")
MOST_DIGITS = 18


def read_number(written: str) -> Decimal:
    """The number in a text: dots or blanks part thousands, a comma the decimals, as in Vietnamese. What
    can only be meant the English way ("1,356.5", "12.5") is read so. Raises ValueError for all else.
    """
    text = re.sub(r"\s|\u2019|'", "", written).removesuffix("%").replace("\u2212", "-")
    if not _SHAPE.fullmatch(text) or sum(c.isdigit() for c in text) > MOST_DIGITS:
        raise ValueError(written)
    sign, digits = ("-", text[1:]) if text[0] == "-" else ("", text.removeprefix("+"))
    whole, decimals = _parted(digits)
    if decimals and not decimals.isdigit():
        raise ValueError(written)
    return Decimal(f"{sign}{_joined(whole, written)}.{decimals or 0}").normalize() + Decimal(0)


def _parted(digits: str) -> tuple[str, str]:
    """What stands before and behind the mark of the decimals."""
    dot, comma = digits.rfind("."), digits.rfind(",")
    if comma > dot >= 0 or (comma >= 0 and dot < 0 and digits.count(",") == 1):
        return digits[:comma], digits[comma + 1 :]
    is_english = dot > comma >= 0 or (digits.count(".") == 1 and len(digits) - dot - 1 != 3)
    return (digits[:dot], digits[dot + 1 :]) if dot >= 0 and is_english else (digits, "")


def _joined(whole: str, written: str) -> str:
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(g) != 3 for g in groups[1:])):
        raise ValueError(written)
    return "".join(groups)


def write_number(value: Decimal) -> str:
    """1.356.994,5"""
    whole, _, decimals = f"{abs(value):,f}".partition(".")
    decimals = decimals.rstrip("0")
    sign = "-" if value < 0 else ""
    return sign + whole.replace(",", ".") + (f",{decimals}" if decimals else "")


def change_words(change: Decimal | None, unit: str) -> str:
    """ "tăng 2 xã", "giảm 1,5 %", "không đổi" since the last report; "" where there was none."""
    if change is None:
        return ""
    if change == 0:
        return "không đổi"
    words = f"{'tăng' if change > 0 else 'giảm'} {write_number(abs(change))}"
    return f"{words} {unit}".strip()


@dataclass(frozen=True)
class Kept:
    """A figure of a report being written: `value` is None where none was typed yet, `version` 0 where
    nothing is stored, `previous` what the last report said."""

    label: str
    unit: str
    value: Decimal | None
    version: int = 0
    previous: Decimal | None = None


def carried(stored: Sequence[Kept], last: Iterable[Kept], proposed: Iterable[Kept]) -> list[Kept]:
    """The figures to show: those of the last report in its order, then what is proposed and stored
    besides. `last` holds what they were in `previous`; the same label is the same figure, however it
    is capitalised."""
    found: dict[str, Kept] = {}
    for each in (*last, *proposed, *stored):
        before = found.get(fold(each.label))
        if before is not None and each.previous is None:
            each = Kept(each.label, each.unit, each.value, each.version, before.previous)
        found[fold(each.label)] = each
    return list(found.values())
