"""Forms about people and passwords."""

from collections.abc import Iterable
from datetime import time

from wtforms import DateField, PasswordField, SelectField, StringField
from wtforms.validators import EqualTo, ValidationError

from ntmtasks.accounts.labels import ROLES
from ntmtasks.accounts.models import User
from ntmtasks.accounts.rules import HALF_HOURS, Role
from ntmtasks.agencies.models import Agency
from ntmtasks.core.forms import Form, VersionedForm, at_most, filled


class LoginForm(Form):
    """Sign in."""

    username = StringField(
        "Tên đăng nhập", validators=[filled("Hãy nhập tên đăng nhập."), at_most(100)]
    )
    password = PasswordField("Mật khẩu", validators=[filled("Hãy nhập mật khẩu."), at_most(1000)])


class PersonForm(VersionedForm):
    """Particulars of a person."""

    name = StringField("Họ và tên", validators=[filled("Hãy nhập họ và tên."), at_most(200)])
    title = StringField("Chức vụ", validators=[at_most(200)])
    phone = StringField("Điện thoại", validators=[at_most(40)])
    email = StringField("Thư điện tử", validators=[at_most(254)])
    role = SelectField(
        "Vai trò",
        coerce=Role,
        default=Role.OFFICER.value,
    )
    agency_id = SelectField("Cơ quan", coerce=int)

    def offer(self, agencies: Iterable[Agency], roles: Iterable[Role]) -> None:
        """Fill the choices of agencies and roles, in the order given."""
        self.agency_id.choices = [(it.id, it.name) for it in agencies]
        self.role.choices = [(role.value, ROLES[role]) for role in roles]


class NewPersonForm(PersonForm):
    """A person to add."""

    username = StringField(
        "Tên đăng nhập", validators=[filled("Hãy nhập tên đăng nhập."), at_most(40)]
    )


class ResetForm(Form):
    """A new password, typed twice."""

    new = PasswordField(
        "Mật khẩu mới", validators=[filled("Hãy nhập mật khẩu mới."), at_most(1000)]
    )
    repeat = PasswordField(
        "Nhập lại mật khẩu mới", validators=[EqualTo("new", "Hai lần nhập không giống nhau.")]
    )


class PasswordForm(ResetForm):
    """Change the own password."""

    current = PasswordField(
        "Mật khẩu hiện tại", validators=[filled("Hãy nhập mật khẩu hiện tại."), at_most(1000)]
    )


class ForgotForm(Form):
    """Ask for a link to set a new password."""

    asked = StringField(
        "Tên đăng nhập hoặc thư điện tử",
        validators=[filled("Hãy nhập tên đăng nhập hoặc thư điện tử."), at_most(254)],
    )


class StandInForm(Form):
    """Somebody who decides in the city leader's place until a day."""

    person = SelectField("Người được ủy quyền", coerce=int)
    until = DateField("Đến hết ngày")

    def validate_until(self, field: DateField) -> None:
        """A real day."""
        if field.data is None:
            field.errors = []
            raise ValidationError("Hãy ghi ngày theo dạng ngày/tháng/năm.")


class HourForm(Form):
    """From when on one wants the morning's mail."""

    at = SelectField("Nhận thư nhắc việc từ")

    def offer(self, office_hour: time) -> "HourForm":
        """Fill the choices: the office's own hour, and all half hours."""
        own = [(f"{hour:%H:%M}", f"{hour:%H:%M}") for hour in HALF_HOURS]
        self.at.choices = [("", f"Giờ chung của cơ quan ({office_hour:%H:%M})"), *own]
        return self

    @property
    def hour(self) -> time | None:
        """The chosen hour; None for the office's own."""
        return time.fromisoformat(self.at.data) if self.at.data else None


class AbsenceForm(VersionedForm):
    """From when to when somebody is away, and who reads the mail meanwhile."""

    first = DateField("Nghỉ từ ngày")
    until = DateField("Đến hết ngày")
    deputy = SelectField("Người nhận thư thay", coerce=int)

    def offer(self, deputies: Iterable[User]) -> "AbsenceForm":
        """Fill the choices of deputies, in the order given."""
        names = [(user.id, user.name) for user in deputies]
        self.deputy.choices = [(0, "Đầu mối của cơ quan"), *names]
        return self

    def validate_first(self, field: DateField) -> None:
        """A real day."""
        _must_be_given(field)

    def validate_until(self, field: DateField) -> None:
        """A real day."""
        _must_be_given(field)


def _must_be_given(field: DateField) -> None:
    if field.data is None and not field.errors:
        raise ValidationError("Hãy nhập một ngày có thật.")
