"""What was not read of a file, by reason and with its beginning, so that a person can judge it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ntmtasks.intake.rules.parts import LeftOut

_SHOWN = 1_200  # characters of one reason that are kept with a plan; its file is kept anyway
_PAGE = re.compile(r" \(trang \d+\)$")
# What every page carries, or what points elsewhere: nothing to do stands there.
_HARMLESS = (
    "số trang",
    "đầu trang",
    "chân trang",
    "đầu bảng lặp lại",
    "trang trắng",
    "chú thích",
    "dòng ghi nguồn",
)


@dataclass(frozen=True, slots=True)
class Omission:
    """All pieces left out for one reason: how many, how many characters, how they begin.

    ``weighs`` tells that work may stand in them.
    """

    reason: str
    count: int
    length: int
    text: str
    weighs: bool

    def to_json(self) -> dict[str, Any]:
        """Return the object that is kept with the plan."""
        return {
            "reason": self.reason,
            "count": self.count,
            "length": self.length,
            "text": self.text,
            "weighs": self.weighs,
        }


def omissions(left_out: Iterable[LeftOut]) -> list[Omission]:
    """Return what was left out by reason, first what weighs."""
    pieces: dict[str, list[str]] = {}
    for left in left_out:
        pieces.setdefault(_PAGE.sub("", left.reason), []).append(left.text)
    found = [_omission(reason, texts) for reason, texts in pieces.items()]
    return sorted(found, key=lambda o: not o.weighs)


def _omission(reason: str, texts: list[str]) -> Omission:
    whole = " · ".join(dict.fromkeys(t[: _SHOWN + 1] for t in texts))
    beginning = whole if len(whole) <= _SHOWN else whole[:_SHOWN].rsplit(" ", 1)[0] + " …"
    length = sum(len(t) for t in texts)
    return Omission(reason, len(texts), length, beginning, not reason.startswith(_HARMLESS))
