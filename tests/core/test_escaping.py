"""Templates write values as markupsafe escapes them."""

from enum import StrEnum
from pathlib import Path

import markupsafe
import pytest
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from ntmtasks.app import create_app
from ntmtasks.core.escaping import escape
from tests.support import databases


class _Word(StrEnum):
    NASTY = "<b>&\"'"


class _Piece:
    def __html__(self) -> str:
        return "<i>"


VALUES = ["<b>&\"'", "nước & cây", "", Markup("<b>"), _Word.NASTY, _Piece(), 5, None, ["<"]]


def test_every_value_is_written_as_markupsafe_writes_it() -> None:
    for value in VALUES:
        assert escape(value) == str(markupsafe.escape(value))


def test_templates_write_what_jinja_alone_would_write(tmp_path: Path) -> None:
    source = (
        "{% macro m(x) %}{{ x }}{% endmacro %}{% set s %}{{ x }}{% endset %}"
        "{{ x }}|{{ m(x) }}|{{ s }}|{{ x ~ '<' }}|{{ [x, '<']|join }}|{{ x|safe }}|"
        "{% filter lower %}{{ x }}{% endfilter %}|{% for y in [x] %}{{ y }}{% endfor %}"
    )
    ours = create_app(databases.config(tmp_path)).jinja_env
    plain = Environment(autoescape=True)
    for value in VALUES:
        expected = plain.from_string(source).render(x=value)
        assert ours.from_string(source).render(x=value) == expected


def test_a_value_that_nobody_gave_is_still_an_error(tmp_path: Path) -> None:
    env = create_app(databases.config(tmp_path)).jinja_env
    with pytest.raises(UndefinedError):
        env.from_string("{{ nothing }}").render()
