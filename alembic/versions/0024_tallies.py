"""What there was in each quarter of an hour, and which rules wait, for a page that tells of the day."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SUBMITTED = sa.text("approval = 'submitted'")
DRAFTED = sa.text("draft IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("figure", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("figure", "at", "key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rule_submitted", "rule", ["key"], sqlite_where=SUBMITTED, postgresql_where=SUBMITTED)
    op.create_index(
        "ix_rule_drafted",
        "rule",
        ["changed_by", "changed_at"],
        sqlite_where=DRAFTED,
        postgresql_where=DRAFTED,
    )


def downgrade() -> None:
    op.drop_index("ix_rule_drafted", "rule")
    op.drop_index("ix_rule_submitted", "rule")
    op.drop_table("tally")
    op.execute("DELETE FROM projection WHERE name = 'tallies'")
