"""What there is only so much of: pots, claims, imported codes, and the secrets of draws."""

from sqlalchemy import Column, Index, LargeBinary
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number


class PotRow(SQLModel, table=True):
    """How much of a pot is given out, or leased to a process that gives it out."""

    __tablename__ = "pot"

    name: str = Field(primary_key=True, description="`total/…`, `budget/…`, `coupon/…` or `prize/…`")
    granted: int = Field(sa_column=number())


class LeaseRow(SQLModel, table=True):
    """A block of a pot that one process may give out until it expires."""

    __tablename__ = "lease"

    name: str = Field(primary_key=True, description="Name of the pot")
    owner: str = Field(primary_key=True)
    left: int = Field(sa_column=number())
    drawn: bool = Field(
        description="Whether the process has begun to draw on it; others may then take it over"
    )
    expires_at: int = Field(sa_column=number())


class ClaimRow(SQLModel, table=True):
    """Something that only one may have, such as what an order number earns."""

    __tablename__ = "claim"

    name: str = Field(primary_key=True)
    entry: str = Field(description="Who claimed it")
    at: int = Field(sa_column=number())


class CouponPoolRow(SQLModel, table=True):
    """A code that was imported to be issued once."""

    __tablename__ = "coupon_pool"
    # With the code, so that the next free one is found in the index, however many are taken.
    __table_args__ = (Index("ix_coupon_pool_coupon_taken", "coupon", "taken", "code"),)

    code: str = Field(primary_key=True)
    coupon: str = Field(description="Key of the definition")
    taken: bool


class DrawnPrizeRow(SQLModel, table=True):
    """A prize that a draw gave."""

    __tablename__ = "drawn_prize"
    __table_args__ = (Index("ix_drawn_prize_rule_version", "rule", "version"),)

    id: str = Field(primary_key=True, description="Of the effect")
    rule: str
    version: int
    wheel: str
    prize: str
    points: int = Field(sa_column=number(), description="Points that it gave")
    code: str | None = Field(default=None, index=True, description="Coupon that it gave")


class WheelSecretRow(SQLModel, table=True):
    """The secret that a wheel's draws of one day are made from."""

    __tablename__ = "wheel_secret"

    wheel: str = Field(primary_key=True)
    period: str = Field(primary_key=True, description="Day on the programme's clock: YYYY-MM-DD")
    commitment: str = Field(description="SHA-256 of the secret, in hexadecimal")
    sealed: bytes = Field(sa_column=Column(LargeBinary(), nullable=False))
    revealed_at: int | None = Field(default=None, sa_column=number(nullable=True))
