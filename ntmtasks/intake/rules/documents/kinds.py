"""What a file is, judged by its first bytes and never by its name; and why it is refused."""

from enum import StrEnum


class Unreadable(Exception):
    """A file that cannot be read; the message is one Vietnamese sentence or two for its owner."""


class Kind(StrEnum):
    """The kinds of files that a plan comes in."""

    TEXT = "text"
    WORD = "word"
    PDF = "pdf"


CONTENT_TYPES = {
    Kind.TEXT: "text/plain",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    Kind.PDF: "application/pdf",
}

OTHER_WAYS = "dán văn bản vào ô “Dán văn bản” hoặc nhập từ bảng Excel"
EMPTY = f"Tệp này trống, không có chữ nào. Hãy chọn lại tệp kế hoạch, {OTHER_WAYS}."
OLD_WORD = (
    "Đây là tệp Word đời cũ (.doc), chương trình không đọc được. Hãy mở bằng Word, chọn “Lưu thành” "
    f"(Save As) kiểu .docx rồi tải lên lại; hoặc {OTHER_WAYS}."
)
LOCKED = (
    "Tệp này có mật khẩu nên không đọc được. Hãy mở tệp, bỏ mật khẩu, lưu lại rồi tải lên; "
    f"hoặc {OTHER_WAYS}."
)
SPREADSHEET = (
    "Đây là bảng tính Excel, không phải văn bản kế hoạch. Hãy dùng “Nhập từ bảng Excel” cho bảng "
    "này, hoặc chọn tệp kế hoạch kiểu .docx, .pdf, .txt."
)
OPEN_DOCUMENT = (
    "Đây là tệp OpenDocument (.odt), chương trình không đọc được. Hãy mở bằng Word hoặc LibreOffice, "
    f"lưu thành .docx rồi tải lên lại; hoặc {OTHER_WAYS}."
)
SCANNED = (
    "Tệp PDF này là ảnh quét (scan), không có lớp chữ nên không đọc được. Hãy tải bản .docx hoặc bản "
    f"PDF xuất từ Word; nếu không có thì {OTHER_WAYS}."
)
NOT_A_DOCUMENT = (
    "Đây không phải tệp Word (.docx), PDF hay văn bản (.txt). Hãy chọn đúng tệp kế hoạch, "
    f"{OTHER_WAYS}."
)
BROKEN = (
    "Tệp này bị hỏng, không đọc được. Hãy mở lại bằng Word hoặc trình xem PDF, lưu thành tệp mới "
    f"rồi tải lên lại; hoặc {OTHER_WAYS}."
)
TOO_LONG = (
    "Đọc tệp này mất quá 20 giây nên đã dừng lại. Hãy bỏ bớt hình, phụ lục không cần thiết rồi tải "
    f"lên lại; hoặc {OTHER_WAYS}."
)
TOO_BIG = (
    "Nội dung tệp này sau khi mở ra lớn quá mức cho phép nên đã dừng lại. Hãy lưu lại thành tệp gọn "
    f"hơn; hoặc {OTHER_WAYS}."
)
STRANGE_LETTERS = (
    "Chữ trong tệp này dùng bảng mã lạ (không phải Unicode, TCVN3 hay VNI) nên không đọc được. Hãy "
    f"chuyển sang Unicode bằng Unikey rồi tải lên lại; hoặc {OTHER_WAYS}."
)
CHECK = f"Hãy kiểm tra lại tệp; nếu đúng là kế hoạch thì {OTHER_WAYS}."
NO_PLAN = "Đã đọc được tệp nhưng không thấy nhiệm vụ nào: có lẽ đây không phải kế hoạch. " + CHECK

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # a .docx with a password, wrapped in OLE
_WEB_PAGE = (b"<!doctype html", b"<html")
_FOREIGN = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"Rar!",
    b"7z\xbc\xaf",
    b"{\\rtf",
    b"\x7fELF",
    b"MZ",
)


def kind_of(content: bytes) -> Kind:
    """Return what the bytes are; raises Unreadable for what no plan comes in."""
    if not content.strip():
        raise Unreadable(EMPTY)
    if content.startswith(_OLE):
        raise Unreadable(LOCKED if _ENCRYPTED in content else OLD_WORD)
    if content.startswith(b"PK\x03\x04"):
        return Kind.WORD
    if b"%PDF-" in content[:1024]:
        return Kind.PDF
    if content.startswith(_FOREIGN) or content[:99].lstrip().lower().startswith(_WEB_PAGE):
        raise Unreadable(NOT_A_DOCUMENT)
    return Kind.TEXT
