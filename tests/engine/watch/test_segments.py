"""Segments: kept by the events themselves and by the clock, in the order in which they read each other."""

from typing import Any

import pytest

from engine.language.catalogue import Catalogue
from engine.language.checks_definitions import definition_findings
from engine.language.definitions import Definitions
from engine.project import project
from engine.replay import replay
from engine.rules import SETTLE
from engine.state import MemberState, pack, unpack
from engine.timers import due
from tests.support.life import ORDER, Life, Programme, at, rule


def bought(at_least: int, days: int, op: str = "gte") -> dict[str, Any]:
    return {
        "type": "history",
        "measure": "count",
        "event": ORDER,
        "within": {"days": days},
        "op": op,
        "value": at_least,
    }


def segment(key: str, condition: dict[str, Any] | None, **said: Any) -> dict[str, Any]:
    base = {"key": key, "name": {"en": key, "zh-Hans": key}, "meaning": "Made up.", "kind": "condition"}
    return base | ({"condition": condition} if condition is not None else {"kind": "list"}) | said


def within(key: str, op: str = "has") -> dict[str, Any]:
    return {"type": "compare", "fact": "member.segments", "op": op, "value": key}


REGULAR = segment("regular", bought(2, 365))
FAN = segment("fan", bought(3, 365))
ONLY_REGULAR = segment("plain", {"type": "all", "of": [within("regular"), within("fan", "has_not")]})
QUIET = segment("quiet", {"type": "not", "of": [bought(1, 30)]})


KEEPS = rule(key="keeps", when={"type": "event", "event": "Never"}, **{"if": bought(1, 365)})
"""A rule that never fires, whose figure makes the state keep what a segment will read later."""


def of(*segments: dict[str, Any]) -> Programme:
    return Programme({"segments": list(segments), "tags": TAGS})


TAGS = [
    {"key": key, "name": {"en": key, "zh-Hans": key}, "meaning": "Made up."} for key in ("seen", "active")
]


def replays(life: Life) -> None:
    """The log decided again, and projected from its decisions, comes to the very same member."""
    report = replay(life.state.member, life.logged, life.programme.decider)
    assert [] == report.divergences
    assert pack(life.state) == pack(report.state)
    state = MemberState(member=life.state.member)
    for (event, decided), entry in zip(life.decided, life.logged, strict=True):
        index = life.programme.indexes[entry.revision]
        state = project(state, event, decided.decision, index, chain=decided.digest)
    assert pack(life.state) == pack(state)
    assert life.state == unpack(pack(life.state))


