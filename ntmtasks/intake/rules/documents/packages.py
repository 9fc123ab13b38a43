"""Opening a .docx: what kind of package it is, and never more of it than fits."""

import io
import zipfile

from lxml import etree

from ntmtasks.intake.rules.documents.kinds import (
    NOT_A_DOCUMENT,
    OPEN_DOCUMENT,
    SPREADSHEET,
    TOO_BIG,
    Unreadable,
)

_PART = 48 * 2**20  # unpacked bytes of one XML part; a plan of 1000 pages has about 12 MB
_WHOLE = 96 * 2**20  # unpacked bytes of all XML parts that are read
_TAGS = 1_500_000  # of one part: a plan of 1000 pages has about half a million
_ENTRIES = 10_000
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMMON = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """The XML parts of a .docx, unpacked one by one within bounds."""

    def __init__(self, content: bytes) -> None:
        """Raise Unreadable for another kind of package; zipfile.BadZipFile for a damaged one."""
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._left = _WHOLE
        names = self._zip.namelist()
        if len(names) > _ENTRIES:
            raise Unreadable(TOO_BIG)
        if "word/document.xml" not in names:
            raise Unreadable(self._what_else(names))
        self.names = names

    def _what_else(self, names: list[str]) -> str:
        if any(name.startswith("xl/") for name in names):
            return SPREADSHEET
        return OPEN_DOCUMENT if "content.xml" in names else NOT_A_DOCUMENT

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part, None where the package has no such part.

        The sizes that the directory of the package gives are checked before anything is unpacked;
        zipfile never unpacks more than they say. Tags are counted: each becomes an object.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        if info.file_size > min(_PART, self._left):
            raise Unreadable(TOO_BIG)
        self._left -= info.file_size
        xml = self._zip.read(info).replace(_STRICT, _COMMON)
        if xml.count(b"<") > _TAGS:
            raise Unreadable(TOO_BIG)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        return etree.fromstring(xml, parser)
