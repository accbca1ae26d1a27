"""Postings by double entry: each takes from one account what it gives to another.

The programme's accounts stand against the members': what members hold, the
programme owes. The sum over all accounts is always 0, and a balance is the sum
of an account's postings, never a number that is edited. The model is
TigerBeetle's: transfers are immutable, each has a derived id, and a correction
is another transfer that names what it corrects.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

from engine.values import Instant

Kind = Literal[
    "award",
    "activate",
    "hold",
    "release",
    "redeem",
    "expire",
    "reverse",
    "overdraw",
    "repay",
    "restore",
    "merge",
    "charge",
    "discharge",
]
"""Why units move.

`award` programme to member (or to its pending account) · `activate` pending to member · `hold` member
to held · `release` held to member · `redeem` held or member to redeemed · `expire` member, pending or
held to expired, and expired to the debt of a member who is erased · `reverse` member or pending back to
the programme, naming the award · `overdraw` the member's debt to the programme, naming the award ·
`repay` member to its debt · `restore` redeemed back to member, naming the redemption · `merge` one member
to another · `charge` the programme's costs to a partner · `discharge` a partner back to the costs, naming
the charge.
"""

Part = Literal["", "pending", "held", "debt"]
"""A member's accounts in one unit: what can be spent, can't yet, is set aside, or is owed."""


class Posting(msgspec.Struct, frozen=True, kw_only=True):
    """One immutable transfer.

    Attributes:
        id: Derived from the effect that asked for it; at most one posting has it.
        kind: Why.
        unit: Key of the unit of account.
        debit: Account that gives.
        credit: Account that receives.
        amount: How much, at least 1.
        lot: Lot that was given, drawn on, or taken back.
        reverses: Posting that this one takes back, or empty.
        as_of: When.
    """

    id: str
    kind: Kind
    unit: str
    debit: str
    credit: str
    amount: int
    lot: str
    reverses: str = ""
    as_of: Instant


CouponStatus = Literal["issued", "held", "redeemed", "expired", "voided"]


class CouponMove(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a coupon.

    Attributes:
        code: The coupon.
        coupon: Key of its definition.
        status: What it is now.
        order: The order it was used on, or empty.
        hold: The redemption it is set aside for, or empty.
        expires_at: First instant at which it can't be redeemed; None for never.
        as_of: When.
        given: Whether it was given out just now.
    """

    code: str
    coupon: str
    status: CouponStatus
    order: str = ""
    hold: str = ""
    expires_at: Instant | None = None
    as_of: Instant
    given: bool = False


Record = Posting | CouponMove
"""What an entry leaves in the books."""


def balances(postings: Iterable[Posting], until: Instant | None = None) -> dict[str, int]:
    """Return what each account holds by its postings, at any instant.

    The programme's accounts are negative by what they have issued, a debt account by what is owed.

    Args:
        postings: In any order.
        until: The last instant that counts; None for all.

    Returns:
        Balances by account, of those that the postings name. They add up to 0.
    """
    found: dict[str, int] = {}
    for one in postings:
        if until is None or one.as_of <= until:
            found[one.debit] = found.get(one.debit, 0) - one.amount
            found[one.credit] = found.get(one.credit, 0) + one.amount
    return found


def programme_account(unit: str, part: Literal["", "redeemed", "expired"] = "") -> str:
    """Return the name of an account of the programme: what it has issued, or what came back."""
    return f"programme:{unit}:{part}" if part else f"programme:{unit}"


def member_account(member: str, unit: str, part: Part = "") -> str:
    """Return the name of a member's account: what can be spent, or a part that can't, or is owed."""
    return f"member:{member}:{unit}:{part}" if part else f"member:{member}:{unit}"


def cost_unit(currency: str) -> str:
    """Return the unit of account of what coupons cost, in a currency's minor units."""
    return f"cost:{currency}"


def costs_account(currency: str) -> str:
    """Return the name of the programme's account that shared costs are charged from."""
    return f"programme:cost:{currency}"


def partner_account(partner: str, currency: str) -> str:
    """Return the name of a partner's account: its balance is what the partner owes."""
    return f"partner:{partner}:{currency}"
