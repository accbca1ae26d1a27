"""What happens when the extension fails, or disagrees."""

from collections.abc import Callable
from typing import Any

import pytest

from engine.match import (
    BitmapMatcher,
    Candidate,
    Matcher,
    MatcherClosed,
    Matching,
    ReferenceMatcher,
    network,
    topic,
    warm,
)
from engine.match.candidate import Counters
from engine.match.topic import RETIRED_AFTER
from engine.values import MaybeValue
from tests.engine.match.cases import all_of, any_of, compare, mixed, none_of, rules

durable_rules_engine = pytest.importorskip("durable_rules_engine", exc_type=ImportError)

TOPIC = "Order Completed"
HOLDS: dict[str, MaybeValue] = {"n": 7}
RULES = rules(
    compare("n", "number", "gte", 5), compare("n", "number", "gte", 6), compare("n", "number", "lt", 5)
)


class Extension:
    """The real extension, with a function that fails when it is told to."""

    def __init__(self, name: str, failure: Callable[[], Any]) -> None:
        self._name = name
        self._failure = failure
        self.failing = 0

    def __getattr__(self, name: str) -> object:
        real = getattr(durable_rules_engine, name)
        if name != self._name or not self.failing:
            return real
        self.failing -= 1
        return lambda *_arguments: self._failure()


def refuse() -> None:
    raise durable_rules_engine.error("Could not assert fact, error code: 303")


def broken(monkeypatch: pytest.MonkeyPatch, name: str, failure: Callable[[], Any] = refuse) -> Extension:
    extension = Extension(name, failure)
    monkeypatch.setattr(network, "durable_rules_engine", extension)
    return extension


@pytest.mark.parametrize(
    "name", ["assert_fact", "start_action_for_state", "complete_and_start_action", "retract_fact"]
)
def test_a_network_that_raises_is_built_again_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Wherever it raises: a state that was left locked would answer nothing for a minute."""
    extension = broken(monkeypatch, name)
    matcher = Matcher(RULES)
    extension.failing = 1

    assert [0, 1] == matcher.match(TOPIC, HOLDS)
    assert (1, 0) == (matcher.counters.rebuilt, matcher.counters.fallen_back)
    assert "303" in (matcher.counters.last_error or "")
    assert [2] == matcher.match(TOPIC, {"n": 1})
    assert 1 == matcher.counters.rebuilt
    matcher.close()


def test_an_unknown_answer_counts_as_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code 2: the message is still in memory."""
    extension = broken(monkeypatch, "assert_fact", lambda: (2, 1))
    matcher = Matcher(RULES)
    extension.failing = 1

    assert [0, 1] == matcher.match(TOPIC, HOLDS)
    assert (1, 0) == (matcher.counters.rebuilt, matcher.counters.fallen_back)
    matcher.close()


def test_the_index_answers_while_the_network_can_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """After repeated failures it is no longer tried; other topics keep their networks."""
    extension = broken(monkeypatch, "assert_fact")
    monkeypatch.setattr(topic, "evaluate", None)  # the reference is not asked
    matcher = Matcher([*RULES, *rules(compare("n", "number", "gte", 5), topic="Product Viewed")])
    extension.failing = 1_000

    for _ in range(RETIRED_AFTER + 5):
        assert [0, 1] == matcher.match(TOPIC, HOLDS)

    extension.failing = 0
    assert [3] == matcher.match("Product Viewed", HOLDS)
    assert RETIRED_AFTER == matcher.counters.rebuilt
    assert RETIRED_AFTER + 5 == matcher.counters.fallen_back
    assert 1 == matcher.counters.given_up
    matcher.close()


def test_a_network_that_recovers_is_not_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only failures in a row count."""
    monkeypatch.setattr(topic, "ANSWERS_KEPT", 0)
    extension = broken(monkeypatch, "assert_fact")
    matcher = Matcher(RULES)
    for _ in range(RETIRED_AFTER + 2):
        extension.failing = 2  # the message, and the sentinel of the network that is built for it
        assert [0, 1] == matcher.match(TOPIC, HOLDS)
        assert [0, 1] == matcher.match(TOPIC, HOLDS)

    assert RETIRED_AFTER + 2 == matcher.counters.fallen_back
    assert 2 * (RETIRED_AFTER + 2) == matcher.counters.rebuilt
    matcher.close()


def test_rules_that_can_not_be_compiled_are_matched_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    extension = broken(monkeypatch, "create_ruleset")
    extension.failing = 2
    matcher = Matcher(RULES)

    assert [0, 1] == matcher.match(TOPIC, HOLDS)
    assert (1, 1) == (matcher.counters.rebuilt, matcher.counters.fallen_back)
    assert [0, 1] == matcher.match(TOPIC, HOLDS)
    assert (2, 1) == (matcher.counters.rebuilt, matcher.counters.fallen_back)
    matcher.close()


def test_one_failed_shard_is_enough_for_the_index_to_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    extension = broken(monkeypatch, "assert_fact")
    candidates = rules(*(compare("n", "number", "gte", at) for at in range(130)))
    matcher = Matcher(candidates)
    extension.failing = 2  # the first shard's message, and its sentinel when it is built again

    assert list(range(101)) == matcher.match(TOPIC, {"n": 100})
    assert (1, 1) == (matcher.counters.rebuilt, matcher.counters.fallen_back)
    matcher.close()


def test_a_sample_is_compared_and_the_reference_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every third call, counted, and the host is told."""
    monkeypatch.setattr(topic, "ANSWERS_KEPT", 0)
    told: list[tuple[str, Any, list[int], list[int]]] = []
    matcher = Matcher(RULES, sample=3, on_difference=lambda *difference: told.append(difference))
    for _ in range(6):
        matcher.match(TOPIC, HOLDS)
    assert (2, 0) == (matcher.counters.compared, matcher.counters.disagreements)

    monkeypatch.setattr(network.Network, "fired", lambda _self, _message: ["r0"])
    answers = [matcher.match(TOPIC, HOLDS) for _ in range(3)]

    assert [0, 1] == answers[-1] != answers[0]
    assert (3, 1) == (matcher.counters.compared, matcher.counters.disagreements)
    assert [(TOPIC, HOLDS, [0, 1], answers[0])] == told
    matcher.close()


