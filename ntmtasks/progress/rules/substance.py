"""Whether a report says something that can be checked, or only that one tries."""

import re

from ntmtasks.core.text import nfc

TRYING = (
    "tăng cường",
    "đẩy mạnh",
    "tích cực",
    "chú trọng",
    "quan tâm",
    "phát huy",
    "quyết liệt",
    "chủ động",
)
"""Words of effort with which reports fill up (the complaint that domain.md, section 2, answers)."""
_NUMBER = re.compile(r"\d")
_TRYING = re.compile(rf"\b({'|'.join(TRYING)})\b", re.IGNORECASE)


def has_number(text: str) -> bool:
    """Whether a text names any number."""
    return _NUMBER.search(text) is not None


def bare_words(text: str, figure: str, has_product: bool) -> str:
    """The first word of effort in a report without any number and without a product, else ''.

    `has_product`: a file or a document came with it. A reason to ask back, never to refuse.
    """
    if has_product or has_number(text) or has_number(figure):
        return ""
    found = _TRYING.search(nfc(text))
    return found.group().lower() if found else ""
