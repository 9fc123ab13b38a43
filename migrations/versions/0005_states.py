"""acts that wait, entering for an agency, standing in for the leader"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("entered_by_id", "pending_by_id"):
        # Both databases take the constraint with the column; SQLite knows no ALTER for it.
        op.execute(
            f"ALTER TABLE assignment ADD COLUMN {name} INTEGER "
            f"CONSTRAINT fk_assignment_{name} REFERENCES app_user (id)"
        )
    op.add_column("assignment", sa.Column("pending_act", sa.String(length=32), nullable=True))
    for name in ("pending_note", "state_note"):
        op.add_column("assignment", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.execute("UPDATE assignment SET pending_act = 'submit' WHERE pending_since IS NOT NULL")
    op.add_column("progress_update", sa.Column("source_kind", sa.String(length=32), nullable=True))
    op.add_column(
        "progress_update", sa.Column("source_ref", sa.Text(), nullable=False, server_default="")
    )
    op.add_column("progress_update", sa.Column("source_on", sa.Date(), nullable=True))
    op.add_column("app_user", sa.Column("stands_in_until", sa.Date(), nullable=True))
