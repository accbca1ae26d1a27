"""Each counted member's place in its hash partition, so that a part of one can be looked at."""

import zlib

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

CHUNK = 10_000


def upgrade() -> None:
    op.add_column("counted_member", sa.Column("place", sa.Integer(), server_default="0", nullable=False))
    connection = op.get_bind()
    table = sa.table("counted_member", sa.column("partition"), sa.column("member"), sa.column("place"))
    members = connection.execute(sa.select(table.c.partition, table.c.member)).all()
    own = (table.c.partition == sa.bindparam("of_partition"), table.c.member == sa.bindparam("of_member"))
    change = sa.update(table).where(*own).values(place=sa.bindparam("to_place"))
    for start in range(0, len(members), CHUNK):
        rows = [
            {"of_partition": one.partition, "of_member": one.member, "to_place": place(one.member)}
            for one in members[start : start + CHUNK]
        ]
        connection.execute(change, rows)
    op.create_index("ix_counted_member_place", "counted_member", ["partition", "place"])


def place(member: str) -> int:
    return zlib.crc32(member.encode()) // 64 % 1024


def downgrade() -> None:
    op.drop_index("ix_counted_member_place", "counted_member")
    op.drop_column("counted_member", "place")
