"""Opening a .docx: what kind of package it is, and never more of it than fits."""

from lxml import etree

from ntmtasks.core import packages
from ntmtasks.intake.rules.documents.kinds import (
    NOT_A_DOCUMENT,
    OPEN_DOCUMENT,
    SPREADSHEET,
    TOO_BIG,
    Unreadable,
)

_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMMON = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"


class Package:
    """The XML parts of a .docx, unpacked one by one within bounds."""

    def __init__(self, content: bytes) -> None:
        """Raise Unreadable for another kind of package; zipfile.BadZipFile for a damaged one."""
        try:
            self._package = packages.Package(content)
        except packages.TooMuch:
            raise Unreadable(TOO_BIG) from None
        self.names = self._package.names
        if "word/document.xml" not in self.names:
            raise Unreadable(self._what_else(self.names))

    def _what_else(self, names: list[str]) -> str:
        if any(name.startswith("xl/") for name in names):
            return SPREADSHEET
        return OPEN_DOCUMENT if "content.xml" in names else NOT_A_DOCUMENT

    def part(self, name: str) -> etree._Element | None:
        """Return the root of a part, None where the package has no such part."""
        try:
            xml = self._package.content(name)
            return None if xml is None else packages.parsed(xml.replace(_STRICT, _COMMON))
        except packages.TooMuch:
            raise Unreadable(TOO_BIG) from None
