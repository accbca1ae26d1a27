"""Conditions as clauses: any of several conjunctions of plain questions.

The network knows conjunctions only. Negation is pushed down to the single
question, where it costs nothing (`columns` has a code for "missing"). What
would need too many clauses stays one question, answered in Python.
"""

from dataclasses import dataclass
from math import prod
from typing import Any, Final, TypeAlias

from engine.language.predicates import Node, Test

MAX_CLAUSES: Final = 32
"""Most clauses of one rule; beyond it a group becomes a single question."""

MAX_QUESTIONS: Final = 64
"""Most questions in one clause; a message may hold about 250 properties."""

Key: TypeAlias = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Literal:
    """A question, and the answer that is wanted.

    Attributes:
        key: Identity of the question: rules that ask the same share it.
        asked: A test, or a group that is answered as a whole.
        wanted: The answer.
    """

    key: Key
    asked: Node
    wanted: bool


Clause: TypeAlias = tuple[Literal, ...]
_Draft: TypeAlias = dict[Key, Literal]


def clauses(node: Node | None) -> tuple[Clause, ...]:
    """Return the clauses of which at least one must hold.

    Returns:
        Nothing if the condition can't be true; one empty clause if it always is.
    """
    if node is None:
        return ((),)
    drafts = _drafts(node, wanted=True)
    if any(not draft for draft in drafts):
        return ((),)
    return tuple(tuple(draft.values()) for draft in drafts)


def question(node: Node) -> Key:
    """Return the identity of what a node asks, wherever in a document it stands."""
    if isinstance(node, Test):
        return ("test", node.fact, node.fact_type, node.operator.name, _operand(node.operand))
    return (node.kind, *(question(part) for part in node.of))


def _operand(value: object) -> Key:
    """Return an operand as a key in which `1`, `True` and `"1"` differ."""
    if isinstance(value, list | tuple):
        return ("list", *(_operand(one) for one in value))
    return (type(value).__name__, value)


def _whole(node: Node, *, wanted: bool) -> _Draft:
    key = question(node)
    return {key: Literal(key, node, wanted)}


def _drafts(node: Node, *, wanted: bool) -> list[_Draft]:
    if isinstance(node, Test):
        return [_whole(node, wanted=wanted)]
    part_wanted = wanted != (node.kind == "not")
    parts = [(part, _drafts(part, wanted=part_wanted)) for part in node.of]
    if (node.kind == "any") == wanted:
        drafts = _distinct([draft for _, drafts in parts for draft in drafts])
    else:
        drafts = _product(parts, wanted=part_wanted)
    if len(drafts) > MAX_CLAUSES or any(len(draft) > MAX_QUESTIONS for draft in drafts):
        return [_whole(node, wanted=wanted)]
    return drafts


def _product(parts: list[tuple[Node, list[_Draft]]], *, wanted: bool) -> list[_Draft]:
    """Multiply out a conjunction; its widest parts stay whole while it is too wide."""
    narrow = [drafts for _, drafts in parts]
    for at in sorted(range(len(parts)), key=lambda at: len(narrow[at]), reverse=True):
        if prod(len(drafts) for drafts in narrow) <= MAX_CLAUSES:
            break
        narrow[at] = [_whole(parts[at][0], wanted=wanted)]
    found: list[_Draft] = [{}]
    for drafts in narrow:
        found = [one for left in found for right in drafts if (one := _both(left, right)) is not None]
    return _distinct(found)


def _both(left: _Draft, right: _Draft) -> _Draft | None:
    """Return the conjunction of two clauses, or None if they contradict each other."""
    for key, literal in right.items():
        known = left.get(key)
        if known is not None and known.wanted != literal.wanted:
            return None
    return left | right


def _distinct(drafts: list[_Draft]) -> list[_Draft]:
    by_content = {frozenset((key, one.wanted) for key, one in draft.items()): draft for draft in drafts}
    return list(by_content.values())
