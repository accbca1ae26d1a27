"""What a task asks for, in each language that it is read in."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("task", sa.Column("words", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("task", "words")
