"""Forms of asking for time, explaining, directing and pushing."""

from datetime import date

from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled


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


class DemandForm(Form):
    """A demand to explain a delay."""

    assignment = SelectField("Cơ quan", coerce=int)
    question = TextAreaField(
        "Nội dung cần giải trình",
        validators=[filled("Hãy ghi nội dung cần giải trình."), at_most(2000)],
    )
    answer_by = DateField("Trả lời trước ngày")

    def validate_answer_by(self, field: DateField) -> None:
        """A real day is needed."""
        needs_day(field, "Hãy ghi ngày phải trả lời theo dạng ngày/tháng/năm.")


class AnswerForm(VersionedForm):
    """An agency's explanation."""

    answer = TextAreaField(
        "Giải trình", validators=[filled("Hãy ghi nội dung giải trình."), at_most()]
    )


class JudgementForm(VersionedForm):
    """Accept an explanation, or ask again: `decision` says which."""

    question = TextAreaField("Nội dung cần giải trình thêm", validators=[at_most(2000)])
    answer_by = DateField("Trả lời trước ngày")
    decision = StringField()

    def validate_decision(self, field: StringField) -> None:
        """One of the two."""
        if field.data not in ("accept", "repeat"):
            raise ValidationError("Hãy chọn Chấp nhận hoặc Yêu cầu giải trình lại.")

    def validate_question(self, field: TextAreaField) -> None:
        """Whoever asks again says what is missing."""
        if self.decision.data == "repeat" and not field.data:
            raise ValidationError("Hãy ghi nội dung cần giải trình thêm.")

    def validate_answer_by(self, field: DateField) -> None:
        """A day for the new answer; whoever accepts needs none."""
        field.errors = []
        if self.decision.data == "repeat":
            needs_day(field, "Hãy ghi ngày phải trả lời theo dạng ngày/tháng/năm.")


class DirectiveForm(Form):
    """A leader's directive."""

    body = TextAreaField(
        "Ý kiến chỉ đạo", validators=[filled("Hãy ghi ý kiến chỉ đạo."), at_most(5000)]
    )


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


def needs_day(field: DateField, message: str) -> None:
    """Refuse a field without a real day, in one sentence."""
    if field.data is None:
        field.errors = []  # what was typed is shown again; one sentence is enough
        raise ValidationError(message)


def day_of(field: DateField) -> date:
    """The day in a field that has been found valid and filled."""
    if field.data is None:
        raise ValueError(f"{field.name} is empty")
    return field.data
