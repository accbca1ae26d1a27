"""What became of a message is told in its member's log."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Of what left before this version, nothing is told any more.
    op.add_column("outbox_message", sa.Column("told", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index(
        "ix_outbox_untold",
        "outbox_message",
        ["status", "sequence"],
        sqlite_where=sa.text("NOT told"),
        postgresql_where=sa.text("NOT told"),
    )


def downgrade() -> None:
    op.drop_index("ix_outbox_untold", "outbox_message")
    op.drop_column("outbox_message", "told")
