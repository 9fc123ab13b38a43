"""Names behind an @ and addresses in plain text."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from ntmtasks.core.text import fold

_ADDRESS = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_CLOSING = ".,;:!?…'’)]}"
_AT = re.compile(r"(?<![\w.@])@(?=\w)")  # an e-mail address mentions nobody
_WORD = re.compile(r"[\w.&-]*\w")


class Piece(StrEnum):
    """What a piece of a text is shown as."""

    TEXT = "text"
    LINK = "link"
    MENTION = "mention"


@dataclass(frozen=True)
class Named:
    """Somebody who may be mentioned: a person, or an agency (with its number) and its people; `label` is
    what a suggestion puts behind the @, `names` all that may stand there, `hint` tells more."""

    label: str
    names: tuple[str, ...]
    hint: str = ""
    user_ids: tuple[int, ...] = ()
    agency_id: int | None = None


@dataclass(frozen=True)
class Mentions:
    """What was found in a text: the words behind each @ as typed, whom they mean, and those that mean
    nobody."""

    words: tuple[str, ...] = ()
    named: tuple[Named, ...] = ()
    unknown: tuple[str, ...] = ()


def names_somebody(text: str) -> bool:
    """Whether a text has an @ that may stand before a name."""
    return _AT.search(text) is not None


def find(text: str, known: Iterable[Named]) -> Mentions:
    """Who is mentioned in a text. The longest name wins; marks and capitals may be left out, but a name
    typed with them means those alone who are written so. Two of one name are both meant."""
    names = _by_length(known)
    words: dict[str, None] = {}
    named: dict[Named, None] = {}
    unknown: dict[str, None] = {}
    for kind, piece in _pieces(text):
        for at in _AT.finditer(piece) if kind is Piece.TEXT else ():
            tail = piece[at.end() :]
            meant = _meant(tail, names)
            if meant:
                words[tail[: len(meant[0][0])]] = None
                named |= dict.fromkeys(who for _, who in meant)
            elif word := _WORD.match(tail):
                unknown[word.group()] = None
    return Mentions(tuple(words), tuple(named), tuple(unknown))


_Names = list[tuple[int, dict[str, list[tuple[str, Named]]]]]


def _by_length(known: Iterable[Named]) -> _Names:
    """Names with whom they mean, by their length, the longest first, and by how they read without
    marks: however many there are, a text is compared once for each length."""
    found: dict[int, dict[str, list[tuple[str, Named]]]] = {}
    for who in known:
        for name in who.names:
            found.setdefault(len(name), {}).setdefault(fold(name), []).append((name, who))
    return sorted(found.items(), key=lambda pair: -pair[0])


def _meant(tail: str, names: _Names) -> list[tuple[str, Named]]:
    """Those of `names` with which `tail` begins."""
    for length, folded in names:
        head, end = tail[:length], tail[length : length + 1]
        found = [] if end.isalnum() or end == "_" else folded.get(fold(head), [])
        if found:
            return [pair for pair in found if pair[0] == head] or found
    return []


def pieces(text: str, mentions: Collection[str]) -> list[tuple[Piece, str]]:
    """A text cut into plain words, addresses and mentions (with their @), in order; nothing is lost."""
    words = sorted(mentions, key=len, reverse=True)
    marked = re.compile("|".join(rf"(?<![\w.@])@{re.escape(word)}(?!\w)" for word in words))
    found: list[tuple[Piece, str]] = []
    for kind, piece in _pieces(text):
        if kind is not Piece.TEXT or not words:
            found.append((kind, piece))
            continue
        end = 0
        for match in marked.finditer(piece):
            found += [(Piece.TEXT, piece[end : match.start()]), (Piece.MENTION, match.group())]
            end = match.end()
        found.append((Piece.TEXT, piece[end:]))
    return [pair for pair in found if pair[1]]


def _pieces(text: str) -> Iterator[tuple[Piece, str]]:
    """Plain text and the http(s) addresses in it, without the signs that end a sentence."""
    end = 0
    for match in _ADDRESS.finditer(text):
        address = match.group()
        while address[-1] in _CLOSING and not (address[-1] == ")" and "(" in address):
            address = address[:-1]
        if not address.partition("://")[2]:
            continue
        yield Piece.TEXT, text[end : match.start()]
        yield Piece.LINK, address
        end = match.start() + len(address)
    yield Piece.TEXT, text[end:]


def suggest(known: Iterable[Named], words: str, most: int = 8) -> list[Named]:
    """Those with a name of which a word begins with `words`, at most so many, in their order."""
    wanted = f" {fold(words)}"
    found = (who for who in known if any(wanted in f" {fold(name)}" for name in who.names))
    return [who for who, _ in zip(found, range(most), strict=False)]
