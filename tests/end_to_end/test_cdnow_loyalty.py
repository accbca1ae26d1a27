"""Points and levels of real purchases, against an independent computation in plain Python.

One point per whole dollar, which expires after 365 days; silver at 100.00 and gold at 300.00 of spend
within 365 days, reviewed a year after each level was reached. Every thirtieth customer by default;
`pytest -m long` runs them all.
"""

import json
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from api.store import members
from api.store.database import Database
from engine.ledger.postings import member_account, programme_account
from tests.end_to_end.test_cdnow import END, SMALL_SHARE, import_, purchases, replayed, write_jsonl
from tests.support.commands import run_here

YEAR = timedelta(days=365)
SILVER, GOLD = Decimal(100), Decimal(300)
DEFINITIONS: dict[str, Any] = {
    "programme": {"zone": "UTC", "currency": "USD"},
    "units": [{"key": "points", "name": {"en": "points"}, "expires_after": {"days": 365}}],
    "ladders": [
        {
            "key": "tier",
            "name": {"en": "Level"},
            "measure": "sum",
            "currency": "USD",
            "period": "rolling",
            "within": {"days": 365},
            "tiers": [
                {"key": "silver", "name": {"en": "Silver"}, "reached_at": "100"},
                {"key": "gold", "name": {"en": "Gold"}, "reached_at": "300"},
            ],
        }
    ],
}
RULE: dict[str, Any] = {
    "language": 1,
    "key": "dollar-points",
    "name": {"en": "A point per dollar", "zh-Hans": "每 1 美元得 1 积分"},
    "when": {"type": "event", "event": "Order Completed"},
    "then": [{"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"}],
}


class Standing(NamedTuple):
    """Where one customer stands: points earned, expired and left, and the level."""

    earned: int
    expired: int
    balance: int
    tier: str | None


class _Climb:
    """One customer's level, moved by purchases and by reviews."""

    def __init__(self) -> None:
        self.bought: list[tuple[datetime, Decimal]] = []
        self.level = 0
        self.until: datetime | None = None

    def _reached(self, now: datetime) -> int:
        spent = sum((amount for when, amount in self.bought if now - YEAR < when <= now), Decimal(0))
        return (spent >= SILVER) + (spent >= GOLD)

    def buy(self, when: datetime, amount: Decimal) -> None:
        """A purchase at the very instant of a review comes before it."""
        self.review(before=when)
        self.bought.append((when, amount))
        if self._reached(when) > self.level:
            self.level, self.until = self._reached(when), when + YEAR

    def review(self, before: datetime) -> None:
        while self.until is not None and self.until < before:
            due = self.until
            self.level = self._reached(due)
            self.until = due + YEAR if self.level else None


def computed(bought: list[tuple[str, datetime, str, str]]) -> dict[str, Standing]:
    """Return where each customer stands at the end."""
    by_customer: dict[str, list[tuple[datetime, Decimal]]] = defaultdict(list)
    for customer, when, _, amount in bought:
        by_customer[customer].append((when, Decimal(amount)))
    found = {}
    for customer, orders in by_customer.items():
        earned = sum(int(amount) for _, amount in orders)
        expired = sum(int(amount) for when, amount in orders if when + YEAR <= END)
        climb = _Climb()
        for when, spent in sorted(orders, key=lambda one: one[0]):
            climb.buy(when, spent)
        climb.review(before=END + timedelta(microseconds=1))
        tier = (None, "silver", "gold")[climb.level]
        found[customer] = Standing(earned, expired, earned - expired, tier)
    return found


def told(url: str) -> tuple[dict[str, Standing], int]:
    """Return where the product says each customer stands, by its tables, and the sum over all accounts."""
    with Database.open(url, writable=False) as database, database.read() as connection:
        rows = connection.exec_driver_sql("SELECT debit, credit, amount FROM ledger_entry").all()
        levels = {row[0]: row[1] for row in connection.exec_driver_sql("SELECT member, tier FROM level")}
        states = list(members.states(connection))
    accounts: Counter[str] = Counter()
    given: Counter[str] = Counter()
    expired: Counter[str] = Counter()
    for debit, credit, amount in rows:
        accounts[debit] -= amount
        accounts[credit] += amount
        if debit == programme_account("points"):
            given[credit] += amount
        if credit == programme_account("points", "expired"):
            expired[debit] += amount
    found = {}
    for state in states:
        account = member_account(state.member, "points")
        assert state.points == accounts[account] == state.books.account("points").available
        level = levels.get(state.member)
        assert level == (state.levels["tier"].tier if "tier" in state.levels else None)
        found[state.member] = Standing(given[account], expired[account], accounts[account], level)
    return found, accounts.total()


@pytest.mark.parametrize("every", [SMALL_SHARE, pytest.param(1, marks=pytest.mark.long)])
def test_points_and_levels_are_exact(url: str, cdnow_path: Path, tmp_path: Path, every: int) -> None:
    """Points earned, expired and left, and the level of each customer, are the computed ones."""
    bought = purchases(cdnow_path, every)
    expected = computed(bought)
    for name, said in (("definitions.json", DEFINITIONS), ("points.rule.json", RULE)):
        (tmp_path / name).write_text(json.dumps(said))
    run_here(url, "define", tmp_path / "definitions.json")
    run_here(url, "publish", tmp_path / "points.rule.json")
    write_jsonl(bought, tmp_path / "cdnow.jsonl")
    import_(url, tmp_path / "cdnow.jsonl")

    standing, total = told(url)

    assert expected == standing
    assert total == 0
    sums = [sum(column) for column in zip(*((one[:3]) for one in standing.values()), strict=True)]
    tiers = Counter(one.tier for one in standing.values())
    print(f"earned, expired, balance: {sums}; members per level: {dict(tiers)}")  # noqa: T201  figures of the run
    assert min(tiers["silver"], tiers["gold"], sums[1]) > 0
    assert [] == replayed(url)["divergences"]
