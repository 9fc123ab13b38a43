"""reports that are asked for once: the question, who asked it, and until which hour"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

REQUIREMENT = "report_requirement"


def upgrade() -> None:
    question = sa.Column("question", sa.Text(), nullable=False, server_default="")
    op.add_column(REQUIREMENT, question)
    op.add_column(REQUIREMENT, sa.Column("due_time", sa.Time(), nullable=True))
    op.add_column(REQUIREMENT, sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    # By hand: both databases know this statement, and alembic would copy the whole table for it.
    op.execute(
        "ALTER TABLE report_requirement ADD COLUMN asked_by_id INTEGER "
        "CONSTRAINT fk_report_requirement_asked_by_id REFERENCES app_user (id)"
    )