def test_without_a_sample_nothing_is_compared() -> None:
    matcher = Matcher(RULES)
    matcher.match(TOPIC, HOLDS)

    assert (1, 0) == (matcher.counters.matched, matcher.counters.compared)
    matcher.close()


def test_a_closed_matcher_says_so() -> None:
    """It never answers "nothing matched"."""
    matcher = Matcher(RULES)
    matcher.close()
    matcher.close()

    with pytest.raises(MatcherClosed, match="make a new one"):
        matcher.match(TOPIC, HOLDS)


def test_two_matchers_live_side_by_side() -> None:
    """Rulesets share one table of handles, and nothing else: also with the same name."""
    one, two = Matcher(RULES), Matcher(rules(compare("n", "number", "lt", 5)))

    assert [0, 1] == one.match(TOPIC, HOLDS)
    assert [0] == two.match(TOPIC, {"n": 1})
    one.close()
    assert [] == two.match(TOPIC, HOLDS)
    two.close()


def test_warming_makes_each_rule_true_and_false() -> None:
    """With messages made from the rules, compared with the reference."""
    candidates = rules(
        all_of(compare("n", "number", "between", [3, 9]), compare("t", "text", "starts_with", "中")),
        any_of(
            compare("l", "list", "has_all", ["a", "b"]), none_of(compare("b", "boolean", "eq", operand=True))
        ),
        none_of(compare("t", "text", "in", ["x", "y"]), compare("i", "instant", "is_missing")),
    )

    warmth = warm(candidates)

    assert warmth.is_sound
    assert (3, 3, 3) == (warmth.rules, warmth.held, warmth.failed)
    assert warmth.messages > 10


def test_warming_finds_a_network_that_answers_wrongly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network.Network, "fired", lambda _self, _message: [])

    assert not warm(RULES).is_sound


def test_warming_finds_a_network_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    extension = broken(monkeypatch, "assert_fact")
    extension.failing = 1_000

    warmth = warm(RULES)

    assert not warmth.is_sound
    assert () == warmth.differences
    assert "303" in (warmth.last_error or "")


def test_all_matchers_have_the_same_interface() -> None:
    candidates = [*RULES, Candidate("other", "Product Viewed", None)]
    matchers: list[Matching] = [Matcher(candidates), BitmapMatcher(candidates), ReferenceMatcher(candidates)]

    for facts in mixed(1, 5):
        assert [[3]] * 3 == [one.match("Product Viewed", facts) for one in matchers]
    for one in matchers:
        assert 5 == one.counters.matched
        one.close()


def test_what_was_asked_before_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    """A network is asked once for facts that look alike to it, until one of its answers was wrong."""
    asked: list[str] = []
    fired = network.Network.fired

    def noting(one: network.Network, message: str) -> list[str]:
        asked.append(message)
        return fired(one, message)

    monkeypatch.setattr(network.Network, "fired", noting)
    matcher = Matcher(RULES, sample=4)
    answers = [matcher.match(TOPIC, HOLDS) for _ in range(3)]
    assert ([[0, 1]] * 3, 1) == (answers, len(asked))

    monkeypatch.setattr(network.Network, "fired", lambda _self, _message: ["r0"])
    assert [] == matcher.match(TOPIC, {}), "the fourth answer is compared, and the reference's"
    monkeypatch.setattr(network.Network, "fired", noting)
    assert [0, 1] == matcher.match(TOPIC, HOLDS)
    assert 2 == len(asked)
    matcher.close()


def test_few_answers_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(topic, "ANSWERS_KEPT", 10)
    some = topic.Topic({0: RULES[0].condition, 1: RULES[1].condition}, Counters())
    for _ in range(3):
        for number in range(40):
            some.match({"n": number})
        assert len(some._answers) <= 10
    some.close()
