"""Rules whose actions branch, wait for events and local times, stop, and are left or entered again."""

from typing import Any, ClassVar

import pytest

from engine.effects import TakeBranch
from engine.replay import replay
from tests.support.life import ORDER, Life, Programme, at, rule

SIGNED = "Signed Up"
ON_SIGNING = {"type": "event", "event": SIGNED}
GOLD = {"type": "compare", "fact": "member.tags", "op": "has", "value": "gold"}
DEFINITIONS = {"programme": {"zone": "Asia/Shanghai"}}


def tag(name: str) -> dict[str, Any]:
    """Return the action that adds a tag."""
    return {"type": "add_tag", "tag": name}


def days(many: int) -> dict[str, Any]:
    """Return a wait of days."""
    return {"type": "wait", "for": {"days": many}}


def branch(then: list[Any], otherwise: list[Any] | None = None, asked: Any = GOLD) -> dict[str, Any]:
    """Return a branch."""
    return {"type": "branch", "if": asked, "then": then} | ({"else": otherwise} if otherwise else {})


def journey(*then: dict[str, Any], **said: Any) -> dict[str, Any]:
    """Return a rule that starts on signing up."""
    return rule(when=ON_SIGNING, then=list(then), **said)


def verified(life: Life) -> Life:
    """Return the life, once deciding its log again has given the same."""
    report = replay(life.state.member, life.logged, life.programme.decider)
    assert [] == report.divergences
    assert len(life.logged) == report.checked
    return life


class TestBranch:
    def test_goes_then_or_else_and_comes_together_again(self) -> None:
        """Both ways go on with what follows the branch."""
        said = journey(branch([tag("a")], [tag("b")]), tag("c"))
        plain = Life(said)
        plain.track("2026-01-01", SIGNED)
        gold = Life(said, rule(key="make", when={"type": "event", "event": "Made"}, then=[tag("gold")]))
        gold.track("2026-01-01", "Made")
        gold.track("2026-01-02", SIGNED)

        assert ["add_tag b", "add_tag c"] == verified(plain).what
        assert ["add_tag gold", "add_tag a", "add_tag c"] == verified(gold).what

    def test_without_else_goes_on(self) -> None:
        """A branch that isn't true and has no else is passed by."""
        life = Life(journey(branch([tag("a")]), tag("c")))
        life.track("2026-01-01", SIGNED)

        assert ["add_tag c"] == verified(life).what

    def test_reads_facts_when_it_is_reached(self) -> None:
        """The condition is read after the wait, though the rule's own if is not."""
        life = Life(
            journey(days(1), branch([tag("a")], [tag("b")]), **{"if": {"type": "not", "of": [GOLD]}}),
            rule(key="make", when={"type": "event", "event": "Made"}, then=[tag("gold")]),
        )
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-01 12:00", "Made")
        life.until("2026-01-03")

        assert ["add_tag gold", "add_tag a"] == verified(life).what

    def test_does_not_see_what_its_own_rule_has_just_done(self) -> None:
        """Facts are those of the beginning of the step."""
        life = Life(journey(tag("gold"), branch([tag("a")], [tag("b")])))
        life.track("2026-01-01", SIGNED)

        assert ["add_tag gold", "add_tag b"] == verified(life).what

    def test_counts_over_the_history(self) -> None:
        """A figure that only a branch reads is kept, too."""
        asked = {
            "type": "history",
            "measure": "count",
            "event": ORDER,
            "within": {"days": 3},
            "op": "gte",
            "value": 2,
        }
        life = Life(journey(days(2), branch([tag("a")], [tag("b")], asked)))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-01 12:00")
        life.track("2026-01-02 12:00")
        life.until("2026-01-09")

        assert [("2026-01-03T00:00:00Z", "add_tag a")] == verified(life).effects

    def test_wait_inside_goes_on_after_the_branch(self) -> None:
        """A member who waits inside a way comes out where both ways meet."""
        life = Life(journey(branch([tag("a")], [days(1), tag("b"), days(1)]), tag("c")))
        life.track("2026-01-01", SIGNED)
        life.until("2026-01-09")

        assert [
            ("2026-01-02T00:00:00Z", "add_tag b"),
            ("2026-01-03T00:00:00Z", "add_tag c"),
        ] == verified(life).effects

    def test_stop_ends_the_rule_wherever_it_stands(self) -> None:
        """Nothing after the branch happens on the way that stops."""
        life = Life(journey(branch([tag("a")], [tag("b"), {"type": "stop"}]), tag("c")))
        life.track("2026-01-01", SIGNED)
        life.until("2026-01-09")

        assert ["add_tag b"] == verified(life).what
        assert [] == life.state.enrolments

    def test_what_it_read_is_in_the_decision(self) -> None:
        """The record says which way was taken and what was read."""
        life = Life(journey(branch([tag("a")], [tag("b")])))
        decided = life.track("2026-01-01", SIGNED)
        (taken, _) = decided.decision.effects

        assert isinstance(taken, TakeBranch)
        assert ("else", {"member.tags": []}, 0) == (taken.way, taken.facts, taken.action)


