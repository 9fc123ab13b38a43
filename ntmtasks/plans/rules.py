"""States of a plan and kinds of its clauses."""

from enum import StrEnum


class PlanState(StrEnum):
    """`draft`: being reviewed; `issued`: its items are tasks; `closed`: its year is over."""

    DRAFT = "draft"
    ISSUED = "issued"
    CLOSED = "closed"
