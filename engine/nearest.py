"""The value nearest to one that was read, of which some comparisons hold and others don't."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple, TypeGuard

from engine.language.operators import holds
from engine.language.predicates import Test
from engine.values import MISSING, MaybeValue, Number, Value, exact

_WHOLE_FIGURES: Final = ("count", "streak", "days_since")
_COUNTED: Final = ("count", "streak")
_CENT: Final = Decimal("0.01")
_FILLERS: Final = ("", " ", "-", "x")
_OTHERS: Final = ("", "other", "another", "something else")


class Wish(NamedTuple):
    """A comparison of a fact, and whether it is to hold."""

    test: Test
    wanted: bool


def nearest(before: MaybeValue, wishes: Sequence[Wish]) -> MaybeValue | None:
    """Return the value nearest to one that was read that fulfils every wish, or None if none was found.

    Numbers and instants are searched completely; of texts, those that the operands and what
    was read can be put together to.

    Args:
        before: What was read; MISSING if nothing.
        wishes: What is wished of one fact. Of lists, only `has`, `is_known` and `is_missing`.
    """
    if _fulfils(before, wishes):
        return before
    found: tuple[tuple[Any, ...], MaybeValue] | None = None
    for value in _values(before, wishes):
        if _fulfils(value, wishes):
            rank = _rank(before, value)
            if found is None or rank < found[0]:
                found = rank, value
    return None if found is None else found[1]


def distance(before: MaybeValue, after: MaybeValue) -> int:
    """Return how many changes lead from one value to another: one, or for a list one for each element."""
    if isinstance(before, list) and isinstance(after, list):
        return sum(one not in after for one in before) + sum(one not in before for one in after)
    same = before is after or (isinstance(before, bool) == isinstance(after, bool) and before == after)
    return 0 if same else max(1, len(after) if isinstance(after, list) else 1)


def _fulfils(value: MaybeValue, wishes: Sequence[Wish]) -> bool:
    return all(holds(test.operator, test.fact_type, value, test.operand) == wanted for test, wanted in wishes)


def _rank(before: MaybeValue, after: MaybeValue) -> tuple[Any, ...]:
    """Return what orders values: by changes, known before missing, whole before finer, by amount."""
    apart: Number = 0
    if _is_number(before) and _is_number(after):
        apart = abs(Decimal(after) - Decimal(before))
    elif isinstance(after, str):
        apart = abs(len(after) - len(before)) if isinstance(before, str) else len(after)
    elif _is_number(after):
        apart = abs(Decimal(after))
    finer = isinstance(after, Decimal) and not isinstance(before, Decimal)
    return distance(before, after), after is MISSING, finer, apart, str(after)


def _is_number(value: MaybeValue) -> TypeGuard[Number]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _values(before: MaybeValue, wishes: Sequence[Wish]) -> Iterator[MaybeValue]:
    if all(test.figure is None or test.figure.measure not in _COUNTED for test, _ in wishes):
        yield MISSING
    for fact_type in dict.fromkeys(test.fact_type for test, _ in wishes):
        if fact_type == "boolean":
            yield from (True, False)
        elif fact_type in {"number", "instant"}:
            yield from _numbers(before, wishes)
        elif fact_type == "text":
            yield from _texts(before, wishes)
        else:
            yield _listed(before, wishes)


def _numbers(before: MaybeValue, wishes: Sequence[Wish]) -> Iterator[Number]:
    """Yield a number of every range in which all comparisons with the operands answer alike."""
    edges = sorted(one for test, _ in wishes for one in _operands(test) if _is_number(one))
    whole = any(
        test.fact_type == "instant" or (test.figure is not None and test.figure.measure in _WHOLE_FIGURES)
        for test, _ in wishes
    )
    least = (
        0 if any(test.figure is not None and test.figure.measure in _COUNTED for test, _ in wishes) else None
    )
    fraction = not whole and any(isinstance(one, Decimal) for one in (before, *edges))
    steps: tuple[Number, ...] = (_CENT, 1) if fraction else (1,)
    found: list[Number] = [0, *edges]
    for edge in edges:
        found += [edge + step for step in steps] + [edge - step for step in steps]
    if not whole:
        found += [(Decimal(one) + Decimal(other)) / 2 for one, other in pairwise(edges)]
    for one in found:
        if least is None or one >= least:
            yield exact(Decimal(one)) if isinstance(one, Decimal) else one


def _texts(before: MaybeValue, wishes: Sequence[Wish]) -> Iterator[str]:
    """Yield texts that the operands can be put together to, around what was read or alone."""
    for test, _ in wishes:
        yield from (one for one in _operands(test) if isinstance(one, str))
    yield from _OTHERS
    parts = {
        name: [test.operand for test, wanted in wishes if wanted and test.operator.name == name]
        for name in ("starts_with", "contains", "ends_with")
    }
    start = max(parts["starts_with"], key=len, default="")
    end = max(parts["ends_with"], key=len, default="")
    for filler in _FILLERS:
        yield filler.join((start, *parts["contains"], end))
        yield filler.join((start, *reversed(parts["contains"]), end))
        if isinstance(before, str):
            yield filler.join((start, before, *parts["contains"], end))
            yield before + filler


def _listed(before: MaybeValue, wishes: Sequence[Wish]) -> Value:
    """Return the list with the elements wished for, and without the others."""
    asked = {
        wanted: [test.operand for test, one in wishes if one == wanted and test.operator.name == "has"]
        for wanted in (True, False)
    }
    kept = [one for one in before if one not in asked[False]] if isinstance(before, list) else []
    return kept + [one for one in dict.fromkeys(asked[True]) if one not in kept]


def _operands(test: Test) -> list[Any]:
    return test.operand if isinstance(test.operand, list) else [test.operand]