class TestWaitFor:
    WAIT: ClassVar[dict[str, Any]] = {
        "type": "wait_for",
        "event": ORDER,
        "where": {"type": "compare", "fact": "event.total", "op": "gte", "value": 100},
        "timeout": {"days": 3},
        "then": [tag("a")],
        "else": [tag("b")],
    }

    def test_goes_on_when_the_event_comes(self) -> None:
        """The event takes the first way, at once; the time-out doesn't come any more."""
        life = Life(journey(self.WAIT, tag("c")))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-02", total=99)
        life.track("2026-01-02 12:00", total=100)
        life.until("2026-02-01")

        assert [
            ("2026-01-02T12:00:00Z", "add_tag a"),
            ("2026-01-02T12:00:00Z", "add_tag c"),
        ] == verified(life).effects
        assert [] == life.state.enrolments

    def test_times_out(self) -> None:
        """Without the event the second way is taken when the time is out."""
        life = Life(journey(self.WAIT, tag("c")))
        life.track("2026-01-01", SIGNED)
        life.until("2026-02-01")

        assert [
            ("2026-01-04T00:00:00Z", "add_tag b"),
            ("2026-01-04T00:00:00Z", "add_tag c"),
        ] == verified(life).effects

    @pytest.mark.parametrize(("when", "came"), [("2026-01-04", "a"), ("2026-01-04T00:00:00.000001Z", "b")])
    def test_event_at_the_very_instant_comes_first(self, when: str, came: str) -> None:
        """At equality the event goes first; a microsecond later it is too late."""
        life = Life(journey(self.WAIT))
        life.track("2026-01-01", SIGNED)
        life.track(when, total=100)

        assert [f"add_tag {came}"] == verified(life).what

    def test_branch_reads_the_event_that_came(self) -> None:
        """On the way that the event opened, its properties can be read."""
        asked = {"type": "compare", "fact": "event.total", "op": "gte", "value": 500}
        wait = {**self.WAIT, "then": [branch([tag("a")], [tag("c")], asked)]}
        life = Life(journey(wait))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-02", total=500)

        assert ["add_tag a"] == verified(life).what

    def test_own_effects_do_not_let_it_go_on(self) -> None:
        """What the rule itself leads to isn't what it waits for (ruling 7)."""
        wait = {"type": "wait_for", "event": "Tag Added", "timeout": {"days": 1}, "then": [tag("b")]}
        life = Life(journey(tag("a"), wait))
        life.track("2026-01-01", SIGNED)

        assert ["add_tag a"] == verified(life).what
        assert 1 == len(life.state.enrolments)

    def test_internal_event_of_another_rule_lets_it_go_on(self) -> None:
        """Events inside a decision are heard as those of the log are."""
        wait = {"type": "wait_for", "event": "Tag Added", "timeout": {"days": 9}, "then": [tag("b")]}
        life = Life(journey(wait), rule(key="other", then=[tag("gold")]))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-02")

        assert ["add_tag gold", "add_tag b"] == verified(life).what


