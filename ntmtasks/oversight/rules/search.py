"""What people look for: the words of a search, and where they stand in a text."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ntmtasks.core.text import OPENING, fold, nfc

MOST_TERMS = 10
SNIPPET = 240
_BEFORE = 60
_TERM = re.compile(r'(-?)(?:["“”]([^"“”]*)["“”]|([^\s"“”]+))')


class Kind(StrEnum):
    """What is found, in the order of the page."""

    TASK = "task"
    CLAUSE = "clause"
    COMMENT = "comment"
    REPORT = "report"
    AGENCY = "agency"
    AREA = "area"


@dataclass(frozen=True)
class Term:
    """A word, or several in quotes that stand side by side; `is_excluded`: what has it is left out."""

    text: str
    is_excluded: bool = False

    @property
    def folded(self) -> str:
        """As people type it in a hurry."""
        return fold(self.text)


def read_query(q: str) -> tuple[Term, ...]:
    """The terms of what was typed: words, "words side by side", -without; at most MOST_TERMS."""
    found = (
        Term(quoted or word, minus == "-") for minus, quoted, word in _TERM.findall(nfc(q).strip())
    )
    return tuple(term for term in found if term.folded.strip("-"))[:MOST_TERMS]


def wanted(terms: Collection[Term]) -> list[Term]:
    """Those that a text must have."""
    return [term for term in terms if not term.is_excluded]


def left_out(terms: Collection[Term]) -> list[Term]:
    """Those that a text must not have."""
    return [term for term in terms if term.is_excluded]


def fits(terms: Collection[Term], searchable: str) -> bool:
    """Whether a row's `core.text.search_text` has each term at the beginning of a word and nothing that
    is left out; the twin of the query's LIKE."""
    return all((f" {term.folded}" in searchable) is not term.is_excluded for term in terms)


def is_as_typed(terms: Collection[Term], text: str) -> bool:
    """Whether a text has all terms with the marks that they were typed with."""
    lower = f" {' '.join(nfc(text).casefold().split())}"
    return all(
        re.search(rf"(?<!\w){re.escape(term.text.casefold())}", lower) for term in wanted(terms)
    )


def snippet(text: str, terms: Collection[Term]) -> list[tuple[str, bool]]:
    """A piece of a text around the first term, cut into pieces that say whether they were looked for."""
    flat = " ".join(nfc(text).split())
    hits = _hits(flat, terms)
    begin = hits[0][0] - _BEFORE if hits and hits[0][1] > SNIPPET else 0
    begin = flat.find(" ", begin) + 1 if begin > 0 else 0
    end = begin + SNIPPET
    if end < len(flat):
        end = max(flat.rfind(" ", begin, end), begin + SNIPPET // 2)
    cut = flat[begin:end]
    pieces = [("… ", False)] * (begin > 0) + _pieces(cut, _hits(cut, terms))
    return pieces + [(" …", False)] * (end < len(flat))


def _pieces(text: str, hits: Sequence[tuple[int, int]]) -> list[tuple[str, bool]]:
    pieces, end = [], 0
    for first, last in hits:
        pieces += [(text[end:first], False), (text[first:last], True)]
        end = last
    pieces.append((text[end:], False))
    return [pair for pair in pieces if pair[0]]


def _hits(text: str, terms: Collection[Term]) -> list[tuple[int, int]]:
    """Where the wanted terms stand, from the first character to behind the last, in order and apart."""
    folded, places = _folded(text)
    found = sorted(
        (places[at.start() + 1], places[at.end() - 1] + 1)
        for term in wanted(terms)
        for at in re.finditer(re.escape(f" {term.folded}"), folded)
    )
    apart: list[tuple[int, int]] = []
    for first, last in found:
        if apart and first <= apart[-1][1]:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return apart


def _folded(text: str) -> tuple[str, list[int]]:
    """A text as `core.text.search_text` has it, and where each of its characters stands in the text."""
    letters, places = [" "], [0]
    for place, letter in enumerate(text):
        is_between = letters[-1] == " "
        for plain in " " if letter.isspace() else fold(letter):
            if not (is_between and plain in OPENING):
                letters.append(plain)
                places.append(place)
    return "".join(letters), places
