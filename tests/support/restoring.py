"""Putting a PostgreSQL database back as it was: making one anew for each test takes longer than the test.

Statement triggers note what was written. They count up a sequence for each table, which no
transaction undoes and nobody waits for; a table that was written gets its rows back from a copy, and
its own sequence its number.
"""

import psycopg
from psycopg import sql

KEPT, NOTED = "kept", "noted"
"""Schemas: the rows of every table as they were, and a sequence for each."""

_NOTE = """CREATE FUNCTION noted.note() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM nextval('noted.' || quote_ident(TG_TABLE_NAME)); RETURN NULL; END $$"""
_NUMBERED = """SELECT t.relname, s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid
JOIN pg_class t ON t.oid = d.refobjid WHERE s.relkind = 'S' AND d.deptype IN ('a', 'i')
AND t.relnamespace = 'public'::regnamespace"""
_OTHERS = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()"""


def prepare(url: str) -> None:
    """Keep the rows of all tables and note from now on what is written."""
    with psycopg.connect(url, autocommit=True) as line:
        for schema in (KEPT, NOTED):
            line.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        line.execute(_NOTE)
        found = line.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in found.fetchall():
            table = sql.Identifier(name)
            for statement in (
                "CREATE TABLE kept.{} AS TABLE public.{}",
                "CREATE SEQUENCE noted.{}",
                "CREATE TRIGGER note AFTER INSERT OR UPDATE OR DELETE ON public.{} "
                "FOR EACH STATEMENT EXECUTE FUNCTION noted.note()",
                "CREATE TRIGGER note_all AFTER TRUNCATE ON public.{} "
                "FOR EACH STATEMENT EXECUTE FUNCTION noted.note()",
            ):
                line.execute(sql.SQL(statement).format(*[table] * statement.count("{}")))
        for name, sequence in line.execute(_NUMBERED).fetchall():
            line.execute(
                sql.SQL("CREATE TABLE kept.{} AS TABLE public.{}").format(
                    sql.Identifier(f"{name} number"), sql.Identifier(sequence)
                )
            )


def restore(url: str) -> None:
    """Give back their rows and numbers to the tables that were written; ends all other connections."""
    with psycopg.connect(url) as line:
        line.execute(_OTHERS)
        written = line.execute(
            "SELECT sequencename FROM pg_sequences WHERE schemaname = 'noted' "
            "AND last_value IS NOT NULL"
        ).fetchall()
        numbers = dict(line.execute(_NUMBERED).fetchall())
        line.execute("SET session_replication_role = replica")  # neither keys nor triggers ask
        for (name,) in written:
            table = sql.Identifier(name)
            line.execute(sql.SQL("DELETE FROM public.{}").format(table))
            line.execute(sql.SQL("INSERT INTO public.{0} SELECT * FROM kept.{0}").format(table))
            line.execute("SELECT setval(%s, 1, false)", [f'noted."{name}"'])
            if name in numbers:
                line.execute(
                    sql.SQL("SELECT setval({}, last_value, is_called) FROM kept.{}").format(
                        sql.Literal(f"public.{numbers[name]}"), sql.Identifier(f"{name} number")
                    )
                )
