"""Where a coordinator has it from who enters something for an agency (cập nhật thay)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class SourceKind(StrEnum):
    """What it came by."""

    DOCUMENT = "document"
    CALL = "call"
    MAIL = "mail"


@dataclass(frozen=True)
class Source:
    """The document, call or mail behind an entry for an agency: its number or who spoke, its day."""

    kind: SourceKind
    ref: str
    on: date
