"""Keys of programs: what one opens, and how much may be asked."""

from enum import StrEnum

MOST_GUESSES = 20
"""Tokens that are none of ours, from one address within the throttle's window."""
MOST_CALLS = 1200
"""Calls with one key within the throttle's window (5 to 10 minutes)."""


class TokenUse(StrEnum):
    """What a key is for."""

    CALENDAR = "calendar"
    API = "api"
