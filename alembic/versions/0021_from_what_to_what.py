"""What was changed from what to what, as data."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("old", sa.Text(), nullable=True))
    op.add_column("audit_entry", sa.Column("new", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("audit_entry", "new")
    op.drop_column("audit_entry", "old")
