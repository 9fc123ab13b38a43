"""who accepted or returned a report and why, and whether a shut period was opened"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("report", sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "report", sa.Column("decision_note", sa.Text(), nullable=False, server_default="")
    )
    op.add_column(
        "report", sa.Column("is_let_in", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    # By hand: both databases know this statement, and alembic would copy the whole table for it.
    op.execute(
        "ALTER TABLE report ADD COLUMN decided_by_id INTEGER "
        "CONSTRAINT fk_report_decided_by_id REFERENCES app_user (id)"
    )
