"""Who is kept aside is drawn before any limit is looked at, so that both groups are alike (ruling 12, 26)."""

from typing import Any

import pytest

from engine.decision import Need
from engine.firing import holdout_place
from tests.support.life import Life, Programme, rule

DEFINITIONS: dict[str, Any] = {
    "budgets": [{"key": "few", "name": {"en": "Few"}, "counts": "firings", "amount": "1"}],
    "coupons": [{"key": "TEN", "name": {"en": "Ten"}, "kind": "amount", "value": "10"}],
}
LIMITS: list[dict[str, Any]] = [
    {"budget": "few"},
    {"total": 1},
    {"per_member": {"times": 1}},
    {"budget": "few", "total": 1, "per_member": {"times": 1}},
]


def spent(need: Need) -> Any:
    """Everything that is scarce is gone."""
    return False


def untouched(need: Need) -> Any:
    raise AssertionError(f"who is kept aside asks for nothing: {need}")


@pytest.mark.parametrize("limits", LIMITS, ids=[" ".join(one) for one in LIMITS])
@pytest.mark.parametrize("then", ["award_points", "issue_coupon"])
def test_everybody_is_in_one_group_whatever_is_left(limits: dict[str, Any], then: str) -> None:
    """The group is told by the member's place alone; only who isn't aside asks for what is scarce."""
    actions = {
        "award_points": {"type": "award_points", "points": 5},
        "issue_coupon": {"type": "issue_coupon", "coupon": "TEN"},
    }
    programme = Programme(DEFINITIONS)
    programme.publish(rule(then=[actions[then]], limits=limits | {"holdout_percent": 30}))
    groups = set()
    for number in range(40):
        aside = holdout_place("r", f"m{number}") < 30
        life = Life(programme=programme, member=f"m{number}", supply=untouched if aside else spent)
        for day in (1, 2):
            life.track(f"2026-01-0{day}")
        results = {result for _, result, _ in life.results}
        assert ({"held_out"} == results) == aside
        assert results <= {"held_out", "fired", "limited"}
        groups |= results
    assert {"held_out", "limited"} <= groups
