"""counting mails by kind and state without reading their texts"""

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_outbox_mail_kind_state", "outbox_mail", ["kind", "state"])


def downgrade() -> None:
    op.drop_index("ix_outbox_mail_kind_state", "outbox_mail")
