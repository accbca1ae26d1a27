"""An index in plain Python: whole numbers as sets of clauses, a bit each.

For every code that a fact can have, a table says which clauses it leaves
possible. An event looks up each of its facts and keeps what all of them leave.
It needs no compiled extension, can't fail, and is read by any number of threads.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from engine.evaluate import evaluate
from engine.language.predicates import Node, Test
from engine.match import normal
from engine.match.columns import (
    MISSING_CODE,
    OTHER_TEXT,
    AskedColumn,
    Column,
    Facts,
    OrderedColumn,
    TextColumn,
    flips,
    rank,
)
from engine.match.reader import Reader
from engine.values import MISSING, MaybeValue

_Question: TypeAlias = tuple[normal.Key, bool]


class _Text(NamedTuple):
    concerned: int
    fact: str
    left: dict[MaybeValue, int]
    other: int
    missing: int


class _Ordered(NamedTuple):
    concerned: int
    fact: str
    known: list[MaybeValue]
    left: list[int]


class _Asked(NamedTuple):
    concerned: int
    code: Callable[[Facts], int]
    left: list[int]


class BitmapTopic:
    """The candidates of one event name."""

    def __init__(self, conditions: Mapping[int, Node | None]) -> None:
        """Make the tables.

        Args:
            conditions: What must hold, by the candidates' places, ascending.
        """
        self._conditions = conditions
        owned = [(place, clause) for place, one in conditions.items() for clause in normal.clauses(one)]
        self._owners = [place for place, _ in owned]
        clauses = [clause for _, clause in owned]
        self._always = sum(1 << at for at, clause in enumerate(clauses) if not clause)
        self._asking = ((1 << len(clauses)) - 1) ^ self._always
        reader = Reader(clauses)
        tables = _tables(clauses, reader, self._asking)
        self._texts: list[_Text] = []
        self._ordered: list[_Ordered] = []
        self._asked: list[_Asked] = []
        for column, (concerned, left) in zip(reader.columns, tables, strict=True):
            if isinstance(column, TextColumn):
                by_text = {text: left[code] for text, code in column.places.items()}
                self._texts.append(
                    _Text(concerned, column.fact, by_text, left[OTHER_TEXT], left[MISSING_CODE])
                )
            elif isinstance(column, OrderedColumn):
                self._ordered.append(_Ordered(concerned, column.fact, column.known, left))
            elif isinstance(column, AskedColumn):
                self._asked.append(_Asked(concerned, column.code, left))

    def match(self, facts: Facts) -> list[int]:
        """Return the candidates that hold, in ascending order."""
        left = self._by_texts(facts)
        if left:
            left = self._by_ranks(left, facts)
        if left:
            left = self._by_answers(left, facts)
        left |= self._always
        found: list[int] = []
        while left:
            bit = left & -left
            left ^= bit
            found.append(self._owners[bit.bit_length() - 1])
        return list(dict.fromkeys(found)) if len(found) > 1 else found

    def expected(self, facts: Facts) -> list[int]:
        """Return what the reference answers."""
        return [place for place, condition in self._conditions.items() if evaluate(condition, facts)]

    def _by_texts(self, facts: Facts) -> int:
        left = self._asking
        for concerned, fact, by_text, other, missing in self._texts:
            if left & concerned:
                value = facts.get(fact, MISSING)
                left &= by_text.get(value, other) if isinstance(value, str) else missing
        return left

    def _by_ranks(self, left: int, facts: Facts) -> int:
        for concerned, fact, known, by_rank in self._ordered:
            if left & concerned:
                left &= by_rank[rank(known, facts.get(fact, MISSING))]
                if not left:
                    break
        return left

    def _by_answers(self, left: int, facts: Facts) -> int:
        for concerned, code, by_answer in self._asked:
            if left & concerned:
                left &= by_answer[code(facts)]
                if not left:
                    break
        return left


def _tables(clauses: Sequence[normal.Clause], reader: Reader, every: int) -> Iterator[tuple[int, list[int]]]:
    """Return per column the clauses that ask of it, and those that each of its codes leaves possible."""
    asking: list[dict[_Question, int]] = [{} for _ in reader.columns]
    literals: dict[_Question, normal.Literal] = {}
    for at, clause in enumerate(clauses):
        for literal in clause:
            question = (literal.key, literal.wanted)
            literals[question] = literal
            some = asking[reader.place(literal)]
            some[question] = some.get(question, 0) | 1 << at
    for column, some in zip(reader.columns, asking, strict=True):
        left = [every] * column.size
        concerned = 0
        for layer, changes in _layers(column, [(literals[one], bits) for one, bits in some.items()]):
            concerned |= layer
            true = 0
            for code in range(column.size):
                true ^= changes.get(code, 0)
                left[code] &= (every ^ layer) | true
        yield concerned, left


def _layers(column: Column, asking: Iterable[tuple[normal.Literal, int]]) -> list[tuple[int, dict[int, int]]]:
    """Sort the literals of a column into layers, so that none has two of one clause.

    Returns:
        Per layer its clauses, and at which codes the answers of which of them change.
    """
    layers: list[tuple[int, dict[int, int]]] = []
    for literal, bits in asking:
        at = next((at for at, (layer, _) in enumerate(layers) if not layer & bits), len(layers))
        layer, changes = layers[at] if at < len(layers) else (0, {})
        layers[at : at + 1] = [(layer | bits, changes)]
        for code in _turns(column, literal):
            changes[code] = changes.get(code, 0) ^ bits
    return layers


def _turns(column: Column, literal: normal.Literal) -> list[int]:
    """Return the codes at which a literal becomes true, then false, and so on."""
    asked = literal.asked
    found = flips(column, asked) if isinstance(asked, Test) and column.values else [1]
    if literal.wanted:
        return found
    return found[1:] if found[:1] == [0] else [0, *found]
