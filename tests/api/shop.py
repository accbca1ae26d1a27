"""A programme that gives and takes everything there is, for the tests of redemption and the books."""

from typing import Any

from starlette.testclient import TestClient

from engine.language.definitions import Definitions
from tests.api.conftest import DEFINITIONS, Programme

Json = dict[str, Any]


def named(key: str, **more: Any) -> Json:
    return {"key": key, "name": {"en": key.title()}, **more}


DEDUCTION = {"units": 100, "worth": "1", "currency": "CNY", "at_most_percent": 50}
GOODS: Json = {
    **DEFINITIONS,
    "units": [
        named("points", deduction=DEDUCTION, expires_after={"days": 365}),
        named("growth", kind="growth"),
    ],
    "coupons": [
        named("TEN", kind="percent", value="10", valid_days=30),
        named("FIVE", kind="amount", value="5", with_others=True, valid_days=30),
        named("BIG", kind="amount", value="50", minimum_spend="200"),
        named("RARE", kind="gift", total=3),
        named("ONCE", kind="gift", per_member=1),
        named("POOLED", kind="amount", value="8", codes="pool"),
        named("FILM", kind="gift", unit_cost="30.25", currency="CNY", partner="cinema", partner_percent=50),
    ],
    "ladders": [
        named(
            "tier",
            measure="count",
            period="ever",
            tiers=[named("silver", reached_at="2"), named("gold", reached_at="5")],
        )
    ],
    "memberships": [named("club", lasts={"years": 1})],
    "budgets": [
        named("spring", counts="money", currency="CNY", amount="100.50", period="total"),
        named("daily", counts="firings", amount="2", period="day", by="store"),
    ],
    "wheels": [
        named(
            "lucky",
            fallback="none",
            prizes=[
                named("none", weight=1, gives="nothing"),
                named("car", weight=1, gives="coupon", coupon="RARE", stock=2),
            ],
        )
    ],
}
ORDER: Json = {"order_id": "o-1", "total": 100, "currency": "CNY"}


def stocked(programme: Programme, *members: str, points: int = 2000) -> TestClient:
    """Define the goods, let members join with some points, and return a backend."""
    programme.services.definitions.merge(Definitions.model_validate(GOODS), by="test")
    client = programme.backend()
    for member in members:
        assert 200 == client.post("/v1/identify", json={"userId": member, "traits": {}}).status_code
        if points:
            adjusted(client, member, points, f"start-{member}")
    return client


def adjusted(client: TestClient, member: str, amount: object, key: str, unit: str = "points") -> Json:
    body = {"id": key, "unit": unit, "amount": amount, "why": "test"}
    return told(client, f"/v1/members/{member}/adjust", body)


def given(client: TestClient, coupon: str, *members: str, batch: str = "gift") -> list[str]:
    """Issue a coupon to members, and return their codes."""
    body = {"coupon": coupon, "batch": f"{batch}-{coupon}", "userIds": list(members), "why": "test"}
    said = told(client, "/v1/coupons/issue", body)
    assert len(members) == said["issued"], said
    return [
        next(one["code"] for one in coupons_of(client, member) if one["coupon"] == coupon)
        for member in members
    ]


def coupons_of(client: TestClient, member: str) -> list[Json]:
    items: list[Json] = client.get(f"/v1/members/{member}/coupons").json()["items"]
    return items


def balances(
    client: TestClient, member: str, unit: str = "points", **query: str
) -> tuple[int, int, int, int]:
    """Return what is available, pending, held and owed."""
    answer = client.get(f"/v1/members/{member}/ledger", params={"unit": unit, **query})
    assert 200 == answer.status_code, answer.text
    (one,) = answer.json()["balances"]
    return one["available"], one["pending"], one["held"], one["debt"]


def told(client: TestClient, path: str, body: Json) -> Json:
    """Post something, and return the answer."""
    answer = client.post(path, json=body)
    assert 200 == answer.status_code, answer.text
    said: Json = answer.json()
    return said


def refused(client: TestClient, path: str, body: object, **more: Any) -> tuple[int, str]:
    """Post something that is refused as a whole, and return status and code."""
    answer = client.post(path, json=body, **more)
    assert "application/problem+json" == answer.headers["content-type"], answer.text
    return answer.status_code, answer.json()["code"]


def assert_books_are_sound(client: TestClient, programme: Programme) -> None:
    """Every unit adds up to 0 over the programme."""
    answer = programme.signed_in("auditor").get("/v1/ledger/accounts").json()
    assert answer["items"]
    assert all(one["sum"] == 0 for one in answer["items"]), answer
