"""What partners owe, summed up from the ledger."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from api.store.schema import COUPON, LEDGER
from engine.values import Instant


class Owed(NamedTuple):
    """One partner's side of one coupon that was used, in one currency.

    Attributes:
        partner: Name of the partner.
        currency: Its currency.
        coupon: Key of the coupon's definition.
        used: How many coupons were charged.
        charged: What they came to, in minor units.
        returned: How many of them came back by refunds.
        given_back: What those came to, in minor units.
    """

    partner: str
    currency: str
    coupon: str
    used: int
    charged: int
    returned: int
    given_back: int


def owed(connection: Connection, since: Instant, until: Instant) -> list[Owed]:
    """Return what each partner was charged and given back within a time, by partner, currency and coupon.

    Args:
        connection: A read transaction.
        since: First instant that counts.
        until: First instant that no longer does.
    """
    found: dict[tuple[str, str, str], list[int]] = {}
    for kind, side, place in (("charge", LEDGER.c.credit, 0), ("discharge", LEDGER.c.debit, 2)):
        rows = connection.execute(
            select(side, COUPON.c.coupon, func.count(), func.sum(LEDGER.c.amount))
            .join(COUPON, COUPON.c.code == LEDGER.c.lot)
            .where(LEDGER.c.kind == kind, LEDGER.c.as_of >= since, LEDGER.c.as_of < until)
            .group_by(side, COUPON.c.coupon)
        )
        for account, coupon, count, amount in rows:
            _, partner, currency = account.split(":")
            whole = found.setdefault((partner, currency, coupon), [0, 0, 0, 0])
            whole[place : place + 2] = [count, int(amount)]
    return [Owed(*key, *figures) for key, figures in sorted(found.items())]
