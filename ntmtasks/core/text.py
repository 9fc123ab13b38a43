"""One door for text, and the folded form in which people search.

Vietnamese comes composed or decomposed, with control characters from old Word files and with
``\\r\\n`` from browsers. Everything that is stored or compared passes :func:`nfc` first.
"""

import re
import unicodedata
from functools import lru_cache

_NEWLINES = re.compile("\r\n|\r|\x0b|\x0c|\x85|\u2028|\u2029")
# Besides C0/C1 controls: zero-width marks, direction marks and the byte order mark, which
# copied web pages carry and which nobody can see or type. Joiners inside words go as well.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]"
)
_NO_XML = re.compile("[\ufffe\uffff]")  # of what is left, all that XML 1.0 has no place for
# Letters of Vietnamese for character classes: its small and capital letters alternate in Unicode,
# so that a range such as À-Ỹ would hold both.
CAPITALS = "A-Z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.isupper())
SMALLS = "a-z" + "".join(c for c in map(chr, range(0xC0, 0x1EFA)) if c.islower())
# All blocks of combining marks that Latin letters take; a class is ten times as fast as asking
# unicodedata for each character, and folding is what search and reading do most.
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_SPACES = re.compile(r"\s+")
OPENING = "([{<\"'“”‘’«–-+*•…"
"""Signs that may stand before a word and that nobody types when looking for it."""
_OPENING = re.compile(f" [{re.escape(OPENING)}]+")


def nfc(s: str) -> str:
    """Return ``s`` in NFC with ``\\n`` line ends, without invisible or control characters.

    Tabs and newlines stay; vertical tab and form feed count as newlines (Word uses them for
    soft breaks and page breaks). Lone surrogates are dropped: no database or mail takes them.
    """
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _NEWLINES.sub("\n", s)))


def printable(s: str) -> str:
    """Return ``s`` as office files can hold it: :func:`nfc`, without what XML forbids."""
    return _NO_XML.sub("", nfc(s))


def fold(s: str) -> str:
    """Return ``s`` as people type it in a hurry: no marks, đ as d, lower case, single spaces."""
    return _fold_again(s) if len(s) <= _SHORT else _fold(s)


def _fold(s: str) -> str:
    plain = unicodedata.normalize("NFD", s.replace("đ", "d").replace("Đ", "d"))
    return _SPACES.sub(" ", _MARKS.sub("", plain).casefold()).strip()


# Reading asks for the same sentence a dozen times in a row; long texts would hold memory.
_SHORT = 2000
_fold_again = lru_cache(maxsize=512)(_fold)


def search_text(*parts: str) -> str:
    """Return the searchable form of a row: its folded parts between two spaces.

    The leading space lets ``LIKE '% token%'`` match at the beginning of any word; brackets, quotes and
    bullets before a word are left out.
    """
    return _OPENING.sub(" ", f" {fold(' '.join(parts))} ")


def like_pattern(token: str) -> str:
    """Return the LIKE pattern that finds words beginning with ``token``.

    ``%``, ``_`` and ``\\`` are escaped by a backslash, so the query needs ``ESCAPE '\\'``.
    """
    escaped = fold(token).replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"% {escaped}%"
