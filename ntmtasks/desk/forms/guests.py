"""The form that makes a guest link."""

from collections.abc import Collection

from wtforms import BooleanField, SelectField, StringField
from wtforms.validators import ValidationError

from ntmtasks.core.forms import Form, at_most, filled
from ntmtasks.progress.rules.guests import DEFAULT_LIFE, LIVES


class GuestLinkForm(Form):
    """For which agency a guest reports, who the guest is, and for how long."""

    assignment = SelectField("Báo thay cho", coerce=int)
    name = StringField(
        "Cấp cho (người, đơn vị)",
        validators=[filled("Hãy ghi người hoặc đơn vị được cấp liên kết."), at_most(150)],
    )
    days = SelectField(
        "Dùng được trong",
        coerce=int,
        choices={str(days): f"{days} ngày" for days in LIVES},
        default=DEFAULT_LIFE,
    )
    by_mail = BooleanField("Gửi liên kết đến hộp thư của cơ quan")
    without_mailbox: Collection[int] = ()
    """Assignments whose agency has no mailbox."""

    def validate_by_mail(self, field: BooleanField) -> None:
        """There must be a mailbox to send to."""
        if field.data and self.assignment.data in self.without_mailbox:
            raise ValidationError("Cơ quan này chưa có hộp thư; hãy chép liên kết gửi cách khác.")
