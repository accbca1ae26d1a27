"""What the rulings settle, each by its number (docs/rulings.md)."""

from typing import Any

import pytest

from engine.errors import StateMismatch
from engine.schedule import shift
from tests.support.life import ORDER, Life, Programme, at, rule

ABSENT: dict[str, Any] = {"type": "absence", "event": ORDER, "for": {"days": 90}}
TAG = [{"type": "add_tag", "tag": "churn-risk"}]
POINTS = [{"type": "award_points", "points": 1}]


class TestRuling1Clock:
    def test_event_at_the_due_instant_prevents_an_absence(self) -> None:
        """An order exactly 90 days after the last one prevents the firing; the next one is armed."""
        life = Life(rule(when=ABSENT, then=TAG))
        life.track("2026-01-01", mode="as-it-was")
        life.track("2026-04-01", mode="as-it-was")
        life.until("2026-06-29", mode="as-it-was")

        assert [] == life.what

    def test_end_of_an_import_at_the_due_instant_fires(self) -> None:
        """`until` is inclusive: a timer due at it fires."""
        life = Life(rule(when=ABSENT, then=TAG))
        life.track("2026-01-01", mode="as-it-was")
        life.until("2026-04-01", mode="as-it-was")

        assert [("2026-04-01T00:00:00Z", "add_tag churn-risk")] == life.effects

    def test_live_absence_settles_for_a_minute(self) -> None:
        """A live absence is ripe 60 s after it is due, so an event on its way still prevents it."""
        life = Life(rule(when=ABSENT, then=TAG))
        life.track("2026-01-01")
        life.track("2026-04-01T00:00:59Z", occurred="2026-04-01")

        assert [] == life.what

    def test_timers_fire_before_a_later_event(self) -> None:
        """Timers ripe before an event are decided first, at the instant they were ripe."""
        life = Life(rule(when=ABSENT, then=TAG))
        life.track("2026-01-01")
        life.track("2026-05-01")

        assert [("2026-04-01T00:01:00Z", "add_tag churn-risk")] == life.effects

    def test_as_of_never_decreases(self) -> None:
        """An entry before the member's last instant is refused; the host moves it up."""
        life = Life(rule())
        life.track("2026-05-01")
        life.track("2026-04-01")

        assert life.state.as_of == at("2026-05-01")
        with pytest.raises(StateMismatch):
            life._take(life.decided[0][0])

    @pytest.mark.parametrize(
        ("late", "fires"),
        [
            (None, False),
            ({"policy": "ignore"}, False),
            ({"policy": "fire"}, True),
            ({"policy": "fire_within", "within": {"days": 7}}, True),
            ({"policy": "fire_within", "within": {"days": 3}}, False),
        ],
    )
    def test_late_events_follow_the_rule(self, late: dict[str, Any] | None, fires: bool) -> None:
        """More than 72 hours is late; then the rule's own policy holds."""
        life = Life(rule(**({"late": late} if late else {})))
        life.track("2026-05-06", occurred="2026-05-01")

        assert fires == bool(life.what)
        assert fires or [("r", "late", "event-late")] == life.results

    def test_72_hours_are_not_late(self) -> None:
        """Exactly 72 hours are still in time."""
        life = Life(rule())
        life.track("2026-05-04", occurred="2026-05-01")

        assert ["award_points 10"] == life.what


class TestRuling2Counting:
    @pytest.mark.parametrize(
        ("counting", "value"), [(None, 1), ("with_this_event", 1), ("before_this_event", 0)]
    )
    def test_count_takes_the_trigger_in_by_default(self, counting: str | None, value: int) -> None:
        """The first order counts itself, unless the rule says before."""
        asked = {"type": "history", "measure": "count", "event": ORDER, "op": "eq", "value": value}
        life = Life(rule(**{"if": asked | ({"counting": counting} if counting else {})}))
        life.track("2026-05-01")

        assert ["award_points 10"] == life.what

    def test_days_since_looks_before_by_default(self) -> None:
        """The days since the last order are those since the one before this one."""
        asked = {"type": "history", "measure": "days_since", "event": ORDER, "op": "gte", "value": 10}
        life = Life(rule(**{"if": asked}))
        life.track("2026-05-01")
        life.track("2026-05-10T23:59:59Z")
        life.track("2026-05-21")

        assert [("2026-05-21T00:00:00Z", "award_points 10")] == life.effects


