"""Status pages: what they may show, how long they live, the picture of their address."""

from datetime import timedelta
from enum import StrEnum

import segno

LIVES = (7, 30, 90, 180, 366)
"""Days, by the true clock, that a page may live; it may be given more before it has ended."""
DEFAULT_LIFE = 180
MOST_GUESSES = 20
"""Addresses that open nothing, from one source within the throttle's window."""
COUNT_EVERY = timedelta(minutes=1)
"""So often the number of views is written at most."""
REFRESH_SECONDS = 60
"""So often an open page looks for news."""
TURN_SECONDS = 15
"""So long a block stands on the wall."""
PURPOSE = "status"
"""Of the tokens in their addresses (core.tokens)."""


class Block(StrEnum):
    """What a status page may show, in the order in which it stands there."""

    COUNTERS = "counters"
    AGES = "ages"
    OLDEST = "oldest"
    AGENCIES = "agencies"
    NEXT = "next"
    REPORTS = "reports"
    COMMUNES = "communes"


class SubjectKind(StrEnum):
    """What a status page may be about; an area is a district or a commune."""

    PLAN = "plan"
    AGENCY = "agency"
    AREA = "area"


def offered(kind: SubjectKind, has_work: bool, has_communes: bool) -> list[Block]:
    """The blocks that say something about a subject: `has_work` where an agency or a plan has the
    obligations, `has_communes` where plans may want its communes recognised."""
    apart = {Block.AGENCIES} if kind is not SubjectKind.PLAN else set()
    work = [each for each in Block if each is not Block.COMMUNES and each not in apart]
    return (work if has_work else []) + ([Block.COMMUNES] if has_communes else [])


def qr_code(address: str) -> tuple[int, str]:
    """An address as a QR code: the width in modules with its quiet border, and the SVG path of the dark
    ones, a rectangle for each run of a row."""
    border = 4
    path = []
    matrix = segno.make(address, error="m", micro=False).matrix
    for y, row in enumerate(matrix, border):
        start = None
        for x, dark in enumerate([*row, 0], border):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start} {y}h{x - start}v1h-{x - start}z")
                start = None
    return len(matrix) + 2 * border, "".join(path)