class TestByEvents:
    def test_the_order_that_makes_a_regular_is_read_with_it(self) -> None:
        """A rule on an order sees the segment that this very order led into."""
        greet = rule(key="greet", when={"type": "event", "event": ORDER}, **{"if": within("regular")})
        life = Life(greet, programme=of(REGULAR))

        life.track("2026-01-01")
        assert {} == life.state.segments
        assert "award_points 10" not in life.what
        life.track("2026-02-01")

        assert {"regular": at("2026-02-01")} == life.state.segments
        assert "award_points 10" in life.what
        replays(life)

    def test_a_segment_may_read_another_wherever_it_stands(self) -> None:
        """`plain` is defined first and still sees what `regular` and `fan` come to by the same event."""
        life = Life(programme=of(ONLY_REGULAR, FAN, REGULAR))
        for day in ("2026-01-01", "2026-01-02", "2026-01-03"):
            life.track(day)
            replays(life)

        assert ["fan", "regular"] == sorted(life.state.segments)
        left = [what for what in life.what if what == "leave_segment"]
        assert 1 == len(left)

    def test_entering_and_leaving_start_rules(self) -> None:
        """*Segment Entered* and *Segment Exited* come after the step that led to them."""
        come = rule(key="come", when={"type": "entered", "segment": "regular"})
        gone = rule(
            key="gone",
            when={"type": "left", "segment": "regular"},
            then=[{"type": "award_points", "points": 1}],
        )
        other = rule(key="other", when={"type": "entered", "segment": "fan"})
        life = Life(come, gone, other, programme=of(REGULAR, FAN))
        life.track("2026-01-01")
        life.track("2026-06-01")
        life.until("2027-06-30")

        fired = [(key, result) for key, result, _ in life.results if key in {"come", "gone", "other"}]
        assert [("come", "fired"), ("gone", "fired")] == fired
        assert ("2027-01-01T00:00:00Z", "award_points 1") in life.effects
        replays(life)

    def test_an_event_that_touches_no_segment_is_not_looked_at(self) -> None:
        life = Life(programme=of(REGULAR))
        life.track("2026-01-01")
        assert life.programme.index.watch is not None
        assert {ORDER: 1} == life.programme.index.watch.by_event
        assert 0 == life.programme.index.watch.by_event.get("Page Viewed", 0)

    def test_tags_levels_and_attributes_are_looked_at_when_they_change(self) -> None:
        """A rule's own tag leads into a segment in the same decision."""
        tagged = segment("tagged", {"type": "compare", "fact": "member.tags", "op": "has", "value": "seen"})
        local = segment("local", {"type": "compare", "fact": "member.city", "op": "eq", "value": "Shanghai"})
        tag = rule(key="tag", then=[{"type": "add_tag", "tag": "seen", "expires_after": {"days": 10}}])
        life = Life(tag, programme=of(tagged, local))
        life.track("2026-01-01")
        assert ["tagged"] == list(life.state.segments)
        life.identify("2026-01-02", city="Shanghai")
        assert ["local", "tagged"] == sorted(life.state.segments)
        life.until("2026-01-11")
        assert ["local"] == list(life.state.segments)
        life.identify("2026-01-12", city=None)
        assert {} == life.state.segments
        replays(life)

    def test_who_has_a_tag_has_those_above_it(self) -> None:
        """As in every other condition over the member's tags (ruling 18)."""
        tags = [*TAGS, {**TAGS[0], "key": "seen-twice", "parent": "seen"}]
        seen = segment("seen", {"type": "compare", "fact": "member.tags", "op": "has", "value": "seen"})
        programme = Programme({"segments": [seen], "tags": tags})
        life = Life(rule(key="tag", then=[{"type": "add_tag", "tag": "seen-twice"}]), programme=programme)
        life.track("2026-01-01")
        assert ["seen"] == list(life.state.segments)
        replays(life)

    @pytest.mark.parametrize("parent", ["seen", None])
    def test_a_tag_that_only_moves_below_another_is_read_anew(self, parent: str | None) -> None:
        """Neither the segment nor the rule says anything else; both are of whom they are true then."""
        seen = {"type": "compare", "fact": "member.tags", "op": "has", "value": "seen"}
        twice = {**TAGS[0], "key": "twice"}
        said = [twice | ({"parent": "seen"} if above else {}) for above in (parent is None, parent)]
        programme = Programme({"segments": [segment("s", seen)], "tags": [*TAGS, said[0]]})
        programme.publish(rule(key="tag", then=[{"type": "add_tag", "tag": "twice"}]))
        programme.publish(rule(key="lasts", when={"type": "while"}, **{"if": seen}))
        life = Life(programme=programme)
        life.track("2026-01-01")
        moved = Programme({"segments": [segment("s", seen)], "tags": [*TAGS, said[1]]})
        programme.add("Definitions Changed", moved.controls[0].body, when=at("2026-01-02"))
        assert programme.index.rules.watched_revision == programme.index.rules.revision
        life.until("2026-01-03")

        assert (["s"] if parent else []) == list(life.state.segments)
        assert (["lasts"] if parent else []) == list(life.state.standing)
        replays(life)

    def test_another_tag_that_moves_leaves_a_segment_as_it_is(self) -> None:
        seen = segment("s", {"type": "compare", "fact": "member.tags", "op": "has", "value": "seen"})
        programme = Programme({"segments": [seen], "tags": [*TAGS, {**TAGS[0], "key": "twice"}]})
        tags = [*TAGS, {**TAGS[0], "key": "twice", "parent": "active"}]
        moved = Programme({"segments": [seen], "tags": tags})
        programme.add("Definitions Changed", moved.controls[0].body, when=at("2026-01-02"))
        assert programme.index.rules.watched_revision < programme.index.rules.revision


class TestByTheClock:
    def test_membership_ends_at_the_exact_instant(self) -> None:
        """The older of two orders leaves the window 365 days after it, to the microsecond, by one timer."""
        life = Life(programme=of(REGULAR))
        life.track("2026-01-01 10:00")
        life.track("2026-06-01")
        ends = at("2027-01-01 10:00")
        assert [ends] == [one.ripe_at for one in due(life.state, life.programme.index, settle=SETTLE)]
        life.clock(ends - 1, inclusive=True)
        assert "regular" in life.state.segments
        life.clock(ends, inclusive=True)
        assert {} == life.state.segments
        assert [] == due(life.state, life.programme.index)
        replays(life)

    def test_points_grow_old_from_the_event_that_earned_them_and_not_once_spent(self) -> None:
        """In from the very day on which the oldest points are that old, and out with their spending."""
        old = {"type": "compare", "fact": "member.points_age_days", "op": "gte", "value": 30}
        earn = rule(key="earn", then=[{"type": "award_points", "points": 5}])
        spend = rule(
            key="spend",
            when={"type": "event", "event": "Prize Chosen"},
            then=[{"type": "spend_points", "points": 5}],
        )
        life = Life(earn, spend, programme=of(segment("old", old)))
        life.track("2026-01-01 10:00")
        ends = at("2026-01-31 10:00")
        assert [ends] == [one.ripe_at for one in due(life.state, life.programme.index, settle=SETTLE)]
        life.clock(ends - 1, inclusive=True)
        assert {} == life.state.segments
        life.clock(ends, inclusive=True)
        assert {"old": ends} == life.state.segments
        life.track("2026-02-02", "Prize Chosen")
        assert {} == life.state.segments
        replays(life)

    def test_an_event_at_that_instant_keeps_the_member_in(self) -> None:
        """At equality the event goes first: the third order takes the place of the first."""
        life = Life(programme=of(REGULAR))
        life.track("2026-01-01")
        life.track("2026-06-01")
        life.track("2027-01-01")
        life.until("2027-05-01")
        assert {"regular": at("2026-06-01")} == life.state.segments
        replays(life)

    def test_a_member_is_in_from_joining_on_and_again_when_it_falls_silent(self) -> None:
        life = Life(programme=of(QUIET))
        life.track("2026-01-01", "Signed Up")
        assert ["quiet"] == list(life.state.segments)
        life.track("2026-01-05")
        assert {} == life.state.segments
        life.until("2026-02-10")
        assert {"quiet": at("2026-02-04")} == life.state.segments
        replays(life)

    def test_nothing_wakes_a_member_for_whom_nothing_changes(self) -> None:
        """A hundred orders leave a window of which two would do: one timer, not a hundred."""
        life = Life(programme=of(segment("regular", bought(2, 30))))
        for minute in range(50):
            life.track(f"2026-01-01 10:{minute:02}")
        before = life.state.sequence
        life.until("2026-06-01")
        assert before + 1 == life.state.sequence
        replays(life)


