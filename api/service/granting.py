"""What only the host can supply to a decision: coupon codes and firings in all."""

from collections.abc import Callable
from typing import Any

from api.store.connection import Connection
from api.store.grants import TotalGrants, new_code
from engine.decision import Need


def supplier(connection: Connection, totals: TotalGrants) -> Callable[[Need], Any]:
    """Return what answers needs inside a transaction.

    A code is text; one of a rule's firings in all is True, or False once they
    are used up.
    """

    def supply(need: Need) -> Any:
        if need.kind == "code":
            return new_code()
        return totals.grant(connection, need.name, need.limit)

    return supply
