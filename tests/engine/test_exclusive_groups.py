"""Of the rules that name one exclusive group, only the first fires at a time (ruling 7)."""

from typing import Any

from engine.decision import Need
from tests.support.life import ORDER, Life, rule

ABSENT: dict[str, Any] = {"type": "absence", "event": ORDER, "for": {"days": 90}}
TAG = [{"type": "add_tag", "tag": "churn-risk"}]
POINTS = [{"type": "award_points", "points": 1}]


def test_ruling_7_the_first_wins_the_step() -> None:
    """By priority, then key, whatever else fires; the others say why, and take nothing that is scarce."""
    asked: list[str] = []

    def supply(need: Need) -> Any:
        asked.append(need.name)
        return True

    limits = {"exclusive_group": "offers", "total": 5}
    life = Life(
        rule(key="a", priority=60, limits=limits),
        rule(key="b", limits=limits, then=TAG),
        rule(key="c", limits={**limits, "exclusive_group": "others"}, then=POINTS),
        rule(key="d", limits=limits),
        supply=supply,
    )
    life.track("2026-01-01")
    life.track("2026-01-02")

    first = [
        ("b", "fired", ""),
        ("c", "fired", ""),
        ("d", "limited", "exclusive-group"),
        ("a", "limited", "exclusive-group"),
    ]
    assert first * 2 == life.results
    assert ["b", "c"] * 2 == asked


def test_ruling_7_the_next_wins_where_the_first_is_held_back() -> None:
    """Once the limit per member is reached, the next of the group has its turn."""
    group = {"exclusive_group": "offers"}
    life = Life(
        rule(key="a", limits={**group, "per_member": {"times": 1}}),
        rule(key="b", limits=group, then=TAG),
    )
    life.track("2026-01-01")
    life.track("2026-01-02")

    assert ["award_points 10", "add_tag churn-risk"] == life.what


def test_ruling_7_one_clock_at_an_instant() -> None:
    """Absences that are due together are two entries; still only one of them fires."""
    group = {"exclusive_group": "win-back"}
    later = {**ABSENT, "for": {"days": 91}}
    life = Life(
        rule(key="a", when=ABSENT, limits=group, then=TAG),
        rule(key="b", when=ABSENT, limits=group),
        rule(key="c", when=later, limits=group, then=POINTS),
    )
    life.track("2026-01-01")
    life.until("2026-05-01")

    assert ("b", "limited", "exclusive-group") in life.results
    assert ["add_tag churn-risk", "award_points 1"] == life.what


def test_ruling_7_one_in_all_steps_of_a_decision() -> None:
    """What the winner leads to doesn't start another of its group."""
    group = {"exclusive_group": "offers"}
    tagged = {"type": "event", "event": "Tag Added"}
    life = Life(rule(key="a", limits=group, then=TAG), rule(key="b", when=tagged, limits=group))
    life.track("2026-01-01")

    assert [("a", "fired", ""), ("b", "limited", "exclusive-group")] == life.results
