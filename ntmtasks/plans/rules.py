"""States of a plan and of what the reader found in it."""

from enum import StrEnum


class PlanState(StrEnum):
    """`draft`: being reviewed; `issued`: its items are tasks; `closed`: its year is over."""

    DRAFT = "draft"
    ISSUED = "issued"
    CLOSED = "closed"


class FindingState(StrEnum):
    """`accepted`: the plan is right as it is; `fixed`: the tasks were mended; `noted`: to be asked."""

    OPEN = "open"
    ACCEPTED = "accepted"
    FIXED = "fixed"
    NOTED = "noted"
