"""Decisions are found by instant and by what came of them."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outcome", sa.Column("as_of", sa.BigInteger(), server_default="0", nullable=False))
    op.execute(
        "UPDATE outcome SET as_of = (SELECT decision.as_of FROM decision"
        " WHERE decision.sequence = outcome.sequence)"
    )
    op.drop_index("ix_outcome_rule_sequence", "outcome")
    op.create_index("ix_outcome_rule_result", "outcome", ["rule", "result", "as_of", "sequence"])
    op.create_index("ix_outcome_result", "outcome", ["result", "as_of", "sequence"])
    op.create_index("ix_decision_as_of", "decision", ["as_of", "sequence"])


def downgrade() -> None:
    op.drop_index("ix_decision_as_of", "decision")
    op.drop_index("ix_outcome_result", "outcome")
    op.drop_index("ix_outcome_rule_result", "outcome")
    op.create_index("ix_outcome_rule_sequence", "outcome", ["rule", "sequence", "result"])
    op.drop_column("outcome", "as_of")
