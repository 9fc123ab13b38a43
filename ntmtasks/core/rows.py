"""Rows that are written without the session's unit of work, which takes several times as long as the
statement. Rows that people edit as objects stay with it, but for one that changes alone."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapper, Session
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from ntmtasks.core import prepared
from ntmtasks.core.db import Base, ChangedMeanwhile, Versioned, db, if_undone

Row = TypeVar("Row", bound=Base)


class Numbered(Versioned, Protocol):
    """One that has a number, as all but settings have."""

    id: Any


def write_rows(table: type[Base], *rows: Mapping[str, Any]) -> None:
    """Insert rows that nobody needs as objects: at once and in one statement, which takes a fraction of
    what the session needs to keep track of them. For use inside a transaction; what other rows these
    name by number is stored already."""
    if rows:
        prepared.change(_inserting(table), *rows)


def write_row(kind: type[Row], values: Mapping[str, Any], **related: object) -> Row:
    """Insert one row in the same way and give it as an object that is as if it had been read, with what
    `related` says of its other attributes. It names other rows by number and gets its own from the
    database."""
    values = {**_unsaid(kind), **values}
    (number,) = prepared.rows(_inserting_one(kind), values)
    mapper, its_number, names = _mapped(kind)
    values |= zip(its_number, number, strict=True)
    row: Row = mapper.class_manager.new_instance()
    session = db.session()
    as_read(session, row, mapper.identity_key_from_primary_key(number), values.items())
    if_undone(lambda: session.expunge(row) if row in session else None)
    for name, thing in related.items():
        set_committed_value(row, name, thing)
    if unread := names.difference(vars(row)):
        session.expire(row, unread)
    return row


def as_read(session: Session, row: Base, key: Any, values: Iterable[tuple[str, Any]]) -> None:
    """Make a new instance the session's, under this identity key, as if it had been read with these
    values. It is what the session does itself; its public way checks what cannot be here, in six times
    the time."""
    state = instance_state(row)
    vars(row).update(values)
    state.key, state.session_id = key, session.hash_key
    session.identity_map.add(state)


@cache
def _mapped(kind: type[Base]) -> tuple[Mapper[Any], Sequence[str], frozenset[str]]:
    """What maps a class, the names of its primary key, and of all that is read of its rows."""
    mapper = sa.inspect(kind)
    number = [mapper.get_property_by_column(column).key for column in mapper.primary_key]
    return mapper, number, frozenset(mapper.column_attrs.keys())


@cache
def _unsaid(kind: type[Base]) -> Mapping[str, Any]:
    """What stands in the columns of a new row of which nothing was said. Defaults that are worked out are
    not among them: these are read when they are asked for."""
    fixed = (ScalarElementColumnDefault, type(None))
    table = Base.metadata.tables[kind.__tablename__]
    unsaid = [c for c in table.columns if isinstance(c.default, fixed) and not c.primary_key]
    return {c.key: getattr(c.default, "arg", None) for c in unsaid}


@cache
def _inserting(table: type[Base]) -> sa.Insert:
    return sa.insert(table)


@cache
def _inserting_one(kind: type[Base]) -> sa.Executable:
    return sa.insert(kind).returning(*sa.inspect(kind).primary_key)


def write_changes(row: Numbered, **values: object) -> None:
    """Set columns of one row that people edit and store it, as its next version. Where nothing else waits
    in the session to be written this takes a third of what the session needs.

    Raises ChangedMeanwhile when the row had another version in the database than here; it ends the
    transaction, or the part of it, that this stands in.
    """
    session = db.session()
    if session.new or session.dirty or session.deleted:
        for name, value in values.items():
            setattr(row, name, value)
        try:
            session.flush()
        except StaleDataError as error:
            raise ChangedMeanwhile from error
        return
    if_undone(lambda: session.expire(row) if row in session else None)
    written = {**values, "version": row.version + 1}
    seen = {"its_id": row.id, "its_version": row.version}
    if prepared.change(_changing(type(row)), written | seen) != 1:
        raise ChangedMeanwhile
    for name, value in written.items():
        set_committed_value(row, name, value)


@cache
def _changing(kind: type[Any]) -> sa.Update:
    table = Base.metadata.tables[kind.__tablename__]
    its = table.c.id == sa.bindparam("its_id"), table.c.version == sa.bindparam("its_version")
    return sa.update(table).where(*its)