class TestRuling3Durations:
    @pytest.mark.parametrize(
        ("start", "months", "end"),
        [
            ("2026-08-31", 3, "2026-11-30"),
            ("2026-11-30", 3, "2027-02-28"),
            ("2027-11-30", 3, "2028-02-29"),
            ("2026-03-31", -1, "2026-02-28"),
        ],
    )
    def test_months_are_clamped(self, start: str, months: int, end: str) -> None:
        """Calendar months end with the month."""
        assert at(end) == shift(at(start), months, "months", "UTC")

    def test_days_are_exact_over_a_change_of_clocks(self) -> None:
        """90 days are 90 times 24 hours; three months keep the wall clock."""
        start = at("2026-01-15T12:00:00+01:00")

        assert start + 90 * 86_400_000_000 == shift(start, 90, "days", "Europe/Berlin")
        assert at("2026-04-15T12:00:00+02:00") == shift(start, 3, "months", "Europe/Berlin")

    def test_window_is_half_open(self) -> None:
        """Exactly N days ago is no longer within N days."""
        asked = {
            "type": "history",
            "measure": "count",
            "event": ORDER,
            "within": {"days": 30},
            "op": "gte",
            "value": 2,
        }
        life = Life(rule(**{"if": asked}))
        life.track("2026-05-01")
        life.track("2026-05-31")
        life.track("2026-06-29T23:59:59Z")

        assert [("2026-06-29T23:59:59Z", "award_points 10")] == life.effects


class TestRuling4Revisions:
    def test_history_before_a_rule_was_published_can_be_imported(self) -> None:
        """Rules are in force by revision: a rule of today decides an import of 1997."""
        programme = Programme()
        programme.publish(rule(when=ABSENT, then=TAG), when=at("2026-11-22"))
        life = Life(programme=programme)
        life.track("1997-01-01", mode="as-it-was")
        life.until("1997-06-01", mode="as-it-was")

        assert [("1997-04-01T00:00:00Z", "add_tag churn-risk")] == life.effects

    def test_active_compares_as_of(self) -> None:
        """`from` is the first instant in force, `until` the first no longer in force."""
        life = Life(rule(active={"from": "2026-05-01T00:00:00Z", "until": "2026-06-01T00:00:00Z"}))
        for day in ("2026-04-30T23:59:59Z", "2026-05-01", "2026-05-31T23:59:59Z", "2026-06-01"):
            life.track(day)

        assert ["2026-05-01T00:00:00Z", "2026-05-31T23:59:59Z"] == [when for when, _ in life.effects]


