"""Who answers for an API key, so that nobody approves what their own key has written."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("api_key", sa.Column("owner", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("api_key", "owner")
