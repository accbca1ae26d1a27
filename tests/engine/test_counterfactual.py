"""The smallest change that would have made a condition hold."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine import counterfactual
from engine.counterfactual import changed_facts, smallest_change
from engine.evaluate import evaluate
from engine.language.predicates import Group, Node
from engine.nearest import distance
from engine.values import MISSING, MaybeValue
from tests.engine.match.cases import ANYTHING, CONDITIONS, all_of, any_of, compare, mixed, none_of

Facts = dict[str, MaybeValue]


def read_by(node: Node) -> set[str]:
    if isinstance(node, Group):
        return set[str]().union(*(read_by(part) for part in node.of))
    return {node.fact}


def cost(before: Facts, after: Facts, facts: set[str]) -> int:
    return sum(distance(before.get(one, MISSING), after.get(one, MISSING)) for one in facts)


def cheaper(before: Facts, facts: list[str], bound: int, seed: int) -> Iterator[Facts]:
    """Yield facts that are fewer changes away than a bound: every change of one, and some of more."""
    if bound > 1:
        for fact in facts:
            for value in ANYTHING:
                yield {**before, fact: value}
    choose = random.Random(seed)  # noqa: S311  values to try, no secret
    for changes in range(2, min(bound, len(facts) + 1)):
        for _ in range(60):
            yield {**before, **{fact: choose.choice(ANYTHING) for fact in choose.sample(facts, changes)}}


def test_a_change_makes_it_hold_and_nothing_smaller_does() -> None:
    """Over generated conditions and facts; a cheaper way is looked for by trying values."""
    found = none = tried = 0

    @settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CONDITIONS, st.integers(0, 2**32))
    def agree(node: Node, seed: int) -> None:
        nonlocal found, none, tried
        (facts,) = mixed(seed, 1)
        answer = smallest_change(node, facts)
        read = read_by(node)
        bound = len(read) + 1 if answer is None else cost(facts, changed_facts(facts, answer.changes), read)
        if answer is None:
            none += 1
        else:
            found += bool(answer.changes)
            assert answer.proven
            assert evaluate(node, changed_facts(facts, answer.changes))
            assert (bound == 0) == evaluate(node, facts)
        for other in cheaper(facts, sorted(read), bound, seed):
            tried += 1
            assert not (evaluate(node, other) and cost(facts, other, read) < bound), (answer, other)

    agree()

    assert found > 100
    assert none > 5
    assert tried > 10_000


def test_the_nearest_value_is_named() -> None:
    node = all_of(
        compare("event.total", "number", "gte", 100),
        compare("member.tier", "text", "in", ["gold", "silver"]),
        compare("member.tags", "list", "has_none", ["blocked", "staff"]),
        compare("member.tags", "list", "has", "vip"),
        compare("event.channel", "text", "eq", "app"),
    )
    facts: Facts = {"event.total": Decimal("88.5"), "member.tags": ["staff", "tea"], "event.channel": "app"}

    answer = smallest_change(node, facts)

    assert answer is not None
    assert [(one.fact, one.before, one.after) for one in answer.changes] == [
        ("event.total", Decimal("88.5"), 100),
        ("member.tags", ["staff", "tea"], ["tea", "vip"]),
        ("member.tier", MISSING, "gold"),
    ]


@pytest.mark.parametrize(
    ("operator", "operand", "before", "after"),
    [
        ("gt", 100, 40, 101),
        ("gt", Decimal("99.99"), Decimal("3.5"), 100),
        ("lt", 100, 400, 99),
        ("between", [10, 20], 400, 20),
        ("ne", 5, 5, 4),
        ("not_in", [4, 5, 6], 5, 3),
        ("is_missing", None, 5, MISSING),
        ("is_known", None, MISSING, 0),
    ],
)
def test_numbers_move_as_little_as_they_can(operator: str, operand: Any, before: Any, after: Any) -> None:
    answer = smallest_change(compare("event.total", "number", operator, operand), {"event.total": before})

    assert answer is not None
    assert [one.after for one in answer.changes] == [after]


def test_a_number_between_neighbours_is_found() -> None:
    node = all_of(
        *(compare("event.n", "number", name, one) for name, one in (("gt", 5), ("gt", 0), ("lt", 6)))
    )

    answer = smallest_change(node, {"event.n": 9})

    assert answer is not None
    assert [change.after for change in answer.changes] == [Decimal("5.5")]


def test_of_several_ways_the_one_with_fewer_changes_is_taken() -> None:
    several = all_of(compare("event.a", "number", "gt", 1), compare("event.b", "number", "gt", 1))
    one = compare("event.c", "number", "gt", 1)

    answer = smallest_change(any_of(several, one), {"event.a": 0, "event.b": 0, "event.c": -500})

    assert answer is not None
    assert [change.fact for change in answer.changes] == ["event.c"]


def test_what_holds_already_may_not_be_broken() -> None:
    """More than five, or at most three and blue: six is one change, and blue would be two."""
    node = all_of(
        any_of(compare("event.n", "number", "gt", 5), compare("event.t", "text", "eq", "blue")),
        any_of(compare("event.n", "number", "lte", 3), compare("event.u", "text", "eq", "x")),
    )

    answer = smallest_change(node, {"event.n": 3, "event.t": "red", "event.u": "y"})

    assert answer is not None
    assert [(change.fact, change.after) for change in answer.changes] == [("event.t", "blue")]


def test_nothing_makes_a_contradiction_hold() -> None:
    node = all_of(compare("event.n", "number", "gt", 5), none_of(compare("event.n", "number", "gt", 4)))

    assert smallest_change(node, {"event.n": 5}) is None


def test_a_condition_that_holds_needs_no_change() -> None:
    assert smallest_change(None, {}) == counterfactual.Counterfactual(changes=(), proven=True)


def test_a_hundred_choices_between_their_own_facts_are_searched_one_by_one() -> None:
    """Together they have 2 to the 100th ways; apart they have 200."""
    choices = [
        any_of(compare(f"event.a{at}", "number", "gt", 1), compare(f"event.b{at}", "number", "gt", 1))
        for at in range(100)
    ]

    answer = smallest_change(Group("all", tuple(choices), "/if"), {})

    assert answer is not None
    assert answer.proven
    assert len(answer.changes) == 100


def test_what_is_too_much_to_search_says_that_it_is_not_proven() -> None:
    """Choices that all share a fact, which can't help any of them."""
    shared = compare("event.n", "number", "lt", 0)
    choices = [
        any_of(*(all_of(shared, compare(f"event.{name}{at}", "number", "gt", 1)) for name in "abc"))
        for at in range(12)
    ]

    answer = smallest_change(all_of(*choices, any_of(shared, compare("event.z", "text", "eq", "z"))), {})

    assert answer is not None
    assert not answer.proven
    assert evaluate(all_of(*choices), changed_facts({}, answer.changes))
