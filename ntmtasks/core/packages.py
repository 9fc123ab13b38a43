"""Opening an office file of strangers in the child process: never more of it than fits."""

import io
import zipfile

from lxml import etree

_PART = 48 * 2**20  # unpacked bytes of one part; a plan of 1000 pages has about 12 MB
_WHOLE = 96 * 2**20  # unpacked bytes of all parts that are read
_ENTRIES = 10_000
MOST_TAGS = 1_500_000
"""Of one part: a plan of 1000 pages has about half a million."""


class TooMuch(Exception):
    """What the file unpacks to does not fit."""


class Package:
    """The parts of an office file, unpacked one by one within bounds."""

    def __init__(self, content: bytes, most_tags: int = MOST_TAGS) -> None:
        """Raise TooMuch for too many parts; zipfile.BadZipFile for a damaged file or another kind."""
        self._most_tags = most_tags
        self._zip = zipfile.ZipFile(io.BytesIO(content))
        self._left = _WHOLE
        self.names = self._zip.namelist()
        if len(self.names) > _ENTRIES:
            raise TooMuch

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where the package has no such part.

        The sizes that the directory of the package gives are checked before anything is unpacked;
        zipfile never unpacks more than they say.
        """
        try:
            info = self._zip.getinfo(name)
        except KeyError:
            return None
        if info.file_size > min(_PART, self._left):
            raise TooMuch
        self._left -= info.file_size
        return self._zip.read(info)

    def part(self, name: str) -> etree._Element | None:
        """Return the root of an XML part, None where the package has no such part."""
        xml = self.content(name)
        return None if xml is None else parsed(xml, self._most_tags)


def parsed(xml: bytes, most_tags: int = MOST_TAGS) -> etree._Element:
    """The root of XML that names no entities and fetches nothing. Tags are counted: each becomes an
    object."""
    if xml.count(b"<") > most_tags:
        raise TooMuch
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(xml, parser)
