"""The reference reading of a condition, in plain Python.

It explains, it is the oracle in tests, the sampled check in production, and
what decides when the matcher can't.
"""

from collections.abc import Mapping

from engine.language.operators import holds, is_type
from engine.language.predicates import Node, Test
from engine.trace import Trace
from engine.values import MISSING, MaybeValue


def evaluate(node: Node | None, facts: Mapping[str, MaybeValue]) -> bool:
    """Return whether a compiled condition is true. No condition is true.

    Args:
        node: The compiled condition.
        facts: Values by fact key; a key that isn't there is a missing fact.
    """
    if node is None:
        return True
    if isinstance(node, Test):
        return holds(node.operator, node.fact_type, facts.get(node.fact, MISSING), node.operand)
    if node.kind == "all":
        return all(evaluate(part, facts) for part in node.of)
    if node.kind == "any":
        return any(evaluate(part, facts) for part in node.of)
    return not any(evaluate(part, facts) for part in node.of)


def explain(node: Node, facts: Mapping[str, MaybeValue]) -> Trace:
    """Return the answer of every part of a condition, with what it read."""
    if isinstance(node, Test):
        value = facts.get(node.fact, MISSING)
        missing = value is MISSING or not is_type(value, node.fact_type)
        return Trace(
            type="compare" if node.figure is None else "history",
            holds=holds(node.operator, node.fact_type, value, node.operand),
            path=node.path,
            fact=node.fact,
            read=None if missing else value,
            missing=missing,
            compared=node.operand,
        )
    parts = tuple(explain(part, facts) for part in node.of)
    return Trace(type=node.kind, holds=evaluate(node, facts), path=node.path, of=parts)