class TestRuling7Chains:
    def test_effects_lead_to_further_rules(self) -> None:
        """Tagging on an absence, and a coupon on that tag, work as two rules in one decision."""
        tagged = {"type": "event", "event": "Tag Added"}
        asked = {"type": "compare", "fact": "event.tag", "op": "eq", "value": "churn-risk"}
        life = Life(
            rule(key="a", when=ABSENT, then=TAG),
            rule(key="b", when=tagged, **{"if": asked}, then=[{"type": "issue_coupon", "coupon": "BACK"}]),
        )
        life.track("2026-01-01")
        life.until("2026-05-01")

        assert ["add_tag churn-risk", "issue_coupon BACK"] == life.what
        assert 2 == len(life.decided)

    def test_rules_of_a_step_read_one_snapshot(self) -> None:
        """A rule doesn't see what another rule of the same step does; priority only orders the effects."""
        has = {"type": "compare", "fact": "member.tags", "op": "has", "value": "churn-risk"}
        life = Life(
            rule(key="second", priority=1, **{"if": has}, then=POINTS),
            rule(key="first", priority=50, then=TAG),
        )
        life.track("2026-01-01")
        life.track("2026-01-02")

        assert ["add_tag churn-risk", "award_points 1", "add_tag churn-risk"] == life.what

    def test_rule_does_not_fire_on_its_own_descendants(self) -> None:
        """A loop of two rules ends where the first would fire again, with the reason."""
        life = Life(
            rule(
                key="a",
                when={"type": "event", "event": "Tag Added"},
                then=[{"type": "remove_tag", "tag": "x"}],
            ),
            rule(
                key="b",
                when={"type": "event", "event": "Tag Removed"},
                then=[{"type": "add_tag", "tag": "x"}],
            ),
            rule(key="start", then=[{"type": "add_tag", "tag": "x"}]),
        )
        life.track("2026-01-01")

        assert ["add_tag x", "remove_tag x", "add_tag x"] == life.what
        assert ("a", "refused", "own-descendant") == life.results[-1]

    def test_chain_that_is_too_deep_applies_nothing(self) -> None:
        """Beyond depth 8 the event stays, the refusal is recorded, and no effect of the chain applies."""
        links = [
            rule(
                key=f"k{number}",
                when={
                    "type": "event",
                    "event": "Tag Added",
                    "where": {"type": "compare", "fact": "event.tag", "op": "eq", "value": f"t{number}"},
                },
                then=[{"type": "add_tag", "tag": f"t{number + 1}"}],
            )
            for number in range(10)
        ]
        life = Life(*links, rule(key="start", then=[{"type": "add_tag", "tag": "t0"}]))
        decided = life.track("2026-01-01")

        assert "chain-too-deep" == decided.decision.refused
        assert {} == life.state.tags
        assert 1 == life.state.past[ORDER].count
        assert {"refused"} == {result for _, result, _ in life.results}


