"""who owes the reports of a requirement, how often, and on which days of its own"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

REQUIREMENT, PERIOD = "report_requirement", "reporting_period"


def upgrade() -> None:
    op.create_table(
        "report_requirement_agency",
        sa.Column("requirement_id", sa.Integer(), nullable=False),
        sa.Column("agency_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["requirement_id"],
            ["report_requirement.id"],
            name="fk_report_requirement_agency_requirement_id",
        ),
        sa.ForeignKeyConstraint(
            ["agency_id"], ["agency.id"], name="fk_report_requirement_agency_agency_id"
        ),
        sa.PrimaryKeyConstraint("requirement_id", "agency_id", name="pk_report_requirement_agency"),
    )
    op.execute(
        "INSERT INTO report_requirement_agency (requirement_id, agency_id) "
        "SELECT DISTINCT requirement_id, agency_id FROM reporting_period"
    )
    usual = '["month", "quarter", "year"]'
    op.add_column(REQUIREMENT, sa.Column("kinds", sa.JSON(), nullable=False, server_default=usual))
    for name in ("cut_off_day", "agency_due_day", "office_due_day", "lock_days"):
        op.add_column(REQUIREMENT, sa.Column(name, sa.Integer(), nullable=True))
    op.add_column(
        REQUIREMENT, sa.Column("version", sa.Integer(), nullable=False, server_default="1")
    )
