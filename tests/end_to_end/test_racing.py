"""Many clients of two processes race for the last of everything, on PostgreSQL (ruling 12)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest

from tests.end_to_end.two_servers import Json, Shop
from tests.support.commands import run_here
from tests.support.server import serving

BUDGET = 300
STOCK = 250
POINTS = 100
ROUNDS = 7
"""How often each client tries; together they ask for more than there is."""

DEFINITIONS = {
    "tags": [{"key": "lucky", "name": {"en": "Lucky"}, "meaning": "Got a part of the budget"}],
    "units": [
        {"key": "points", "name": {"en": "P"}, "deduction": {"units": 1, "worth": "1", "currency": "CNY"}}
    ],
    "coupons": [{"key": "RARE", "name": {"en": "Rare"}, "kind": "gift", "total": STOCK}],
    "budgets": [{"key": "few", "name": {"en": "Few"}, "counts": "firings", "amount": str(BUDGET)}],
}
RULE = {
    "language": 1,
    "key": "few",
    "name": {"en": "Few"},
    "when": {"type": "event", "event": "Order Completed"},
    "then": [{"type": "add_tag", "tag": "lucky"}],
    "limits": {"budget": "few"},
}
SCOPES = ["events:write", "members:read", "members:write", "redeem"]


@pytest.fixture
def shop(postgres_database: str, tmp_path: Path) -> Iterator[Shop]:
    (tmp_path / "definitions.json").write_text(json.dumps(DEFINITIONS))
    (tmp_path / "few.rule.json").write_text(json.dumps(RULE))
    run_here(postgres_database, "define", tmp_path / "definitions.json")
    run_here(postgres_database, "publish", tmp_path / "few.rule.json")
    scopes = [f"--scope={name}" for name in SCOPES]
    key = run_here(postgres_database, "create-key", "shop", *scopes).strip()
    with serving(postgres_database) as one, serving(postgres_database) as other:
        yield Shop((one, other), key)


def test_ruling_12_nothing_scarce_is_given_twice(shop: Shop, postgres_database: str) -> None:
    """A budget, a coupon's stock and a member's points: 0 too many, at most 1 % of a pot left over."""

    def order(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
        return [
            post(
                "/v1/track",
                {
                    "userId": f"m-{number}-{at}",
                    "event": "Order Completed",
                    "messageId": f"o-{number}-{at}",
                    "properties": {"order_id": f"{number}-{at}", "total": 10, "currency": "CNY"},
                },
            )
            for at in range(ROUNDS)
        ]

    def claim(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
        body = {"coupon": "RARE", "why": "race"}
        return [
            post("/v1/coupons/issue", {**body, "batch": f"b-{at}", "userIds": [f"m-{number}-{at}"]})
            for at in range(ROUNDS)
        ]

    def redeem(number: int, post: Callable[[str, Json], Json]) -> list[Json]:
        body = {"userId": "m-0-0", "order": {"order_id": "o", "total": 1000, "currency": "CNY"}}
        return [
            post(
                "/v1/redemptions",
                {**body, "redemption": f"r-{number}-{at}", "units": {"points": 3}, "confirm": at % 2 == 0},
            )
            for at in range(2)
        ]

    fired = [one for one in shop.everybody(order) if one["effects"]]
    issued = sum(one["issued"] for one in shop.everybody(claim))
    with httpx2.Client(auth=(shop.key, ""), trust_env=False) as client:
        given = {"id": "start", "unit": "points", "amount": POINTS, "why": "race"}
        client.post(f"{shop.addresses[0]}/v1/members/m-0-0/adjust", json=given).raise_for_status()
    answers = shop.everybody(redeem)
    held = [one for one in answers if one["status"] != "refused"]
    (points,) = shop.get("/v1/members/m-0-0/ledger?unit=points")["balances"]

    assert BUDGET * 0.99 <= len(fired) <= BUDGET
    assert STOCK * 0.99 <= issued <= STOCK
    assert POINTS // 3 == len(held)
    assert {"not-enough"} == {one["reason"] for one in answers if one["status"] == "refused"}
    assert POINTS % 3 == points["available"]
    spent = sum(3 for one in held if one["status"] == "redeemed")
    assert POINTS == points["available"] + points["held"] + spent
    replayed = json.loads(run_here(postgres_database, "replay", "--verify", "--json"))
    assert [] == replayed["divergences"]