class TestPublishing:
    def test_members_who_are_of_its_kind_already_enter_quietly(self) -> None:
        """Publishing fires nothing: they are in, spread over an hour, and no event tells of it."""
        programme = of()
        come = rule(key="come", when={"type": "entered", "segment": "regular"})
        life = Life(KEEPS, programme=programme)
        life.track("2026-01-01")
        life.track("2026-02-01")
        definitions = {"segments": [REGULAR], "tags": TAGS}
        now = at("2026-03-01")
        whole = Definitions.model_validate(definitions).model_dump(
            mode="json", by_alias=True, exclude_none=True
        )
        programme.add("Definitions Changed", {"definitions": whole}, now)
        programme.publish(come, now)

        ripe = due(life.state, programme.index)[0].ripe_at
        assert now <= ripe <= now + 3_600_000_000
        life.until("2026-03-02")
        assert ["regular"] == list(life.state.segments)
        assert [] == [one for one in life.results if one[0] == "come"]
        life.until("2027-06-01")
        assert {} == life.state.segments

    def test_whoever_comes_in_by_an_event_later_is_told(self) -> None:
        """Until the member is looked at, an event tells what it led to from what was so before."""
        programme = of()
        life = Life(KEEPS, programme=programme)
        life.track("2026-01-01")
        whole = {"segments": [REGULAR, segment("buyer", bought(1, 365))], "tags": TAGS}
        said = Definitions.model_validate(whole).model_dump(mode="json", by_alias=True, exclude_none=True)
        programme.add("Definitions Changed", {"definitions": said}, at("2026-03-01"))
        programme.publish(rule(key="r", when={"type": "entered", "segment": "regular"}))
        programme.publish(rule(key="b", when={"type": "entered", "segment": "buyer"}))
        life.track("2026-03-01")
        assert ["buyer", "regular"] == sorted(life.state.segments)
        assert ["r"] == [key for key, result, _ in life.results if result == "fired"]

    def test_a_segment_that_is_gone_is_left_quietly(self) -> None:
        life = Life(programme=of(REGULAR))
        life.track("2026-01-01")
        life.track("2026-02-01")
        life.programme.add("Definitions Changed", {"definitions": {"tags": []}}, at("2026-03-01"))
        life.until("2026-03-02")
        assert {} == life.state.segments

    def test_facts_only_entries_are_taken_in_quietly(self) -> None:
        life = Life(rule(key="come", when={"type": "entered", "segment": "regular"}), programme=of(REGULAR))
        life.track("2026-01-01", mode="facts-only")
        life.track("2026-02-01", mode="facts-only")
        assert {} == life.state.segments
        life.track("2026-02-02", "Page Viewed")
        assert ["regular"] == list(life.state.segments)
        assert "award_points 10" not in life.what
        replays(life)


@pytest.mark.parametrize(
    "segments",
    [
        [segment("a", within("a"))],
        [segment("a", within("b")), segment("b", {"type": "not", "of": [within("a")]})],
        [segment("a", within("b")), segment("b", within("c")), segment("c", within("a", "has_not"))],
    ],
)
def test_a_segment_that_refers_to_itself_is_refused_by_name(segments: list[dict[str, Any]]) -> None:
    catalogue = Catalogue(Definitions.model_validate({"segments": segments}))
    found = [one for one in definition_findings(catalogue) if one.code == "segment-circle"]
    assert [one["key"] for one in segments] == [one.text["en"].split("“")[1].split("”")[0] for one in found]
    assert all(one.severity == "error" for one in found)
