"""Who was here last, who may not sign in, whose password must be changed; when a key was used last."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("principal", sa.Column("seen_at", sa.BigInteger(), nullable=True))
    op.add_column("principal", sa.Column("disabled_at", sa.BigInteger(), nullable=True))
    op.add_column(
        "principal", sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("api_key", sa.Column("used_at", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_key", "used_at")
    op.drop_column("principal", "temporary")
    op.drop_column("principal", "disabled_at")
    op.drop_column("principal", "seen_at")
