"""The product's conditions in the words of other engines."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import orjson

from engine.language.predicates import Node, Test
from engine.values import MaybeValue

Json = dict[str, Any]
_NODE_OPERATORS = {
    "eq": "equal",
    "ne": "notEqual",
    "gt": "greaterThan",
    "gte": "greaterThanInclusive",
    "lt": "lessThan",
    "lte": "lessThanInclusive",
    "in": "in",
    "not_in": "notIn",
    "has": "contains",
    "has_not": "doesNotContain",
}
_ZEN_OPERATORS = {"eq": "==", "ne": "!=", "gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def plain(value: MaybeValue | Any) -> Any:
    """Return a value as other engines take it: a fraction is a float."""
    if isinstance(value, Decimal):
        return float(value)
    return [plain(one) for one in value] if isinstance(value, list) else value


class Names:
    """Names of facts that any engine takes: `f0`, `f1` and so on."""

    def __init__(self) -> None:
        """Know none yet."""
        self._known: dict[str, str] = {}

    def of(self, fact: str) -> str:
        """Return the name of a fact."""
        return self._known.setdefault(fact, f"f{len(self._known)}")

    def renamed(self, facts: Json) -> Json:
        """Return facts by those names, as other engines take them."""
        return {self.of(fact): plain(value) for fact, value in facts.items()}


def conjuncts(node: Node | None) -> tuple[Node, ...]:
    """Return what must all hold."""
    if node is None:
        return ()
    if isinstance(node, Test) or node.kind != "all":
        return (node,)
    return tuple(part for one in node.of for part in conjuncts(one))


def for_node(node: Node, names: Names) -> Json:
    """Return a condition of json-rules-engine."""
    if not isinstance(node, Test):
        parts = [for_node(one, names) for one in node.of]
        return {"not": {"any": parts}} if node.kind == "not" else {node.kind: parts}
    fact, operand = names.of(node.fact), plain(node.operand)
    if node.operator.name == "between":
        bounds = (("greaterThanInclusive", operand[0]), ("lessThanInclusive", operand[1]))
        return {"all": [{"fact": fact, "operator": name, "value": value} for name, value in bounds]}
    return {"fact": fact, "operator": _NODE_OPERATORS[node.operator.name], "value": operand}


def for_zen(node: Node, names: Names) -> str:
    """Return an expression of zen-engine."""
    if isinstance(node, Test):
        return _zen_test(names.of(node.fact), node.operator.name, plain(node.operand))
    joined = _zen_joined((for_zen(one, names) for one in node.of), "and" if node.kind == "all" else "or")
    return f"not ({joined})" if node.kind == "not" else f"({joined})"


def zen_cell(tests: Iterable[Test]) -> str:
    """Return the cell of a decision table that holds when all tests of its fact do."""
    return _zen_joined((_zen_test("$", one.operator.name, plain(one.operand)) for one in tests), "and")


def _zen_joined(parts: Iterable[str], word: str) -> str:
    return f" {word} ".join(parts)


def _zen_test(left: str, operator: str, operand: Any) -> str:
    right = orjson.dumps(operand).decode()
    if operator == "between":
        return f"{left} >= {operand[0]} and {left} <= {operand[1]}"
    if operator in {"in", "not_in"}:
        return f"{left} {operator.replace('_', ' ')} {right}"
    if operator in {"has", "has_not"}:
        return f"{'not ' if operator == 'has_not' else ''}contains({left}, {right})"
    return f"{left} {_ZEN_OPERATORS[operator]} {right}"
