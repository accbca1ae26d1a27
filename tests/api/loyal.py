"""A programme that gives everything there is to give, and lives that use it, drawn from a seed."""

from random import Random
from typing import Any, Final

from api.service.calls import Call
from tests.api.conftest import Programme


def _rule(key: str, event: str, *then: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "language": 1,
        "key": key,
        "name": {"en": key, "zh-Hans": key},
        "when": {"type": "event", "event": event},
        "then": list(then),
    } | more


DEFINITIONS: Final[dict[str, Any]] = {
    "programme": {"zone": "Asia/Shanghai", "currency": "CNY", "returns_days": 40},
    "units": [
        {
            "key": "points",
            "name": {"en": "points"},
            "expires_after": {"days": 60},
            "pending_for": {"days": 7},
            "deduction": {"units": 100, "worth": "1", "currency": "CNY", "at_most_percent": 50},
        },
        {"key": "growth", "name": {"en": "growth"}, "kind": "growth", "on_refund": "forgive"},
        {"key": "visits", "name": {"en": "visits"}, "kind": "visits", "expires_after": {"days": 90}},
    ],
    "coupons": [
        {"key": "TEN", "name": {"en": "Ten off"}, "kind": "amount", "value": "10", "currency": "CNY",
         "minimum_spend": "50", "valid_days": 20, "per_member": 3, "unit_cost": "10"},
        {"key": "GIFT", "name": {"en": "Gift"}, "kind": "gift", "valid_days": 5, "total": 9},
    ],
    "ladders": [
        {"key": "tier", "name": {"en": "Level"}, "measure": "sum", "currency": "CNY", "period": "rolling",
         "within": {"days": 60}, "grace": {"days": 5}, "downgrade": "one_level",
         "tiers": [{"key": "silver", "name": {"en": "Silver"}, "reached_at": "100"},
                   {"key": "gold", "name": {"en": "Gold"}, "reached_at": "300"},
                   {"key": "black", "name": {"en": "Black"}, "reached_at": "900"}]},
        {"key": "grown", "name": {"en": "Grown"}, "measure": "unit", "unit": "growth", "period": "ever",
         "tiers": [{"key": "leaf", "name": {"en": "Leaf"}, "reached_at": "50"},
                   {"key": "tree", "name": {"en": "Tree"}, "reached_at": "500"}]},
    ],
    "memberships": [{"key": "club", "name": {"en": "Club"}, "lasts": {"months": 1}}],
    "budgets": [
        {"key": "bonus", "name": {"en": "Bonus"}, "counts": "points", "amount": "700", "period": "month"}
    ],
    "wheels": [
        {"key": "wheel", "name": {"en": "Wheel"}, "fallback": "none",
         "prizes": [{"key": "none", "name": {"en": "Nothing"}, "weight": 3, "gives": "nothing"},
                    {"key": "some", "name": {"en": "Points"}, "weight": 2, "gives": "points", "amount": 30},
                    {"key": "big", "name": {"en": "Gift"}, "weight": 2, "gives": "coupon", "coupon": "GIFT",
                     "stock": 4}]}
    ],
    "events": [
        {"name": name, "label": {"en": name}, "properties": [
            {"name": "total", "type": "number", "label": {"en": "total"}},
            {"name": "order_id", "type": "text", "label": {"en": "order"}}]}
        for name in ("Exchange Requested", "Wheel Spun", "Club Bought", "Card Bought", "Order Claimed")
    ],
}  # fmt: skip
"""Units that wait and expire, coupons, two ladders, a membership, a budget, a wheel."""

RULES: Final[list[dict[str, Any]]] = [
    _rule(
        "points", "Order Completed",
        {"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total",
         "rate_by": "event.channel", "rates": [{"value": "live", "points_per_unit": "1.5"}],
         "once_per": "order_id"},
    ),
    _rule(
        "growth", "Order Completed",
        {"type": "award_points_by_amount", "points_per_unit": "0.5", "fact": "event.total", "unit": "growth"},
    ),
    _rule(
        "gold-doubles", "Order Completed", {"type": "multiply_points", "factor": "2"},
        **{"if": {"type": "compare", "fact": "member.tier", "op": "in", "value": ["gold", "black"]}},
    ),
    _rule(
        "bonus", "Order Completed", {"type": "award_points", "points": 40}, limits={"budget": "bonus"},
        **{"if": {"type": "compare", "fact": "event.total", "op": "gte", "value": 80}},
    ),
    _rule(
        "check-in", "Checked In",
        {"type": "award_points", "points": 5, "at_most": {"points": 10, "every": "day"}},
    ),
    _rule("claim", "Order Claimed", {"type": "award_points", "points": 20, "once_per": "order_id"}),
    _rule(
        "exchange", "Exchange Requested", {"type": "spend_points", "points": 60},
        {"type": "issue_coupon", "coupon": "TEN"},
    ),
    _rule(
        "spin", "Wheel Spun", {"type": "spend_points", "points": 10}, {"type": "draw_prize", "wheel": "wheel"}
    ),
    _rule("club", "Club Bought", {"type": "start_membership", "membership": "club"}),
    _rule("card", "Card Bought", {"type": "award_points", "points": 15, "unit": "visits"}),
    _rule(
        "level-gift", "Tier Upgraded", {"type": "issue_coupon", "coupon": "GIFT"},
        {"type": "open_task", "queue": "vip", "priority": "high", "note": "Call to congratulate"},
        limits={"per_member": {"times": 2}},
    ),
    _rule("comfort", "Tier Downgraded", {"type": "set_tier", "ladder": "tier", "tier": "silver",
                                         "lasts": {"days": 10}}),
    {
        "language": 1, "key": "notice", "name": {"en": "Notice"},
        "when": {"type": "before_expiry", "of": "points", "for": {"days": 7}},
        "then": [{"type": "call_webhook", "endpoint": "crm"}],
        "if": {"type": "compare", "fact": "event.points", "op": "gte", "value": 20},
    },
]  # fmt: skip
"""Rules that award, multiply, cap, claim, spend, draw, and set levels."""

