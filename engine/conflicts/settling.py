"""Conditions of which a part is known already."""

from collections.abc import Callable, Iterator, Mapping

from engine.evaluate import evaluate
from engine.language.predicates import Group, Node, Test
from engine.values import MaybeValue

TRUE = Group("all", (), "")
FALSE = Group("any", (), "")
_SHARP = frozenset(
    ("eq", "ne", "ne_or_missing", "in", "not_in", "has", "has_not", "has_any", "has_all", "has_none")
)
_PRESENCE = frozenset(("is_known", "is_missing"))


def settled(node: Node, is_known: Callable[[Test], bool], facts: Mapping[str, MaybeValue]) -> Node:
    """Return a condition with the comparisons that are known replaced by their answers.

    Args:
        node: The condition.
        is_known: Whether a comparison's fact is what it is and can't be made another.
        facts: What it is.
    """
    if isinstance(node, Test):
        if not is_known(node):
            return node
        return TRUE if evaluate(node, facts) else FALSE
    parts = [settled(part, is_known, facts) for part in node.of]
    decides = FALSE if node.kind == "all" else TRUE
    if decides in parts:
        return FALSE if node.kind != "any" else TRUE
    left = tuple(part for part in parts if part not in (TRUE, FALSE))
    if not left:
        return FALSE if node.kind == "any" else TRUE
    return Group(node.kind, left, node.path)


def tests(node: Node | None) -> Iterator[Test]:
    """Yield every comparison of a condition."""
    if isinstance(node, Test):
        yield node
    elif node is not None:
        for part in node.of:
            yield from tests(part)


def is_searched_whole(node: Node | None) -> bool:
    """Return whether nothing is overlooked when facts are searched that make a condition true or false.

    Of texts only those are tried that the operands can be put together to, which is every kind there is
    as long as they are compared as a whole.
    """
    return all(
        one.fact_type not in {"text", "list"} or one.operator.name in _SHARP | _PRESENCE
        for one in tests(node)
    )
