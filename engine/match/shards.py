"""How many clauses go into one network, by the limits of durable-rules.

A message may have 64 conditions of the network pending at once, or the
extension refuses it (error 303). How many can be pending is bounded here from
the clauses alone, for any message there could be.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from engine.match.atoms import Atom

MAX_CLAUSES: Final = 128
MAX_PENDING: Final = 60  # the extension's stack holds 64
MAX_PROPERTIES: Final = 200  # it refuses messages of more than about 252

_Tree = dict[Atom, "_Tree"]


def split(clauses: Sequence[tuple[Atom, ...]]) -> Iterator[Sequence[tuple[Atom, ...]]]:
    """Cut sorted clauses into runs that each fit into one network."""
    start = 0
    while start < len(clauses):
        fits, excess = 1, min(MAX_CLAUSES, len(clauses) - start) + 1
        while excess - fits > 1:
            middle = (fits + excess) // 2
            if _fits(clauses[start : start + middle]):
                fits = middle
            else:
                excess = middle
        yield clauses[start : start + fits]
        start += fits


def pending(clauses: Sequence[tuple[Atom, ...]]) -> int:
    """Return how many conditions one message can have pending at most."""
    return max(1, _above(_tree(clauses)))


def _fits(clauses: Sequence[tuple[Atom, ...]]) -> bool:
    properties = {atom.property for clause in clauses for atom in clause}
    return len(properties) <= MAX_PROPERTIES and pending(clauses) <= MAX_PENDING


def _tree(clauses: Sequence[tuple[Atom, ...]]) -> _Tree:
    """Return the clauses as the network shares them: by common beginnings."""
    root: _Tree = {}
    for clause in clauses:
        branch = root
        for atom in clause:
            branch = branch.setdefault(atom, {})
    return root


def _above(branch: _Tree) -> int:
    """Return the stack's height above a node that was taken off it.

    The node's satisfied children go on; each is taken off in turn while the
    others may still lie below.
    """
    if not branch:
        return 0
    together = _together(list(branch))
    return max(together, together - 1 + max(_above(child) for child in branch.values()))


def _together(atoms: Sequence[Atom]) -> int:
    """Return how many of a node's children one message can satisfy: per property, the worst value."""
    by_property: dict[int, list[Atom]] = {}
    for atom in atoms:
        by_property.setdefault(atom.property, []).append(atom)
    worst = 0
    for siblings in by_property.values():
        values = dict.fromkeys(atom.operand + step for atom in siblings for step in (-1, 0, 1))
        worst += max(sum(atom.admits(value) for atom in siblings) for value in values)
    return worst
