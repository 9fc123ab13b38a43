"""Plain text: which characters its bytes mean."""

from typing import Any

from ntmtasks.core.text import nfc
from ntmtasks.intake.rules.documents import legacy
from ntmtasks.intake.rules.documents.child import answer
from ntmtasks.intake.rules.documents.extract import Extract
from ntmtasks.intake.rules.documents.kinds import NOT_A_DOCUMENT, STRANGE_LETTERS, Unreadable

_NONSENSE = 0.4  # below this share of Vietnamese syllables nobody can read the text


def run(arguments: dict[str, Any], content: bytes) -> bytes:
    """Read a plan from a text file; called in the child process."""
    return answer(read_text, arguments, content)


def read_text(content: bytes) -> Extract:
    """Return the text of a file; raises Unreadable for what is no text."""
    return Extract(nfc(decode(content)))


def decode(content: bytes) -> str:
    """Return the text of a file as Unicode; raises Unreadable for what is no text.

    UTF-8 and UTF-16 are told by their form; among the encodings of one byte a letter (and text in
    UTF-8 with damaged bytes) the one wins that gives the most Vietnamese syllables.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return to_unicode(content.decode("utf-16", errors="replace"))
    if b"\x00" in content:
        return _without_mark(content)
    try:
        return to_unicode(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        bare = content.decode("latin-1")
        guesses = [
            content.decode("utf-8-sig", errors="replace"),
            nfc(content.decode("cp1258", errors="replace")),
            *(encoding.to_unicode(bare) for encoding in legacy.Encoding),
        ]
        return to_unicode(max(guesses, key=lambda text: legacy.plausibility(text) or 0))


def to_unicode(text: str) -> str:
    """Return a text of TCVN3 or VNI as Unicode, any other as it is.

    Raises Unreadable where hardly a word is Vietnamese in any of them.
    """
    encoding = legacy.detect(text)
    if encoding is not None:
        return encoding.to_unicode(text)
    likely = legacy.plausibility(text)
    if likely is not None and likely < _NONSENSE:
        raise Unreadable(STRANGE_LETTERS)
    return text


def _without_mark(content: bytes) -> str:
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content.decode(encoding, errors="replace")
        if (legacy.plausibility(text) or 0) > 0.8:
            return text
    raise Unreadable(NOT_A_DOCUMENT)
