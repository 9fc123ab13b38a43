"""Guest links: who may make one, how long it lives, when its page takes something, how it is signed."""

import base64
import hmac

from ntmtasks.accounts.rules import Role
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

NONCE_BYTES = 24
_NONCE_LENGTH = NONCE_BYTES * 4 // 3  # as URL-safe base64
_PURPOSE = b"guest-link:"


def may_link(person: Person, work: Work) -> bool:
    """The coordinator for any agency, and whoever speaks for the own one; the same people revoke."""
    own = person.agency_id == work.agency_id and person.role in SPEAKERS
    return own or person.role is Role.COORDINATOR


def takes_reports(phase: Phase, state: WorkState) -> bool:
    """Whether guests may report on work in this state of a task in this phase."""
    return phase is Phase.ISSUED and state in TRANSITIONS[Act.PROGRESS].before


def signed(nonce: str, secret: str) -> str:
    """A token of `nonce` (NONCE_BYTES at random, URL-safe) with the signature of this instance."""
    return nonce + _signature(nonce, secret)


def is_ours(token: str, secret: str) -> bool:
    """Whether this instance made the token: what is invented is known without asking the database."""
    nonce, signature = token[:_NONCE_LENGTH], token[_NONCE_LENGTH:]
    return token.isascii() and hmac.compare_digest(signature, _signature(nonce, secret))


def _signature(nonce: str, secret: str) -> str:
    made = hmac.digest(secret.encode(), _PURPOSE + nonce.encode(), "sha256")
    return base64.urlsafe_b64encode(made[:12]).decode()
