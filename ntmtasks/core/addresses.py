"""Addresses of our own pages as templates write them.

A page has dozens of them, an overview hundreds, most of them the same each time: they are remembered.
That is safe, as the rules never change while a process lives, and what is left out depends on nothing
but what is asked and where we are mounted.
"""

from functools import lru_cache

import flask
from flask import request


def url_for(endpoint: str, /, **values: object) -> str:
    """What Flask's function of this name says. `values` that cannot be looked up (a list) and addresses
    that depend on the request (a blueprint's own endpoint, a host) are not remembered."""
    if endpoint.startswith(".") or "_external" in values or "_scheme" in values:
        return flask.url_for(endpoint, **values)  # type: ignore[arg-type]
    try:
        return _kept(request.script_root, endpoint, **values)
    except TypeError:
        return flask.url_for(endpoint, **values)  # type: ignore[arg-type]


@lru_cache(maxsize=4096, typed=True)
def _kept(_script_root: str, endpoint: str, /, **values: object) -> str:
    return flask.url_for(endpoint, **values)  # type: ignore[arg-type]
