"""What a file is, judged by its content: names and declared types come from strangers."""

import io
import zipfile

from ntmtasks.core.text import nfc

PDF = "application/pdf"
JPEG = "image/jpeg"
PNG = "image/png"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

NAME_LENGTH = 150

_PARTS = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX}
_MOST_PARTS = 5000  # an office file has dozens; more is something else


def content_type(content: bytes) -> str | None:
    """The type of a .docx, .xlsx, .pdf, .jpg or .png; None for anything else, broken ones too.

    Nothing is unpacked: an office file is told by the list of its parts.
    """
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"PK\x03\x04"):
        return _office_type(content)
    return None


def _office_type(content: bytes) -> str | None:
    try:
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None
    if len(names) > _MOST_PARTS or "[Content_Types].xml" not in names:
        return None
    if any(name.endswith("vbaProject.bin") for name in names):
        return None  # macros are no evidence
    return next((kind for part, kind in _PARTS.items() if part in names), None)


def shown_size(size: int) -> str:
    """A size in bytes as people read it: "812 KB", "3,4 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")


def shown_name(given: str | None) -> str:
    """The file's own name without the folders that some browsers send, its ending kept when cut."""
    name = " ".join(nfc(given or "").replace("\\", "/").rpartition("/")[2].split())
    stem, dot, ending = name.rpartition(".")
    if len(name) > NAME_LENGTH and dot and len(ending) < 10:
        return stem[: NAME_LENGTH - len(ending) - 1] + dot + ending
    return name[:NAME_LENGTH] or "tệp"
