"""Writing and sending a report, part by part, or from a paper."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.core.sources import SourceFields
from ntmtasks.reports.labels import SECTIONS
from ntmtasks.reports.rules.content import SectionKind
from ntmtasks.reports.rules.figures import read_number


def ticked(_form: Any, field: Any) -> None:
    """Validator: the box must be ticked."""
    if not field.data:
        raise ValidationError("Hãy đánh dấu xác nhận trước khi nộp.")


MOST_TEXT = 100_000
"""So long may a section be: a consolidated one holds those of all agencies."""
NO_NUMBER = "Hãy ghi một con số, ví dụ 1.356,5; đơn vị ghi ở ô bên cạnh."


def digest(*shown: str) -> str:
    """A short mark of what a form showed, by which one knows whether anybody changed it."""
    return sha256("\0".join(shown).encode()).hexdigest()[:16]


class PartForm(VersionedForm):
    """One part of a report being written; many stand in one HTML form, which carries the tokens. `base`
    is the mark of what was shown, `version` that of the row behind it, 0 where there is none."""

    base = HiddenField()

    @property
    def is_touched(self) -> bool:
        """Whether a person changed what was shown."""
        return self.base.data != self.mark

    @property
    def mark(self) -> str:
        """The mark of what stands in it now."""
        raise NotImplementedError


class SectionForm(PartForm):
    """A section."""

    text = TextAreaField("", validators=[at_most(MOST_TEXT)])

    def __init__(self, kind: SectionKind, **kwargs: Any) -> None:
        super().__init__(prefix=kind.value, **kwargs)
        self.text.label.text = SECTIONS[kind]

    @property
    def mark(self) -> str:
        """The mark of the text."""
        return digest(self.text.data or "")


class FigureForm(PartForm):
    """A labelled figure; an empty value leaves it out of the report."""

    label = StringField("Tên số liệu", validators=[at_most(200)])
    value = StringField("Kỳ này", validators=[at_most(40)])
    unit = StringField("Đơn vị", validators=[at_most(40)])
    number: Decimal | None = None
    """What the value says, once the form is valid."""

    @property
    def mark(self) -> str:
        """The mark of value and unit."""
        return digest(self.value.data or "", self.unit.data or "")

    @property
    def words(self) -> str:
        """Value and unit as they were typed."""
        return f"{self.value.data or ''} {self.unit.data or ''}".strip()

    @property
    def is_blank(self) -> bool:
        """Whether nothing was typed at all."""
        return not (self.label.data or self.value.data or self.unit.data)

    def validate_label(self, field: StringField) -> None:
        """A value or a unit belongs to something."""
        if (self.value.data or self.unit.data) and not field.data:
            raise ValidationError("Hãy ghi tên số liệu.")

    def validate_value(self, field: StringField) -> None:
        """A number, or nothing."""
        if not field.data:
            return
        try:
            self.number = read_number(field.data)
        except ValueError:
            raise ValidationError(NO_NUMBER) from None


class SubmitForm(VersionedForm):
    """Send a report."""

    confirm = BooleanField(
        "Tôi xác nhận số liệu đã chốt và nộp báo cáo này thay mặt cơ quan", validators=[ticked]
    )


class EnterForm(SourceFields, VersionedForm):
    """Send a report for another agency, from what came by document, call or mail, as one text."""

    body = TextAreaField(
        "Nội dung báo cáo", validators=[filled("Hãy nhập nội dung báo cáo."), at_most(MOST_TEXT)]
    )
