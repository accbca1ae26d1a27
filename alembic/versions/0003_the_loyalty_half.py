"""The loyalty half: units and lots in the ledger, coupons with a life, pots, claims, draws, levels, tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# Points are one unit of several now, and each award is a lot of its own. Its account says whose it is:
# 'member:<key>:points'.
FILL_LEDGER = r"""
UPDATE ledger_entry SET lot = id, member = CASE credit
  WHEN 'programme\:points' THEN substr(debit, 8, length(debit) - 14)
  ELSE substr(credit, 8, length(credit) - 14)
END
"""
NEW_IN_LEDGER = (
    ("kind", "award"),
    ("unit", "points"),
    ("lot", ""),
    ("reverses", ""),
    ("member", ""),
)
# A pot or a lease of one was known by the rule whose firings it counts; other pots are new.
NAME_POTS = (
    "ALTER TABLE pot RENAME COLUMN rule TO name",
    "ALTER TABLE lease RENAME COLUMN rule TO name",
    "UPDATE pot SET name = 'total/' || name",
    "UPDATE lease SET name = 'total/' || name",
)
NAME_RULES = (
    "DELETE FROM pot WHERE name NOT LIKE 'total/%'",
    "DELETE FROM lease WHERE name NOT LIKE 'total/%'",
    "UPDATE pot SET name = substr(name, 7)",
    "UPDATE lease SET name = substr(name, 7)",
    "ALTER TABLE pot RENAME COLUMN name TO rule",
    "ALTER TABLE lease RENAME COLUMN name TO rule",
)
NEW_TABLES = (
    "claim",
    "coupon_pool",
    "hold",
    "level",
    "membership",
    "task",
    "wheel_secret",
)


def upgrade() -> None:
    let_ledger_change()
    for name, default in NEW_IN_LEDGER:
        op.add_column("ledger_entry", sa.Column(name, sa.String(), nullable=False, server_default=default))
    op.execute(FILL_LEDGER)
    refuse_changes_of_ledger()
    op.drop_index("ix_ledger_entry_credit", "ledger_entry")
    op.drop_index("ix_ledger_entry_debit", "ledger_entry")
    op.create_index("ix_ledger_entry_credit_as_of", "ledger_entry", ["credit", "as_of", "amount"])
    op.create_index("ix_ledger_entry_debit_as_of", "ledger_entry", ["debit", "as_of", "amount"])
    op.create_index("ix_ledger_entry_member_sequence", "ledger_entry", ["member", "sequence", "id"])
    op.add_column("coupon", sa.Column("order_id", sa.String(), nullable=True))
    op.add_column("coupon", sa.Column("ended_at", sa.BigInteger(), nullable=True))
    op.add_column("coupon", sa.Column("hold", sa.String(), nullable=True))
    op.rename_table("total", "pot")
    for statement in NAME_POTS:
        op.execute(statement)
    op.add_column("lease", sa.Column("drawn", sa.Boolean(), nullable=False, server_default=sa.true()))
    create_tables()


def create_tables() -> None:
    op.create_table(
        "claim",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "coupon_pool",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("coupon", sa.String(), nullable=False),
        sa.Column("taken", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("ix_coupon_pool_coupon_taken", "coupon_pool", ["coupon", "taken", "code"])
    op.create_table(
        "hold",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", "member"),
    )
    op.create_index("ix_hold_member", "hold", ["member"])
    op.create_table(
        "level",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("ladder", sa.String(), nullable=False),
        sa.Column("tier", sa.String(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("member", "ladder"),
    )
    op.create_index("ix_level_ladder_tier", "level", ["ladder", "tier", "member"])
    op.create_table(
        "membership",
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("membership", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("member", "membership"),
    )
    op.create_index("ix_membership_membership", "membership", ["membership", "member"])
    op.create_table(
        "task",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("queue", sa.String(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_task_member", "task", ["member"])
    op.create_index("ix_task_status_queue", "task", ["status", "queue", "as_of"])
    op.create_table(
        "wheel_secret",
        sa.Column("wheel", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("commitment", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("revealed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("wheel", "period"),
    )


def downgrade() -> None:
    for table in NEW_TABLES:
        op.drop_table(table)
    op.drop_column("lease", "drawn")
    for statement in NAME_RULES:
        op.execute(statement)
    op.rename_table("pot", "total")
    for column in ("hold", "ended_at", "order_id"):
        op.drop_column("coupon", column)
    op.drop_index("ix_ledger_entry_member_sequence", "ledger_entry")
    op.drop_index("ix_ledger_entry_debit_as_of", "ledger_entry")
    op.drop_index("ix_ledger_entry_credit_as_of", "ledger_entry")
    op.create_index("ix_ledger_entry_debit", "ledger_entry", ["debit"])
    op.create_index("ix_ledger_entry_credit", "ledger_entry", ["credit"])
    for name, _ in reversed(NEW_IN_LEDGER):
        op.drop_column("ledger_entry", name)


def let_ledger_change() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_is_written_once")
        return
    op.execute("DROP TRIGGER ledger_entry_refuses_update")


def refuse_changes_of_ledger() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE ledger_entry ENABLE TRIGGER ledger_entry_is_written_once")
        return
    op.execute(
        "CREATE TRIGGER ledger_entry_refuses_update BEFORE UPDATE ON ledger_entry "
        "BEGIN SELECT RAISE(ABORT, 'rows of ledger_entry are never changed'); END"
    )