DAY: Final = 86_400
_OFTEN: Final = ("order",) * 6 + ("refund", "refund", "check-in", "redeem", "redeem", "close", "close")
_DONE: Final = (
    *_OFTEN,
    "exchange",
    "spin",
    "spin",
    "club",
    "card",
    "visit",
    "claim",
    "adjust",
    "level",
    "void",
)


_EVENTS: Final = {
    "check-in": "Checked In",
    "exchange": "Exchange Requested",
    "spin": "Wheel Spun",
    "club": "Club Bought",
    "card": "Card Bought",
    "claim": "Order Claimed",
}


class Lives:
    """Some members' lives, told to a programme."""

    def __init__(self, programme: Programme, seed: int, members: int = 4) -> None:
        self._programme = programme
        self._random = Random(seed)  # noqa: S311  invented lives need no secrets
        self._members = [f"m{number}" for number in range(members)]
        self._orders: list[tuple[str, str, int]] = []
        self._holds: list[tuple[str, str]] = []
        self._told = 0
        self.answers: list[dict[str, Any]] = []

    def live(self, steps: int) -> None:
        """Let so many things happen, with time between them."""
        for _ in range(steps):
            self._programme.clock.advance(self._random.choice((0, 60, 3_600, DAY, DAY, 3 * DAY, 9 * DAY)))
            member = self._random.choice(self._members)
            self._happen(self._random.choice(_DONE), member)

    def _happen(self, what: str, member: str) -> None:
        random = self._random
        number = len(self._orders)
        if what == "order":
            total = random.randint(1, 200)
            order = random.choice((f"o{number}", f"late{random.randint(0, 9)}"))
            self._orders.append((member, order, total))
            channel = random.choice(("live", "store"))
            self._track(member, "Order Completed", order_id=order, total=total, channel=channel)
        elif what == "refund":
            known = random.choice(self._orders) if self._orders else (member, "o0", 10)
            buyer, order, total = random.choice((known, known, (member, f"late{random.randint(0, 9)}", 50)))
            part = random.choice((total, total // 2, total + 5, 0))
            self._track(buyer, random.choice(("Order Refunded", "Order Refunded", "Order Cancelled")),
                        order_id=order, total=part, refund_id=f"r{random.randint(0, 20)}")  # fmt: skip
        elif what in {"redeem", "visit"}:
            self._redeem(
                member, {"visits": 1} if what == "visit" else {"points": random.choice((1, 50, 100))}
            )
        elif what == "close" and self._holds:
            hold, owner = random.choice(self._holds)
            name = random.choice(("Redemption Confirmed", "Redemption Released"))
            self._ask(owner, name, redemption=hold)
        elif what == "adjust":
            self._ask(member, "Points Adjusted", unit="points", amount=random.choice((25, -10)), why="test")
        elif what == "level":
            tier = random.choice(("silver", "gold", None))
            self._ask(member, "Level Set", ladder="tier", tier=tier, why="test")
        elif what == "void":
            self._ask(member, "Coupon Granted", coupon="TEN", why="test")
        else:
            event = _EVENTS.get(what)
            if event is not None:
                self._track(member, event, order_id=f"o{random.randint(0, number)}", total=1)

    def _redeem(self, member: str, units: dict[str, int]) -> None:
        hold = f"hold-{self._told}"
        self._holds.append((hold, member))
        order = {"order_id": f"till-{self._told}", "total": "120", "currency": "CNY"}
        self._ask(member, "Redemption Reserved", redemption=hold, order=order, units=units,
                  best=self._random.random() < 0.5, confirm=self._random.random() < 0.3,
                  hold_minutes=self._random.choice((15, 1440)))  # fmt: skip

    def _track(self, member: str, name: str, **properties: Any) -> None:
        self._send(member, "track", name, {**properties, "currency": "CNY"})

    def _ask(self, member: str, name: str, **properties: Any) -> None:
        self._send(member, "request", name, properties)

    def _send(self, member: str, kind: Any, name: str, properties: dict[str, Any]) -> None:
        self._told += 1
        call = Call(kind=kind, source="lives", message_id=f"c{self._told}", user_id=member, name=name,
                    properties=properties, content=f"c{self._told}")  # fmt: skip
        (result,) = self._programme.services.ingest.submit([call]).result(30)
        if result.status == "unknown":  # a till may ask for somebody who has never been here
            return
        assert result.status in {"accepted", "answered"}, result
        if result.answer:
            self.answers.append(result.answer)
