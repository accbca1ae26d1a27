"""Two members become one (ruling 17): nothing is lost, nothing doubled, and no limit gives more."""

import pytest

from engine.errors import StateMismatch
from engine.programme.merging import HOW, survives
from engine.state import Awarded, Held, Membership, MemberState
from tests.engine.programme.people import DEFINITIONS, People
from tests.support.life import ORDER, Life, at, rule

LATE = at("2027-01-01")


def test_every_part_of_a_state_says_what_a_merge_makes_of_it() -> None:
    """A new field of the state must be given a rule here, or a merge would lose what it holds."""
    assert set(MemberState.__struct_fields__) == set(HOW)


def pair() -> tuple[Life, Life]:
    """Return two members of one programme."""
    people = People()
    return people.join("ann"), people.join("bob")


def test_a_merge_names_the_very_log_that_it_ends() -> None:
    """A forged log of the member that ended doesn't have the chain that the merge names."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-02", total=10)
    merged = ann.merge("2026-01-03", bob)

    assert {"status": "merged", "member": "ann", "absorbed": "bob"} == merged.decision.answer
    assert [] == ann.replayed().divergences
    forged = Life(programme=ann.programme, member="bob")
    forged.track("2026-01-02", total=11)
    ann.joined[0] = forged
    assert "absorbed/chain" in {one.path for one in ann.replayed().divergences}
    ann.joined[0] = Life(programme=ann.programme, member="bob")
    assert {"absorbed/chain", "absorbed/sequence"} == {one.path for one in ann.replayed().divergences}


def test_a_timer_left_out_of_the_log_that_ends_is_named() -> None:
    """Whatever was ripe for the member that ends must have fired before the merge."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-01", total=10)
    bob.clock = lambda *_, **__: None  # type: ignore[method-assign]
    ann.merge("2026-03-03", bob)

    assert "absorbed/timer" in {one.path for one in ann.replayed().divergences}


def test_nobody_merges_with_itself() -> None:
    """A member can't take itself in."""
    ann, _ = pair()
    ann.track("2026-01-01", total=10)

    with pytest.raises(StateMismatch, match="can't take 'ann' in"):
        ann.merge("2026-01-03", ann)


def test_who_joined_first_goes_on() -> None:
    """The older member survives; of two that joined at once, the one whose key sorts first."""
    ann, bob = pair()
    ann.track("2026-01-02", total=10)
    bob.track("2026-01-01", total=10)

    assert survives(bob.state, ann.state)
    assert not survives(ann.state, bob.state)
    assert survives(MemberState(member="a", joined_at=1), MemberState(member="b", joined_at=1))
    assert survives(bob.state, MemberState(member="a"))


def test_what_was_told_last_counts() -> None:
    """Attributes go by the sender's time, whoever it was told of; a value taken back stays away."""
    ann, bob = pair()
    ann.identify("2026-01-01", city="Wuhan", gender="f", birthday="02-29", zone="Asia/Shanghai")
    bob.identify("2026-01-02", city="Xi'an", language="zh", zone="America/New_York")
    ann.identify("2026-01-03", gender=None)
    bob.identify("2026-01-02 10:00", gender="x")
    ann.merge("2026-01-04", bob)

    assert {"city": "Xi'an", "language": "zh", "birthday": "02-29"} == ann.state.attributes
    assert at("2026-01-02") == ann.state.told["city"].at
    assert "Asia/Shanghai" == ann.state.zone


def test_tags_keep_every_holder() -> None:
    """A holder that both have lasts until the later end; what never ends wins."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-02", total=10)
    ann.state.tags["vip"] = {"rule:a": Held(5, LATE + 5), "rule:b": Held(3, LATE)}
    bob.state.tags["vip"] = {"rule:a": Held(2, None), "rule:b": Held(4, LATE + 4), "person:x": Held(1)}
    ann.merge("2026-01-04", bob)

    assert {"rule:a": Held(2, None), "rule:b": Held(3, LATE + 4), "person:x": Held(1)} == ann.state.tags[
        "vip"
    ]


@pytest.mark.parametrize(
    ("mine", "theirs", "left"),
    [(5, 6, {"again"}), (6, 5, {"new"}), (5, 5, {"new"})],
    ids=["theirs is later", "mine is later", "at once"],
)
def test_of_a_group_the_tag_that_was_put_on_later_stays(mine: int, theirs: int, left: set[str]) -> None:
    """Each of the two put one on; who has both after a merge would have what no rule can give."""
    path = [
        {"key": key, "name": {"en": key}, "meaning": "for a test", "group": "path"}
        for key in ("new", "again")
    ]
    people = People({**DEFINITIONS, "tags": path})
    ann, bob = people.join("ann"), people.join("bob")
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-02", total=10)
    ann.state.tags["new"] = {"rule:a": Held(mine), "rule:b": Held(1)}
    bob.state.tags["again"] = {"rule:a": Held(theirs)}
    ann.merge("2026-01-04", bob)

    assert left == set(ann.state.tags) & {"new", "again"}


def test_a_purchase_of_the_other_ends_the_wait_at_once() -> None:
    """A wait whose exit happened to the other member since it began no longer applies."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-02", "Product Viewed")
    merged = ann.merge("2026-01-03", bob)

    assert [] == ann.state.enrolments
    assert ("thanks",) == merged.decision.effects[0].ended  # type: ignore[union-attr]
    assert "send_message thanks" not in ann.until("2026-02-01").what


