"""Settling with partners: what they owe for the coupons whose cost they share."""

from typing import Any

from api.clock import Clock
from api.service.periods import asked_period
from api.store.database import Database
from api.store.partners import owed
from engine.programme.money import text
from engine.values import instant_text


class Partners:
    """Reads what the ledger has charged to partners."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._clock = clock

    def settlement(self, since: str | None, until: str | None) -> dict[str, Any]:
        """Return what each partner owes of a period, as JSON data.

        Args:
            since: RFC 3339 instant at which it begins; None for 30 days before its end.
            until: RFC 3339 instant that it ends before; None for now.

        Raises:
            Refusal: `invalid-request`.
        """
        period = asked_period(since, until, self._clock.now())
        with self._database.read() as connection:
            found = owed(connection, period.since, period.until)
        return {
            "from": instant_text(period.since),
            "until": instant_text(period.until),
            "items": [
                {
                    "partner": one.partner,
                    "currency": one.currency,
                    "used": one.used,
                    "returned": one.returned,
                    "charged": text(one.charged, one.currency),
                    "given_back": text(one.given_back, one.currency),
                    "owed": text(one.charged - one.given_back, one.currency),
                }
                for one in found
            ],
        }
