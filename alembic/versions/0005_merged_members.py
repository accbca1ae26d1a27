"""Members that became a part of others, and members who may be one."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member") as member:
        member.add_column(sa.Column("merged_into", sa.String(), nullable=True))
        member.create_index("ix_member_merged_into", ["merged_into"])
    op.create_table(
        "possible_duplicate",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("dismissed_by", sa.String(), nullable=True),
        sa.Column("dismissed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("member", "other"),
    )


def downgrade() -> None:
    op.drop_table("possible_duplicate")
    with op.batch_alter_table("member") as member:
        member.drop_index("ix_member_merged_into")
        member.drop_column("merged_into")
