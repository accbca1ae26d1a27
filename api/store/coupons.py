"""Coupons that rules issued to members."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from api.store.schema import COUPON
from engine.values import Instant


class Issued(NamedTuple):
    """A coupon in a member's hands.

    Attributes:
        coupon: Key of its definition.
        code: The code.
        expires_at: First instant at which it can't be redeemed; None for never.
    """

    coupon: str
    code: str
    expires_at: Instant | None


def last_issued(connection: Connection, member: str, rule: str, *, since: int, before: int) -> Issued | None:
    """Return the coupon that a rule issued to a member last, or None.

    Args:
        connection: Where to read.
        member: The member, with what was issued to those who became a part of it.
        rule: Key of the rule.
        since: Global sequence of the first entry that counts.
        before: Global sequence of the first that no longer does.
    """
    query = (
        select(*(COUPON.c[name] for name in Issued._fields))
        .where(COUPON.c.member == member, COUPON.c.rule == rule)
        .where(COUPON.c.sequence >= since, COUPON.c.sequence < before)
        .order_by(COUPON.c.sequence.desc(), COUPON.c.code)
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else Issued(*row)
