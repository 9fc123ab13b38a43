"""Forms of asking for time, directing and pushing."""

from wtforms import (
    BooleanField,
    DateField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled, needs_day


class ExtensionForm(Form):
    """A request for more time; `beyond` is marked by who knows that the day is after the plan's year."""

    deadline = DateField("Đề nghị gia hạn đến")
    reason = TextAreaField(
        "Lý do gia hạn", validators=[filled("Hãy ghi lý do gia hạn."), at_most(2000)]
    )
    beyond = BooleanField("Ngày này sau năm kế hoạch, tôi vẫn đề nghị")

    def validate_deadline(self, field: DateField) -> None:
        """A real day is needed."""
        needs_day(field, "Hãy ghi ngày đề nghị theo dạng ngày/tháng/năm.")


class ExtensionDecisionForm(VersionedForm):
    """Grant until a day, or deny with a reason: `decision` says which."""

    deadline = DateField("Gia hạn đến")
    note = StringField("Lý do không duyệt", validators=[at_most(1000)])
    decision = StringField()

    def validate_decision(self, field: StringField) -> None:
        """One of the two."""
        if field.data not in ("grant", "deny"):
            raise ValidationError("Hãy chọn Duyệt hoặc Không duyệt.")

    def validate_deadline(self, field: DateField) -> None:
        """A day to grant; whoever denies needs none."""
        field.errors = []
        if self.decision.data == "grant":
            needs_day(field, "Hãy ghi ngày gia hạn theo dạng ngày/tháng/năm.")

    def validate_note(self, field: StringField) -> None:
        """Whoever denies says why."""
        if self.decision.data == "deny" and not field.data:
            raise ValidationError("Hãy ghi lý do không duyệt.")


class WithdrawExtensionForm(VersionedForm):
    """Taking the own request back."""


class EditDirectiveForm(VersionedForm):
    """Other words for a directive."""

    body = TextAreaField(
        "Sửa ý kiến chỉ đạo", validators=[filled("Hãy ghi ý kiến chỉ đạo."), at_most(5000)]
    )


class WithdrawDirectiveForm(VersionedForm):
    """Why a directive no longer holds."""

    reason = StringField("Lý do rút", validators=[filled("Hãy ghi lý do rút."), at_most(1000)])


class UrgingForm(Form):
    """Whom to push; `again` is marked by who knows that they were pushed today."""

    assignments = SelectMultipleField("Cơ quan được đôn đốc", coerce=int)
    body = TextAreaField("Nội dung đôn đốc", validators=[at_most(2000)])
    again = BooleanField("Vẫn đôn đốc thêm một lần trong hôm nay")

    def validate_assignments(self, field: SelectMultipleField) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError("Hãy chọn ít nhất một cơ quan.")
