"""Settling with partners: what they owe for the coupons whose cost they share."""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import groupby
from typing import Any, Final

from api.clock import Clock
from api.service.naming import named
from api.service.periods import asked_period
from api.service.rulebook import Rulebook
from api.store.database import Database
from api.store.key_figures import Period
from api.store.partners import Owed, owed
from engine.language.catalogue import Catalogue
from engine.programme.money import text
from engine.values import instant_text

Json = dict[str, Any]
_COLUMNS: Final = (
    "partner",
    "currency",
    "coupon",
    "name",
    "used",
    "returned",
    "charged",
    "given_back",
    "owed",
    "from",
    "until",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


class Partners:
    """Reads what the ledger has charged to partners."""

    def __init__(self, database: Database, rulebook: Rulebook, clock: Clock) -> None:
        """Make the use case of its parts."""
        self._database = database
        self._rulebook = rulebook
        self._clock = clock

    def settlement(self, since: str | None, until: str | None) -> Json:
        """Return what each partner owes of a period, in all and by coupon, as JSON data.

        Args:
            since: RFC 3339 instant at which it begins; None for 30 days before its end.
            until: RFC 3339 instant that it ends before; None for now.

        Raises:
            Refusal: `invalid-request`.
        """
        period, found = self._owed(since, until)
        catalogue = self._rulebook.index().rules.catalogue
        items = []
        for (partner, currency), group in groupby(found, key=lambda one: (one.partner, one.currency)):
            rows = list(group)
            coupons = [
                {"coupon": one.coupon, "name": named("coupons", one.coupon, catalogue), **_sums([one])}
                for one in rows
            ]
            items.append({"partner": partner, "currency": currency, **_sums(rows), "coupons": coupons})
        return {"from": instant_text(period.since), "until": instant_text(period.until), "items": items}

    def settlement_csv(self, since: str | None, until: str | None) -> str:
        """Return the same as a table of text, a line for each partner, currency and coupon.

        Raises:
            Refusal: `invalid-request`.
        """
        period, found = self._owed(since, until)
        ends = {"from": instant_text(period.since), "until": instant_text(period.until)}
        catalogue = self._rulebook.index().rules.catalogue
        made = StringIO()
        table = csv.DictWriter(made, _COLUMNS)
        table.writeheader()
        for one in found:
            said = {"partner": one.partner, "currency": one.currency, "coupon": cell(one.coupon)}
            table.writerow({**said, "name": _name(one.coupon, catalogue), **_sums([one]), **ends})
        return made.getvalue()

    def _owed(self, since: str | None, until: str | None) -> tuple[Period, list[Owed]]:
        period = asked_period(since, until, self._clock.now())
        with self._database.read() as connection:
            return period, owed(connection, period.since, period.until)


def _sums(rows: Sequence[Owed]) -> Json:
    """Return what some rows of one currency come to, amounts as decimal text."""
    currency = rows[0].currency
    charged, back = sum(one.charged for one in rows), sum(one.given_back for one in rows)
    return {
        "used": sum(one.used for one in rows),
        "returned": sum(one.returned for one in rows),
        "charged": text(charged, currency),
        "given_back": text(back, currency),
        "owed": text(charged - back, currency),
    }


def _name(coupon: str, catalogue: Catalogue) -> str:
    return cell(named("coupons", coupon, catalogue)["en"])


def cell(said: str) -> str:
    """Return a text that a spreadsheet takes for no formula."""
    return f"'{said}" if said.startswith(_FORMULA) else said
