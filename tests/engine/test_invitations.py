"""A membership by invitation is started only for members who have its tag."""

from typing import Any

from engine.decision import Need
from tests.engine.test_giving import programme, results
from tests.support.life import Life, rule

DEFINED: dict[str, Any] = {
    "tags": [{"key": "invited", "name": {"en": "Invited"}, "meaning": "for a test"}],
    "memberships": [
        {"key": "cellar", "name": {"en": "Cellar"}, "lasts": {"days": 9}, "invitation": "invited"}
    ],
}
JOINS: list[dict[str, Any]] = [{"type": "start_membership", "membership": "cellar"}]
ACCEPTED = {"type": "event", "event": "Accepted"}


def test_only_the_invited_to_the_instant_at_which_the_invitation_ends() -> None:
    """An event goes before a timer of its instant; a microsecond later the invitation is over."""
    invites = rule(key="invite", then=[{"type": "add_tag", "tag": "invited", "expires_after": {"days": 1}}])
    joins = rule(key="join", when=ACCEPTED, then=JOINS)
    life = Life(programme=programme(invites, joins, **DEFINED))
    life.track("2026-03-01", "Accepted")
    life.track("2026-03-02")
    life.track("2026-03-03", "Accepted")
    life.track("2026-03-03T00:00:00.000001Z", "Accepted")

    refused = ("limited", "not-invited")
    assert [refused, ("fired", ""), refused] == results(life, "join")


def test_what_another_rule_of_the_step_took_off_is_gone() -> None:
    """Both are true of the snapshot; the one with the higher priority uses the invitation up."""
    invites = rule(key="invite", then=[{"type": "add_tag", "tag": "invited"}])
    then = [*JOINS, {"type": "remove_tag", "tag": "invited"}]
    once, twice = (rule(key=key, when=ACCEPTED, then=then) for key in ("a", "b"))
    life = Life(programme=programme(invites, once, twice, **DEFINED))
    life.track("2026-03-01")
    life.track("2026-03-02", "Accepted")

    assert [("fired", "")] == results(life, "a")
    assert [("limited", "not-invited")] == results(life, "b")


def test_who_is_not_invited_uses_nothing_up() -> None:
    """The rule is held back before it asks for a coupon's code."""
    coupon = {"key": "C", "name": {"en": "C"}, "kind": "gift", "codes": "pool"}
    asked: list[Need] = []
    joins = rule(key="join", then=[*JOINS, {"type": "issue_coupon", "coupon": "C"}])
    life = Life(programme=programme(joins, coupons=[coupon], **DEFINED), supply=asked.append)
    life.track("2026-03-01")

    assert [("limited", "not-invited")] == results(life, "join")
    assert [] == asked
