"""Forms of one act on many tasks of the board."""

from datetime import date

from wtforms import (
    BooleanField,
    DateField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import NumberRange, ValidationError

from ntmtasks.core.forms import Form, at_most, filled
from ntmtasks.desk.forms.work import read_picks
from ntmtasks.tasks.rules import PAGE_ROWS


class SelectedForm(Form):
    """The tasks that were ticked, each with the mark that the person saw: "17:5"."""

    pick = SelectMultipleField("Nhiệm vụ", validate_choice=False)

    @property
    def picked(self) -> dict[int, int]:
        """Mark by task."""
        return read_picks(self.pick.data or ())

    @property
    def fault(self) -> str:
        """What is wrong with the selection: there must be some, and at most what one page shows."""
        if not self.picked:
            return "Hãy đánh dấu ít nhất một nhiệm vụ trong danh sách."
        if len(self.picked) > PAGE_ROWS:
            return f"Mỗi lần chọn nhiều nhất {PAGE_ROWS} nhiệm vụ."
        return ""

    def validate_pick(self, field: SelectMultipleField) -> None:
        """Without a right selection nothing is done."""
        if self.fault:
            raise ValidationError(self.fault)


class OfficerOfSelectedForm(SelectedForm):
    """Who gets them."""

    officer = SelectField(
        "Giao cho",
        coerce=int,
        validators=[NumberRange(min=1, message="Hãy chọn người nhận việc.")],
    )


class UrgeSelectedForm(SelectedForm):
    """What to say; `again` is marked by who knows that some were pushed today."""

    body = TextAreaField("Nội dung đôn đốc", validators=[at_most(2000)])
    again = BooleanField("Đôn đốc cả những việc hôm nay đã đôn đốc")


class DeadlineOfSelectedForm(SelectedForm):
    """The new day and why; `today` is the office's."""

    deadline = DateField("Thời hạn mới")
    note = StringField(
        "Căn cứ, lý do", validators=[filled("Hãy ghi căn cứ, lý do đổi thời hạn."), at_most(500)]
    )
    today: date

    def validate_deadline(self, field: DateField) -> None:
        """A real day that has not gone by: it would make all of them late at once."""
        if field.data is None:
            field.errors = []
            raise ValidationError("Hãy ghi thời hạn theo dạng ngày/tháng/năm.")
        if field.data < self.today:
            raise ValidationError("Thời hạn mới không được trước hôm nay.")
