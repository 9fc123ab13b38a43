"""Guest links: who may make one, how long it lives, when its page takes something, how it is signed."""

from ntmtasks.accounts.rules import Role
from ntmtasks.core import tokens
from ntmtasks.progress.rules.rights import Person, Work
from ntmtasks.tasks.rules import SPEAKERS, TRANSITIONS, Act, Phase, WorkState

LIVES = (7, 14, 30, 90)
"""Days, by the true clock, that a link may live."""
DEFAULT_LIFE = 14
MOST_ACTIVE = 5
"""So many links of one assignment may live at a time."""
MOST_GUESSES = 20
"""Addresses that are no link of ours, from one source within the throttle's window."""
MOST_POSTS = 10
"""Forms sent through one link within the throttle's window."""

_PURPOSE = "guest-link"


def may_link(person: Person, work: Work) -> bool:
    """The coordinator for any agency, and whoever speaks for the own one; the same people revoke."""
    own = person.agency_id == work.agency_id and person.role in SPEAKERS
    return own or person.role is Role.COORDINATOR


def takes_reports(phase: Phase, state: WorkState) -> bool:
    """Whether guests may report on work in this state of a task in this phase."""
    return phase is Phase.ISSUED and state in TRANSITIONS[Act.PROGRESS].before


def signed(nonce: str, secret: str) -> str:
    """The token of a guest link, made of a nonce."""
    return tokens.signed(_PURPOSE, nonce, secret)


def is_ours(token: str, secret: str) -> bool:
    """Whether this instance made the token of a guest link."""
    return tokens.is_ours(_PURPOSE, token, secret)
