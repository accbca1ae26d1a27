"""What members hold: units by double entry, coupons, levels, memberships, and what is set aside."""

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from api.store.tables.columns import number


class LedgerEntryRow(SQLModel, table=True):
    """One transfer of units: double entry, never changed, never deleted."""

    __tablename__ = "ledger_entry"
    __table_args__ = (
        CheckConstraint("amount > 0", name="ck_ledger_entry_amount"),
        CheckConstraint("debit <> credit", name="ck_ledger_entry_accounts"),
        # With the amount, so that a balance is summed up from the index alone.
        Index("ix_ledger_entry_debit_as_of", "debit", "as_of", "amount"),
        Index("ix_ledger_entry_credit_as_of", "credit", "as_of", "amount"),
        Index("ix_ledger_entry_member_sequence", "member", "sequence", "id"),
    )

    id: str = Field(primary_key=True)
    kind: str = Field(description="Why: `award`, `redeem`, `expire` and so on")
    unit: str
    debit: str
    credit: str
    amount: int = Field(sa_column=number())
    lot: str = Field(description="Lot that was given, drawn on or taken back")
    reverses: str = Field(description="Entry that this one takes back, or empty")
    member: str = Field(description="Member whose log led to it")
    as_of: int = Field(sa_column=number())
    sequence: int = Field(sa_column=number())


class CouponRow(SQLModel, table=True):
    """One coupon that was issued, as it stands now."""

    __tablename__ = "coupon"
    __table_args__ = (
        Index("ix_coupon_coupon_state", "coupon", "state"),
        Index("ix_coupon_rule_state", "rule", "state"),
    )

    code: str = Field(primary_key=True)
    coupon: str
    member: str = Field(index=True)
    state: str = Field(description="`issued`, `held`, `redeemed`, `expired` or `voided`")
    issued_at: int = Field(sa_column=number())
    expires_at: int | None = Field(default=None, sa_column=number(nullable=True))
    sequence: int = Field(sa_column=number(), description="Entry of the log that issued it")
    order_id: str | None = Field(default=None, description="Order that it is held for or was used on")
    ended_at: int | None = Field(default=None, sa_column=number(nullable=True))
    hold: str | None = Field(default=None, description="Redemption that it is set aside for")
    rule: str | None = Field(
        default=None, description="Rule that issued it; None for a person, and for old ones"
    )


class LevelRow(SQLModel, table=True):
    """Where a member stands on a ladder."""

    __tablename__ = "level"
    __table_args__ = (Index("ix_level_ladder_tier", "ladder", "tier", "member"),)

    member: str = Field(primary_key=True)
    ladder: str = Field(primary_key=True)
    tier: str | None = Field(default=None, description="None for below the first")
    since: int = Field(sa_column=number())
    until: int | None = Field(default=None, sa_column=number(nullable=True))


class MembershipRow(SQLModel, table=True):
    """A membership that is running."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_membership", "membership", "member"),)

    member: str = Field(primary_key=True)
    membership: str = Field(primary_key=True)
    since: int = Field(sa_column=number())
    until: int = Field(sa_column=number())


class MemberSegmentRow(SQLModel, table=True):
    """A segment that a member is in, computed or by a list."""

    __tablename__ = "member_segment"
    __table_args__ = (Index("ix_member_segment_segment", "segment", "member"),)

    member: str = Field(primary_key=True)
    segment: str = Field(primary_key=True)
    since: int = Field(sa_column=number())


class HoldRow(SQLModel, table=True):
    """A redemption for which units or coupons are set aside."""

    __tablename__ = "hold"

    id: str = Field(primary_key=True, description="As its sender numbers it: another sender may use it, too")
    member: str = Field(primary_key=True, index=True)
    order_id: str
    until: int = Field(sa_column=number())
