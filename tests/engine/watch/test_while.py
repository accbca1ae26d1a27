"""`while` rules: what they give as long as their condition holds, and how they end."""

from typing import Any

from tests.engine.watch.test_segments import TAGS, bought, of, replays, segment, within
from tests.support.life import ORDER, Life, Programme, at, rule


def lasting(**said: Any) -> dict[str, Any]:
    base = {"key": "w", "when": {"type": "while"}, "then": [{"type": "add_tag", "tag": "active"}]}
    return rule(**(base | {"if": bought(2, 30)} | said))


def test_it_tags_while_its_condition_holds() -> None:
    """The tag comes with the second order, and goes when the first leaves the window: no event is needed."""
    life = Life(lasting(), programme=of())
    life.track("2026-01-01")
    life.track("2026-01-10")
    assert {"active": {"rule:w": life.state.tags["active"]["rule:w"]}} == life.state.tags
    life.until("2026-03-01")
    assert {} == life.state.tags
    assert ("2026-01-31T00:00:00Z", "release_tag active") in life.effects
    replays(life)


def test_it_takes_off_its_own_grip_only() -> None:
    """Ruling 18: another rule holds the tag, too, so it stays on."""
    other = rule(key="other", then=[{"type": "add_tag", "tag": "active"}])
    life = Life(lasting(), other, programme=of())
    life.track("2026-01-01")
    life.track("2026-01-10")
    assert ["rule:other", "rule:w"] == sorted(life.state.tags["active"])
    life.until("2026-03-01")
    assert ["rule:other"] == list(life.state.tags["active"])
    replays(life)


def test_it_fires_once_each_time_it_becomes_true_and_what_else_it_gave_stays() -> None:
    life = Life(lasting(then=[{"type": "award_points", "points": 5}]), programme=of())
    for day in ("2026-01-01", "2026-01-10", "2026-01-11", "2026-05-01", "2026-05-02"):
        life.track(day)
    life.until("2026-08-01")
    assert ["award_points 5"] * 2 == [what for what in life.what if what.startswith("award")]
    assert 10 == life.state.points
    assert [("w", "fired", ""), ("w", "ended", "condition-ended")] * 2 == [
        one for one in life.results if one[0] == "w"
    ]
    replays(life)


def test_its_limits_hold_each_time() -> None:
    life = Life(lasting(limits={"per_member": {"times": 1}}), programme=of())
    for day in ("2026-01-01", "2026-01-10", "2026-05-01", "2026-05-02"):
        life.track(day)
    assert {} == life.state.tags
    assert ("w", "limited", "per-member") in life.results
    replays(life)


def test_a_member_who_waits_in_it_leaves() -> None:
    wait = [{"type": "wait", "for": {"days": 25}}, {"type": "award_points", "points": 5}]
    life = Life(lasting(then=wait), programme=of())
    life.track("2026-01-01")
    life.track("2026-01-10")
    assert 1 == len(life.state.enrolments)
    life.until("2026-03-01")
    assert [] == life.state.enrolments
    assert 0 == life.state.points
    replays(life)


def test_rules_that_set_each_other_off_come_to_rest() -> None:
    """A rule that tags whoever isn't tagged undoes its own ground; it doesn't fire on what it led to."""
    untagged = {"type": "compare", "fact": "member.tags", "op": "has_not", "value": "active"}
    life = Life(lasting(**{"if": untagged}), programme=of())
    life.track("2026-01-01")
    assert ("w", "refused", "own-descendant") in life.results
    assert life.state.sequence == 1
    replays(life)


def test_it_may_follow_a_segment() -> None:
    life = Life(lasting(**{"if": within("regular")}), programme=of(segment("regular", bought(2, 30))))
    life.track("2026-01-01")
    life.track("2026-01-10")
    assert ["active"] == list(life.state.tags)
    life.until("2026-03-01")
    assert {} == life.state.tags
    replays(life)


class TestPublishing:
    def test_members_of_whom_it_is_true_are_skipped_by_default(self) -> None:
        programme = Programme({"tags": TAGS})
        programme.publish(rule(key="keep", **{"if": bought(2, 30)}))
        life = Life(programme=programme)
        life.track("2026-01-01")
        life.track("2026-01-10")
        programme.publish(lasting(), at("2026-01-12"))
        life.until("2026-01-20")
        assert {} == life.state.tags
        assert ["w"] == list(life.state.standing)
        life.until("2026-03-01")
        assert {} == life.state.standing
        life.track("2026-03-02")
        life.track("2026-03-03")
        assert ["active"] == list(life.state.tags)
        replays(life)

    def test_or_fire_spread_over_a_time(self) -> None:
        programme = Programme({"tags": TAGS})
        programme.publish(rule(key="keep", **{"if": bought(2, 30)}))
        life = Life(programme=programme)
        life.track("2026-01-01")
        life.track("2026-01-10")
        programme.publish(lasting(), at("2026-01-12"), past="fire", spread_seconds=86_400)
        life.until("2026-01-14")
        assert ["active"] == list(life.state.tags)
        replays(life)

    def test_paused_it_keeps_what_it_holds_and_ends_once_resumed(self) -> None:
        programme = Programme({"tags": TAGS})
        life = Life(lasting(), programme=programme)
        life.track("2026-01-01")
        life.track("2026-01-10")
        programme.add("Rule Paused", {"key": "w"}, at("2026-01-12"))
        life.until("2026-03-01")
        assert ["active"] == list(life.state.tags)
        programme.add("Rule Resumed", {"key": "w"}, at("2026-03-02"))
        life.until("2026-03-03")
        assert {} == life.state.tags
        life.track("2026-03-04", ORDER)
        replays(life)
