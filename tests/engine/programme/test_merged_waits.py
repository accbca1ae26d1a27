"""What became of the other member by the time of a merge ends waits, or lets them go on (ruling 17)."""

from typing import Any

import pytest

from engine.state import pack
from tests.support.life import ORDER, Life, Programme, rule

SIGNED, LEFT = "Signed Up", "Left"
LARGE = {"type": "compare", "fact": "event.total", "op": "gte", "value": 100}


def tag(name: str) -> dict[str, Any]:
    return {"type": "add_tag", "tag": name}


def pair(*then: dict[str, Any], **said: Any) -> tuple[Life, Life]:
    """Return two members of a programme with one journey that begins on signing up."""
    programme = Programme()
    programme.publish(rule(key="j", when={"type": "event", "event": SIGNED}, then=list(then), **said))
    return Life(programme=programme, member="ann"), Life(programme=programme, member="bob")


def verified(life: Life) -> Life:
    again = life.replayed()
    assert [] == again.divergences
    assert pack(life.state) == pack(again.state)
    return life


WAIT = {"type": "wait", "for": {"days": 30}}


@pytest.mark.parametrize(
    ("when", "total", "sent"),
    [
        ("2026-01-02", 100, []),
        ("2026-01-02", 99, ["add_tag late"]),
        ("2025-12-31", 100, ["add_tag late"]),
    ],
)
@pytest.mark.parametrize("part", ["exit", "goal"])
def test_an_exit_with_a_condition_is_known_from_the_others_past(
    when: str, total: int, sent: list[str], part: str
) -> None:
    """Only what satisfies it, and only since the wait began."""
    kind = {"type": "event"} if part == "exit" else {}
    said = {part: kind | {"event": ORDER, "where": LARGE}}
    ann, bob = pair(WAIT, tag("late"), **said)
    bob.track(when, total=total)
    ann.track("2026-01-01", SIGNED)
    merged = ann.merge("2026-01-05", bob)

    assert (() if sent else ("j",)) == merged.decision.effects[0].ended  # type: ignore[union-attr]
    assert sent == verified(ann.until("2026-03-01")).what[1:]


def test_a_goal_counts_from_where_the_rule_began_and_no_longer_than_it_says() -> None:
    for when, ended in (("2026-01-08", ("j",)), ("2026-01-08 00:01", ())):
        ann, bob = pair(WAIT, tag("late"), goal={"event": ORDER, "where": LARGE, "within": {"days": 7}})
        ann.track("2026-01-01", SIGNED)
        bob.track(when, total=500)
        merged = ann.merge("2026-01-20", bob)
        assert ended == merged.decision.effects[0].ended  # type: ignore[union-attr]


def test_an_exit_that_only_a_rule_tells_of_is_known_too() -> None:
    """An internal event, such as a tag, is kept where a wait may end by it."""
    asked = {"type": "compare", "fact": "event.tag", "op": "eq", "value": "buyer"}
    ann, bob = pair(WAIT, tag("late"), exit={"type": "event", "event": "Tag Added", "where": asked})
    ann.programme.publish(rule(key="buys", then=[tag("buyer")]))
    ann.track("2026-01-01", SIGNED)
    bob.track("2026-01-02", total=1)
    ann.merge("2026-01-03", bob)

    assert [] == ann.state.enrolments
    assert "add_tag late" not in verified(ann.until("2026-03-01")).what


FOR_ORDER = {
    "type": "wait_for",
    "event": ORDER,
    "where": LARGE,
    "timeout": {"days": 10},
    "then": [tag("came")],
    "else": [tag("missed")],
}


@pytest.mark.parametrize(
    ("when", "total", "way"),
    [
        ("2026-01-05", 100, [("2026-01-08T00:00:00Z", "add_tag came")]),
        ("2026-01-05", 99, [("2026-01-13T00:00:00Z", "add_tag missed")]),
        # Between the beginning of the rule and that of the wait: not what is waited for.
        ("2026-01-02", 100, [("2026-01-13T00:00:00Z", "add_tag missed")]),
    ],
)
@pytest.mark.parametrize("who", ["ann", "bob"])
def test_a_wait_for_what_happened_to_the_other_goes_on_at_the_merge(
    when: str, total: int, way: list[tuple[str, str]], who: str
) -> None:
    """Whichever of the two waits; the wait began two days after the rule did."""
    ann, bob = pair({"type": "wait", "for": {"days": 2}}, FOR_ORDER, tag("end"))
    waits, buys = (ann, bob) if who == "ann" else (bob, ann)
    waits.track("2026-01-01", SIGNED)
    buys.track(when, total=total)
    ann.merge("2026-01-08", bob)
    ann.until("2026-03-01")

    assert [*way, (way[0][0], "add_tag end")] == [one for one in ann.effects if "add_tag" in one[1]]
    verified(ann)


