"""Forms of daily work."""

from collections.abc import Collection, Iterable
from typing import Any

from wtforms import (
    DateField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled
from ntmtasks.core.sources import SourceFields
from ntmtasks.desk.forms.habits import HabitFields
from ntmtasks.progress.forms import EvidenceFields, ProgressFields
from ntmtasks.tasks.labels import ROLES
from ntmtasks.tasks.rules import AssignmentRole

ROLE_CHOICES = {role.value: label for role, label in ROLES.items()}


class EvidenceForm(EvidenceFields, Form):
    """Evidence alone, without news of progress."""

    def validate_files(self, field: Any) -> None:
        """There must be a file, or a paper that is named."""
        super().validate_files(field)
        if not self._files and not self.document.data:
            raise ValidationError(
                "Hãy chọn tệp, hoặc ghi số/ký hiệu văn bản nếu không có bản chụp."
            )


class WithdrawForm(Form):
    """Why evidence is taken back."""

    reason = StringField("Lý do rút", validators=[at_most(500)])


class ActForm(VersionedForm):
    """One press on an assignment or task as the person saw it."""

    back = HiddenField()

    @property
    def seen(self) -> tuple[int | None, str | None]:
        """The version that the person saw and the token of this showing, as the verbs take them."""
        return self.version.data, self.form_token.data


class ReasonForm(ActForm):
    """An act that wants a reason."""

    reason = StringField("Lý do", validators=[filled("Hãy ghi lý do."), at_most(1000)])

    @property
    def why(self) -> str:
        """The reason, once the form is valid."""
        return self.reason.data or ""


class ReassignForm(ReasonForm):
    """Another agency for refused work."""

    agency = SelectField(
        "Cơ quan",
        coerce=int,
        validators=[NumberRange(min=1, message="Hãy chọn cơ quan.")],
    )
    taken: Collection[int] = ()
    """Agencies that have a part in the task already."""

    def validate_agency(self, field: SelectField) -> None:
        """An agency stands in a task once."""
        if field.data in self.taken:
            raise ValidationError("Cơ quan này đã có trong nhiệm vụ.")


class ProgressForm(ProgressFields, ActForm):
    """State, percent, text and figure of one report of progress, with evidence."""


class EnterForm(SourceFields, ProgressForm):
    """Progress or completion entered for another agency."""


class CommentForm(Form):
    """A remark on a task."""

    body = TextAreaField("Ý kiến", validators=[filled("Hãy ghi ý kiến."), at_most()])


class EditCommentForm(VersionedForm):
    """Other words for a remark."""

    body = TextAreaField("Sửa ý kiến", validators=[filled("Hãy ghi ý kiến."), at_most()])


class WithdrawCommentForm(VersionedForm):
    """Taking a remark back."""


class HandOverForm(Form):
    """Work picked in the list of an agency and who gets it.

    `only` is a row's button to hand over, `take` one to take back: a row's, or "picked" for all that
    is ticked. A row is written `<assignment>:<version that was seen>`.
    """

    pick = SelectMultipleField("Việc", validate_choice=False)
    only = HiddenField()
    take = HiddenField()
    officer = SelectField("Giao cho", coerce=int)

    @property
    def picked(self) -> dict[int, int]:
        """Version by assignment of what was pressed, else of what was ticked; bad ones left out."""
        row = self.only.data or self.take.data or "picked"
        chosen = self.pick.data or () if row == "picked" else (row,)
        return read_picks(chosen)

    def validate_officer(self, field: SelectField) -> None:
        """Something must be picked, and somebody to get it."""
        if not self.picked:
            raise ValidationError("Hãy chọn ít nhất một việc trong danh sách.")
        if not field.data and not self.take.data:
            raise ValidationError("Hãy chọn người nhận việc.")


def read_picks(values: Iterable[str]) -> dict[int, int]:
    """The versions of picked rows by their numbers ("17:5"); what is no pick is left out."""
    pairs = (str(value).partition(":") for value in values)
    return {int(a): int(v) for a, _, v in pairs if _is_number(a) and _is_number(v)}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and int(text) <= 2**31 - 1


class LeaveForm(Form):
    """Who gets the open work of a person who leaves; 0 means nobody."""

    officer = SelectField("Bàn giao cho", coerce=int)


class OfficerForm(ActForm):
    """Who is in charge inside an agency; 0 means nobody."""

    officer = SelectField("Người phụ trách", coerce=int)


class ArrangeForm(OfficerForm):
    """What the coordinator may change of an assignment."""

    agency = SelectField("Cơ quan", coerce=int)
    role = SelectField("Vai trò", coerce=AssignmentRole, choices=ROLE_CHOICES)
    deadline = DateField("Thời hạn", validators=[Optional()])
    note = StringField("Căn cứ, lý do", validators=[at_most(500)])


class NewTaskForm(HabitFields, Form):
    """A task outside the plan's text."""

    text = TextAreaField(
        "Nội dung nhiệm vụ", validators=[filled("Hãy ghi nội dung nhiệm vụ."), at_most()]
    )
    source_note = StringField(
        "Căn cứ (số, ngày, cơ quan ban hành)",
        validators=[filled("Hãy ghi văn bản làm căn cứ."), at_most(500)],
    )
    product = StringField("Sản phẩm", validators=[at_most(500)])
    lead = SelectField(
        "Đơn vị chủ trì",
        coerce=int,
        validators=[NumberRange(min=1, message="Hãy chọn đơn vị chủ trì.")],
    )
    supporting = SelectMultipleField("Đơn vị phối hợp", coerce=int)


class MemberForm(ActForm):
    """Another agency in a task under way."""

    agency = SelectField(
        "Cơ quan", coerce=int, validators=[NumberRange(min=1, message="Hãy chọn cơ quan.")]
    )
    role = SelectField(
        "Vai trò",
        coerce=AssignmentRole,
        choices=ROLE_CHOICES,
        default=AssignmentRole.SUPPORTING.value,
    )
