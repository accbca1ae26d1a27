"""Clauses in the network's own words: a property, a comparison, a whole number.

Four comparisons are all that is generated: equal, unequal, at least, at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from engine.language.operators import FactType
from engine.language.predicates import Test
from engine.match import normal
from engine.match.columns import MISSING_CODE, Column, asked, coded, is_coded, literals, truths
from engine.values import MaybeValue

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
    """What a message says of a column: the value of its property for each code."""

    column: int
    values: tuple[int, ...]


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

    def admits(self, value: int) -> bool:
        """Return whether a property's value satisfies it."""
        if self.comparison == "==":
            return value == self.operand
        if self.comparison == "!=":
            return value != self.operand
        return value >= self.operand if self.comparison == ">=" else value <= self.operand


class Codebook:
    """The columns and properties of one topic, and its clauses in terms of them.

    Attributes:
        columns: What is read from the facts.
        properties: What messages say.
    """

    def __init__(self, clauses: Iterable[normal.Clause]) -> None:
        self.columns: list[Column] = []
        self.properties: list[Property] = []
        self._of_fact: dict[tuple[str, FactType], int] = {}
        self._of_question: dict[normal.Key, int] = {}
        self._property: dict[Property, int] = {}
        named: dict[tuple[str, FactType], list[MaybeValue]] = {}
        for literal in [one for clause in clauses for one in clause]:
            test = literal.asked
            if isinstance(test, Test) and is_coded(test):
                named.setdefault((test.fact, test.fact_type), []).extend(literals(test))
            elif literal.key not in self._of_question:
                self._of_question[literal.key] = self._add(asked(test))
        for (fact, fact_type), values in named.items():
            self._of_fact[fact, fact_type] = self._add(coded(fact, fact_type, values))

    def atoms(self, clause: normal.Clause) -> tuple[Atom, ...]:
        """Return a clause as conditions of the network, each once."""
        return tuple(dict.fromkeys(self._atom(literal) for literal in clause))

    def _add(self, column: Column) -> int:
        self.columns.append(column)
        return len(self.columns) - 1

    def _atom(self, literal: normal.Literal) -> Atom:
        test = literal.asked
        if not isinstance(test, Test) or not is_coded(test):
            place = self._of_question[literal.key]
            return Atom(self._say(place, (0, 1)), "==", int(literal.wanted))
        place = self._of_fact[test.fact, test.fact_type]
        compared = self._compared(place, test, wanted=literal.wanted)
        if compared is not None:
            return compared
        return Atom(self._say(place, truths(self.columns[place], test)), "==", int(literal.wanted))

    def _compared(self, place: int, test: Test, *, wanted: bool) -> Atom | None:
        """Return a comparison of codes, or None if the answer enters as 0 or 1 instead.

        Missing must satisfy no comparison and the opposite of each. So it ranks
        below everything where "at least" is asked, and above where "at most" is.
        """
        name = test.operator.name
        column = self.columns[place]
        if name in {"eq", "ne_or_missing"}:
            code = column.places[test.operand]
            return Atom(self._say(place, _low(column)), "==" if wanted == (name == "eq") else "!=", code)
        if name in {"gte", "gt"}:
            least = column.places[test.operand] + (name == "gt")
            property_ = self._say(place, _low(column))
            return Atom(property_, ">=", least) if wanted else Atom(property_, "<=", least - 1)
        if name in {"lte", "lt"}:
            most = column.places[test.operand] - (name == "lt")
            property_ = self._say(place, _high(column))
            return Atom(property_, "<=", most) if wanted else Atom(property_, ">=", most + 1)
        return None

    def _say(self, place: int, values: tuple[int, ...]) -> int:
        said = Property(place, values)
        if said not in self._property:
            self._property[said] = len(self.properties)
            self.properties.append(said)
        return self._property[said]


def _low(column: Column) -> tuple[int, ...]:
    return tuple(range(column.size))


def _high(column: Column) -> tuple[int, ...]:
    return tuple(column.size if code == MISSING_CODE else code for code in range(column.size))


def in_order(clauses: Sequence[tuple[Atom, ...]]) -> list[tuple[Atom, ...]]:
    """Return the atoms of each clause in the order in which the network shares most.

    Equalities come first (only one of a property can hold, which bounds the
    network's stack), and among them what most clauses ask.
    """
    asked_by: dict[int, int] = {}
    for atom in [atom for clause in clauses for atom in clause]:
        asked_by[atom.property] = asked_by.get(atom.property, 0) + 1

    def place(atom: Atom) -> tuple[bool, int, Atom]:
        return (atom.comparison != "==", -asked_by[atom.property], atom)

    return [tuple(sorted(clause, key=place)) for clause in clauses]
