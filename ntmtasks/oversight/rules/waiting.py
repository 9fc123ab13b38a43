"""With whom things wait, and which."""

from enum import StrEnum


class Desk(StrEnum):
    """With whom something waits."""

    COORDINATORS = "coordinators"
    LEADERS = "leaders"
    SPEAKERS = "speakers"
    """Focal points, for what their officers did."""
    AGENCIES = "agencies"
    """Those who owe an answer."""


class Matter(StrEnum):
    """What waits."""

    COMPLETION = "completion"
    REFUSAL = "refusal"
    EXTENSION = "extension"
    EXPLANATION = "explanation"
    DIFFICULTY = "difficulty"
    REPORT = "report"
