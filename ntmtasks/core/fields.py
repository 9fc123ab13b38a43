"""How a field of a form is shown: its label, its help and its messages beside it.

Pages show dozens of fields. What WTForms writes for them is written here, the same at a fraction of the
cost, but for a few widgets that are WTForms' own.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup
from wtforms.widgets import DateInput, FileInput, Input, NumberInput, Select, TextArea

from ntmtasks.core.escaping import escape
from ntmtasks.core.forms import csrf_token

_CLASSES = {
    "SelectField": "form-select",
    "SelectMultipleField": "form-select",
    "BooleanField": "form-check-input",
}


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
    label = f'<label for="{escape(fid)}">{escape(f.label.text)}</label>'
    html = f'<div class="field{mark}">\n{label}\n{_widget(f, attributes)}\n'
    if help:
        html += f'<p class="help" id="{escape(fid)}-help">{escape(help)}</p>\n'
    if f.errors:
        html += f'<p class="error" id="{escape(fid)}-error">{escape(" ".join(f.errors))}</p>\n'
    return _written(f"{html}</div>")


def hidden_fields(form: Any) -> Markup:
    """What a form sends unseen: CSRF token, one-time token and, where it has one, the version."""
    fields = [form[name] for name in ("form_token", "version") if name in form]
    given = {"csrf_token": csrf_token(), **{f.name: f._value() for f in fields}}
    return _written(
        "".join(
            f'<input name="{name}" type="hidden" value="{escape(value)}">'
            for name, value in given.items()
        )
    )


def _written(html: str) -> Markup:
    """HTML of this file, in which everything from outside has been escaped: Markup's own ways to put
    things together look at each part again, and take five times as long."""
    return Markup(html)  # nosec B704


def _widget(f: Any, attributes: Mapping[str, object]) -> str:
    widget = f.widget
    given: dict[str, object] = {"name": f.name, **attributes}
    if isinstance(widget, TextArea):
        return f"<textarea{_attributes(f, given)}>\r\n{escape(f._value())}</textarea>"
    if type(widget) is Select and not f.has_groups():
        given["multiple"] = widget.multiple
        return f"<select{_attributes(f, given)}>{''.join(map(_option, f.iter_choices()))}</select>"
    if type(widget) is FileInput:
        given = {"type": widget.input_type, "multiple": widget.multiple, **given}
        return f"<input{_attributes(f, given)}>"
    if _is_plain(widget):
        given = {"type": widget.input_type, "value": f._value(), **given}
        return f"<input{_attributes(f, given)}>"
    return str(f(**attributes))


def _is_plain(widget: Any) -> bool:
    """Whether a widget has no rules of its own: those for days and numbers have one for the bounds that
    they are given."""
    is_unbound = type(widget) in (DateInput, NumberInput) and not any(vars(widget).values())
    return is_unbound or type(widget).__call__ is Input.__call__


def _option(choice: Any) -> str:
    given = {"selected": choice.selected, "value": str(choice.value), **(choice.render_kw or {})}
    return f"<option{_pairs(given)}>{escape(choice.label or choice.value)}</option>"


def _attributes(f: Any, given: Mapping[str, object]) -> str:
    """With those that the field's own rules want (most, least)."""
    wanted = {n: v for n, v in vars(f.flags).items() if n in f.widget.validation_attrs}
    return _pairs({**wanted, **(f.render_kw or {}), **given})


def _pairs(given: Mapping[str, object]) -> str:
    """Attributes in the order of their names; what is None or False is left out."""
    return "".join(
        f" {name}" if value is True else f' {name}="{escape(value)}"'
        for name, value in sorted(given.items())
        if value is not False and value is not None
    )
