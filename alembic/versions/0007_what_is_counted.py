"""What is counted of members and orders: attributes, measures and purchases, some way behind the log."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEYS = (("partition", sa.Integer()), ("member", sa.String()))


def upgrade() -> None:
    op.add_column("coupon", sa.Column("rule", sa.String(), nullable=True))
    op.create_index("ix_coupon_rule_state", "coupon", ["rule", "state"])
    op.add_column("outcome", sa.Column("points", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "projection",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "counted_member",
        *(sa.Column(name, kind, nullable=False) for name, kind in KEYS),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("tracked", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "member"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member_attribute",
        *(sa.Column(name, kind, nullable=False) for name, kind in KEYS),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("instant", sa.BigInteger(), nullable=True),
        sa.Column("flag", sa.Boolean(), nullable=True),
        sa.Column("odd", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "member", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member_measure",
        *(sa.Column(name, kind, nullable=False) for name, kind in KEYS),
        sa.Column("series", sa.String(), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in ("count", "first", "last", "total")),
        sa.Column("odd", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("partition", "member", "series"),
        sqlite_with_rowid=False,
    )
    for table, column in (("member_attribute", "name"), ("member_measure", "series")):
        op.create_index(
            f"ix_{table}_odd",
            table,
            [column, "member"],
            sqlite_where=sa.text("odd"),
            postgresql_where=sa.text("odd"),
        )
    op.create_table(
        "purchase",
        sa.Column("sequence", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("minor", sa.BigInteger(), nullable=False),
        sa.Column("refund", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("sequence"),
    )
    op.create_index("ix_purchase_member_at", "purchase", ["member", "at"])
    op.create_index("ix_purchase_at", "purchase", ["at"])


def downgrade() -> None:
    op.drop_column("outcome", "points")
    op.drop_index("ix_coupon_rule_state", "coupon")
    op.drop_column("coupon", "rule")
    for table in ("purchase", "member_measure", "member_attribute", "counted_member", "projection"):
        op.drop_table(table)
