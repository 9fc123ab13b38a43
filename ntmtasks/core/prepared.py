"""Statements that are prepared once (kept by `@cache`) and then run by the driver itself.

What SQLAlchemy does around each statement takes longer than the statement, most of all where its code has
gone cold between two requests. It still writes the SQL, says how values are sent and read, and holds the
transaction. Such a statement has no lists of any length.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Select, inspect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeEngine

from ntmtasks.core.db import Base, db

Change = Callable[[Any], Any]
Values = Mapping[str, Any]


def rows(statement: Executable, values: Values) -> list[Any]:
    """What a statement finds, row by row. Raises SQLAlchemyError as any other does."""
    line = db.session.connection()
    if _is_heard(line):
        return [tuple(row) for row in line.execute(statement, values)]
    prepared = _prepared(statement, tuple(values), line.dialect.name)
    with prepared.run(line, values) as cursor:
        found = cursor.fetchall()
    return prepared.read(found)


def change(statement: Executable, *values: Values) -> int:
    """Run a statement that changes rows, once for each of these values, which have the same names; how
    many rows it met. Raises SQLAlchemyError as any other does."""
    line = db.session.connection()
    if _is_heard(line):
        return line.execute(statement, values).rowcount
    prepared = _prepared(statement, tuple(values[0]), line.dialect.name)
    with prepared.run(line, *values) as cursor:
        met: int = cursor.rowcount
    return met


def names_of(kind: type[Base]) -> list[str]:
    """What is read of a row when a query asks for its class, in the order of the columns."""
    return [each.key for each in inspect(kind).column_attrs if not each.deferred]


def _is_heard(line: Connection) -> bool:
    """Whether somebody waits for `before_cursor_execute` of the engine, which SQLAlchemy alone says."""
    return bool(line.engine.dispatch.before_cursor_execute)


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A statement as the driver takes it: `fixed` are the values that are always the same, `open` the
    names of the others, each with what gives it, None for the caller, and how it is sent. `order` says
    where values stand, None where the driver goes by their names; `readers` at which places of a row a
    value is to be changed."""

    sql: str
    fixed: Values
    open: Sequence[tuple[str, Callable[[], Any] | None, Change | None]]
    order: Sequence[str] | None
    readers: Sequence[tuple[int, Change]]

    @contextmanager
    def run(self, line: Connection, *values: Values) -> Iterator[Any]:
        """The driver's cursor after the statement ran with these values."""
        dialect, connection = line.dialect, line.connection
        base = dialect.loaded_dbapi.Error
        sent = [self._sent(each) for each in values]
        try:
            cursor = connection.cursor()
            if len(sent) == 1:
                cursor.execute(self.sql, sent[0])
            else:
                cursor.executemany(self.sql, sent)
            yield cursor
            cursor.close()
        except base as error:
            gone = dialect.is_disconnect(error, connection.dbapi_connection, None)
            if gone:
                line.invalidate(error)
            raise DBAPIError.instance(
                self.sql, sent, error, base, connection_invalidated=gone, dialect=dialect
            ) from error

    def _sent(self, values: Values) -> Any:
        sent = dict(self.fixed)
        for name, give, send in self.open:
            value = values[name] if give is None else give()
            sent[name] = value if send is None else send(value)
        return sent if self.order is None else [sent[name] for name in self.order]

    def read(self, found: list[Any]) -> list[Any]:
        """Rows of the driver with the values that they stand for."""
        return [self._row(row) for row in found] if self.readers else found

    def _row(self, row: Sequence[Any]) -> tuple[Any, ...]:
        said = list(row)
        for at, read in self.readers:
            if said[at] is not None:
                said[at] = read(said[at])
        return tuple(said)


@cache
def _prepared(statement: Any, names: tuple[str, ...], _database: str) -> _Prepared:
    """`names` are those of the values that will come."""
    dialect = db.engine.dialect
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    if compiled.post_compile_params:
        raise ValueError("a prepared statement has no list that would be written out each time")
    if compiled.update_prefetch:
        raise ValueError("a prepared UPDATE says all that it sets")
    defaults = {column.key: column.default for column in compiled.insert_prefetch}
    fixed, lacking = {}, []
    for place, name in compiled.bind_names.items():
        send = place.type.dialect_impl(dialect).bind_processor(dialect)
        default = defaults.get(name)
        value = place.value if default is None else default.arg
        if default is not None and default.is_callable:
            lacking.append((name, lambda work_out=value: work_out(None), send))
        elif default is None and (place.required or place.callable):
            lacking.append((name, place.callable, send))
        else:
            fixed[name] = value if send is None else send(value)
    types = (each.dialect_impl(dialect) for each in _types(statement))
    readers = (each.result_processor(dialect, None) for each in types)
    return _Prepared(
        sql=str(compiled),
        fixed=fixed,
        open=lacking,
        order=compiled.positiontup if compiled.positional else None,
        readers=[(at, read) for at, read in enumerate(readers) if read is not None],
    )


def _types(statement: Any) -> Iterator[TypeEngine[Any]]:
    """Of the columns of what a statement finds."""
    if not isinstance(statement, Select):
        yield from (each.type for each in statement.exported_columns)
        return
    for each in statement.column_descriptions:
        if isinstance(each["type"], TypeEngine):
            yield each["type"]
        else:
            attributes = inspect(each["type"]).column_attrs
            yield from (attributes[name].columns[0].type for name in names_of(each["type"]))
