"""an index of what waits for the focal points, which every page of theirs counts"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

PENDING = sa.text("pending_act IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_assignment_pending",
        "assignment",
        ["agency_id", "task_id"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
