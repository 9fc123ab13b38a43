"""Forms of what people say of a slot of recurring work."""

from urllib.parse import urlsplit

from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import VersionedForm, at_most, filled, needs_day
from ntmtasks.core.sources import SourceFields

MOST_LINK = 1000


class SlotForm(VersionedForm):
    """Anything that is said of a slot as the person saw it; nothing more to take it back."""


class HeldForm(SlotForm):
    """What was done in a slot; the choices of `area` are communes, 0 names none."""

    topic = TextAreaField(
        "Chủ đề, nội dung", validators=[filled("Hãy ghi chủ đề, nội dung."), at_most(500)]
    )
    area = SelectField("Xã", coerce=int)
    link = StringField("Đường dẫn (nếu có)", validators=[at_most(MOST_LINK)])

    def validate_link(self, field: StringField) -> None:
        """A whole address of the web: it is shown as a link to everybody who reads the task."""
        if field.data and not _is_web_address(field.data):
            raise ValidationError("Đường dẫn phải bắt đầu bằng http:// hoặc https://.")


class MoveForm(SlotForm):
    """Another day for a slot, and why."""

    to = DateField("Dời sang ngày")
    reason = StringField("Lý do dời", validators=[filled("Hãy ghi lý do dời."), at_most(1000)])

    def validate_to(self, field: DateField) -> None:
        """A real day is needed."""
        needs_day(field, "Hãy ghi ngày mới theo dạng ngày/tháng/năm.")


class NotHeldForm(SlotForm):
    """Why a slot was left out."""

    reason = StringField(
        "Lý do không thực hiện",
        validators=[filled("Hãy ghi lý do không thực hiện."), at_most(1000)],
    )


class EnterHeldForm(SourceFields, HeldForm):
    """What was done in a slot, entered for another agency."""


class EnterMoveForm(SourceFields, MoveForm):
    """Another day, entered for another agency."""


class EnterNotHeldForm(SourceFields, NotHeldForm):
    """A slot left out, entered for another agency."""


class EnterTakeBackForm(SourceFields, SlotForm):
    """Nothing after all, entered for another agency."""


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in text
