"""Which member is in which segment."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "member_segment",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member", "segment"),
    )
    op.create_index("ix_member_segment_segment", "member_segment", ["segment", "member"])


def downgrade() -> None:
    op.drop_table("member_segment")
