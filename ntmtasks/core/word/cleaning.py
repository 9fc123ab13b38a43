"""Takes out of the XML of strangers what a paper's template must not hold, and puts its bookmarks right."""

from collections import Counter

from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element

# Why a file is refused: keys of core/templates.py.
BROKEN, TOO_BIG, NOT_WORD, STRICT = "broken", "too_big", "not_word", "strict"
MACROS, EMBEDDED, NAMELESS, IN_A_TABLE = "macros", "embedded", "nameless", "in_a_table"

TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""Of what one part is to another, and the namespace of the numbers by which it names it."""
_IDS = f"{{{TYPE}}}"

_UNWRAPPED = [qn(f"w:{n}") for n in ("hyperlink", "smartTag", "customXml", "ins", "moveTo")]
_EMBEDDED = [qn(f"w:{n}") for n in ("object", "control")]
_TAKEN_OUT_AS = {
    "links": "altChunk subDoc contentPart movie",
    "comments": "commentReference",
    "notes": "footnoteReference endnoteReference",
    "changes": "del moveFrom",
    "": "commentRangeStart commentRangeEnd moveFromRangeStart moveFromRangeEnd moveToRangeStart "
    "moveToRangeEnd rPrChange pPrChange sectPrChange tblPrChange trPrChange tcPrChange numPicBullet "
    "lvlPicBulletId customXmlPr smartTagPr printerSettings dataBinding",
}
_TAKEN_OUT = {qn(f"w:{n}"): what for what, names in _TAKEN_OUT_AS.items() for n in names.split()}
_START, _END = qn("w:bookmarkStart"), qn("w:bookmarkEnd")
_DRAWINGS = [qn("w:drawing"), qn("w:pict")]
_ADDRESSES = {"href", "src", "althref", "opref", "dataformatas"}
_PAGE_FIELDS = {"PAGE", "NUMPAGES", "SECTIONPAGES"}


class Refused(Exception):
    """The file is no template; the message is a code above."""


def close(document: _Element) -> None:
    """Every document ends with the settings of its last pages."""
    body = document.find(qn("w:body"))
    if body is None:
        raise Refused(BROKEN)
    if body.find(qn("w:sectPr")) is None:
        etree.SubElement(body, qn("w:sectPr"))
    starts: dict[str, _Element] = {}
    for start in list(body.iter(_START)):
        _into_a_line(start, body)
        _to_the_word(start)
        _join(start, starts.setdefault((start.get(qn("w:name")) or "").lower(), start), body)


def _into_a_line(start: _Element, body: _Element) -> None:
    """A bookmark that begins between lines begins in the next one."""
    parent, has_come = start.getparent(), False
    if parent is None or parent.tag == qn("w:p"):
        return
    for each in body.iter(_START, qn("w:p")):
        has_come = has_come or each is start
        if has_come and each.tag == qn("w:p"):
            each.insert(0 if each.find(qn("w:pPr")) is None else 1, start)
            return
    parent.remove(start)


def _to_the_word(start: _Element) -> None:
    """A bookmark that begins within a word begins with it (LibreOffice leaves the first letter of a
    document before its bookmark)."""
    before = start.getprevious()
    if before is None or before.tag != qn("w:r"):
        return
    said = "".join(t.text or "" for t in before.iter(qn("w:t")))
    following = next(
        (t.text for e in start.itersiblings() for t in e.iter(qn("w:t")) if t.text), ""
    )
    if said.isalnum() and following[:1].isalnum():
        before.addprevious(start)


def _join(start: _Element, first: _Element, body: _Element) -> None:
    """LibreOffice begins a bookmark over several lines twice and ends the second one alone."""
    ends = {end.get(qn("w:id")): end for end in body.iter(_END)}
    number, own = start.get(qn("w:id")), first.get(qn("w:id"))
    if first is not start and own not in ends and number in ends and own is not None:
        ends[number].set(qn("w:id"), own)
        _remove(start)


def clean(root: _Element, numbers: set[str], dropped: Counter[str]) -> None:
    """Take out of a part whatever names something outside it or is worked out."""
    if next(root.iter(*_EMBEDDED), None) is not None:
        raise Refused(EMBEDDED)
    for element in list(root.iter(*_TAKEN_OUT)):
        if element.getparent() is not None:
            dropped[_TAKEN_OUT[str(element.tag)]] += 1
            _remove(element)
    _still(root, dropped)
    for element in list(root.iter(*_UNWRAPPED)):
        _unwrap(element, element)
    for element in list(root.iter(qn("w:sdt"))):
        content = element.find(qn("w:sdtContent"))
        _unwrap(element, content if content is not None else etree.Element("none"))
    _cut_loose(root, numbers, dropped)


def _still(root: _Element, dropped: Counter[str]) -> None:
    """Leave of fields what they show; of those that count pages the field as well."""
    for element in list(root.iter(qn("w:fldSimple"))):
        if not _counts_pages(element.get(qn("w:instr")) or ""):
            dropped["fields"] += 1
            _unwrap(element, element)
    under_way: list[list[_Element]] = []
    marks = (qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText"))
    for element in list(root.iter(*marks)):
        kind = element.get(qn("w:fldCharType"))
        if kind == "begin":
            under_way.append([])
        if not under_way:
            _remove(element)
            continue
        under_way[-1].append(element)
        if kind == "end":
            _settle(under_way.pop(), dropped)
    for pieces in under_way:
        _settle(pieces[:1], dropped)
        for each in pieces[1:]:
            _remove(each)


def _settle(pieces: list[_Element], dropped: Counter[str]) -> None:
    code = "".join(e.text or "" for e in pieces if e.tag == qn("w:instrText"))
    if _counts_pages(code):
        return
    dropped["fields"] += 1
    for each in pieces:
        _remove(each)


def _counts_pages(code: str) -> bool:
    words = code.split()
    return bool(words) and words[0].upper() in _PAGE_FIELDS


def _cut_loose(root: _Element, numbers: set[str], dropped: Counter[str]) -> None:
    for element in list(root.iter(etree.Element)):
        for name in list(element.attrib):
            local = etree.QName(name).localname.lower()
            if str(name).startswith(_IDS):
                if element.get(name) not in numbers:
                    del element.attrib[name]
                    _lose(element, dropped)
            elif local in _ADDRESSES:
                del element.attrib[name]


def _lose(element: _Element, dropped: Counter[str]) -> None:
    """Take out what shows something that is not kept: the whole drawing, else the element."""
    local = etree.QName(element).localname
    if local in ("hlinkClick", "hlinkHover"):
        _remove(element)
        return
    holder = next((e for e in (element, *element.iterancestors()) if e.tag in _DRAWINGS), None)
    if holder is not None:
        dropped["pictures"] += 1
        _remove(holder)
    elif local != "background":
        _remove(element)


def _remove(element: _Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: _Element, content: _Element) -> None:
    for child in list(content):
        element.addprevious(child)
    _remove(element)
