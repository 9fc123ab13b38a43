"""Forms of daily work."""

from wtforms import (
    DateField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, Optional, ValidationError

from ntmtasks.core.forms import Form, VersionedForm, at_most, filled
from ntmtasks.tasks.rules import WorkState

PROGRESS_STATES = [
    (WorkState.IN_PROGRESS.value, "Đang thực hiện"),
    (WorkState.SUBMITTED.value, "Báo cáo hoàn thành"),
]


class ProgressForm(Form):
    """State, percent and text of one report of progress."""

    state = SelectField(
        "Trạng thái", choices=PROGRESS_STATES, validate_choice=False, default="in_progress"
    )
    percent = IntegerField("Tiến độ (%)")
    body = TextAreaField("Nội dung", validators=[filled("Hãy ghi kết quả đã làm được."), at_most()])

    def validate_state(self, field: SelectField) -> None:
        """One of the two states that an agency sets by progress."""
        if field.data not in dict(PROGRESS_STATES):
            raise ValidationError("Hãy chọn Đang thực hiện hoặc Báo cáo hoàn thành.")

    def validate_percent(self, field: IntegerField) -> None:
        """0–100; a bad number keeps what was typed."""
        if field.data is None or not 0 <= field.data <= 100:
            field.errors = []
            raise ValidationError("Tiến độ là số nguyên từ 0 đến 100.")


class CommentForm(Form):
    """A remark on a task."""

    body = TextAreaField("Ý kiến", validators=[filled("Hãy ghi ý kiến."), at_most()])


class ReturnForm(Form):
    """Why a reported completion goes back."""

    reason = StringField(
        "Lý do trả lại", validators=[filled("Hãy ghi lý do trả lại."), at_most(1000)]
    )


class OfficerForm(VersionedForm):
    """Who is in charge inside an agency; 0 means nobody."""

    officer = SelectField("Người phụ trách", coerce=int)


class ArrangeForm(OfficerForm):
    """What the coordinator may change of an assignment."""

    agency = SelectField("Cơ quan", coerce=int)
    deadline = DateField("Thời hạn", validators=[Optional()])
    note = StringField("Căn cứ, lý do", validators=[at_most(500)])


class NewTaskForm(Form):
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
    deadline = DateField("Thời hạn", validators=[Optional()])

    def validate_deadline(self, field: DateField) -> None:
        """A task by hand has no plan to take a default from."""
        if field.data is None:
            field.errors = []
            raise ValidationError("Hãy ghi thời hạn theo dạng ngày/tháng/năm.")
