"""Takes in the office's own .docx as a template.

The file comes from a stranger's Word and will be part of every report. So nothing of it is kept but
what a letter needs: text, tables, styles, numbering, theme, head and foot lines, pictures. A new
package is built of these alone. Macros and embedded files are refused; links, fields that a program
would work out (but page numbers), comments, notes and changes under review are taken out. Nothing in it
is evaluated.
"""

import base64
import io
import json
import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docx import Document
from docx.document import Document as Docx
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element

from ntmtasks.core.packages import Package, TooMuch
from ntmtasks.core.papers import PLACES, STYLES
from ntmtasks.core.word.cleaning import (
    BROKEN,
    EMBEDDED,
    IN_A_TABLE,
    MACROS,
    NAMELESS,
    NOT_WORD,
    STRICT,
    TOO_BIG,
    TYPE,
    Refused,
    clean,
    close,
)
from ntmtasks.core.word.places import Places
from ntmtasks.core.word.writing import write

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_KEPT_PARTS = {
    "styles": f"{_WORD_TYPE}.styles+xml",
    "numbering": f"{_WORD_TYPE}.numbering+xml",
    "header": f"{_WORD_TYPE}.header+xml",
    "footer": f"{_WORD_TYPE}.footer+xml",
    "theme": "application/vnd.openxmlformats-officedocument.theme+xml",
    "image": "",
}
_PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
_MAIN = "word/document.xml"
_TAGS = 100_000  # of one part; a letter of a few pages has about ten thousand


def read(order: dict[str, Any], content: bytes) -> bytes:
    """Return as JSON why the file is refused, or the clean template with its places, its styles and how
    much of what was taken out. `order` is a paper that is written into it for trial."""
    try:
        said = _taken_in(order, content)
    except Refused as refusal:
        said = {"refused": str(refusal)}
    except TooMuch:
        said = {"refused": TOO_BIG}
    return json.dumps(said).encode()


def _taken_in(order: dict[str, Any], content: bytes) -> dict[str, Any]:
    try:
        cleaning = _Cleaning(_opened(content))
        clean = cleaning.built()
        paper = Document(io.BytesIO(clean))
        found = _found(paper)
        write(order, clean)
    except (Refused, TooMuch, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes the packages raise
        raise Refused(BROKEN) from error
    dropped = {what: n for what, n in cleaning.dropped.items() if what}
    return {"content": base64.b64encode(clean).decode(), "dropped": dropped, **found}


def _opened(content: bytes) -> Package:
    try:
        return Package(content, _TAGS)
    except zipfile.BadZipFile:
        raise Refused(BROKEN if content.startswith(b"PK") else NOT_WORD) from None


def _found(paper: Docx) -> dict[str, list[str]]:
    places = Places(paper)
    names = [name for name in PLACES if name in places]
    there = {style.name for style in paper.styles}
    styles = [name for name in STYLES if name in there]
    if not names and not styles:
        raise Refused(NAMELESS)
    if "noi_dung" in names and not places.is_in_flow("noi_dung"):
        raise Refused(IN_A_TABLE)
    return {"places": names, "styles": styles}


@dataclass
class _Part:
    """A part that is kept, with the parts that it may name, by the numbers it names them with."""

    name: str
    content_type: str
    root: _Element | None = None
    blob: bytes = b""
    relations: dict[str, tuple[str, str]] = field(default_factory=dict)


class _Cleaning:
    """Builds a package of what may be kept."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._parts: dict[str, _Part] = {}
        self.dropped: Counter[str] = Counter()
        names = [name.lower() for name in package.names]
        if _MAIN not in package.names:
            raise Refused(NOT_WORD)
        types = package.content("[Content_Types].xml") or b""
        if any(name.endswith(("vbaproject.bin", "vbadata.xml")) for name in names) or (
            b"macroEnabled" in types
        ):
            raise Refused(MACROS)
        if any(name.startswith(("word/embeddings/", "word/activex/")) for name in names):
            raise Refused(EMBEDDED)

    def built(self) -> bytes:
        """The new package."""
        main = self._keep(_MAIN, f"{_WORD_TYPE}.document.main+xml")
        if main.root is None or main.root.tag != qn("w:document"):
            raise Refused(
                STRICT if main.root is not None and "purl.oclc" in main.root.tag else BROKEN
            )
        close(main.root)
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
            out.writestr("[Content_Types].xml", self._content_types())
            out.writestr("_rels/.rels", _relations({"rId1": ("officeDocument", _MAIN)}))
            for part in self._parts.values():
                blob = part.blob if part.root is None else _written(part.root)
                out.writestr(part.name, blob)
                if part.relations:
                    folder, name = posixpath.split(part.name)
                    out.writestr(f"{folder}/_rels/{name}.rels", _relations(part.relations))
        return target.getvalue()

    def _keep(self, name: str, content_type: str) -> _Part:
        part = self._parts[name] = _Part(name, content_type)
        part.root = self._package.part(name)
        if part.root is None:
            raise Refused(BROKEN)
        if part.root.getroottree().docinfo.doctype:
            raise Refused(BROKEN)
        for number, kind, target in self._named_by(name):
            if self._kept(kind, target):
                part.relations[number] = (kind, f"/{target}")
        clean(part.root, set(part.relations), self.dropped)
        return part

    def _named_by(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Number, kind and name of the parts that a part names, those outside the file left out."""
        folder, base = posixpath.split(name)
        root = self._package.part(f"{folder}/_rels/{base}.rels")
        for relation in root if root is not None else ():
            if relation.get("TargetMode") == "External":
                self.dropped["links"] += 1
                continue
            target = relation.get("Target") or ""
            path = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Id") or "", (relation.get("Type") or "").rpartition("/")[2], path

    def _kept(self, kind: str, name: str) -> bool:
        if kind not in _KEPT_PARTS or not name.startswith("word/"):
            return False
        if name in self._parts:
            return True
        if kind != "image":
            if self._package.names.count(name) == 1:
                self._keep(name, _KEPT_PARTS[kind])
                return True
            return False
        blob = self._package.content(name) or b""
        ending = next((e for magic, e in _PICTURES.items() if blob.startswith(magic)), "")
        if ending:
            self._parts[name] = _Part(name, f"image/{ending}", blob=blob)
        return bool(ending)

    def _content_types(self) -> bytes:
        root = etree.Element(f"{{{_CONTENT_TYPES}}}Types", nsmap={None: _CONTENT_TYPES})
        rels = "application/vnd.openxmlformats-package.relationships+xml"
        etree.SubElement(root, f"{{{_CONTENT_TYPES}}}Default", Extension="rels", ContentType=rels)
        for part in self._parts.values():
            etree.SubElement(
                root,
                f"{{{_CONTENT_TYPES}}}Override",
                PartName=f"/{part.name}",
                ContentType=part.content_type,
            )
        return _written(root)


def _relations(relations: dict[str, tuple[str, str]]) -> bytes:
    root = etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS})
    for number, (kind, target) in relations.items():
        etree.SubElement(
            root,
            f"{{{_RELATIONS}}}Relationship",
            Id=number,
            Type=f"{TYPE}/{kind}",
            Target=target,
        )
    return _written(root)


def _written(root: _Element) -> bytes:
    xml: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return xml
