"""Kept queries (`@cache`): the few behind the pages that are asked for most. What SQLAlchemy would work out
anew each time they run is worked out once, as it takes longer than the query.

Such a query has no lists of any length and no options; what waits in the session to be written is not
seen. What `objects` finds is the session's like anything else, to be changed and written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.sql.visitors import ExternallyTraversible, replacement_traverse
from sqlalchemy.types import TypeEngine

from ntmtasks.core.db import Base, as_read, db

Found = TypeVarTuple("Found")
Change = Callable[[Any], Any]
Maker = Callable[[Session, Sequence[Any]], Any]


def columns(
    query: TypedReturnsRows[*Found], values: Mapping[str, Any] | None = None
) -> list[tuple[*Found]]:
    """What a query of columns finds. Raises SQLAlchemyError like any other."""
    line = db.session.connection()
    found: list[Any]
    # Who listens to statements hears of them from SQLAlchemy alone.
    if not line.engine.dispatch.before_cursor_execute:
        prepared = _prepared(query, line.dialect.name)
        try:
            found = prepared.run(line.connection, values or {})
        except line.dialect.loaded_dbapi.Error:
            pass  # is said below, in the words of SQLAlchemy
        else:
            return found
    found = [tuple(row) for row in line.execute(query, values)]
    return found


def objects(query: Select[*Found], values: Mapping[str, Any] | None = None) -> list[tuple[*Found]]:
    """What a query of mapped classes finds, each row whole; related objects are asked for by a join, and
    set by the caller."""
    makers, session = _makers(query), db.session()
    found: list[Any] = [
        tuple([make(session, row[start:end]) for make, start, end in makers])
        for row in columns(query, values)
    ]
    return found


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A query as the driver takes it: `fixed` are the values that are always the same, `open` the names
    of the others, each with what gives it, None for the caller, and how it is sent. `order` says where
    values stand, None where the driver goes by their names; `readers` at which places of a row a value
    is to be changed."""

    sql: str
    fixed: Mapping[str, Any]
    open: Sequence[tuple[str, Callable[[], Any] | None, Change | None]]
    order: Sequence[str] | None
    readers: Sequence[tuple[int, Change]]

    def run(self, line: PoolProxiedConnection, values: Mapping[str, Any]) -> list[Any]:
        """The rows. Raises the errors of the driver."""
        sent = dict(self.fixed)
        for name, give, send in self.open:
            value = values[name] if give is None else give()
            sent[name] = value if send is None else send(value)
        cursor = line.cursor()
        try:
            cursor.execute(self.sql, sent if self.order is None else [sent[n] for n in self.order])
            rows = cursor.fetchall()
        finally:
            cursor.close()
        return [self._read(row) for row in rows] if self.readers else list(rows)

    def _read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        said = list(row)
        for at, read in self.readers:
            if said[at] is not None:
                said[at] = read(said[at])
        return tuple(said)


@cache
def _prepared(query: Any, _database: str) -> _Prepared:
    dialect = db.engine.dialect
    compiled = query.compile(dialect=dialect)
    if compiled.post_compile_params:
        raise ValueError("a kept query has no list that SQLAlchemy would write out each time")
    fixed, lacking = {}, []
    for place, name in compiled.bind_names.items():
        send = place.type.dialect_impl(dialect).bind_processor(dialect)
        if place.required or place.callable:
            lacking.append((name, place.callable, send))
        else:
            fixed[name] = place.value if send is None else send(place.value)
    found = (each.dialect_impl(dialect).result_processor(dialect, None) for each in _types(query))
    return _Prepared(
        sql=str(compiled),
        fixed=fixed,
        open=lacking,
        order=compiled.positiontup if compiled.positional else None,
        readers=[(at, read) for at, read in enumerate(found) if read is not None],
    )


def _types(query: Any) -> Iterator[TypeEngine[Any]]:
    """Of the columns of a query."""
    if not isinstance(query, Select):
        yield from (each.type for each in query.selected_columns)
        return
    for each in query.column_descriptions:
        if isinstance(each["type"], TypeEngine):
            yield each["type"]
        else:
            kind = inspect(each["type"])
            yield from (kind.column_attrs[name].columns[0].type for name in _names(each["type"]))


@cache
def _names(kind: type[Base]) -> list[str]:
    """What is read of a row when a query asks for its class, in the order of the columns."""
    return [each.key for each in inspect(kind).column_attrs if not each.deferred]


@cache
def _makers(query: Select[*tuple[Any, ...]]) -> list[tuple[Maker, int, int]]:
    """For each class of a query what makes its object, and where in a row its columns begin and end."""
    makers, start = [], 0
    for each in query.column_descriptions:
        names = _names(each["type"])
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