class TestWaitUntil:
    @pytest.mark.parametrize(
        ("said", "due"),
        [
            ({}, "2026-01-01T01:00:00Z"),
            ({"on_weekday": "mon"}, "2026-01-05T01:00:00Z"),
            ({"on_day": 31}, "2026-01-31T01:00:00Z"),
            ({"date": "11-11"}, "2026-11-11T01:00:00Z"),
            ({"date": "02-29"}, "2026-02-28T01:00:00Z"),
        ],
    )
    def test_next_local_time(self, said: dict[str, Any], due: str) -> None:
        """It goes on at the next such time on the member's clock."""
        life = Life(
            journey({"type": "wait_until", "at": "09:00", **said}, tag("a")),
            programme=Programme(DEFINITIONS),
        )
        life.track("2026-01-01", SIGNED)
        life.until("2027-01-01")

        assert [(due, "add_tag a")] == verified(life).effects

    def test_is_strictly_after_now(self) -> None:
        """At nine o'clock sharp, the next nine o'clock is tomorrow's."""
        life = Life(
            journey({"type": "wait_until", "at": "09:00"}, tag("a")), programme=Programme(DEFINITIONS)
        )
        life.track("2026-01-01T01:00:00Z", SIGNED)
        life.until("2026-01-09")

        assert [("2026-01-02T01:00:00Z", "add_tag a")] == verified(life).effects

    def test_zone_of_the_programme(self) -> None:
        """The programme's own clock can be meant."""
        life = Life(
            journey({"type": "wait_until", "at": "09:00", "zone": "programme"}, tag("a")),
            programme=Programme(DEFINITIONS),
        )
        life.track("2026-01-01", SIGNED, zone="America/New_York")
        life.until("2026-01-09")

        assert [("2026-01-01T01:00:00Z", "add_tag a")] == verified(life).effects


class TestLeaving:
    def test_leaving_the_tag_ends_it(self) -> None:
        """When the last holder lets go of a tag, those who wait by it are out."""
        gone = {"type": "compare", "fact": "event.tag", "op": "eq", "value": "gold"}
        life = Life(
            journey(
                {**tag("gold"), "expires_after": {"days": 2}},
                days(1), tag("a"), days(2), tag("b"),
                exit={"type": "event", "event": "Tag Removed", "where": gone},
            ),
        )  # fmt: skip
        life.track("2026-01-01", SIGNED)
        life.until("2026-02-01")

        assert ["add_tag gold", "add_tag a"] == verified(life).what
        assert ("r", "exited", "exit-event") in life.results

    @pytest.mark.parametrize("held", [True, False])
    def test_only_while_a_condition_holds(self, held: bool) -> None:
        """The condition is read again before each step, also if the member never met it."""
        life = Life(
            journey(days(1), tag("a"), days(1), tag("b"), exit={"type": "condition", "while": GOLD}),
            rule(key="make", when={"type": "event", "event": "Made"}, then=[tag("gold")]),
            rule(
                key="unmake",
                when={"type": "event", "event": "Unmade"},
                then=[{"type": "remove_tag", "tag": "gold"}],
            ),
        )
        if held:
            life.track("2026-01-01", "Made")
        life.track("2026-01-02", SIGNED)
        life.until("2026-01-03")
        if held:
            life.track("2026-01-03 12:00", "Unmade")
        life.until("2026-01-09")

        assert (["add_tag gold", "add_tag a", "remove_tag gold"] if held else []) == verified(life).what
        assert [] == life.state.enrolments
        assert [("r", "exited", "exit-condition")] == [one for one in life.results if one[1] == "exited"]


