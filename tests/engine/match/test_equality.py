"""The network and the index answer as the reference does."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings

from engine.language.operators import OPERATORS
from engine.language.predicates import Node
from engine.match import BitmapMatcher, Candidate, Matcher, ReferenceMatcher, is_available
from engine.values import MaybeValue
from tests.engine.match.cases import (
    ANYTHING,
    CASES,
    Case,
    all_of,
    any_of,
    compare,
    none_of,
    rules,
    with_operator,
)

EXAMPLES = 400
LEAST_PAIRS = 20_000

Difference = tuple[str, dict[str, MaybeValue], list[int], list[int]]
Kind = type[Matcher] | type[BitmapMatcher]

EACH_MATCHER = pytest.mark.parametrize(
    "kind",
    [
        pytest.param(
            Matcher, id="network", marks=pytest.mark.skipif(not is_available(), reason="not compiled")
        ),
        pytest.param(BitmapMatcher, id="index"),
    ],
)


def differences(kind: Kind, case: Case, reference: list[Candidate] | None = None) -> list[Difference]:
    """Return where matcher and reference part, over every topic and all facts of a case."""
    matcher = kind(case.candidates)
    plain = ReferenceMatcher(reference or case.candidates)
    found: list[Difference] = []
    for topic in dict.fromkeys(candidate.topic for candidate in case.candidates):
        for facts in case.facts:
            expected, got = plain.match(topic, facts), matcher.match(topic, facts)
            if expected != got:
                found.append((topic, facts, expected, got))
    assert matcher.counters.rebuilt == matcher.counters.fallen_back == 0, matcher.counters.last_error
    matcher.close()
    return found


@EACH_MATCHER
def test_the_matcher_answers_as_the_reference_does(kind: Kind) -> None:
    """Over generated rule sets and facts, in at least 20,000 pairs of a rule and facts."""
    pairs = 0

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(CASES)
    def agree(case: Case) -> None:
        nonlocal pairs
        pairs += case.pairs

        assert [] == differences(kind, case)

    agree()

    assert pairs >= LEAST_PAIRS


@EACH_MATCHER
@pytest.mark.parametrize(
    "name", ["eq", "ne", "gte", "lt", "between", "not_in", "contains", "has_all", "is_missing"]
)
def test_the_comparison_has_teeth(kind: Kind, name: str) -> None:
    """An operator that the reference reads differently is found."""
    row = OPERATORS[name]
    other = replace(row, test=lambda left, right: not row.test(left, right))
    other = replace(row, test=lambda left, right: left > right) if name == "gte" else other

    def differs(case: Case) -> bool:
        reference = [replace(one, condition=with_operator(one.condition, other)) for one in case.candidates]
        return bool(differences(kind, case, reference))

    find(
        CASES,
        differs,
        settings=settings(max_examples=600, deadline=None, database=None, phases=[Phase.generate],
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip


@EACH_MATCHER
@pytest.mark.parametrize("name", list(OPERATORS))
def test_every_operator_alone_and_negated(kind: Kind, name: str) -> None:
    """Of every value there is, the declared type or not, and of a missing fact."""
    row = OPERATORS[name]
    facts: list[dict[str, MaybeValue]] = [{}, *({"x": value} for value in ANYTHING)]
    for fact_type in row.types:
        one: object = {"text": "ab", "number": 5, "instant": 5, "boolean": True, "list": "a"}[fact_type]
        operand = {"same": one, "pair": [1, 5], "many": [one, one], "text": "a", "none": None}[row.operand]
        test = compare("x", fact_type, name, operand)
        conditions: list[Node] = [test, none_of(test), none_of(none_of(test)), all_of(test), any_of(test)]

        assert [] == differences(kind, Case(rules(*conditions), facts))


@EACH_MATCHER
def test_empty_groups(kind: Kind) -> None:
    """All of nothing is true, any of nothing is false, none of nothing is true."""
    conditions = [
        all_of(),
        any_of(),
        none_of(),
        none_of(all_of()),
        all_of(any_of()),
        any_of(all_of(), any_of()),
        None,
    ]
    matcher = kind(rules(*conditions))

    assert [0, 2, 5, 6] == matcher.match("Order Completed", {})
    assert isinstance(matcher, BitmapMatcher) or 0 == matcher.shards
    assert [] == matcher.match("Nothing Known", {})
    matcher.close()


@EACH_MATCHER
def test_an_operand_of_another_type_is_compared_as_the_reference_does(kind: Kind) -> None:
    """It can't be written in a document, but it must not break the codes either."""
    odd: list[Node] = [
        compare("x", "number", "eq", operand=True),
        compare("x", "text", "in", ["a", 5]),
        compare("x", "boolean", "ne", 1),
        all_of(compare("x", "number", "eq", 1), none_of(compare("x", "number", "eq", operand=True))),
    ]
    facts: list[dict[str, MaybeValue]] = [{}, *({"x": value} for value in ANYTHING)]

    assert [] == differences(kind, Case(rules(*odd, *(none_of(one) for one in odd)), facts))
