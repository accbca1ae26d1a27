"""When whoever runs a replay or a back-test was heard of last."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("replay", "backtest"):
        op.add_column(table, sa.Column("beat_at", sa.BigInteger(), nullable=False, server_default="0"))


def downgrade() -> None:
    for table in ("replay", "backtest"):
        op.drop_column(table, "beat_at")
