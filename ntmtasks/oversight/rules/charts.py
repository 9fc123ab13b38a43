"""The geometry of our pictures: percent of a width, so that they fit any screen and any paper."""

from dataclasses import dataclass

from ntmtasks.tasks.rules import Counters, DeadlineClass

ORDER = (
    DeadlineClass.OVERDUE,
    DeadlineClass.DUE_SOON,
    DeadlineClass.IN_TIME,
    DeadlineClass.NO_DEADLINE,
    DeadlineClass.SUBMITTED,
    DeadlineClass.DONE_ON_TIME,
    DeadlineClass.DONE_LATE,
)
"""From left to right: what is late first, what is done last."""


@dataclass(frozen=True)
class Part:
    """A piece of a bar, in percent of the width of its picture."""

    name: str
    number: int
    x: float
    width: float

    @property
    def middle(self) -> float:
        """Where its number stands."""
        return round(self.x + self.width / 2, 2)


def stacked(counters: Counters, most: int) -> list[Part]:
    """The boxes of some counters as one bar, as long as their total is of `most` ≥ 1; empty boxes are
    left out."""
    parts, before = [], 0
    for name in ORDER:
        number = counters[name.value]
        if number:
            x, width = 100 * before / most, 100 * number / most
            parts.append(Part(name.value, number, round(x, 2), round(width, 2)))
        before += number
    return parts
