"""What partners owe, summed up from the ledger."""

from typing import NamedTuple

from sqlalchemy import Connection, func, select

from api.store.schema import LEDGER
from engine.values import Instant


class Owed(NamedTuple):
    """One partner's side of the coupons that were used, in one currency.

    Attributes:
        partner: Name of the partner.
        currency: Its currency.
        used: How many coupons were charged.
        charged: What they came to, in minor units.
        returned: How many of them came back by refunds.
        given_back: What those came to, in minor units.
    """

    partner: str
    currency: str
    used: int
    charged: int
    returned: int
    given_back: int


def owed(connection: Connection, since: Instant, until: Instant) -> list[Owed]:
    """Return what each partner was charged and given back within a time, by partner and currency.

    Args:
        connection: A read transaction.
        since: First instant that counts.
        until: First instant that no longer does.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for kind, side, place in (("charge", LEDGER.c.credit, 0), ("discharge", LEDGER.c.debit, 2)):
        rows = connection.execute(
            select(side, func.count(), func.sum(LEDGER.c.amount))
            .where(LEDGER.c.kind == kind, LEDGER.c.as_of >= since, LEDGER.c.as_of < until)
            .group_by(side)
        )
        for account, count, amount in rows:
            _, partner, currency = account.split(":")
            found.setdefault((partner, currency), [0, 0, 0, 0])[place : place + 2] = [count, int(amount)]
    return [Owed(*key, *figures) for key, figures in sorted(found.items())]
