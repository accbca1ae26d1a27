"""The Merkle tree of RFC 6962 (and RFC 9162, section 2.1) over the leaves of the log.

A node is named by its level, 0 for a leaf, and its number among the full
subtrees of that level. Only full subtrees have a hash that lasts; the root of
any size, and every proof, is put together from some of them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()


class Node(NamedTuple):
    """A full subtree: the leaves from `number * 2**level` on, `2**level` of them."""

    level: int
    number: int

    @property
    def completed_by(self) -> int:
        """Place of its last leaf."""
        return ((self.number + 1) << self.level) - 1


Span = tuple[int, int]
"""Leaves from one place up to, without, another."""

Reading = Callable[[Sequence[Node]], Sequence[bytes]]
"""Gives the hashes of full subtrees, in the order in which they are asked for."""


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two subtrees side by side."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that grows at its right end, of which only the full subtrees that make it up are kept.

    Attributes:
        size: Leaves that are in it.
    """

    def __init__(self, size: int = 0, peaks: Sequence[bytes] = ()) -> None:
        """Go on with a tree.

        Args:
            size: Leaves that are in it.
            peaks: Hashes of `nodes_of((0, size))`.
        """
        self.size = size
        self._peaks = list(peaks)

    def add(self, hashed: bytes, level: int = 0) -> list[bytes]:
        """Add a leaf, or a full subtree, and return its hash with those of the subtrees it completes.

        Args:
            hashed: Hash of what is added.
            level: Its level; the size must be a multiple of `2**level`.
        """
        completed = [hashed]
        number = self.size >> level
        self.size += 1 << level
        while number & 1:
            hashed = node_hash(self._peaks.pop(), hashed)
            completed.append(hashed)
            number >>= 1
        self._peaks.append(hashed)
        return completed

    def root(self) -> bytes:
        """Return the root."""
        return joined(self._peaks)


def joined(hashes: Sequence[bytes]) -> bytes:
    """Return the hash over full subtrees side by side, ever smaller ones to the right."""
    if not hashes:
        return EMPTY_ROOT
    root = hashes[-1]
    for one in reversed(hashes[:-1]):
        root = node_hash(one, root)
    return root


def nodes_of(span: Span) -> list[Node]:
    """Return the fewest full subtrees that hold exactly the leaves of a span, from left to right."""
    found: list[Node] = []
    place, end = span
    while place < end:
        level = (end - place).bit_length() - 1
        if place:
            level = min(level, (place & -place).bit_length() - 1)
        found.append(Node(level, place >> level))
        place += 1 << level
    return found


def inclusion(place: int, size: int, read: Reading) -> list[bytes]:
    """Return the path that shows a leaf to be in a tree: RFC 9162, section 2.1.3.

    Args:
        place: Of the leaf; below `size`.
        size: Of the tree.
        read: Gives the hashes of full subtrees.
    """
    spans: list[Span] = []
    first, end = 0, size
    while end - first > 1:
        middle = first + _half(end - first)
        if place < middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    return _hashes_of(reversed(spans), read)


def consistency(size: int, later: int, read: Reading) -> list[bytes]:
    """Return what shows one tree to be the beginning of another: RFC 9162, section 2.1.4.

    Args:
        size: Of the first tree; at least 1.
        later: Size of the other; at least `size`.
        read: Gives the hashes of full subtrees.
    """
    spans: list[Span] = []
    first, end = 0, later
    while size != end:
        middle = first + _half(end - first)
        if size <= middle:
            spans.append((middle, end))
            end = middle
        else:
            spans.append((first, middle))
            first = middle
    if first:
        spans.append((first, end))
    return _hashes_of(reversed(spans), read)


def _half(leaves: int) -> int:
    """Return the greatest power of two below a number."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _hashes_of(spans: Iterator[Span], read: Reading) -> list[bytes]:
    parts = [nodes_of(span) for span in spans]
    hashes = iter(read([node for nodes in parts for node in nodes]))
    return [joined([next(hashes) for _ in nodes]) for nodes in parts]
