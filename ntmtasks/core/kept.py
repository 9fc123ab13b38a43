"""Kept queries: the few behind the pages that are asked for most, prepared once (core/prepared.py).

They have no options; what waits in the session to be written is not seen. What `objects` finds is the
session's like anything else, to be changed and written.
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

from ntmtasks.core.db import Base, db
from ntmtasks.core.prepared import names_of, rows
from ntmtasks.core.rows import as_read

Found = TypeVarTuple("Found")
Maker = Callable[[Session, Sequence[Any]], Any]


def columns(
    query: TypedReturnsRows[*Found], values: Mapping[str, Any] | None = None
) -> list[tuple[*Found]]:
    """What a query of columns finds."""
    return rows(query, values or {})


def objects(query: Select[*Found], values: Mapping[str, Any] | None = None) -> list[tuple[*Found]]:
    """What a query of mapped classes finds, each row whole; related objects are asked for by a join, and
    set by the caller."""
    makers, session = _makers(query), db.session()
    found: list[Any] = [
        tuple([make(session, row[start:end]) for make, start, end in makers])
        for row in columns(query, values)
    ]
    return found


@cache
def _makers(query: Select[*tuple[Any, ...]]) -> list[tuple[Maker, int, int]]:
    """For each class of a query what makes its object, and where in a row its columns begin and end."""
    makers, start = [], 0
    for each in query.column_descriptions:
        names = names_of(each["type"])
        makers.append((_maker(each["type"], names), start, start + len(names)))
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


def written_out(query: Select[*Found] | CompoundSelect[*Found]) -> TypedReturnsRows[*Found]:
    """A query for the database of this application, its constants, which are numbers and plain text,
    written into it, so that it may have lists of them."""

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
    found = [column(str(n), each.type) for n, each in enumerate(asked.selected_columns)]
    return cast("TypedReturnsRows[*Found]", written.columns(*found))
