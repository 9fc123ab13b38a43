"""what reports said in the form in which people search"""

import sqlalchemy as sa
from alembic import op

from ntmtasks.core.text import search_text

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "report_submission", sa.Column("search_text", sa.Text(), nullable=False, server_default="")
    )
    sent = sa.table(
        "report_submission",
        sa.column("id", sa.Integer),
        sa.column("content", sa.JSON),
        sa.column("search_text", sa.Text),
    )
    connection = op.get_bind()
    for number, content in connection.execute(sa.select(sent.c.id, sent.c.content)).all():
        words = search_text(*(section["text"] for section in content["sections"]))
        connection.execute(sa.update(sent).where(sent.c.id == number).values(search_text=words))


def downgrade() -> None:
    op.drop_column("report_submission", "search_text")
