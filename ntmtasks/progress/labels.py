"""Words for what stands beside progress."""

from ntmtasks.core.formats import day
from ntmtasks.progress.rules.sources import DayFault, Source, SourceKind

SOURCES: dict[SourceKind, str] = {
    SourceKind.DOCUMENT: "Văn bản",
    SourceKind.CALL: "Điện thoại",
    SourceKind.MAIL: "Thư",
}
DAY_FAULTS: dict[DayFault, str] = {
    DayFault.FUTURE: "Ngày của nguồn không được sau hôm nay.",
    DayFault.BEFORE_ISSUE: "Ngày của nguồn không được trước ngày ban hành kế hoạch.",
}


def source_words(source: Source) -> str:
    """A source as the record and letters name it: "Văn bản 12/BC-UBND ngày 05/11/2024"."""
    return f"{SOURCES[source.kind]} {source.ref} ngày {day(source.on)}"
