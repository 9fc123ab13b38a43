"""comments that are mended and that mention, papers without a scan, the product of a completion"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("comment", sa.Column("mentions", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("comment", sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("comment", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column(
        "progress_update", sa.Column("product", sa.Text(), nullable=False, server_default="")
    )
    with op.batch_alter_table("evidence") as batch:
        batch.alter_column("file_id", existing_type=sa.Integer(), nullable=True)