class TestRuling8And9Timers:
    def test_absence_fires_once_per_arming(self) -> None:
        """It fires once, and again only after another event."""
        life = Life(rule(when=ABSENT, then=POINTS))
        life.track("2026-01-01")
        life.until("2026-12-01")
        life.track("2026-12-02")
        life.until("2027-12-01")

        assert ["2026-04-01T00:01:00Z", "2027-03-02T00:01:00Z"] == [when for when, _ in life.effects]

    def test_absence_is_used_up_when_its_if_is_false(self) -> None:
        """If `if` is false at the due instant, nothing happens later either."""
        has = {"type": "compare", "fact": "member.tags", "op": "has", "value": "vip"}
        life = Life(rule(when=ABSENT, **{"if": has}, then=POINTS))
        life.track("2026-01-01")
        life.until("2027-01-01")

        assert [] == life.what
        assert 2 == len(life.decided)

    @pytest.mark.parametrize(("or_joining", "fires"), [(False, 0), (True, 1)])
    def test_members_who_never_did_it(self, or_joining: bool, fires: int) -> None:
        """An absence arms at joining only when the rule says so."""
        life = Life(rule(when=ABSENT | {"or_joining": or_joining}, then=POINTS))
        life.track("2026-01-01", "Product Viewed")
        life.until("2027-01-01")

        assert fires == len(life.what)

    @pytest.mark.parametrize(("past", "expected"), [("skip", []), ("fire", ["award_points 1"])])
    def test_publishing_does_not_fire_for_the_past_unless_told(self, past: str, expected: list[str]) -> None:
        """Members already past the threshold are skipped by default, or fired over a time."""
        programme = Programme()
        programme.publish(rule(key="other"), when=at("2026-01-01"))
        life = Life(programme=programme)
        life.track("2026-01-01")
        life.decided.clear()
        document = rule(when=ABSENT, then=POINTS)
        programme.publish(document, when=at("2026-06-01"), past=past, spread_seconds=7200)
        life.until("2026-12-01")

        assert expected == life.what
        fired = [event.as_of for event, _ in life.decided]
        assert all(at("2026-06-01") <= one < at("2026-06-01 02:00") for one in fired)

    def test_wait_goes_on_and_an_exit_ends_it(self) -> None:
        """Actions behind a wait follow later, unless the exit event comes first."""
        then = [*POINTS, {"type": "wait", "for": {"days": 1}}, {"type": "add_tag", "tag": "waited"}]
        document = rule(
            when={"type": "event", "event": "Signed Up"}, then=then, exit={"type": "event", "event": ORDER}
        )
        stayed, left = Life(document), Life(document)
        stayed.track("2026-01-01", "Signed Up")
        stayed.until("2026-01-03")
        left.track("2026-01-01", "Signed Up")
        left.track("2026-01-01 12:00")
        left.until("2026-01-03")

        assert [
            ("2026-01-01T00:00:00Z", "award_points 1"),
            ("2026-01-02T00:00:00Z", "add_tag waited"),
        ] == stayed.effects
        assert ["award_points 1"] == left.what
        assert ("r", "exited", "exit-event") in left.results

    def test_exit_beats_a_step_due_at_the_same_instant(self) -> None:
        """At equality the event goes first, so the wait is over before it falls due."""
        then = [{"type": "wait", "for": {"days": 1}}, *TAG]
        life = Life(
            rule(
                when={"type": "event", "event": "Signed Up"},
                then=then,
                exit={"type": "event", "event": ORDER},
            )
        )
        life.track("2026-01-01", "Signed Up")
        life.track("2026-01-02")
        life.until("2026-02-01")

        assert [] == life.what

    def test_one_enrolment_per_member_and_rule(self) -> None:
        """While a member waits in a rule, it doesn't begin again."""
        life = Life(rule(then=[*POINTS, {"type": "wait", "for": {"days": 9}}, *TAG]))
        life.track("2026-01-01")
        life.track("2026-01-02")

        assert [("r", "fired", ""), ("r", "waiting", "already-enrolled")] == life.results

    def test_old_enrolments_finish_on_their_version(self) -> None:
        """A new version doesn't change what a waiting member was promised."""
        programme = Programme()
        waiting = [{"type": "wait", "for": {"days": 2}}]
        programme.publish(rule(then=[*waiting, {"type": "add_tag", "tag": "old"}]))
        life = Life(programme=programme)
        life.track("2026-01-01")
        programme.publish(rule(then=[*waiting, {"type": "add_tag", "tag": "new"}]))
        life.until("2026-01-09")

        assert ["add_tag old"] == life.what

    def test_paused_rule_is_not_triggered_but_waits_go_on(self) -> None:
        """Pausing suppresses triggers, and on resuming nothing is made up for."""
        programme = Programme()
        programme.publish(rule(then=[{"type": "wait", "for": {"days": 2}}, *TAG]))
        programme.publish(rule(key="gone", when=ABSENT, then=POINTS))
        life = Life(programme=programme)
        life.track("2026-01-01")
        programme.add("Rule Paused", {"key": "r"}, at("2026-01-02"))
        programme.add("Rule Paused", {"key": "gone"}, at("2026-01-02"))
        life.track("2026-01-02")
        life.until("2026-08-01")
        programme.add("Rule Resumed", {"key": "gone"}, at("2026-08-02"))
        life.until("2026-12-01")

        assert [("2026-01-03T00:00:00Z", "add_tag churn-risk")] == life.effects

    def test_overdue_message_is_suppressed(self) -> None:
        """A message more than 24 hours past its instant isn't sent, and says why; tags still apply."""
        then = [
            {"type": "wait", "for": {"days": 1}},
            {"type": "send_message", "channel": "sms", "template": "hi"},
            *TAG,
        ]
        life = Life(rule(then=then))
        life.track("2026-01-01")
        life.until("2026-01-02", seen="2026-01-05")

        assert ["send_message hi suppressed", "add_tag churn-risk"] == life.what

    def test_schedule_in_the_members_zone(self) -> None:
        """A daily 09:00 is the member's own, over a change of clocks, and not before joining."""
        daily = {"type": "schedule", "every": "day", "at": "09:00"}
        life = Life(rule(when=daily, then=POINTS))
        life.identify("2026-03-27 12:00", zone="Europe/Berlin")
        life.until("2026-03-30 12:00")

        expected = ["2026-03-28T08:00:00Z", "2026-03-29T07:00:00Z", "2026-03-30T07:00:00Z"]
        assert expected == [when for when, _ in life.effects]


