"""The "5 rõ" of an item: rõ người, rõ việc, rõ thời gian, rõ kết quả, rõ trách nhiệm.

Common practice of the administration; what each asks of a row is our reading of it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ntmtasks.core.text import fold

_FEWEST_SYLLABLES = 5  # fewer are a heading, not an order
_TOGETHER = re.compile(r"\bphoi hop\b")


class Clear(StrEnum):
    """What must be clear about an item."""

    PERSON = "person"
    WORK = "work"
    TIME = "time"
    RESULT = "result"
    DUTY = "duty"


@dataclass(frozen=True, slots=True)
class Lead:
    """An agency that leads: proposed by us, and whether somebody there can answer for it (an officer
    in charge, a focal point or a mailbox)."""

    short_name: str
    is_proposed: bool
    is_reachable: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """What an item says; `has_time` is a day or a rhythm that somebody wrote, not the year's end."""

    text: str
    product: str
    has_time: bool
    each: bool
    leads: Sequence[Lead]
    has_support: bool


def missing(facts: Facts) -> dict[Clear, str]:
    """What is not clear yet, each with what is missing in words; empty where all five are clear."""
    found = {
        Clear.PERSON: _person(facts),
        Clear.WORK: "nội dung chưa nói rõ việc"
        if len(facts.text.split()) < _FEWEST_SYLLABLES
        else "",
        Clear.TIME: "" if facts.has_time else "chưa có ngày, chu kỳ",
        Clear.RESULT: "" if facts.product.strip() else "chưa nêu sản phẩm",
        Clear.DUTY: _duty(facts),
    }
    return {clear: words for clear, words in found.items() if words}


def _person(facts: Facts) -> str:
    if not facts.leads:
        return "chưa có cơ quan chủ trì"
    silent = [lead.short_name for lead in facts.leads if not lead.is_reachable]
    if len(silent) > 2:
        return f"{len(silent)} cơ quan chủ trì chưa có người nhận"
    return f"{', '.join(silent)} chưa có người nhận" if silent else ""


def _duty(facts: Facts) -> str:
    if any(lead.is_proposed for lead in facts.leads):
        return "chủ trì mới là đề xuất"
    if len(facts.leads) > 1 and not facts.each:
        return f"{len(facts.leads)} cơ quan cùng chủ trì"
    if facts.leads and not facts.has_support and _TOGETHER.search(fold(facts.text)):
        return "có “phối hợp” nhưng chưa có đơn vị phối hợp"
    return ""
