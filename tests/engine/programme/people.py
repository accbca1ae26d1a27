"""A programme under which members earn, are limited, wait and rise: for the tests of merging."""

from itertools import count
from typing import Any

from engine.decision import Need
from tests.support.life import ORDER, Life, Programme, rule

CAP = 25
DEFINITIONS: dict[str, Any] = {
    "programme": {"zone": "Asia/Shanghai"},
    "ladders": [
        {
            "key": "tier",
            "name": {"en": "Level"},
            "measure": "count",
            "period": "ever",
            "tiers": [
                {"key": "silver", "name": {"en": "Silver"}, "reached_at": "3"},
                {"key": "gold", "name": {"en": "Gold"}, "reached_at": "6"},
            ],
        }
    ],
    "memberships": [{"key": "club", "name": {"en": "Club"}, "lasts": {"days": 100}}],
    "coupons": [{"key": "TEN", "name": {"en": "Ten"}, "kind": "amount", "value": "10"}],
}
RULES = (
    rule(
        key="earn",
        then=[{"type": "award_points_by_amount", "points_per_unit": "1", "fact": "event.total"}],
    ),
    rule(
        key="daily",
        then=[{"type": "award_points", "points": 10, "at_most": {"points": CAP, "every": "day"}}],
    ),
    rule(
        key="coupon",
        then=[{"type": "issue_coupon", "coupon": "TEN"}],
        limits={"per_member": {"times": 2, "within": {"days": 60}}},
    ),
    rule(
        key="lapse",
        when={"type": "absence", "event": ORDER, "for": {"days": 30}},
        then=[{"type": "add_tag", "tag": "churn-risk"}],
    ),
    rule(
        key="thanks",
        then=[
            {"type": "wait", "for": {"days": 3}},
            {"type": "send_message", "channel": "sms", "template": "thanks"},
        ],
        exit={"type": "event", "event": "Product Viewed"},
    ),
    rule(
        key="vip",
        **{
            "if": {
                "type": "history",
                "measure": "sum",
                "event": ORDER,
                "property": "total",
                "within": {"days": 90},
                "op": "gte",
                "value": "300",
            }
        },
        then=[{"type": "add_tag", "tag": "vip"}],
    ),
    rule(
        key="gold",
        when={"type": "event", "event": "Tier Upgraded"},
        then=[{"type": "send_message", "channel": "sms", "template": "gold"}],
    ),
)


class People:
    """Some members under one programme, whose coupons never share a code."""

    def __init__(self, definitions: dict[str, Any] | None = None) -> None:
        self.programme = Programme(definitions or DEFINITIONS)
        for document in RULES:
            self.programme.publish(document)
        self._codes = count(1)

    def join(self, key: str) -> Life:
        return Life(programme=self.programme, member=key, supply=self._supply)

    def _supply(self, need: Need) -> Any:
        return f"CODE{next(self._codes)}" if need.kind == "code" else True
