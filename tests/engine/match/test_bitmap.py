"""The index, where it differs from the network: one set for all clauses, whatever their number."""

import random
from decimal import Decimal

import pytest

from engine.language.predicates import Node
from engine.match import BitmapMatcher, Candidate, MatcherClosed, ReferenceMatcher
from engine.match.bitmap import BitmapTopic
from engine.values import MaybeValue, Number
from tests.engine.match.cases import all_of, any_of, compare, mixed, none_of, rules

TOPIC = "Order Completed"
HOLDS: dict[str, MaybeValue] = {"n": 7}
RULES = rules(
    compare("n", "number", "gte", 5), compare("n", "number", "gte", 6), compare("n", "number", "lt", 5)
)


def check(candidates: list[Candidate], facts: list[dict[str, MaybeValue]]) -> int:
    """Compare with the reference; return how many rules held in all."""
    index, plain = BitmapMatcher(candidates), ReferenceMatcher(candidates)
    held = 0
    for one in facts:
        expected = plain.match(TOPIC, one)
        assert expected == index.match(TOPIC, one)
        held += len(expected)
    return held


def test_many_thresholds_of_one_fact() -> None:
    """2,000 of them, whole and not, met, passed by the least there is, and missed."""
    thresholds: list[Number] = [*range(1_000), *(Decimal(at) + Decimal("0.5") for at in range(1_000))]
    operators = ["gte", "gt", "lte", "lt", "eq", "ne"]
    conditions = [compare("n", "number", operators[at % 6], one) for at, one in enumerate(thresholds)]
    values: list[MaybeValue] = [0, 1, 999, 1_000, -1, Decimal("7.5"), Decimal("7.49999"), "7", True, [7]]

    assert check(rules(*conditions), [{}, *({"n": value} for value in values)]) > 5_000


def test_many_questions_of_one_fact_in_one_rule() -> None:
    """They are kept apart: one that fails is not undone by another that fails too."""
    wide = all_of(*(compare("n", "number", "ne", at) for at in range(40)), compare("n", "number", "lt", 60))
    narrow = all_of(compare("n", "number", "gte", 5), compare("n", "number", "lte", 9), none_of(wide))
    tags = all_of(
        compare("l", "list", "has", "a"),
        compare("l", "list", "has", "b"),
        none_of(compare("l", "list", "has", "c")),
        none_of(compare("l", "list", "has_not", "d")),
    )
    facts: list[dict[str, MaybeValue]] = [{"n": at} for at in range(-1, 62)]
    lists: list[MaybeValue] = [["a", "b"], ["a", "b", "c", "d"], ["d", "b", "a", "a"], ["a", "d"], [], "a", 5]
    facts += [{"l": one} for one in lists]

    assert check(rules(wide, narrow, tags, none_of(tags)), facts) > 30


def test_a_rule_with_many_clauses_is_named_once() -> None:
    """And the others stay in order around it."""
    many = any_of(*(compare(f"n{at}", "number", "gte", 1) for at in range(20)))
    index = BitmapMatcher(rules(None, many, None, many))

    assert [0, 1, 2, 3] == index.match(TOPIC, {f"n{at}": at for at in range(20)})
    assert [0, 2] == index.match(TOPIC, {})


@pytest.mark.parametrize("seed", range(5))
def test_a_thousand_rules_at_once(seed: int) -> None:
    """Of one topic, with 200 events."""
    choose = random.Random(seed)  # noqa: S311  values to try, no secret
    texts, numbers = (
        ["a", "ab", "中", "中文", 'q"q', "“引号”"],
        [-1, 4, 5, 100, Decimal("5.5"), Decimal("0.1")],
    )

    def test() -> Node:
        kind = choose.random()
        if kind < 0.5:
            fact = choose.choice(["event.t", "event.u", "event.both"])
            return compare(fact, "text", choose.choice(["eq", "ne", "contains"]), choose.choice(texts))
        if kind < 0.9:
            fact = choose.choice(["event.n", "event.m", "event.both"])
            return compare(fact, "number", choose.choice(["gte", "lt", "eq"]), choose.choice(numbers))
        return compare("member.l", "list", choose.choice(["has", "has_not"]), choose.choice(texts))

    def condition() -> Node:
        parts = [test() for _ in range(choose.randint(1, 4))]
        group = choose.choice([all_of, all_of, all_of, any_of, none_of])
        return all_of(test(), group(*parts))

    assert check(rules(*(condition() for _ in range(1_000))), mixed(seed, 200)) > 1_000


def test_a_sample_is_compared_and_the_reference_is_right(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with the network."""
    told: list[object] = []
    index = BitmapMatcher(RULES, sample=2, on_difference=lambda *difference: told.append(difference))
    monkeypatch.setattr(BitmapTopic, "match", lambda _self, _facts: [0])

    assert [[0], [0, 1]] == [index.match(TOPIC, HOLDS) for _ in range(2)]
    assert [(TOPIC, HOLDS, [0, 1], [0])] == told
    assert (1, 1) == (index.counters.compared, index.counters.disagreements)


def test_a_closed_index_says_so() -> None:
    """It never answers "nothing matched"."""
    index = BitmapMatcher(RULES)
    index.close()

    with pytest.raises(MatcherClosed):
        index.match(TOPIC, HOLDS)