def test_one_wait_in_a_rule_goes_on() -> None:
    """Of two waits in one rule the one that began first goes on; the message is sent once, on its day."""
    ann, bob = pair()
    ann.track("2026-01-02", total=10)
    bob.track("2026-01-01", total=10)
    ann.merge("2026-01-03", bob)

    ann.until("2026-02-01")
    sent = [one for one in ann.effects if one[1] == "send_message thanks"]
    assert [("2026-01-04T00:00:00Z", "send_message thanks")] == sent
    assert [] == ann.replayed().divergences


def test_a_level_is_the_higher_and_risen_to_what_both_reached() -> None:
    """Three orders of each make six: gold, at once, and nothing fires on it."""
    ann, bob = pair()
    for day in range(1, 4):
        ann.track(f"2026-01-0{day}", total=1)
        bob.track(f"2026-01-0{day} 10:00", total=1)
    before = ann.what.count("send_message gold")
    ann.merge("2026-01-05", bob)

    assert "gold" == ann.state.levels["tier"].tier
    assert before == ann.what.count("send_message gold")
    assert [] == ann.replayed().divergences


def test_the_time_left_of_a_membership_is_added() -> None:
    """What one had paid for is not lost: it is added, as a renewal would."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10)
    bob.track("2026-01-02", total=10)
    ann.state.memberships["club"] = Membership(at("2026-01-01"), at("2026-04-01"))
    bob.state.memberships["club"] = Membership(at("2025-12-01"), at("2026-01-14"))
    ann.merge("2026-01-04", bob)

    assert Membership(at("2025-12-01"), at("2026-04-11")) == ann.state.memberships["club"]


def test_a_cap_counts_what_both_were_given_in_the_period() -> None:
    """A daily cap of 25 is used up by 20 of one and 20 of the other; the next day begins anew."""
    ann, bob = pair()
    for hour in (10, 11):
        ann.track(f"2026-01-01 {hour}:00", total=0)
        bob.track(f"2026-01-01 {hour}:00", total=0)
    ann.merge("2026-01-01 12:00", bob)

    assert Awarded(at("2025-12-31 16:00"), 40) == ann.state.awarded["daily.0"]
    points = ann.state.points
    ann.track("2026-01-01 13:00", total=0)
    assert points == ann.state.points
    ann.track("2026-01-01 17:00", total=0)
    assert points + 10 == ann.state.points


def test_a_refund_told_of_the_other_takes_back_at_once() -> None:
    """The order came under one name, its refund under the other: once merged, its points go back."""
    people = People()
    people.programme.publish(
        rule(
            key="by-order",
            then=[{"type": "award_points", "points": 7}],
            when={"type": "event", "event": ORDER},
        )
    )
    ann, bob = people.join("ann"), people.join("bob")
    ann.track("2026-01-01", order_id="o-1", total=100)
    given = ann.state.points
    bob.track("2026-01-02", "Order Refunded", order_id="o-1", total=100)
    ann.merge("2026-01-03", bob)

    assert given > 0 == ann.state.points
    assert [] == ann.replayed().divergences


def test_facts_only_members_merge_too() -> None:
    """No rule looks at facts, but two members of facts alone are one all the same."""
    ann, bob = pair()
    ann.track("2026-01-01", total=10, mode="facts-only")
    bob.track("2026-01-02", total=10, mode="facts-only")
    ann.merge("2026-01-03", bob, mode="facts-only")

    assert 2 == ann.state.past[ORDER].count
    assert [] == ann.replayed().divergences
