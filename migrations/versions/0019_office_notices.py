"""notices for mailboxes of offices"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notice") as table:
        table.alter_column("user_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("to_address", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("to_name", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.execute("DELETE FROM notice WHERE user_id IS NULL")
    with op.batch_alter_table("notice") as table:
        table.drop_column("to_name")
        table.drop_column("to_address")
        table.alter_column("user_id", existing_type=sa.Integer(), nullable=False)
