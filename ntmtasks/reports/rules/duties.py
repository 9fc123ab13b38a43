"""Which reports an item of a plan asks for, by its own words."""

import re
from collections.abc import Collection

from ntmtasks.core.text import fold
from ntmtasks.reports.rules.periods import PeriodKind

_RHYTHMS = {"monthly", "quarterly", "yearly"}
_PERIODIC = re.compile(r"\bbao cao dinh ky\b")
_APPRAISAL = re.compile(r"\bbao cao tham dinh\b")
_BOARD = re.compile(r"\bcho (Ban Chỉ đạo\b[^.;,]*?\b(?:thành phố|tỉnh))\b")


def says_rhythm(recurrence: Collection[str]) -> bool:
    """Whether an item wants reports each month, quarter and year."""
    return set(recurrence) >= _RHYTHMS


def asks_for_summary(text: str) -> bool:
    """Whether an item wants periodic reports without saying how often: whoever gathers the others' does
    so as often as they come."""
    return _PERIODIC.search(fold(text)) is not None


def asks_for_appraisal(text: str) -> bool:
    """Whether an item wants a report of an appraisal (IV.3.-5 of plan 108: "báo cáo thẩm định các tiêu
    chí"); it is made once, for the year's recognition."""
    return _APPRAISAL.search(fold(text)) is not None


def board_named(text: str) -> str:
    """The steering board that a summary is for, as written; '' where none is named."""
    found = _BOARD.search(text)
    return found[1] if found else ""


APPRAISAL_KINDS = (PeriodKind.YEAR,)
