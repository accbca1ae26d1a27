"""Clauses in the network's own words: a property, a comparison, a whole number.

Four comparisons are all that is generated: equal, unequal, at least, at most.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from engine.language.predicates import Test
from engine.match import normal
from engine.match.columns import MISSING_CODE, Column, truths
from engine.match.reader import Reader

Comparison: TypeAlias = Literal["==", "!=", ">=", "<="]

RESERVED: Final = (
    "id", "sid", "type", "$s", "$m", "$i", "$forward", "$time", "$timerName", "$baseTime", "label", "chart",
)  # fmt: skip
"""Names that mean something to durable-rules, or to the first condition of every clause."""

_FNV_START: Final = 0x811C9DC5
_FNV_PRIME: Final = 16_777_619


def fnv(name: str) -> int:
    """Return the 32-bit FNV-1a hash, the only thing by which durable-rules knows a property."""
    value = _FNV_START
    for byte in name.encode():
        value = ((value ^ byte) * _FNV_PRIME) & 0xFFFFFFFF
    return value


def property_names(count: int, stem: str = "f") -> list[str]:
    """Return names `f0`, `f1`, … that collide neither with each other nor with a reserved one."""
    taken = {fnv(name) for name in RESERVED}
    names: list[str] = []
    number = 0
    while len(names) < count:
        name = f"{stem}{number}"
        number += 1
        digest = fnv(name)
        if digest not in taken:
            taken.add(digest)
            names.append(name)
    return names


@dataclass(frozen=True, slots=True)
class Property:
    """What a message says of a column: the value for each code, or None to say nothing."""

    column: int
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, order=True)
class Atom:
    """One condition of the network.

    Attributes:
        property: Index of the property.
        comparison: How it is compared.
        operand: What with.
    """

    property: int
    comparison: Comparison
    operand: int

    def admits(self, value: int | None) -> bool:
        """Return whether a property's value satisfies it; a property left unsaid satisfies nothing."""
        if value is None:
            return False
        if self.comparison == "==":
            return value == self.operand
        if self.comparison == "!=":
            return value != self.operand
        return value >= self.operand if self.comparison == ">=" else value <= self.operand


class Codebook:
    """The columns and properties of one topic, and its clauses in terms of them.

    Attributes:
        reader: What is read from the facts.
        properties: What messages say.
    """

    def __init__(self, clauses: Iterable[normal.Clause]) -> None:
        self.reader = Reader(clauses)
        self.properties: list[Property] = []
        self._property: dict[Property, int] = {}

    def atoms(self, clause: normal.Clause) -> tuple[Atom, ...]:
        """Return a clause as conditions of the network, each once."""
        return tuple(dict.fromkeys(self._atom(literal) for literal in clause))

    def _atom(self, literal: normal.Literal) -> Atom:
        place = self.reader.place(literal)
        column, test, wanted = self.reader.columns[place], literal.asked, literal.wanted
        if not isinstance(test, Test) or not column.values:
            return Atom(self._say(place, (0, 1)), "==", int(wanted))
        compared = self._compared(place, column, test, wanted=wanted)
        if compared is not None:
            return compared
        return Atom(self._say(place, truths(column, test)), "==", int(wanted))

    def _compared(self, place: int, column: Column, test: Test, *, wanted: bool) -> Atom | None:
        """Return a comparison of codes, or None if the answer enters as 0 or 1 instead.

        A missing fact satisfies no comparison, so it is left unsaid; but it satisfies
        the opposite of each. For these it ranks below all values, or above them.
        """
        name, size = test.operator.name, column.size
        ranks: tuple[int, ...] = tuple(range(1, size))
        known, lowest, highest = (None, *ranks), (MISSING_CODE, *ranks), (size, *ranks)
        if name in {"eq", "ne_or_missing"}:
            code = column.places[test.operand]
            if wanted == (name == "eq"):
                return Atom(self._say(place, known), "==", code)
            return Atom(self._say(place, lowest), "!=", code)
        if name in {"gte", "gt"}:
            least = column.places[test.operand] + (name == "gt")
            if wanted:
                return Atom(self._say(place, known), ">=", least)
            return Atom(self._say(place, lowest), "<=", least - 1)
        if name in {"lte", "lt"}:
            most = column.places[test.operand] - (name == "lt")
            if wanted:
                return Atom(self._say(place, known), "<=", most)
            return Atom(self._say(place, highest), ">=", most + 1)
        return None

    def _say(self, place: int, values: tuple[int | None, ...]) -> int:
        said = Property(place, values)
        if said not in self._property:
            self._property[said] = len(self.properties)
            self.properties.append(said)
        return self._property[said]


def in_order(clauses: Sequence[tuple[Atom, ...]]) -> list[tuple[Atom, ...]]:
    """Return the atoms of each clause in the order in which the network shares most.

    Equalities come first (only one of a property can hold, which bounds the
    network's stack), and among them what most clauses ask.
    """
    asked_by = Counter(atom for clause in clauses for atom in clause)

    def place(atom: Atom) -> tuple[bool, int, Atom]:
        return (atom.comparison != "==", -asked_by[atom], atom)

    return [tuple(sorted(clause, key=place)) for clause in clauses]
