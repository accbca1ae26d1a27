"""Snapshots of members' states (ruling 13); an index that nothing reads goes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "snapshot",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("member_sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("member", "member_sequence"),
    )
    op.drop_index("ix_event_name", "event")


def downgrade() -> None:
    op.create_index("ix_event_name", "event", ["name"])
    op.drop_table("snapshot")
