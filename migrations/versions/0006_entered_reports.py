"""reports entered for an agency"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("source_kind", sa.String(length=32), nullable=True))
    op.add_column("report", sa.Column("source_ref", sa.Text(), nullable=False, server_default=""))
    op.add_column("report", sa.Column("source_on", sa.Date(), nullable=True))
