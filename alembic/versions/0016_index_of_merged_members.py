"""The index of members that became a part of others holds these alone: nearly everybody did not."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_MERGED = sa.text("merged_into IS NOT NULL")


def upgrade() -> None:
    op.drop_index("ix_member_merged_into", "member")
    op.create_index(
        "ix_member_merged_into", "member", ["merged_into"], sqlite_where=_MERGED, postgresql_where=_MERGED
    )


def downgrade() -> None:
    op.drop_index("ix_member_merged_into", "member")
    op.create_index("ix_member_merged_into", "member", ["merged_into"])
