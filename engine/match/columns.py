"""Facts as small whole numbers, which is all that the matchers go by.

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
OTHER_TEXT: Final = 1

_EXACT: Final = Context(prec=1000, Emax=MAX_EMAX, Emin=MIN_EMIN)
_CODED: Final = (
    "eq", "ne", "ne_or_missing", "gte", "gt", "lte", "lt",
    "between", "in", "not_in", "is_known", "is_missing",
)  # fmt: skip
_KINDS: Final[dict[str, type]] = {"text": str, "list": list}


@dataclass(frozen=True, slots=True)
class Column:
    """One thing read from the facts, as a code from 0 up.

    Attributes:
        values: For each code a value that has it, by which tests are answered
            once and for all; empty when the column is itself a question.
        places: The code of each literal.
        size: How many codes there are.
    """

    values: tuple[MaybeValue, ...]
    places: dict[MaybeValue, int]
    size: int


@dataclass(frozen=True, slots=True)
class TextColumn(Column):
    """A text: its place among the literals, or 1 for any other.

    Attributes:
        fact: Its key.
    """

    fact: str


@dataclass(frozen=True, slots=True)
class OrderedColumn(Column):
    """A number or an instant: its rank, even at a literal and odd between two.

    Attributes:
        fact: Its key.
        known: The literals, ascending.
    """

    fact: str
    known: list[Any]


@dataclass(frozen=True, slots=True)
class AskedColumn(Column):
    """Whatever else: a boolean, or a question that is answered in Python.

    Attributes:
        code: Reads the code.
    """

    code: Callable[[Facts], int]


@dataclass(frozen=True, slots=True)
class MemberColumn(AskedColumn):
    """Whether a list includes a text: asked of one fact many times, and answered in one pass.

    Attributes:
        fact: Its key.
        member: The text.
    """

    fact: str
    member: str


def is_coded(test: Test) -> bool:
    """Return whether a test can be answered from the code of its fact alone."""
    if test.fact_type == "list" or test.fact_type not in test.operator.types:
        return False
    if test.operator.name not in _CODED:
        return False
    return all(is_type(one, test.fact_type) for one in literals(test))


def literals(test: Test) -> list[MaybeValue]:
    """Return the values that a test compares with."""
    if test.operator.operand == "none":
        return []
    return list(test.operand) if isinstance(test.operand, list | tuple) else [test.operand]


def flips(column: Column, test: Test) -> list[int]:
    """Return the codes at which the answer of a test changes, ascending, from false below the first.

    A coded test can tell a code from the next one only beside its own literals.
    """
    beside = [column.places[one] + step for one in literals(test) for step in (0, 1)]
    found: list[int] = []
    for code in sorted(dict.fromkeys([0, 1, *beside])):
        if code < column.size:
            answer = holds(test.operator, test.fact_type, column.values[code], test.operand)
            if answer == (len(found) % 2 == 0):
                found.append(code)
    return found


def truths(column: Column, test: Test) -> tuple[int, ...]:
    """Return the answer of a test for every code of its column, as 0 or 1."""
    answers: list[int] = []
    for at, code in enumerate([*flips(column, test), column.size]):
        answers += [at % 2] * (code - len(answers))
    return tuple(answers)


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
        return AskedColumn((), {}, 2, lambda facts: int(evaluate(node, facts)))
    operator, fact_type, fact, operand = node.operator, node.fact_type, node.fact, node.operand
    kind = _KINDS.get(fact_type)
    if kind is None:
        return AskedColumn(
            (), {}, 2, lambda facts: int(holds(operator, fact_type, facts.get(fact, MISSING), operand))
        )
    test, of_missing = operator.test, int(operator.of_missing)

    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        return int(test(value, operand)) if isinstance(value, kind) else of_missing

    if operator.name == "has" and isinstance(operand, str):
        return MemberColumn((), {}, 2, code, fact, operand)
    return AskedColumn((), {}, 2, code)


def _boolean(fact: str) -> Column:
    def code(facts: Facts) -> int:
        value = facts.get(fact, MISSING)
        return 1 + value if isinstance(value, bool) else MISSING_CODE

    return AskedColumn((MISSING, False, True), {False: 1, True: 2}, 3, code)


def _text(fact: str, named: list[str]) -> Column:
    known = list(dict.fromkeys(named))
    other = "x" * (1 + max((len(one) for one in known), default=0))
    values: tuple[MaybeValue, ...] = (MISSING, other, *known)
    places: dict[MaybeValue, int] = {one: at + 2 for at, one in enumerate(known)}
    return TextColumn(values, places, len(values), fact)


def _ordered(fact: str, named: list[Number]) -> Column:
    known: list[Any] = sorted(dict.fromkeys(named))
    places: dict[MaybeValue, int] = {one: 2 * at + 2 for at, one in enumerate(known)}
    return OrderedColumn((MISSING, *_between(known)), places, 2 * len(known) + 2, fact, known)


def rank(known: list[Any], value: MaybeValue) -> int:
    """Return the code of a value in an ordered column."""
    if type(value) is not int and (isinstance(value, bool) or not isinstance(value, int | D)):
        return MISSING_CODE
    at = bisect_left(known, value)
    return 2 * at + 2 if at < len(known) and known[at] == value else 2 * at + 1


def _between(known: list[Number]) -> list[Number]:
    """Return a value below, each literal with one before the next, and one above."""
    if not known:
        return [0]
    values: list[Number] = [_EXACT.subtract(D(known[0]), D(1))]
    for low, high in pairwise(known):
        values += [low, _EXACT.multiply(_EXACT.add(D(low), D(high)), D("0.5"))]
    return [*values, known[-1], _EXACT.add(D(known[-1]), D(1))]
