"""Facts as small whole numbers, which is all that the network is given.

durable-rules compares numbers of mixed types, long texts and odd spellings in
ways of its own (`docs/decisions`). So a fact enters as the *code* of its value
among the values that the rules name: rank for what is ordered, place in a
dictionary for text. Among codes only exact integer comparisons are left. A
missing fact, or one of another type, has a code too, so "not" needs no
existence test. What codes can't express is answered here, and enters as 0 or 1.
"""

from bisect import bisect_left
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context
from decimal import Decimal as D  # noqa: N817  only in the arithmetic of `_between`
from itertools import pairwise
from typing import Any, Final, TypeAlias

from engine.evaluate import evaluate
from engine.language.operators import FactType, holds, is_type
from engine.language.predicates import Node, Test
from engine.values import MISSING, MaybeValue, Number

Facts: TypeAlias = Mapping[str, MaybeValue]

MISSING_CODE: Final = 0
ORDERED: Final = ("number", "instant")

_EXACT: Final = Context(prec=1000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_COMPARED: Final = ("eq", "ne_or_missing", "gte", "gt", "lte", "lt")
_EXACT_TYPES: Final = (int, D)  # spares most calls of `is_type`, which takes longer than the rest
_KINDS: Final[dict[str, type]] = {"text": str, "list": list}
_TABLED: Final = ("ne", "in", "not_in", "between", "is_known", "is_missing")


@dataclass(frozen=True, slots=True)
class Column:
    """One thing read from the facts, as a code from 0 up.

    Attributes:
        code: Reads the code.
        values: For each code a value that has it, by which tests are answered
            once and for all; empty when the column is itself a question.
        places: The code of each literal.
        size: How many codes there are.
    """

    code: Callable[[Facts], int]
    values: tuple[MaybeValue, ...]
    places: dict[MaybeValue, int]
    size: int


def is_coded(test: Test) -> bool:
    """Return whether a test can be answered from the code of its fact alone."""
    if test.fact_type == "list" or test.fact_type not in test.operator.types:
        return False
    if test.operator.name not in _COMPARED and test.operator.name not in _TABLED:
        return False
    return all(is_type(one, test.fact_type) for one in literals(test))


def literals(test: Test) -> list[MaybeValue]:
    """Return the values that a test compares with."""
    if test.operator.operand == "none":
        return []
    return list(test.operand) if isinstance(test.operand, list | tuple) else [test.operand]


def truths(column: Column, test: Test) -> tuple[int, ...]:
    """Return the answer of a test for every code of its column, as 0 or 1."""
    return tuple(int(holds(test.operator, test.fact_type, one, test.operand)) for one in column.values)


def coded(fact: str, fact_type: FactType, named: list[MaybeValue]) -> Column:
    """Return the column of a fact.

    Args:
        fact: Its key.
        fact_type: Its type; a value of another type has the code of a missing one.
        named: Every value that a coded test compares it with.
    """
    if fact_type == "boolean":
        return _boolean(fact)
    if fact_type == "text":
        return _text(fact, [one for one in named if isinstance(one, str)])
    return _ordered(fact, [one for one in named if isinstance(one, int | D)])


def asked(node: Node) -> Column:
    """Return the column of a question that is answered in Python: 0 or 1."""
    if not isinstance(node, Test):
        return Column(lambda facts: int(evaluate(node, facts)), (), {}, 2)
    operator, fact_type, fact, operand = node.operator, node.fact_type, node.fact, node.operand
    kind = _KINDS.get(fact_type)
    if kind is None:
        return Column(
            lambda facts: int(holds(operator, fact_type, facts.get(fact, MISSING), operand)), (), {}, 2
        )
    test, of_missing = operator.test, int(operator.of_missing)

    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        return int(test(value, operand)) if isinstance(value, kind) else of_missing

    return Column(code, (), {}, 2)


def _boolean(fact: str) -> Column:
    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        return 1 + value if isinstance(value, bool) else MISSING_CODE

    return Column(code, (MISSING, False, True), {False: 1, True: 2}, 3)


def _text(fact: str, named: list[str]) -> Column:
    known = list(dict.fromkeys(named))
    other = "x" * (1 + max((len(one) for one in known), default=0))
    values: tuple[MaybeValue, ...] = (MISSING, other, *known)
    places: dict[MaybeValue, int] = {one: at + 2 for at, one in enumerate(known)}

    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        return places.get(value, 1) if isinstance(value, str) else MISSING_CODE

    return Column(code, values, places, len(values))


def _ordered(fact: str, named: list[Number]) -> Column:
    """Rank: even for a value that rules name, odd for what lies between two of them."""
    known: list[Any] = sorted(dict.fromkeys(named))
    count = len(known)
    places: dict[MaybeValue, int] = {one: 2 * at + 2 for at, one in enumerate(known)}

    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        if type(value) not in _EXACT_TYPES and not is_type(value, "number"):
            return MISSING_CODE
        at = bisect_left(known, value)
        return 2 * at + 2 if at < count and known[at] == value else 2 * at + 1

    return Column(code, (MISSING, *_between(known)), places, 2 * count + 2)


def _between(known: list[Number]) -> list[Number]:
    """Return a value below, each literal with one before the next, and one above."""
    if not known:
        return [0]
    values: list[Number] = [_EXACT.subtract(D(known[0]), D(1))]
    for low, high in pairwise(known):
        values += [low, _EXACT.multiply(_EXACT.add(D(low), D(high)), D("0.5"))]
    return [*values, known[-1], _EXACT.add(D(known[-1]), D(1))]
