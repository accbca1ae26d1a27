"""The turn of each change of a rule, so that lists read what has changed alone."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    turns = op.create_table(
        "rule_turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.Column("removed", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.bulk_insert(turns, [{"id": 1, "last": 0, "removed": 0}])
    op.add_column("rule", sa.Column("turn", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_rule_turn", "rule", ["turn"])


def downgrade() -> None:
    op.drop_index("ix_rule_turn", "rule")
    op.drop_column("rule", "turn")
    op.drop_table("rule_turn")
