"""How a field of a form is shown: its label, its help and its messages beside it.

Pages show dozens of fields. What WTForms writes for plain inputs and long text is written here, the
same at a fraction of the cost; all other widgets are WTForms' own.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from wtforms.widgets import Input, TextArea

_CLASSES = {
    "SelectField": "form-select",
    "SelectMultipleField": "form-select",
    "BooleanField": "form-check-input",
}
_JOINED = Markup("")
_LABEL = Markup('<div class="field%s">\n<label for="%s">%s</label>\n%s\n')
_HELP = Markup('<p class="help" id="%s-help">%s</p>\n')
_ERROR = Markup('<p class="error" id="%s-error">%s</p>\n')
_END = Markup("</div>")
_INPUT = Markup("<input%s>")
_TEXT = Markup("<textarea%s>\r\n%s</textarea>")
_ATTRIBUTE = Markup(' %s="%s"')
_MARK = Markup(" %s")
_HIDDEN = Markup('<input name="%s" type="hidden" value="%s">')


def shown_field(
    f: Any,
    help: str = "",
    id: str = "",
    rows: int = 3,
    type: str = "",
    autocomplete: str = "",
    more: Mapping[str, object] = MappingProxyType({}),
) -> Markup:
    """A WTForms field; `id` where a page shows the form twice, `rows` of long text, `more` attributes."""
    fid = id or f.id
    attributes: dict[str, object] = {"id": fid, "class": _CLASSES.get(f.type, "form-control")}
    if f.type == "TextAreaField":
        attributes["rows"] = rows
    if f.type == "PasswordField":
        is_old = f.name in ("password", "current")
        attributes["autocomplete"] = "current-password" if is_old else "new-password"
    if type:
        attributes["type"] = type
    if autocomplete:
        attributes["autocomplete"] = autocomplete
    described = [f"{fid}-help"] * bool(help) + [f"{fid}-error"] * bool(f.errors)
    if described:
        attributes["aria-describedby"] = " ".join(described)
    if f.errors:
        attributes["aria-invalid"] = "true"
    attributes.update(more)
    mark = " has-error" if f.errors else ""
    parts = [_LABEL % (mark, fid, f.label.text, _widget(f, attributes))]
    if help:
        parts.append(_HELP % (fid, help))
    if f.errors:
        parts.append(_ERROR % (fid, " ".join(f.errors)))
    return _JOINED.join((*parts, _END))


def _widget(f: Any, attributes: dict[str, object]) -> Markup:
    widget = f.widget
    if isinstance(widget, TextArea):
        given = {"name": f.name, **attributes}
        return _TEXT % (_attributes(f, widget, given), f._value())
    if type(widget).__call__ is Input.__call__:
        given = {"name": f.name, "type": widget.input_type, "value": f._value(), **attributes}
        return _INPUT % _attributes(f, widget, given)
    shown: Markup = f(**attributes)
    return shown


def _attributes(f: Any, widget: Any, given: dict[str, object]) -> Markup:
    """As HTML, in the order of their names; those that the field's own rules want (most, least) too."""
    wanted = {n: v for n, v in vars(f.flags).items() if n in widget.validation_attrs}
    every = {**wanted, **(f.render_kw or {}), **given}
    return _JOINED.join(
        _MARK % name if value is True else _ATTRIBUTE % (name, value)
        for name, value in sorted(every.items())
        if value is not False and value is not None
    )


def hidden_fields(form: Any) -> Markup:
    """What a form sends unseen: CSRF token, one-time token and, where it has one, the version."""
    return _JOINED.join(
        _HIDDEN % (form[name].name, form[name]._value())
        for name in ("csrf_token", "form_token", "version")
        if name in form
    )
