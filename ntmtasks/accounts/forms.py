"""Forms about people and passwords."""

from wtforms import PasswordField, StringField

from ntmtasks.core.forms import Form, at_most, filled


class LoginForm(Form):
    """Sign in."""

    username = StringField(
        "Tên đăng nhập", validators=[filled("Hãy nhập tên đăng nhập."), at_most(100)]
    )
    password = PasswordField("Mật khẩu", validators=[filled("Hãy nhập mật khẩu."), at_most(1000)])
