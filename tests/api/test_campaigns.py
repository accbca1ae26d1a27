"""How a campaign goes: whom it reached, what was redeemed and bought, what it cost, and whether it worked."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from api.service.people import Role
from api.service.replaying import replay_log
from engine.language.definitions import Definitions
from tests.api.conftest import DEFINITIONS, Programme
from tests.api.shop import coupons_of, told

Json = dict[str, Any]
SPRING: Json = {
    "key": "spring",
    "name": {"en": "Spring", "zh-Hans": "春季"},
    "budget": "gifts",
    "goal_days": 7,
    "message_cost": "0.05",
    "margin_percent": 40,
}
GOODS: Json = {
    **DEFINITIONS,
    "coupons": [
        {
            "key": "FIVE",
            "name": {"en": "Five"},
            "kind": "amount",
            "value": "5",
            "currency": "CNY",
            "unit_cost": "4",
        }
    ],
    "units": [
        {
            "key": "points",
            "name": {"en": "points"},
            "deduction": {"units": 100, "worth": "1", "currency": "CNY"},
        }
    ],
    "budgets": [{"key": "gifts", "name": {"en": "Gifts"}, "counts": "firings", "amount": "10"}],
    "campaigns": [SPRING],
}
RULE: Json = {
    "language": 1,
    "key": "welcome",
    "name": {"en": "Welcome", "zh-Hans": "欢迎"},
    "when": {"type": "event", "event": "Signed Up"},
    "then": [
        {"type": "award_points", "points": 50},
        {"type": "issue_coupon", "coupon": "FIVE"},
        {"type": "send_message", "channel": "email", "template": "thanks"},
    ],
    "campaign": "spring",
}


@pytest.fixture
def running(programme: Programme) -> TestClient:
    """Three members are reached: one uses her coupon and is refunded in part, another buys without."""
    programme.services.definitions.merge(Definitions.model_validate(GOODS), by="test")
    programme.publish(RULE)
    client = programme.backend()
    for member in ("ann", "bob", "cid"):
        track(client, member, "Signed Up")
    (coupon,) = coupons_of(client, "ann")
    order = {"order_id": "o1", "total": 100, "currency": "CNY"}
    asked = {"redemption": "r1", "userId": "ann", "order": order, "coupons": [coupon["code"]]}
    assert "reserved" == told(client, "/v1/redemptions", asked)["status"], asked
    assert "redeemed" == told(client, "/v1/redemptions/r1/confirm", {"userId": "ann"})["status"]
    track(client, "ann", "Order Completed", **(order | {"total": 95}))
    track(client, "ann", "Order Refunded", order_id="o1", total="15.5", currency="CNY")
    track(client, "bob", "Order Completed", order_id="o2", total=60, currency="CNY")
    track(client, "dan", "Order Completed", order_id="o3", total=1000, currency="CNY")
    return client


def track(client: TestClient, member: str, event: str, **properties: Any) -> None:
    body = {"userId": member, "event": event, "properties": properties}
    answer = client.post("/v1/track", json=body)
    assert 200 == answer.status_code, answer.text


def test_the_report_adds_up(running: TestClient, programme: Programme) -> None:
    person = programme.signed_in("auditor")
    said = person.get("/v1/campaigns/spring/report").json()

    assert ("running", True, "CNY") == (said["state"], said["complete"], said["currency"])
    assert {
        "reached": 3,
        "firings": 3,
        "messages": {"requested": 3, "pending": 3, "delivered": 0, "dead": 0, "suppressed": 0, "opened": 0},
        "coupons": {"issued": 3, "redeemed": 1, "members": 1},
        "orders": 1,
        "revenue": "79.5",
    } == said["funnel"]
    goal = {"event": "Order Completed", "days": 7, "members": 2, "times": 2, "revenue": "139.5"}
    assert goal == said["goal"]
    costs = {"points": "1.5", "coupons": "4", "prizes": "0", "messages": "0", "total": "5.5"}
    assert costs == said["cost"]
    assert "13.45" == said["roi"]
    assert [{"split": "", "period": "", "granted": 3, "limit": 10, "left": 7}] == said["budget"]["pots"]
    (rule,) = said["rules"]
    assert ("welcome", 3, 150, {"fired": 3}) == (
        rule["key"],
        rule["reached"],
        rule["points"],
        rule["results"],
    )
    assert "too-few" == said["uplift"]["verdict"]
    assert said["counted"]
    assert said["not_counted"]
    (listed,) = person.get("/v1/campaigns").json()["items"]
    assert ("spring", ["welcome"], 3) == (listed["key"], listed["rules"], listed["members"])


def test_revenue_is_net_of_refunds_of_the_very_orders(running: TestClient, programme: Programme) -> None:
    """Whenever they came; a refund of an order that doesn't count takes nothing off."""
    track(running, "eve", "Order Completed", order_id="before", total=500, currency="CNY")
    programme.clock.advance(1)
    track(running, "eve", "Signed Up")
    track(running, "eve", "Order Refunded", order_id="before", total=200, currency="CNY")
    track(running, "eve", "Order Completed", order_id="after", total=30, currency="CNY")

    def revenue(role: Role) -> tuple[str, str]:
        said = programme.signed_in(role).get("/v1/campaigns/spring/report").json()
        return said["funnel"]["revenue"], said["goal"]["revenue"]

    assert ("79.5", "169.5") == revenue("auditor")
    programme.clock.advance(10 * 86_400)
    track(running, "bob", "Order Refunded", order_id="o2", total=60, currency="CNY")
    track(running, "ann", "Order Refunded", order_id="o1", total="9.5", currency="CNY")
    assert ("70", "100") == revenue("administrator")


