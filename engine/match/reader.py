"""What some clauses read of the facts: the columns they need, and the codes of all of them at once."""

from collections.abc import Iterable

from engine.language.predicates import Test
from engine.match import normal
from engine.match.columns import (
    MISSING_CODE,
    OTHER_TEXT,
    AskedColumn,
    Column,
    Facts,
    MemberColumn,
    OrderedColumn,
    TextColumn,
    asked,
    coded,
    is_coded,
    literals,
    rank,
)
from engine.values import MISSING, MaybeValue


class Reader:
    """The columns of one topic.

    Attributes:
        columns: Texts first, then what is ordered, then what lists include, then the rest.
    """

    def __init__(self, clauses: Iterable[normal.Clause]) -> None:
        found: dict[normal.Key, Column] = {}
        named: dict[normal.Key, tuple[Test, list[MaybeValue]]] = {}
        for literal in [one for clause in clauses for one in clause]:
            test = literal.asked
            if isinstance(test, Test) and is_coded(test):
                named.setdefault(_key(literal), (test, []))[1].extend(literals(test))
            elif literal.key not in found:
                found[literal.key] = asked(test)
        for key, (test, values) in named.items():
            found[key] = coded(test.fact, test.fact_type, values)
        kinds = (TextColumn, OrderedColumn, MemberColumn, AskedColumn)
        sorted_out = [(key, one) for kind in kinds for key, one in found.items() if type(one) is kind]
        self.columns = [one for _, one in sorted_out]
        self._places = {key: place for place, (key, _) in enumerate(sorted_out)}
        self._members: dict[str, dict[MaybeValue, int]] = {}
        for place, one in enumerate(self.columns):
            if isinstance(one, MemberColumn):
                self._members.setdefault(one.fact, {})[one.member] = place
        self._absent = [0] * sum(len(some) for some in self._members.values())
        self._texts = [(one.fact, one.places) for one in self.columns if isinstance(one, TextColumn)]
        self._ordered = [(one.fact, one.known) for one in self.columns if isinstance(one, OrderedColumn)]
        self._asked = [one.code for one in self.columns if type(one) is AskedColumn]

    def place(self, literal: normal.Literal) -> int:
        """Return which column answers a literal."""
        return self._places[_key(literal)]

    def codes(self, facts: Facts) -> list[int]:
        """Return the code of every column."""
        read: list[int] = []
        for fact, places in self._texts:
            value = facts.get(fact, MISSING)
            read.append(places.get(value, OTHER_TEXT) if isinstance(value, str) else MISSING_CODE)
        for fact, known in self._ordered:
            read.append(rank(known, facts.get(fact, MISSING)))
        read += self._absent
        for fact, places in self._members.items():
            value = facts.get(fact, MISSING)
            for member in value if isinstance(value, list) else ():
                if isinstance(member, str) and member in places:
                    read[places[member]] = 1
        read += [code(facts) for code in self._asked]
        return read


def _key(literal: normal.Literal) -> normal.Key:
    """Return what literals of one column have in common: the fact as its type, or the question."""
    test = literal.asked
    if isinstance(test, Test) and is_coded(test):
        return ("fact", test.fact, test.fact_type)
    return literal.key
