"""Forms about reports."""

from typing import Any

from wtforms import BooleanField, TextAreaField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import VersionedForm, at_most, filled
from ntmtasks.core.sources import SourceFields


def ticked(_form: Any, field: Any) -> None:
    """Validator: the box must be ticked."""
    if not field.data:
        raise ValidationError("Hãy đánh dấu xác nhận trước khi nộp.")


class BodyForm(VersionedForm):
    """The text of a report."""

    body = TextAreaField(
        "Nội dung báo cáo", validators=[filled("Hãy nhập nội dung báo cáo."), at_most()]
    )


class SubmitForm(BodyForm):
    """Send a report."""

    confirm = BooleanField(
        "Tôi xác nhận số liệu đã chốt và nộp báo cáo này thay mặt cơ quan", validators=[ticked]
    )


class EnterForm(SourceFields, BodyForm):
    """Send a report for another agency, from what came by document, call or mail."""
