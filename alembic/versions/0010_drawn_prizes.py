"""Prizes that were drawn, so that what they cost can be charged to the campaign that gave them."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CHUNK = 1_000


def upgrade() -> None:
    prizes = op.create_table(
        "drawn_prize",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("wheel", sa.String(), nullable=False),
        sa.Column("prize", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_drawn_prize_rule_version", "drawn_prize", ["rule", "version"])
    op.create_index("ix_drawn_prize_code", "drawn_prize", ["code"])
    decision = sa.table(
        "decision", sa.column("sequence", sa.BigInteger()), sa.column("body", sa.LargeBinary())
    )
    connection, after = op.get_bind(), 0
    page = sa.select(decision).order_by(decision.c.sequence).limit(CHUNK)
    while found := connection.execute(page.where(decision.c.sequence > after)).all():
        after = found[-1].sequence
        drawn = [
            prize for one in found if b"draw_prize" in one.body for prize in prizes_of(json.loads(one.body))
        ]
        if drawn:
            op.bulk_insert(prizes, drawn)


def prizes_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the prizes that a decision gave."""
    for outcome in body.get("outcomes", []):
        effects = outcome.get("effects", [])
        for drawn in effects:
            if drawn["type"] != "draw_prize":
                continue
            given = [one for one in effects if one["action"] == drawn["action"]]
            awarded = [
                one
                for one in given
                if one["type"] == "award_points" and one.get("unit", "points") == "points"
            ]
            issued = [one["code"] for one in given if one["type"] == "issue_coupon"]
            yield {
                **{name: outcome[name] for name in ("rule", "version")},
                **{name: drawn[name] for name in ("id", "wheel", "prize")},
                "points": sum(one["points"] for one in awarded),
                "code": next(iter(issued), None),
            }


def downgrade() -> None:
    op.drop_table("drawn_prize")
