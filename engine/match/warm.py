"""Compile and try a set of rules before it is relied upon (in a child process).

The extension can end the process it runs in. So whoever puts rules in force
first lets a child do this, with a time limit, and looks at what it reports.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from engine.language.operators import holds
from engine.language.predicates import Node, Test
from engine.match.candidate import Candidate
from engine.match.matcher import Matcher, ReferenceMatcher
from engine.match.normal import Clause, clauses
from engine.values import MISSING, MaybeValue

MESSAGES_PER_RULE: Final = 2
_DIAGONALS: Final = 12

_Pools = dict[str, list[MaybeValue]]


@dataclass(frozen=True, slots=True)
class Warmth:
    """What trying a set of rules showed.

    Attributes:
        rules: How many there were.
        shards: How many networks they needed.
        messages: How many golden messages were matched.
        held: Rules that some message made true.
        failed: Rules that some message made false.
        differences: Messages on which matcher and reference disagree, as (topic, facts).
        fallen_back: Messages that a network couldn't answer.
        last_error: Why, the last time.
    """

    rules: int
    shards: int
    messages: int
    held: int
    failed: int
    differences: tuple[tuple[str, dict[str, MaybeValue]], ...]
    fallen_back: int
    last_error: str | None

    @property
    def is_sound(self) -> bool:
        """Whether these rules may be matched by the network."""
        return not self.differences and not self.fallen_back and self.last_error is None


def warm(candidates: Sequence[Candidate]) -> Warmth:
    """Compile rules and compare the network with the reference on messages made from them."""
    matcher = Matcher(candidates)
    reference = ReferenceMatcher(candidates)
    of_topic: dict[str, list[int]] = {}
    for index, candidate in enumerate(candidates):
        of_topic.setdefault(candidate.topic, []).append(index)
    held: set[int] = set()
    failed: set[int] = set()
    differences: list[tuple[str, dict[str, MaybeValue]]] = []
    for topic, indices in of_topic.items():
        for facts in golden([candidates[index].condition for index in indices]):
            expected = reference.match(topic, facts)
            held.update(expected)
            failed.update(index for index in indices if index not in expected)
            if matcher.match(topic, facts) != expected:
                differences.append((topic, facts))
    matcher.close()
    return Warmth(
        rules=len(candidates),
        shards=matcher.shards,
        messages=matcher.counters.matched,
        held=len(held),
        failed=len(failed),
        differences=tuple(differences),
        fallen_back=matcher.counters.fallen_back,
        last_error=matcher.counters.last_error,
    )


def golden(conditions: Sequence[Node | None]) -> Iterator[dict[str, MaybeValue]]:
    """Make messages that satisfy conditions one by one, and others that hit their edges."""
    pools: _Pools = {}
    for condition in conditions:
        for test in tests(condition):
            pool = pools.setdefault(test.fact, [MISSING])
            pool += [value for value in _edges(test) if value not in pool]
    yield {}
    for at in range(_DIAGONALS):
        yield {fact: pool[(at + step) % len(pool)] for step, (fact, pool) in enumerate(pools.items())}
    for condition in conditions:
        for clause in clauses(condition)[:MESSAGES_PER_RULE]:
            yield _satisfying(clause)


def tests(node: Node | None) -> Iterator[Test]:
    """Walk the tests of a condition."""
    if isinstance(node, Test):
        yield node
    elif node is not None:
        for part in node.of:
            yield from tests(part)


def _satisfying(clause: Clause) -> dict[str, MaybeValue]:
    """Return facts that a clause holds of, as far as one value per fact can be found."""
    asked: dict[str, list[tuple[Test, bool]]] = {}
    for literal in clause:
        for test in tests(literal.asked):
            asked.setdefault(test.fact, []).append((test, literal.wanted))
    facts: dict[str, MaybeValue] = {}
    for fact, questions in asked.items():
        pool: list[MaybeValue] = [MISSING]
        for test, _ in questions:
            pool += _edges(test)
        facts[fact] = max(pool, key=partial(_fit, questions))
    return facts


def _fit(questions: Sequence[tuple[Test, bool]], value: MaybeValue) -> int:
    """Return how many questions a value answers as wanted."""
    return sum(holds(one.operator, one.fact_type, value, one.operand) == wanted for one, wanted in questions)


def _edges(test: Test) -> list[MaybeValue]:
    """Return values at which a test's answer may change."""
    if test.fact_type == "boolean":
        return [False, True]
    if test.fact_type == "list":
        return [[], list(test.operand) if isinstance(test.operand, list | tuple) else [test.operand or ""]]
    operands = test.operand if isinstance(test.operand, list | tuple) else [test.operand]
    edges: list[MaybeValue] = []
    for operand in operands:
        if isinstance(operand, str):
            edges += [operand, operand + "x", "x" + operand, ""]
        elif isinstance(operand, int | Decimal):
            edges += [operand, operand - 1, operand + 1]
    return edges or (["x"] if test.fact_type == "text" else [0])
