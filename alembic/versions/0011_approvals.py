"""A second person approves what is published."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("rule", sa.Column("approval", sa.String(), nullable=False, server_default="none"))
    op.add_column("rule", sa.Column("authors", sa.Text(), nullable=False, server_default="[]"))
    op.add_column("rule_version", sa.Column("approved_by", sa.String(), nullable=True))
    op.create_table(
        "rule_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_rule_review_key", "rule_review", ["key", "id"])

    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER rule_review_is_written_once BEFORE UPDATE OR DELETE OR TRUNCATE ON rule_review "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER rule_review_refuses_{change.lower()} BEFORE {change} ON rule_review "
            "BEGIN SELECT RAISE(ABORT, 'rows of rule_review are never changed'); END"
        )


def downgrade() -> None:
    op.drop_table("rule_review")
    op.drop_column("rule_version", "approved_by")
    op.drop_column("rule", "authors")
    op.drop_column("rule", "approval")
