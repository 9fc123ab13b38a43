"""Addresses of our own pages as templates write them.

A page has dozens of them, an overview hundreds, most of which differ in a number alone: what the address
of an endpoint looks like is worked out once, and then written with what it is asked for. That is safe, as
the rules never change while a process lives.
"""

import re
from contextvars import ContextVar
from functools import cache

import flask
from flask import request

_mounted_at: ContextVar[str | None] = ContextVar("mounted_at", default=None)
_PLAIN = re.compile(r"[A-Za-z0-9_.-]+", re.ASCII)
"""Words that stand in an address as they are."""


def mount(path: str | None) -> None:
    """Let addresses begin with `path` in this context (a request); None lets them ask Flask, which takes
    as long as writing one."""
    _mounted_at.set(path)


def mounted_at() -> str:
    """What all our addresses begin with; "" where we have the host for ourselves."""
    path = _mounted_at.get()
    return request.script_root if path is None else path


def url_for(endpoint: str, /, **values: object) -> str:
    """What Flask's function of this name says. What depends on the request (a blueprint's own endpoint),
    says how to build (_anchor) or has to be written in another way goes to Flask each time."""
    kinds = []
    for name, value in values.items():
        if (type(value) is int and value >= 0) or (type(value) is str and _PLAIN.fullmatch(value)):
            kinds.append((name, type(value)))
        elif value is not None:
            break
    else:
        pattern = _pattern(mounted_at(), endpoint, tuple(kinds))
        if pattern:
            return pattern % values
    return flask.url_for(endpoint, **values)  # type: ignore[arg-type]


@cache
def _pattern(_mounted_at: str, endpoint: str, kinds: tuple[tuple[str, type], ...]) -> str | None:
    """An address with a place for each of its values, whose names and types these are; None where it takes
    only certain words, or is not the same each time."""
    if endpoint.startswith(".") or any(name.startswith("_") for name, _ in kinds):
        return None
    marks = {
        name: number if kind is int else f"zqx{number}zqx"
        for number, (name, kind) in enumerate(kinds, 1234567890)
    }
    try:
        address = flask.url_for(endpoint, **marks).replace("%", "%%")  # type: ignore[arg-type]
    except ValueError:  # of the converter
        return None
    for name, mark in marks.items():
        address = address.replace(str(mark), f"%({name})s")
    return address
