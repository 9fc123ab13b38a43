"""The base of all forms: clean text, Vietnamese messages, one-time tokens, versions."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Any, Self

from flask import g, session
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy import Executable, bindparam
from wtforms import HiddenField, IntegerField, StringField
from wtforms.validators import ValidationError
from wtforms.widgets import FileInput, HiddenInput

from ntmtasks.core import prepared
from ntmtasks.core.clock import real_now_sql
from ntmtasks.core.db import db, insert
from ntmtasks.core.formats import day
from ntmtasks.core.models import FormToken
from ntmtasks.core.text import nfc

MAX_TEXT = 20_000


def clean(value: Any) -> Any:
    """Filter of all text fields: NFC, no control characters, no blanks around."""
    return nfc(value).strip() if isinstance(value, str) else value


def new_token() -> str:
    """A fresh token for one showing of a form."""
    return secrets.token_urlsafe(16)


def csrf_token() -> str:
    """The token of this request, which flask_wtf keeps: asking it costs as much as ten look-ups."""
    token: str | None = g.get("csrf_token")
    if token is None and "csrf_token" in session:
        token = g.csrf_token = _csrf_token_of(session["csrf_token"])
    return token or generate_csrf()


@lru_cache(maxsize=5_000)  # tokens do not age, and signing one takes as long as drawing a form
def _csrf_token_of(_secret: str) -> str:
    """The token of the running request's session, whose secret this is."""
    token: str = generate_csrf()
    return token


class _Vietnamese:
    """WTForms speaks many languages, but not this one: its own messages that people may meet."""

    MESSAGES: Mapping[str, str] = {
        "Not a valid integer value.": "Hãy nhập một số nguyên.",
        "Not a valid date value.": "Hãy nhập một ngày có thật.",
        "Not a valid choice.": "Hãy chọn một mục trong danh sách.",
        "Invalid Choice: could not coerce.": "Hãy chọn một mục trong danh sách.",
    }

    def gettext(self, message: str) -> str:
        """The Vietnamese sentence for a message of WTForms."""
        return self.MESSAGES.get(message, message)

    def ngettext(self, singular: str, plural: str, count: int) -> str:
        """Vietnamese has no plural; what WTForms counts are choices and lengths."""
        return "Hãy chọn các mục có trong danh sách." if "choice" in singular else plural


_VIETNAMESE = _Vietnamese()


class Form(FlaskForm):  # type: ignore[misc]  # flask_wtf ships no types
    """A form that carries a one-time token; every text enters through `clean`."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # flask_wtf ships no types
        locales = ("vi",)
        csrf = False  # checked of every request before its view is asked (app.py)

        def get_translations(self, _form: Any) -> _Vietnamese:
            return _VIETNAMESE

        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            if issubclass(unbound_field.field_class, StringField):
                options["filters"] = (clean, *unbound_field.kwargs.get("filters", ()))
            return unbound_field.bind(form=form, **options)

    form_token = HiddenField(default=new_token)

    def shown_anew(self, **data: object) -> Self:
        """The form as it is shown anew, filled with `data`: what was sent with it, and said of that, is
        forgotten. Making another one takes as long as taking one in."""
        for field in self:
            field.raw_data, field.errors = None, ()
        self.form_errors.clear()
        self.process(None, data=data)
        return self


@dataclass(frozen=True)
class Difference:
    """One thing that a person typed and somebody else has stored otherwise meanwhile."""

    label: str
    stored: str
    typed: str


class VersionedForm(Form):
    """A form that edits a row: `version` is the one that the person saw."""

    version = IntegerField(widget=HiddenInput())
    conflict: Sequence[Difference] = ()
    """Where what was typed differs from what somebody else has stored meanwhile; shown side by side."""

    def collide(self, stored: "VersionedForm", message: str) -> None:
        """Keep what was typed beside the row as it is stored, and carry on from that version."""
        self.form_errors.append(message)
        self.conflict = differences(self, stored)
        if stored.version.data is not None:
            self.see_version(stored.version.data)

    def see_version(self, version: int) -> None:
        """Carry on from a newer version of the row, which the person has now seen."""
        self.version.data, self.version.raw_data = version, None


def differences(typed: Form, stored: Form) -> list[Difference]:
    """Where two showings of a form differ, in the words that a person reads."""
    there = {field.name: words_of(field) for field in stored if not _is_silent(field)}
    mine = ((field, words_of(field)) for field in typed if field.name in there)
    return [
        Difference(field.label.text, there[field.name], words)
        for field, words in mine
        if words != there[field.name]
    ]


def words_of(field: Any) -> str:
    """What stands in a field, as a person reads it."""
    if hasattr(field, "iter_choices"):
        return "; ".join(str(label) for _, label, chosen, *_ in field.iter_choices() if chosen)
    if isinstance(field.data, date):
        return day(field.data)
    return "" if field.data is None else str(field.data)


def _is_silent(field: Any) -> bool:
    return isinstance(field.widget, (HiddenInput, FileInput))


def use_once(token: str | None) -> bool:
    """True the first time a token is used; called inside the transaction of the act.

    A form without a token (a script) is always carried out.
    """
    if not token:
        return True
    # Nothing waits in the session that would have to come before.
    return prepared.rows(_using(db.engine.dialect.name), {"token": token[:64]}) != []


@cache  # every act asks, and building the statement takes longer than running it
def _using(_database: str) -> Executable:
    used = insert(FormToken).values(token=bindparam("token"), used_at=real_now_sql())
    return used.on_conflict_do_nothing().returning(FormToken.token)


def filled(message: str) -> Any:
    """Validator: the field must not be empty. Sets no `required` flag, so that the browser lets the
    form through and the answer is our sentence."""

    def check(_form: Any, field: Any) -> None:
        if not (field.data or "").strip():
            raise ValidationError(message)

    return check


def at_most(length: int = MAX_TEXT) -> Any:
    """Validator: at most `length` characters."""

    def check(_form: Any, field: Any) -> None:
        if len(field.data or "") > length:
            raise ValidationError(f"Dài quá {length:,} ký tự; hãy rút gọn.".replace(",", "."))

    return check


def needs_day(field: Any, message: str) -> None:
    """Refuse a field without a real day, in one sentence."""
    if field.data is None:
        field.errors = []  # what was typed is shown again; one sentence is enough
        raise ValidationError(message)


def day_of(field: Any) -> date:
    """The day in a field that has been found valid and filled."""
    if not isinstance(field.data, date):
        raise ValueError(f"{field.name} is empty")
    return field.data
