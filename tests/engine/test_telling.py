"""What one member's decision tells another (ruling 6): who that is, what is told, and where it ends."""

from typing import Any

import pytest

from engine.decision import Need
from engine.effects import TellMember
from engine.events import LINEAGE, TOLD_BY_MEMBER, Event
from engine.language.catalogue import Catalogue
from engine.language.check import check
from engine.language.definitions import Definitions
from engine.language.parse import parse_rule
from engine.replay import replay
from tests.support.life import Life, at, rule

TOLD = "Referral Succeeded"
TELL: dict[str, Any] = {
    "type": "tell_member",
    "member": "member.referrer_id",
    "event": TOLD,
    "properties": [{"name": "total"}],
}
DEFINED = {
    "events": [{"name": TOLD, "label": {"en": "referral succeeded", "zh-Hans": "转介绍成功"}}],
    "attributes": [
        {"name": "referrer_id", "label": {"en": "referred by", "zh-Hans": "推荐人"}, "type": "text"},
        {"name": "age", "label": {"en": "age", "zh-Hans": "年龄"}, "type": "number"},
    ],
}
CATALOGUE = Catalogue(Definitions.model_validate(DEFINED))


def known(need: Need) -> Any:
    """Know everybody but a stranger."""
    if need.kind != "member":
        return True
    return False if need.name == "stranger" else need.name


def referred(referrer: object, **more: Any) -> Life:
    """Return the life of a member who was referred, and orders."""
    life = Life(rule(then=[TELL, {"type": "award_points", "points": 10}]), supply=known, **more)
    life.identify("2026-03-01", referrer_id=referrer)
    life.track("2026-03-02", total=99, note="private")
    return life


def tellings(life: Life) -> list[TellMember]:
    return [
        effect
        for _, decided in life.decided
        for effect in decided.decision.effects
        if isinstance(effect, TellMember)
    ]


def test_the_other_member_is_told_what_the_rule_names() -> None:
    life = referred("m2")

    (one,) = tellings(life)
    assert ("m2", TOLD, {"total": 99}, ("r",)) == (one.member, one.event, one.properties, one.lineage)
    assert 10 == life.state.points


@pytest.mark.parametrize(
    ("referrer", "why"),
    [
        ("stranger", "member-unknown"),
        ("m1", "member-oneself"),
        ("", "member-not-told"),
        (7, "member-not-told"),
    ],
)
def test_a_rule_that_reaches_nobody_else_gives_nothing_at_all(referrer: object, why: str) -> None:
    """All or nothing: the member's own reward is held back, too, and the reason is recorded."""
    life = referred(referrer)

    assert [("r", "limited", why)] == life.results
    assert 0 == life.state.points


def test_who_the_other_is_was_recorded_and_is_read_back() -> None:
    """A replay asks nobody: the answer of the time stands with the decision."""
    life = referred("m2")

    found = replay("m1", life.logged, life.programme.decider)
    assert [] == found.divergences
    assert "m2" in life.decided[-1][1].decision.grants.values()


def told(life: Life, lineage: list[str]) -> None:
    """Let a member be told by another."""
    when = at("2026-04-01")
    life._take(
        Event(
            source=TOLD_BY_MEMBER,
            message_id="t",
            kind="track",
            name=TOLD,
            member="m1",
            occurred_at=when,
            recorded_at=when,
            as_of=when,
            properties={"from": "m0", LINEAGE: lineage},
            member_sequence=life.state.sequence + 1,
        )
    )


PASSED_ON = rule(key="pass-on", when={"type": "event", "event": TOLD}, then=[TELL])


def test_a_rule_is_not_fired_by_what_it_told_itself() -> None:
    """Through whomever it came back: referrals don't climb a pyramid."""
    life = Life(PASSED_ON, supply=known)
    life.identify("2026-03-01", referrer_id="m2")

    told(life, ["first", "pass-on"])

    assert [("pass-on", "refused", "own-descendant")] == life.results


@pytest.mark.parametrize(("hops", "why"), [(7, ""), (8, "told-too-far")])
def test_rules_lead_from_member_to_member_at_most_eight_times(hops: int, why: str) -> None:
    life = Life(PASSED_ON, supply=known)
    life.identify("2026-03-01", referrer_id="m2")

    told(life, [f"rule-{one}" for one in range(hops)])

    assert [("pass-on", "limited" if why else "fired", why)] == life.results


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, []),
        ({"event": "Nothing"}, ["unknown-event"]),
        ({"member": "member.nobody"}, ["unknown-fact"]),
        ({"member": "member.age"}, ["needs-text-fact"]),
        ({"member": "event.category"}, []),
        ({"member": "event.product_id"}, ["fact-not-in-event"]),
        ({"properties": [{"name": "nothing"}]}, ["unknown-fact"]),
        ({"properties": [{"name": "product_id"}]}, ["fact-not-in-event"]),
    ],
)
def test_what_is_found_before_it_is_published(changes: dict[str, Any], codes: list[str]) -> None:
    document = parse_rule(rule(then=[TELL | changes]))

    assert codes == [one.code for one in check(document, CATALOGUE, [])]


def test_after_a_wait_the_event_is_gone() -> None:
    wait = {"type": "wait", "for": {"days": 1}}
    document = parse_rule(rule(then=[wait, TELL | {"member": "event.category"}]))

    found = [one.code for one in check(document, CATALOGUE, []) if one.severity == "error"]
    assert ["event-value-after-wait", "event-value-after-wait"] == found


def test_a_circle_over_two_members_is_found_before_it_is_published() -> None:
    circle = parse_rule(PASSED_ON | {"then": [{k: v for k, v in TELL.items() if k != "properties"}]})

    assert ["tag-loop"] == [one.code for one in check(circle, CATALOGUE, [])]
