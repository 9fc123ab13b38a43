"""who is away, with a deputy, and from which hour a person wants the morning's mail"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app_user", sa.Column("away_from", sa.Date(), nullable=True))
    op.add_column("app_user", sa.Column("away_until", sa.Date(), nullable=True))
    op.add_column("app_user", sa.Column("reminder_at", sa.Time(), nullable=True))
    # By hand: both databases know this statement, and alembic would copy the whole table for it.
    op.execute(
        "ALTER TABLE app_user ADD COLUMN deputy_id INTEGER "
        "CONSTRAINT fk_app_user_deputy_id REFERENCES app_user (id)"
    )