class TestRuling12Grants:
    def test_total_that_is_used_up_limits_the_rule(self) -> None:
        """The host says whether one is left; the answer is recorded with the decision."""
        life = Life(rule(limits={"total": 1}), supply=lambda _need: life.state.sequence == 0)
        life.track("2026-01-01")
        life.track("2026-01-02")

        assert [("r", "fired", ""), ("r", "limited", "total")] == life.results
        assert {"0.r.total": False} == life.decided[-1][1].decision.grants


class TestRuling18Holders:
    def test_tag_is_on_while_any_holder_holds_it(self) -> None:
        """When one holder's time is up, another's keeps the tag on; the last one takes it off."""
        short = {"type": "add_tag", "tag": "vip", "expires_after": {"days": 1}}
        long = {"type": "add_tag", "tag": "vip", "expires_after": {"days": 5}}
        life = Life(rule(key="a", then=[short]), rule(key="b", then=[long]))
        life.track("2026-01-01")
        life.until("2026-01-03")
        between = sorted(life.state.tags)
        life.until("2026-01-07")

        assert ["vip"] == between
        assert {} == life.state.tags

    def test_remove_takes_off_every_holder(self) -> None:
        """`remove_tag` takes a tag off whoever holds it."""
        life = Life(
            rule(key="a", then=[{"type": "add_tag", "tag": "vip"}]),
            rule(
                key="b",
                when={"type": "event", "event": "Order Refunded"},
                then=[{"type": "remove_tag", "tag": "vip"}],
            ),
        )
        life.track("2026-01-01")
        life.track("2026-01-02", "Order Refunded")

        assert {} == life.state.tags


class TestLimits:
    def test_per_member_window_is_half_open(self) -> None:
        """Once in any 30 days: exactly 30 days later it may fire again."""
        life = Life(rule(limits={"per_member": {"times": 1, "within": {"days": 30}}}))
        for day in ("2026-01-01", "2026-01-30T23:59:59Z", "2026-01-31"):
            life.track(day)

        assert ["fired", "limited", "fired"] == [result for _, result, _ in life.results]

    def test_hold_out_is_the_same_every_time(self) -> None:
        """About the asked share of members is held out, and always the same ones."""
        document = rule(limits={"holdout_percent": 20})

        def held_out() -> list[str]:
            lives = [Life(document, member=f"m{number}") for number in range(500)]
            return [life.state.member for life in lives if not life.track("2026-01-01").decision.effects]

        first = held_out()
        assert 70 <= len(first) <= 130
        assert first == held_out()


def test_points_by_amount_are_exact_and_rounded_down() -> None:
    """Points are floor(amount times rate), by decimals."""
    then = [{"type": "award_points_by_amount", "points_per_unit": "0.1", "fact": "event.total"}]
    life = Life(rule(then=then))
    for total in ("99.99", 120, "0.5", None, "much", True):
        life.track("2026-01-01", total=total)

    assert ["award_points 9", "award_points 12"] == life.what
    assert 21 == life.state.points


def test_facts_only_history_sets_off_no_clock() -> None:
    """Imported facts build the state; what ran out before the import stays quiet, what comes after fires."""
    life = Life(rule(when=ABSENT, then=POINTS), rule(key="order"))
    life.track("2026-01-01", mode="facts-only", occurred="2025-01-01")
    quiet = list(life.what)
    life.track("2026-01-02", mode="facts-only", occurred="2026-01-01")
    life.until("2026-05-01")

    assert [] == quiet
    assert [("2026-04-01T00:01:00Z", "award_points 1")] == life.effects
    assert 2 == life.state.past[ORDER].count
