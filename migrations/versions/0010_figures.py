"""a figure with each update of progress"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "progress_update", sa.Column("figure", sa.Text(), nullable=False, server_default="")
    )


def downgrade() -> None:
    op.drop_column("progress_update", "figure")
