"""Kept queries (`@cache`): the few behind the pages that are asked for most, with what SQLAlchemy would work
out anew each time they run, which takes longer than the query, worked out once.

What `objects` finds is the session's like anything else, to be changed and written.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeVarTuple, cast

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Dialect,
    Select,
    column,
    inspect,
    literal_column,
    text,
)
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse

from ntmtasks.core.db import Base, as_read, columns, db

Kinds = TypeVarTuple("Kinds")
Maker = Callable[[Session, Sequence[Any]], Any]


def objects(query: Select[*Kinds], values: Mapping[str, Any]) -> list[tuple[*Kinds]]:
    """What a query of mapped classes finds, which is kept (`@cache`) and has no options: related objects
    are asked for by a join, and set by the caller. What waits in the session to be written is not seen."""
    makers, session = _makers(query), db.session()
    found: list[Any] = [
        tuple([make(session, row[start:end]) for make, start, end in makers])
        for row in columns(query, values).all()
    ]
    return found


@cache
def _makers(query: Select[*tuple[Any, ...]]) -> list[tuple[Maker, int, int]]:
    """For each class of a query what makes its object, and where in a row its columns begin and end."""
    makers, start = [], 0
    for described in query.column_descriptions:
        names = [each.key for each in inspect(described["type"]).column_attrs if not each.deferred]
        makers.append((_maker(described["type"], names), start, start + len(names)))
        start += len(names)
    return makers


def _maker(kind: type[Base], names: list[str]) -> Maker:
    mapper = inspect(kind)
    (number,) = mapper.primary_key
    at = names.index(mapper.get_property_by_column(number).key)
    new, key_of = mapper.class_manager.new_instance, mapper.identity_key_from_primary_key

    def make(session: Session, row: Sequence[Any]) -> Any:
        key = key_of((row[at],))
        known = session.identity_map.get(key)
        if known is not None:
            for name in instance_state(known).expired_attributes.intersection(names):
                set_committed_value(known, name, row[names.index(name)])
            return known
        made = new()
        as_read(session, made, key, zip(names, row, strict=True))
        return made

    return make


def written_out(query: Select[*Kinds] | CompoundSelect[*Kinds]) -> TypedReturnsRows[*Kinds]:
    """A query for the database of this application, its constants, which are numbers and plain text,
    written into it, so that only the values that it lacks are sent along."""

    def place(element: ExternallyTraversible, **_: object) -> ColumnElement[Any] | None:
        if isinstance(element, BindParameter) and element.required:
            return literal_column(f"\0{element.key}")
        return None

    named: Any = type(db.engine.dialect)
    dialect: Dialect = named(paramstyle="named")
    asked: Any = query
    sql = replacement_traverse(asked, {}, place).compile(
        dialect=dialect, compile_kwargs={"literal_binds": True}
    )
    # A colon of a constant is no place for a value; no constant has a NUL.
    written = text(str(sql).replace(":", r"\:").replace("\0", ":"))
    # With its columns it takes the same way through SQLAlchemy as other queries, which is warm.
    found = [column(str(n), each.type) for n, each in enumerate(asked.selected_columns)]
    return cast("TypedReturnsRows[*Kinds]", written.columns(*found))
