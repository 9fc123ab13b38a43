"""Keys in addresses and headers that open something without a login.

A token is random and signed by this instance, so that an invented one is known without asking the
database, and the database keeps its SHA-256 alone. Pure: the secret is an argument.
"""

import base64
import hashlib
import hmac
import secrets

NONCE_BYTES = 24
_NONCE_LENGTH = NONCE_BYTES * 4 // 3  # as URL-safe base64


def new(purpose: str, secret: str) -> str:
    """A token for one purpose ("calendar"); with another purpose or secret it is none of ours."""
    return signed(purpose, secrets.token_urlsafe(NONCE_BYTES), secret)


def signed(purpose: str, nonce: str, secret: str) -> str:
    """A token of `nonce` (NONCE_BYTES at random, URL-safe) with the signature of this instance."""
    return nonce + _signature(purpose, nonce, secret)


def is_ours(purpose: str, token: str, secret: str) -> bool:
    """Whether this instance made the token for this purpose at any time."""
    nonce, signature = token[:_NONCE_LENGTH], token[_NONCE_LENGTH:]
    return token.isascii() and hmac.compare_digest(signature, _signature(purpose, nonce, secret))


def hashed(token: str) -> str:
    """What the database keeps of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _signature(purpose: str, nonce: str, secret: str) -> str:
    made = hmac.digest(secret.encode(), f"{purpose}:{nonce}".encode(), "sha256")
    return base64.urlsafe_b64encode(made[:12]).decode()
