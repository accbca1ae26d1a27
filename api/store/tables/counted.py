"""What is counted of members, orders and days: it follows the log some way behind, at no cost to ingest."""

from sqlalchemy import BigInteger, Column, Index, Integer, text
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number

ODD = text("odd")
WAITS = text("refund AND minor = 0")


class ProjectionRow(SQLModel, table=True):
    """How far something that follows the log has come."""

    __tablename__ = "projection"

    name: str = Field(primary_key=True)
    sequence: int = Field(sa_column=number(), description="Last entry of the log that is taken in")


class TallyRow(SQLModel, table=True):
    """How much of something there was in a quarter of an hour, over the whole programme."""

    __tablename__ = "tally"
    __table_args__ = ({"sqlite_with_rowid": False},)

    figure: str = Field(
        primary_key=True, description="What is counted: `fired`, `events`, `earned` and so on"
    )
    at: int = Field(
        sa_column=Column(BigInteger(), primary_key=True, autoincrement=False),
        description="When the quarter of an hour began",
    )
    key: str = Field(primary_key=True, description="Of which rule, coupon or unit; empty for all")
    count: int = Field(sa_column=number())


class CountedMemberRow(SQLModel, table=True):
    """A member who can be counted."""

    __tablename__ = "counted_member"
    __table_args__ = (
        Index("ix_counted_member_place", "partition", "place"),
        {"sqlite_with_rowid": False},
    )

    partition: int = Field(primary_key=True)
    member: str = Field(primary_key=True)
    joined_at: int = Field(sa_column=number())
    tracked: str = Field(description="Identity of the set of series that its measures are of")
    place: int = Field(
        sa_column=Column(Integer(), nullable=False, server_default="0"),
        description="Hash of its key within the partition: crc32(key) // 64 % 1024",
    )


class MemberAttributeRow(SQLModel, table=True):
    """What was told of a member, or a balance, in every type as which it can be read."""

    __tablename__ = "member_attribute"
    __table_args__ = (
        Index("ix_member_attribute_odd", "name", "member", sqlite_where=ODD, postgresql_where=ODD),
        {"sqlite_with_rowid": False},
    )

    partition: int = Field(primary_key=True)
    member: str = Field(primary_key=True)
    name: str = Field(primary_key=True, description="`a:` and an attribute, or `b:` and a unit")
    text: str | None = None
    number: int | None = Field(sa_column=Column(BigInteger(), nullable=True), description="In millionths")
    instant: int | None = Field(sa_column=Column(BigInteger(), nullable=True))
    flag: bool | None = None
    odd: bool = Field(description="Whether it can't be told here exactly")


class MemberMeasureRow(SQLModel, table=True):
    """Figures of all time over a member's past events of one series."""

    __tablename__ = "member_measure"
    __table_args__ = (
        Index("ix_member_measure_odd", "series", "member", sqlite_where=ODD, postgresql_where=ODD),
        {"sqlite_with_rowid": False},
    )

    partition: int = Field(primary_key=True)
    member: str = Field(primary_key=True)
    series: str = Field(primary_key=True, description="Name of the events, or the key of a series")
    count: int = Field(sa_column=number())
    first: int = Field(sa_column=number())
    last: int = Field(sa_column=number())
    total: int = Field(sa_column=number(), description="In millionths")
    odd: bool = Field(description="Whether the total can't be told here exactly")


class PurchaseRow(SQLModel, table=True):
    """An order that was completed, or what was refunded of one."""

    __tablename__ = "purchase"
    __table_args__ = (
        Index("ix_purchase_member_at", "member", "at"),
        Index("ix_purchase_at", "at"),
        Index("ix_purchase_waiting", "member", sqlite_where=WAITS, postgresql_where=WAITS),
    )

    sequence: int = Field(sa_column=Column(BigInteger(), primary_key=True, autoincrement=False))
    member: str
    at: int = Field(sa_column=number(), description="When it happened")
    order_id: str | None = None
    currency: str
    minor: int = Field(
        sa_column=number(),
        description="In minor units; below 0 for a refund, 0 for one whose order isn't known yet",
    )
    refund: bool
