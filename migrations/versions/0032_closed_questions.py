"""when an ad hoc report was closed, so that nobody is asked for it any longer"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    closed_at = sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True)
    op.add_column("report_requirement", closed_at)