class TestComingAgain:
    STEPS = (tag("a"), days(5), tag("b"))

    def lived(self, re_entry: str | None) -> Life:
        life = Life(journey(*self.STEPS, **({"re_entry": re_entry} if re_entry else {})))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-03", SIGNED)
        life.until("2026-01-20")
        life.track("2026-02-01", SIGNED)
        life.until("2026-02-20")
        return verified(life)

    @pytest.mark.parametrize("re_entry", [None, "not_while_waiting"])
    def test_not_while_waiting(self, re_entry: str | None) -> None:
        """While a member waits it doesn't begin again; afterwards it does."""
        assert ["01-01", "01-06", "02-01", "02-06"] == [at[5:10] for at, _ in self.lived(re_entry).effects]

    def test_restart(self) -> None:
        """It begins anew, and the earlier wait is over."""
        life = self.lived("restart")

        assert ["01-01", "01-03", "01-08", "02-01", "02-06"] == [at[5:10] for at, _ in life.effects]
        assert ("r", "exited", "restarted") in life.results

    def test_always(self) -> None:
        """Each is gone through by itself."""
        life = self.lived("always")

        assert ["01-01", "01-03", "01-06", "01-08", "02-01", "02-06"] == [at[5:10] for at, _ in life.effects]

    def test_once(self) -> None:
        """It never begins a second time."""
        life = self.lived("once")

        assert ["01-01", "01-06"] == [at[5:10] for at, _ in life.effects]
        assert ("r", "limited", "entered-before") in life.results

    def test_two_from_one_entry_are_told_apart(self) -> None:
        """Two that the same entry began are both gone through, each to its end."""
        life = Life(
            rule(
                when={"type": "event", "event": "Tag Added"},
                then=[days(2), {"type": "award_points", "points": 1}],
                re_entry="always",
            ),
            rule(key="two", then=[tag("c"), tag("d")]),
        )
        life.track("2026-01-01")
        life.until("2026-01-20")

        assert ["add_tag c", "add_tag d", "award_points 1", "award_points 1"] == verified(life).what


class TestGoal:
    def test_reaching_it_ends_the_rule(self) -> None:
        """The goal is recorded and the steps that are left are not taken."""
        life = Life(
            journey(
                tag("a"), days(3), tag("b"),
                goal={"type": "event", "event": ORDER},
                exit={"type": "event", "event": ORDER},
            )
        )  # fmt: skip
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-02")
        life.until("2026-02-01")

        assert ["add_tag a"] == verified(life).what
        assert [("r", "fired", ""), ("r", "reached", "goal")] == life.results

    @pytest.mark.parametrize(
        ("ordered", "result"),
        [
            ("2026-01-08", ("reached", "goal")),
            ("2026-01-08T00:00:00.000001Z", ("exited", "goal-missed")),
        ],
    )
    def test_is_followed_until_its_time_is_over(self, ordered: str, result: tuple[str, str]) -> None:
        """A member who is through is followed, counted from where the rule began."""
        life = Life(journey(days(1), tag("a"), goal={"type": "event", "event": ORDER, "within": {"days": 7}}))
        life.track("2026-01-01", SIGNED)
        life.track(ordered)

        assert result == verified(life).results[-1][1:]
        assert [] == life.state.enrolments

    def test_being_followed_keeps_nobody_from_starting_again(self) -> None:
        """Who is only followed for the goal isn't waiting in the rule."""
        life = Life(journey(days(1), tag("a"), goal={"type": "event", "event": ORDER, "within": {"days": 7}}))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-05", SIGNED)
        life.track("2026-01-05 12:00")

        assert ["fired", "resumed", "fired", "reached", "reached"] == [
            result for _, result, _ in verified(life).results
        ]

    def test_where_is_asked(self) -> None:
        """Another event of the same name isn't the goal."""
        asked = {"type": "compare", "fact": "event.total", "op": "gte", "value": 100}
        life = Life(journey(days(3), tag("a"), goal={"type": "event", "event": ORDER, "where": asked}))
        life.track("2026-01-01", SIGNED)
        life.track("2026-01-02", total=99)
        life.until("2026-01-09")

        assert ["add_tag a"] == verified(life).what


def test_limited_after_an_event_ends_the_wait() -> None:
    """Where what follows can't be given, the rule is over, and says why."""
    spend = {"type": "spend_points", "points": 5}
    wait = {"type": "wait_for", "event": ORDER, "timeout": {"days": 3}, "then": [spend]}
    life = Life(journey(wait, tag("a")))
    life.track("2026-01-01", SIGNED)
    life.track("2026-01-02")
    life.until("2026-02-01")

    assert [("r", "fired", ""), ("r", "limited", "not-enough-points")] == verified(life).results
    assert [] == life.state.enrolments


def test_waits_keep_their_number_and_beginning() -> None:
    """An enrolment is one from its first wait to its last."""
    life = Life(journey(days(1), tag("a"), days(1), tag("b")))
    life.track("2026-01-01", SIGNED)
    first = life.state.enrolments[0]
    life.until("2026-01-02")
    second = life.state.enrolments[0]

    assert (first.number, first.started_at) == (second.number, second.started_at) == (1, at("2026-01-01"))
    assert (0, 2) == (first.at, second.at)
