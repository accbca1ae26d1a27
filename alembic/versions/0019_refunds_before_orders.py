"""Refunds that came before their orders: what is counted of the log is counted anew, with them in it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

WAITS = sa.text("refund AND minor = 0")


def upgrade() -> None:
    op.create_index("ix_purchase_waiting", "purchase", ["member"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.execute("DELETE FROM purchase")
    op.execute("UPDATE projection SET sequence = 0 WHERE name = 'counted'")


def downgrade() -> None:
    op.drop_index("ix_purchase_waiting", "purchase")
    op.execute("DELETE FROM purchase WHERE refund AND minor = 0")
