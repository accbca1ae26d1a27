"""Fact paths, the nodes of a tree, and operands as typed values."""

from decimal import Decimal

import pytest

from engine.errors import InvalidRule
from engine.language.conditions import All, AnyOf, Compare, History, Not
from engine.language.operators import OPERATORS, FactType
from engine.language.paths import depth, operand_value, split, walk
from tests.support.documents import Json


def known(fact: str = "member.city") -> Compare:
    return Compare(fact=fact, op="is_known")


class TestTree:
    def test_split_takes_the_scope_off(self) -> None:
        assert ("event", "cart.total") == split("event.cart.total")

    def test_walk_names_every_node_and_stays_out_of_where(self) -> None:
        """Each node has its JSON pointer, parents first; a history's `where` is another tree."""
        history = History(measure="count", event="E", where=known("event.x"), op="gte", value=1)
        tree = All(of=[known(), Not(of=[AnyOf(of=[history])])])

        assert ["/if", "/if/of/0", "/if/of/1", "/if/of/1/of/0", "/if/of/1/of/0/of/0"] == [
            path for path, _ in walk(tree, "/if")
        ]

    def test_depth_counts_groups_and_where(self) -> None:
        history = History(measure="count", event="E", where=All(of=[known("event.x")]), op="gte", value=1)

        assert 1 == depth(known())
        assert 1 == depth(All(of=[]))
        assert 2 == depth(Not(of=[known()]))
        assert 4 == depth(AnyOf(of=[known(), history]))


class TestOperand:
    @pytest.mark.parametrize(
        ("op", "fact_type", "value", "expected"),
        [
            ("eq", "text", "gold", "gold"),
            ("eq", "number", 100, 100),
            ("eq", "number", "99.50", Decimal("99.5")),
            ("eq", "number", "100", 100),
            ("eq", "number", "-0", 0),
            ("eq", "number", 2**53, 2**53),
            ("eq", "boolean", False, False),
            ("gte", "instant", "1970-01-01T08:00:01+08:00", 1_000_000),
            ("between", "number", [1, "2.5"], [1, Decimal("2.5")]),
            ("in", "text", ["a"], ["a"]),
            ("has", "list", "vip", "vip"),
            ("has_any", "list", ["a", "b"], ["a", "b"]),
            ("contains", "text", "a", "a"),
            ("is_known", "boolean", None, None),
        ],
    )
    def test_is_read_as_the_type_of_the_fact(
        self, op: str, fact_type: FactType, value: Json, expected: Json
    ) -> None:
        read = operand_value(OPERATORS[op], fact_type, value)

        assert expected == read
        assert type(expected) is type(read)

    @pytest.mark.parametrize(
        ("op", "fact_type", "value"),
        [
            ("eq", "text", 1),
            ("eq", "text", None),
            ("eq", "text", "x" * 4097),
            ("eq", "number", "1e3"),
            ("eq", "number", "1,000"),
            ("eq", "number", ""),
            ("eq", "number", True),
            ("eq", "number", 2**53 + 1),
            ("eq", "number", str(2**53 + 1)),
            ("eq", "boolean", 1),
            ("eq", "boolean", "true"),
            ("gte", "instant", "2026-01-01"),
            ("gte", "instant", "2026-01-01T00:00:00"),
            ("gte", "instant", 0),
            ("between", "number", [1]),
            ("between", "number", [1, 2, 3]),
            ("between", "number", 1),
            ("in", "text", []),
            ("in", "text", "a"),
            ("in", "text", ["a", 1]),
            ("in", "text", ["a"] * 201),
            ("has", "list", ["vip"]),
            ("has_any", "list", [1]),
            ("is_known", "text", "x"),
            ("is_missing", "text", False),
        ],
    )
    def test_nothing_is_coerced(self, op: str, fact_type: FactType, value: Json) -> None:
        with pytest.raises(InvalidRule):
            operand_value(OPERATORS[op], fact_type, value)
