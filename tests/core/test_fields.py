"""Fields are written as WTForms writes them, and what people typed cannot break out of them."""

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    Form,
    IntegerField,
    MultipleFileField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, NumberRange
from wtforms.widgets import NumberInput

from ntmtasks.core import forms
from ntmtasks.core.fields import shown_field

NASTY = "\"><b>&'"
CHOICES = [SelectChoice(NASTY, NASTY), SelectChoice("b", "B"), SelectChoice("c", "")]


class _All(Form):
    text = StringField("Chữ <b>", validators=[Length(max=9)], default=NASTY)
    long = TextAreaField("Dài", default=NASTY)
    number = IntegerField("Số", validators=[NumberRange(0, 100)], default=5)
    stepped = IntegerField("Bước", widget=NumberInput(step=5, min=0))
    one = SelectField("Một", choices=CHOICES, default=NASTY)
    several = SelectMultipleField("Nhiều", choices=CHOICES, default=["b", "c"])
    grouped = SelectField("Nhóm", choices=[SelectChoice("a", "A", optgroup=NASTY)])
    agreed = BooleanField("Đồng ý", default=True)
    day = DateField("Ngày")
    file = FileField("Tệp")
    files = MultipleFileField("Các tệp")
    password = PasswordField("Mật khẩu")


class _Sent(_All, forms.Form):
    """The same as forms of ours."""


def test_a_form_shown_anew_is_like_a_new_one() -> None:
    sent = dict.fromkeys(_Sent(formdata=None).data, "x") | {"text": "longer than nine"}
    form = _Sent(formdata=MultiDict(sent))
    form.form_errors.append("refused")
    assert not form.validate()
    form.shown_anew(number=7)
    new = _Sent(formdata=None, data={"number": 7})
    assert not form.errors
    assert form.form_token.data not in ("x", new.form_token.data)
    form.form_token.data = new.form_token.data
    assert list(map(shown_field, form)) == list(map(shown_field, new))


def test_every_kind_of_field_is_written_as_wtforms_writes_it() -> None:
    for field in _All():
        attributes: dict[str, object] = {"id": "x-1", "data-mark": NASTY}
        kind = "form-select" if "Select" in field.type else "form-control"
        attributes["class"] = "form-check-input" if field.type == "BooleanField" else kind
        attributes |= {"rows": 3} if field.type == "TextAreaField" else {}
        attributes |= {"autocomplete": "current-password"} if field.type == "PasswordField" else {}
        assert str(field(**attributes)) in shown_field(
            field, id="x-1", more={"data-mark": NASTY}
        ), field.name


def test_what_stands_around_a_field_is_escaped_too() -> None:
    form = _All()
    form.text.errors = [NASTY]
    shown = shown_field(form.text, help=NASTY, id="x-1")
    assert NASTY not in shown
    assert 'class="field has-error"' in shown
    assert 'aria-describedby="x-1-help x-1-error"' in shown
    assert shown.count("<b>") == 0
