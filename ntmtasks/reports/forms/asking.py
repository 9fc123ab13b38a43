"""Asking agencies for a report once, and closing the question."""

from collections.abc import Collection, Sequence
from datetime import datetime, time
from typing import Any

from wtforms import (
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError
from wtforms.widgets import CheckboxInput

from ntmtasks.agencies.models import Agency, AgencyGroup
from ntmtasks.core import clock
from ntmtasks.core.forms import Form, VersionedForm, at_most, filled, needs_day

_HOURS = {"": "cuối ngày"} | {
    f"{hour:02}:{minute:02}": f"{hour:02}:{minute:02}"
    for hour in range(7, 22)
    for minute in (0, 30)
}


class CloseForm(VersionedForm):
    """Wait no longer for answers."""


class AskForm(Form):
    """One question to several agencies, due on a day and perhaps at an hour."""

    title = StringField("Tên báo cáo", validators=[filled("Hãy nhập tên báo cáo."), at_most(200)])
    question = TextAreaField(
        "Nội dung yêu cầu", validators=[filled("Hãy nhập nội dung yêu cầu."), at_most(5000)]
    )
    groups = SelectMultipleField("Nhóm cơ quan", coerce=int, option_widget=CheckboxInput())
    agencies = SelectMultipleField("Cơ quan", coerce=int, option_widget=CheckboxInput())
    due_on = DateField("Hạn nộp, ngày")
    due_at = SelectField("Giờ", choices=_HOURS)

    def offer(self, agencies: Sequence[Agency], groups: Collection[AgencyGroup]) -> None:
        """Fill the lists; a group stands for those of its members that may be asked."""
        self.known = agencies
        self.agencies.choices = [(agency.id, agency.name) for agency in agencies]
        known = {agency.id for agency in agencies}
        self.members = {group.id: known & {m.id for m in group.members} for group in groups}
        sizes = [(group, len(self.members[group.id])) for group in groups]
        self.groups.choices = [(group.id, f"{group.name} ({n})") for group, n in sizes if n]

    def validate_agencies(self, _field: Any) -> None:
        """Somebody is asked."""
        if not self.asked:
            raise ValidationError("Hãy chọn ít nhất một cơ quan hoặc nhóm.")

    def validate_due_on(self, field: Any) -> None:
        """A real day, and a moment that lies ahead."""
        needs_day(field, "Hãy chọn ngày phải nộp.")
        hour = self.due_time or time.max
        if datetime.combine(field.data, hour) <= clock.local(clock.now()).replace(tzinfo=None):
            raise ValidationError("Hạn nộp phải ở phía trước; hãy chọn ngày, giờ khác.")

    @property
    def asked(self) -> list[Agency]:
        """Who was chosen, by name or by group, in protocol order."""
        chosen = set(self.agencies.data or ())
        for number in self.groups.data or ():
            chosen |= self.members.get(number, set())
        return [agency for agency in self.known if agency.id in chosen]

    @property
    def due_time(self) -> time | None:
        """The hour; None for the end of the day."""
        return time.fromisoformat(self.due_at.data) if self.due_at.data else None
