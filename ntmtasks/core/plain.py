"""Frozen dataclasses as plain JSON values and back, for what travels between processes.

Dates become ISO texts, decimal numbers texts, tuples lists, enums their values. Fields that the class
computes itself (``init=False``) stay at home.
"""

import dataclasses
import types
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """Return ``value`` out of dicts, lists, texts, numbers, truth values and None."""
    if dataclasses.is_dataclass(value):
        return {
            f.name: to_plain(getattr(value, f.name)) for f in dataclasses.fields(value) if f.init
        }
    if isinstance(value, tuple | list):
        return [to_plain(v) for v in value]
    if isinstance(value, dict):
        return {k: to_plain(v) for k, v in value.items()}
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value.value if isinstance(value, Enum) else value


def from_plain(kind: type[T], value: Any) -> T:
    """Return the ``kind`` that :func:`to_plain` made ``value`` of.

    Raises TypeError, KeyError or ValueError for anything else.
    """
    made: T = _convert(kind, value)
    return made


def _convert(kind: Any, value: Any) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        return kind(**{name: _convert(hints[name], v) for name, v in value.items()})
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Literal or kind is Any:
        return value
    if origin in (Union, types.UnionType):
        return (
            None
            if value is None
            else _convert(next(k for k in inner if k is not type(None)), value)
        )
    if origin is tuple:
        return tuple(_convert(inner[0], v) for v in value)
    if origin is dict:
        return {k: _convert(inner[1], v) for k, v in value.items()}
    if kind is date:
        return date.fromisoformat(value)
    if kind is Decimal:
        return Decimal(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r} is no {kind}")
    return value
