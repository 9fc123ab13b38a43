"""what clauses and comments say in the form in which people search"""

import sqlalchemy as sa
from alembic import op

from ntmtasks.core.text import search_text

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

AT_ONCE = 1000


def upgrade() -> None:
    for table, parts in (("clause", ("path", "text")), ("comment", ("body",))):
        op.add_column(table, sa.Column("search_text", sa.Text(), nullable=False, server_default=""))
        _fill(table, parts)
    _fill("task", ("path", "text", "product", "source_note"))


def _fill(name: str, parts: tuple[str, ...]) -> None:
    columns = [sa.column("id", sa.Integer), sa.column("search_text", sa.Text)]
    table = sa.table(name, *columns, *(sa.column(part, sa.Text) for part in parts))
    connection, last = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(table.c.id, *(table.c[part] for part in parts))
        .where(table.c.id > last)
        .order_by(table.c.id)
        .limit(AT_ONCE)
    ).all():
        connection.execute(
            sa.update(table)
            .where(table.c.id == sa.bindparam("row"))
            .values(search_text=sa.bindparam("words")),
            [{"row": row.id, "words": search_text(*row[1:])} for row in rows],
        )
        last = rows[-1].id


def downgrade() -> None:
    op.drop_column("comment", "search_text")
    op.drop_column("clause", "search_text")