def test_a_wait_that_came_is_left_if_its_exit_came_too() -> None:
    ann, bob = pair(FOR_ORDER, exit={"type": "event", "event": LEFT})
    ann.track("2026-01-01", SIGNED)
    bob.track("2026-01-02", total=100)
    bob.track("2026-01-03", LEFT)
    ann.merge("2026-01-08", bob)

    assert [] == [one for one in verified(ann.until("2026-03-01")).what if "add_tag" in one]


@pytest.mark.parametrize("has", [True, False])
def test_what_those_who_wait_must_go_on_meeting_is_read_at_the_merge(*, has: bool) -> None:
    """The other brings a tag with which the member would have left."""
    gold = {"type": "compare", "fact": "member.tags", "op": "has_not", "value": "gold"}
    ann, bob = pair(WAIT, tag("late"), exit={"type": "condition", "while": gold})
    ann.programme.publish(rule(key="gold", when={"type": "event", "event": "Made"}, then=[tag("gold")]))
    ann.track("2026-01-01", SIGNED)
    bob.track("2026-01-02", "Made" if has else "Seen")
    ann.merge("2026-01-03", bob)

    assert has == (not ann.state.enrolments)
    assert has == ("add_tag late" not in verified(ann.until("2026-03-01")).what)


QUIET = {
    "programme": {"zone": "Asia/Shanghai"},
    "templates": [{"key": "news", "name": {"en": "News"}, "body": {"en": "News"}}],
    "contact": [
        {
            "key": "calm",
            "name": {"en": "Calm"},
            "quiet_hours": {"from": "22:00", "until": "09:00", "then": "hold"},
        }
    ],
}
NEWS = {"type": "send_message", "channel": "sms", "template": "news"}


def quiet_pair(**said: Any) -> tuple[Life, Life]:
    programme = Programme(QUIET)
    then = [NEWS, {"type": "wait", "for": {"days": 5}}]
    programme.publish(rule(key="j", when={"type": "event", "event": SIGNED}, then=then, **said))
    return Life(programme=programme, member="ann"), Life(programme=programme, member="bob")


def sent(life: Life) -> list[str]:
    found = [
        (effect.suppressed or "sent", effect.until)  # type: ignore[union-attr]
        for _, decided in life.decided
        for effect in decided.decision.effects
        if type(effect).__name__ == "SendMessage"
    ]
    return [said for said, until in found if until is None]


@pytest.mark.parametrize("ends", ["ann", "bob"])
def test_a_held_message_goes_with_the_wait_that_a_merge_ends(ends: str) -> None:
    """The exit happened to the other: neither is sent what the journey had held for the morning."""
    ann, bob = quiet_pair(exit={"type": "event", "event": LEFT})
    signs, leaves = (ann, bob) if ends == "ann" else (bob, ann)
    signs.track("2026-01-01 15:00", SIGNED)
    leaves.track("2026-01-01 15:30", LEFT)
    ann.merge("2026-01-01 16:00", bob)
    ann.until("2026-01-10")

    assert ["left-meanwhile"] == sent(ann)
    assert [] == ann.state.waiting
    verified(ann)


def test_held_messages_stay_with_their_own_waits_under_new_numbers() -> None:
    """Both began at the same place of their logs; the merge names the entry that brought the other's."""
    ann, bob = quiet_pair(re_entry="always", exit={"type": "event", "event": LEFT})
    ann.track("2026-01-01 15:00", SIGNED)
    bob.track("2026-01-01 15:10", SIGNED)
    ann.merge("2026-01-01 16:00", bob)

    numbers = [one.number for one in ann.state.enrolments]
    assert 2 == len(set(numbers))
    assert numbers == [one.enrolment for one in ann.state.waiting]
    assert [1, ann.state.sequence] == [one.origin for one in ann.state.waiting]
    ann.until("2026-01-01 23:59")
    ann.track("2026-01-02", LEFT)
    ann.until("2026-01-10")
    assert ["left-meanwhile", "left-meanwhile"] == sent(ann)
    verified(ann)


def test_of_two_waits_in_one_rule_the_message_of_the_one_that_ends_is_not_sent() -> None:
    ann, bob = quiet_pair()
    ann.track("2026-01-01 15:00", SIGNED)
    bob.track("2026-01-01 15:10", SIGNED)
    ann.merge("2026-01-01 16:00", bob)
    ann.until("2026-01-10")

    assert ["left-meanwhile", "sent"] == sent(ann)
    verified(ann)
