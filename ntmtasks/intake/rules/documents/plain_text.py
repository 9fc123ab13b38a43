"""Plain text: which characters its bytes mean."""

from ntmtasks.intake.rules.documents.kinds import NOT_A_DOCUMENT, Unreadable


def decode(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else Windows-1258."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    if b"\x00" in content:
        raise Unreadable(NOT_A_DOCUMENT)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1258", errors="replace")