@pytest.mark.parametrize(
    ("prize", "wanted"),
    [
        (
            {"gives": "points", "amount": 100, "cost": "2.5"},
            {"points": "1.5", "coupons": "4", "prizes": "7.5"},
        ),
        ({"gives": "points", "amount": 100}, {"points": "4.5", "coupons": "4", "prizes": "0"}),
        (
            {"gives": "coupon", "coupon": "FIVE", "cost": "3"},
            {"points": "1.5", "coupons": "4", "prizes": "9"},
        ),
        ({"gives": "coupon", "coupon": "FIVE"}, {"points": "1.5", "coupons": "8", "prizes": "0"}),
        ({"gives": "nothing", "cost": "0.1"}, {"points": "1.5", "coupons": "4", "prizes": "0.3"}),
    ],
)
def test_a_prize_costs_the_campaign_that_gave_it(either: Programme, prize: Json, wanted: Json) -> None:
    """Its own cost stands for what it gives; without one its points and its coupon count as any others."""
    cake = {"key": "cake", "name": {"en": "Cake"}, "weight": 1, **prize}
    none = {"key": "none", "name": {"en": "Nothing"}, "weight": 0, "gives": "nothing"}
    wheel = {"key": "wheel", "name": {"en": "Wheel"}, "prizes": [cake, none], "fallback": "none"}
    goods = GOODS | {"wheels": [wheel]}
    either.services.definitions.merge(Definitions.model_validate(goods), by="test")
    either.publish(RULE | {"then": [*RULE["then"][:2], {"type": "draw_prize", "wheel": "wheel"}]})
    client = either.backend()
    for member in ("ann", "bob", "cid"):
        track(client, member, "Signed Up")
    for place, coupon in enumerate(coupons_of(client, "ann")):
        order = {"order_id": f"o{place}", "total": 100, "currency": "CNY"}
        wish = {"userId": "ann", "order": order, "coupons": [coupon["code"]], "confirm": True}
        assert "redeemed" == told(client, "/v1/redemptions", wish | {"redemption": f"r{place}"})["status"]
    said = either.signed_in("auditor").get("/v1/campaigns/spring/report").json()["cost"]
    assert wanted == {name: said[name] for name in wanted}


def test_of_a_rule_alone(running: TestClient, programme: Programme) -> None:
    person = programme.signed_in("auditor")
    said = person.get("/v1/rules/welcome/report").json()
    assert (3, "79.5") == (said["funnel"]["reached"], said["funnel"]["revenue"])
    for path in ("/v1/rules/nothing/report", "/v1/campaigns/nothing/report"):
        assert 404 == person.get(path).status_code


