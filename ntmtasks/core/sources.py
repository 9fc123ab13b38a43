"""From where a coordinator has it who enters something for an agency (nhập thay): what it came by, its
words, and the fields of a form that ask for it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import ValidationError

from ntmtasks.core import clock
from ntmtasks.core.formats import day
from ntmtasks.core.forms import at_most, filled


class SourceKind(StrEnum):
    """What it came by."""

    DOCUMENT = "document"
    CALL = "call"
    MAIL = "mail"


SOURCES: dict[SourceKind, str] = {
    SourceKind.DOCUMENT: "Văn bản",
    SourceKind.CALL: "Điện thoại",
    SourceKind.MAIL: "Thư",
}


@dataclass(frozen=True)
class Source:
    """The document, call or mail behind an entry for an agency: its number or who spoke, its day."""

    kind: SourceKind
    ref: str
    on: date


def source_words(source: Source) -> str:
    """A source as the record and letters name it: "Văn bản 12/BC-UBND ngày 05/11/2024"."""
    return f"{SOURCES[source.kind]} {source.ref} ngày {day(source.on)}"


class DayFault(StrEnum):
    """Why a source's day cannot be."""

    FUTURE = "future"
    BEFORE_ISSUE = "before_issue"


DAY_FAULTS: dict[DayFault, str] = {
    DayFault.FUTURE: "Ngày của nguồn không được sau hôm nay.",
    DayFault.BEFORE_ISSUE: "Ngày của nguồn không được trước ngày ban hành kế hoạch.",
}


class BadDay(ValueError):
    """The day of a source cannot be; `fault` says why."""

    def __init__(self, fault: DayFault) -> None:
        super().__init__(fault)
        self.fault = fault


def check_day(on: date, issued_on: date | None, today: date) -> None:
    """Raise BadDay for a source's day that lies ahead, or before the plan was issued."""
    if on > today:
        raise BadDay(DayFault.FUTURE)
    if issued_on is not None and on < issued_on:
        raise BadDay(DayFault.BEFORE_ISSUE)


class SourceFields:
    """Where something entered for an agency comes from; a form takes them by inheritance.

    `issued_on` is the day of the plan, before which nothing can have been reported.
    """

    issued_on: date | None = None
    source_kind = SelectField(
        "Nguồn", choices={kind.value: label for kind, label in SOURCES.items()}, coerce=SourceKind
    )
    source_ref = StringField(
        "Số, ký hiệu văn bản; hoặc người gọi, người gửi",
        validators=[
            filled("Hãy ghi số, ký hiệu văn bản hoặc tên người gọi, người gửi."),
            at_most(200),
        ],
    )
    source_on = DateField("Ngày văn bản, ngày gọi, ngày gửi")

    def validate_source_on(self, field: Any) -> None:
        """A real day that is not ahead, and not before the plan was issued."""
        field.errors = []
        if field.data is None:
            raise ValidationError("Hãy ghi ngày của nguồn theo dạng ngày/tháng/năm.")
        try:
            check_day(field.data, self.issued_on, clock.today())
        except BadDay as error:
            raise ValidationError(DAY_FAULTS[error.fault]) from error

    def source(self) -> Source:
        """What was given, once the form is valid."""
        on = self.source_on.data
        if on is None:
            raise ValueError("the form was not valid")
        return Source(self.source_kind.data, self.source_ref.data or "", on)
