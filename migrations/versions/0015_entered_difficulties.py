"""difficulties entered for an agency: what they came by, and its day"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # By hand: both databases know this statement, and alembic would copy the whole table for it.
    op.execute("ALTER TABLE escalation RENAME COLUMN source TO source_ref")
    op.add_column("escalation", sa.Column("source_kind", sa.String(length=32), nullable=True))
    op.add_column("escalation", sa.Column("source_on", sa.Date(), nullable=True))
