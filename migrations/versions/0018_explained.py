"""what an explanation is about where it is not the work itself"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in ("about", "about_url"):
        op.add_column(
            "explanation_request", sa.Column(column, sa.Text(), nullable=False, server_default="")
        )
    op.create_index("ix_explanation_request_about_url", "explanation_request", ["about_url"])


def downgrade() -> None:
    op.drop_index("ix_explanation_request_about_url", table_name="explanation_request")
    op.drop_column("explanation_request", "about_url")
    op.drop_column("explanation_request", "about")
