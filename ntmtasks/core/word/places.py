"""Bookmarks of a paper: places that an office's own template keeps for what the program fills in."""

from collections.abc import Iterable, Sequence
from copy import deepcopy
from typing import Any

from docx.document import Document as Docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from ntmtasks.core.text import printable

_PARAGRAPH, _RUN, _PROPERTIES = qn("w:p"), qn("w:r"), qn("w:pPr")
_START, _END, _LOOK = qn("w:bookmarkStart"), qn("w:bookmarkEnd"), qn("w:rPr")


def mark(name: str, lines: Sequence[Any], number: int) -> None:
    """Lay a bookmark around paragraphs that follow each other."""
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    start.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    end.set(qn("w:id"), str(number))
    first = lines[0]._p
    first.insert(0 if first.pPr is None else 1, start)
    lines[-1]._p.append(end)


class Places:
    """The bookmarks of a document by their names; in whatever case people wrote them."""

    def __init__(self, paper: Docx) -> None:
        self._body = paper.element.body
        self._found: dict[str, list[Any]] = {}
        for start in self._body.iter(_START):
            self._found.setdefault((start.get(qn("w:name")) or "").lower(), []).append(start)

    def __contains__(self, name: str) -> bool:
        return name in self._found

    def holds_words(self, name: str) -> bool:
        """Whether something is written there: in its line, or in the table where it begins."""
        return any(t.text and t.text.strip() for t in self.block(name).iter(qn("w:t")))

    def block(self, name: str) -> Any:
        """The line or table of the document's own flow in which the place lies."""
        element = self._found[name][0]
        while element.getparent() is not self._body:
            element = element.getparent()
        return element

    def is_in_flow(self, name: str) -> bool:
        """Whether the place is a line of its own, in no table and no text box."""
        return bool(self._found[name][0].getparent().getparent() is self._body)

    def fill(self, name: str, lines: Sequence[str]) -> None:
        """Write lines in the look of what stands there, wherever the place is named."""
        for start in self._found.get(name, ()):
            line = start.getparent()
            if line.tag == _PARAGRAPH:
                _fill(start, line, list(lines) or [""])

    def take_out(self, name: str) -> Any:
        """Take a place's lines out; the block before which to put something in their stead."""
        start = self._found[name][0]
        line = start.getparent()
        anchor = OxmlElement("w:p")
        line.addprevious(anchor)
        for each in _span(start, line):
            each.getparent().remove(each)
        line.getparent().remove(line)
        return anchor


def _fill(start: Any, line: Any, lines: list[str]) -> None:
    further = _span(start, line)
    end = next((e for e in line.iter(_END) if e.get(qn("w:id")) == start.get(qn("w:id"))), None)
    inside = _between(start, None if further else end)
    pattern = next((run.find(_LOOK) for run in inside if run.tag == _RUN), None)
    if pattern is None:
        pattern = next((run.find(_LOOK) for run in start.itersiblings(_RUN, preceding=True)), None)
    for each in (*inside, *further):
        each.getparent().remove(each)
    start.addnext(_run(lines[0], pattern))
    for words in reversed(lines[1:]):
        more = OxmlElement("w:p")
        if line.find(_PROPERTIES) is not None:
            more.append(deepcopy(line.find(_PROPERTIES)))
        more.append(_run(words, pattern))
        line.addnext(more)
        more.get_or_add_pPr().get_or_add_spacing().before = Pt(0)
    for _ in lines[1:]:  # the gap of the place stands around all of them
        line.get_or_add_pPr().get_or_add_spacing().after = Pt(0)
        line = line.getnext()


def _between(start: Any, end: Any | None) -> list[Any]:
    """What stands behind the start in its line, up to the end."""
    found = []
    for each in start.itersiblings():
        if each is end:
            break
        if each.tag not in (_START, _END):
            found.append(each)
    return found


def _span(start: Any, line: Any) -> list[Any]:
    """The blocks below the first line up to the place's end. A place whose end is the first thing in a
    line (so Word marks a whole line) does not hold that line; one that ends elsewhere is its line."""
    number: str = start.get(qn("w:id"))
    found: list[Any] = []
    if _ends_in(line.iter(_END), number):
        return []
    for block in line.itersiblings():
        if block.tag == _END and block.get(qn("w:id")) == number:
            return found
        if _ends_in(block.iter(_END), number):
            return [*found, block] if _has_words_before(block, number) else found
        found.append(block)
    return []


def _ends_in(ends: Iterable[Any], number: str) -> bool:
    return any(end.get(qn("w:id")) == number for end in ends)


def _has_words_before(block: Any, number: str) -> bool:
    for each in block.iter(_END, qn("w:t")):
        if each.tag == _END and each.get(qn("w:id")) == number:
            return False
        if each.tag != _END and each.text:
            return True
    return False


def _run(words: str, pattern: Any | None) -> Any:
    run = OxmlElement("w:r")
    if pattern is not None:
        run.append(deepcopy(pattern))
    run.text = printable(words)
    return run