def test_who_is_kept_aside_is_compared(programme: Programme) -> None:
    """Everybody in the hold-out is in no rule of the campaign; goals count only after the decision."""
    kept = Definitions.model_validate(
        GOODS | {"campaigns": [SPRING | {"holdout_percent": 50, "budget": None}]}
    )
    programme.services.definitions.merge(kept, by="test")
    programme.publish({**RULE, "then": RULE["then"][:1]})
    client = programme.backend()
    for number in range(120):
        if number % 3 == 0:
            track(client, f"m{number}", "Order Completed", order_id=f"b{number}", total=9, currency="CNY")
        track(client, f"m{number}", "Signed Up")
        if number % 4 == 0:
            programme.clock.advance(1)
            track(client, f"m{number}", "Order Completed", order_id=f"o{number}", total=10, currency="CNY")
    uplift = programme.signed_in("auditor").get("/v1/campaigns/spring/report").json()["uplift"]
    reached, aside = uplift["reached"], uplift["aside"]
    assert 120 == reached["members"] + aside["members"]
    assert min(reached["members"], aside["members"]) > 30
    assert uplift["conversion"] is not None


@pytest.mark.parametrize("goal", ["Profile Completed", "Order Completed"])
def test_a_goal_counts_under_whatever_name_the_member_reached_it(either: Programme, goal: str) -> None:
    """Three names of one person, merged one into the other: one member was reached, and did it thrice."""
    goods = GOODS | {"campaigns": [SPRING | {"goal_event": goal, "budget": None}]}
    either.services.definitions.merge(Definitions.model_validate(goods), by="test")
    either.publish({**RULE, "then": RULE["then"][:1]})
    client = either.backend()
    for name in ("ann", "bob", "cid"):
        track(client, name, "Signed Up")
        either.clock.advance(1)
    for place, name in enumerate(("ann", "bob", "cid", "dan")):
        track(client, name, goal, order_id=f"o{place}", total=5, currency="CNY")
    for user, previous in (("bob", "cid"), ("ann", "bob")):
        assert 200 == client.post("/v1/alias", json={"userId": user, "previousId": previous}).status_code
    said = either.signed_in("auditor").get("/v1/campaigns/spring/report").json()

    assert (1, 3) == (said["funnel"]["reached"], said["funnel"]["firings"])
    assert (1, 3) == (said["goal"]["members"], said["goal"]["times"])
    assert [1] == [one["reached"] for one in said["rules"]]


def test_a_spent_budget_makes_no_difference(programme: Programme) -> None:
    """Who comes late buys anyway, and the budget is spent by then: nothing is made of that but chance.

    Only whom the rule fired for, beside everybody kept aside, would read as great harm.
    """
    kept = Definitions.model_validate(GOODS | {"campaigns": [SPRING | {"holdout_percent": 50}]})
    programme.services.definitions.merge(kept, by="test")
    programme.publish({**RULE, "then": RULE["then"][:1]})
    client = programme.backend()
    for number in range(200):
        track(client, f"m{number}", "Signed Up")
        if number >= 40:
            track(client, f"m{number}", "Order Completed", order_id=f"o{number}", total=10, currency="CNY")
    said = programme.signed_in("auditor").get("/v1/campaigns/spring/report").json()
    uplift, (rule,) = said["uplift"], said["rules"]
    reached, aside = uplift["reached"], uplift["aside"]

    assert (10, 10) == (said["funnel"]["reached"], rule["results"]["fired"])
    assert rule["results"]["limited"] == reached["limited"] == reached["members"] - 10 > 50
    assert 200 == reached["members"] + aside["members"]
    assert 160 == reached["converted"] + aside["converted"]
    assert "open" == uplift["verdict"]
    assert f"limits left {reached['limited']} of them without" in uplift["text"]["en"]
    assert f"其中 {reached['limited']} 人因限额未触达" in uplift["text"]["zh-Hans"]
    assert said["goal"]["members"] == 0  # the goal is told of those whom it reached


def test_replay_finds_no_difference(running: TestClient, programme: Programme) -> None:
    """After a change of the campaign, too: its dates, audience and budget are in the log like all else."""
    over = GOODS | {"campaigns": [SPRING | {"until": "2020-01-01T00:00:00Z"}]}
    programme.services.definitions.merge(Definitions.model_validate(over), by="test")
    track(running, "eve", "Signed Up")
    with programme.database.read() as connection:
        report = replay_log(connection)
    assert [] == report.divergences
    assert "ended" == programme.signed_in("auditor").get("/v1/campaigns").json()["items"][0]["state"]
