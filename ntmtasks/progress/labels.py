"""Words for what stands beside progress."""

from ntmtasks.progress.rules.sources import SourceKind

SOURCES: dict[SourceKind, str] = {
    SourceKind.DOCUMENT: "Văn bản",
    SourceKind.CALL: "Điện thoại",
    SourceKind.MAIL: "Thư",
}
