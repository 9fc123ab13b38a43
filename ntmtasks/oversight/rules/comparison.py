"""When the numbers of an agency are enough to rank it beside others."""

from collections.abc import Sequence
from fractions import Fraction

FEWEST_JUDGED = 5
"""Below so many obligations that can be judged there is no rank: one of them alone would move the rate by
more than 20 points, and who has two tasks of which one is late would stand behind everybody."""

FEWEST_RANKED = 3
"""Below so many agencies with enough to judge nobody has a rank: to be the first of one says nothing."""


def ranks(records: Sequence[tuple[int, int]]) -> list[int | None]:
    """The rank of each of these records of (done on time, judged), the best rate first, equal rates
    equal; None where there is too little to judge, for everybody where hardly anybody can be."""
    rates = [Fraction(*each) if is_enough(each[1]) else None for each in records]
    counted = sorted((rate for rate in rates if rate is not None), reverse=True)
    if len(counted) < FEWEST_RANKED:
        return [None] * len(rates)
    return [None if rate is None else counted.index(rate) + 1 for rate in rates]


def is_enough(judged: int) -> bool:
    """Whether so many obligations allow a rank."""
    return judged >= FEWEST_JUDGED
