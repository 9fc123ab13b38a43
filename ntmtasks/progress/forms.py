"""Fields that forms of several rooms share."""

from datetime import date
from typing import Any

from wtforms import DateField, SelectField, StringField
from wtforms.validators import ValidationError

from ntmtasks.core import clock
from ntmtasks.core.forms import at_most, filled
from ntmtasks.progress.labels import DAY_FAULTS, SOURCES
from ntmtasks.progress.rules.sources import BadDay, Source, SourceKind, check_day


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
