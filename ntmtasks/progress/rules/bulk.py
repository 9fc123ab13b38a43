"""One act on many tasks of the board."""

from enum import StrEnum


class BulkFault(StrEnum):
    """Why one of many tasks was left as it is."""

    CHANGED = "changed"
    NOT_UNDER_WAY = "not_under_way"
    NO_PART = "no_part"
    OWN = "own"
    REPORTED = "reported"
    ROUTINE = "routine"
    SAME_OFFICER = "same_officer"
    SAME_DAY = "same_day"
    URGED = "urged"
