"""The tree against the vectors that are published with RFC 6962, and against its definition."""

import base64
import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.service.proof.tree import (
    EMPTY_ROOT,
    HASH_BYTES,
    Growing,
    Node,
    consistency,
    inclusion,
    leaf_hash,
    node_hash,
    nodes_of,
)

# The leaves and roots of Certificate Transparency's reference tests (merkle_tree_test, RFC 6962).
LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
PATHS = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 3): ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"],
    (1, 5): [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
CONSISTENCIES = {
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


class Stored:
    """A tree whose full subtrees are kept as the rows keep them."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.growing = Growing()
        self.rows = [b"".join(self.growing.add(leaf_hash(one))) for one in leaves]

    def read(self, nodes: list[Node]) -> list[bytes]:
        return [
            self.rows[one.completed_by][one.level * HASH_BYTES : (one.level + 1) * HASH_BYTES]
            for one in nodes
        ]


def defined(leaves: list[bytes]) -> bytes:
    """The root, as RFC 6962 defines it."""
    if len(leaves) < 2:
        return leaf_hash(leaves[0]) if leaves else hashlib.sha256().digest()
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(defined(leaves[:half]), defined(leaves[half:]))


def holds(leaf: bytes, place: int, size: int, path: list[bytes]) -> bytes:
    """The root that a path leads to: the algorithm of RFC 9162, section 2.1.3.2."""
    number, last, root = place, size - 1, leaf_hash(leaf)
    for one in path:
        assert last > 0
        if number & 1 or number == last:
            root = node_hash(one, root)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            root = node_hash(root, one)
        number, last = number >> 1, last >> 1
    assert 0 == last
    return root


def leads(size: int, later: int, first: bytes, path: list[bytes]) -> tuple[bytes, bytes]:
    """The two roots that a consistency proof leads to: RFC 9162, section 2.1.4.2."""
    if size == later:
        assert [] == path
        return first, first
    if size & (size - 1) == 0:
        path = [first, *path]
    number, last = size - 1, later - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    old = new = path[0]
    for one in path[1:]:
        assert last > 0
        if number & 1 or number == last:
            old, new = node_hash(one, old), node_hash(one, new)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            new = node_hash(new, one)
        number, last = number >> 1, last >> 1
    assert 0 == last
    return old, new


class TestPublishedVectors:
    @pytest.mark.parametrize("size", range(1, 9))
    def test_roots(self, size: int) -> None:
        assert ROOTS[size - 1] == Stored(LEAVES[:size]).growing.root().hex()

    def test_empty_root(self) -> None:
        assert "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" == EMPTY_ROOT.hex()
        assert Growing().root() == EMPTY_ROOT

    @pytest.mark.parametrize(("place", "size"), PATHS)
    def test_inclusion(self, place: int, size: int) -> None:
        found = inclusion(place, size, Stored(LEAVES).read)  # type: ignore[arg-type]

        assert PATHS[place, size] == [one.hex() for one in found]

    @pytest.mark.parametrize(("size", "later"), CONSISTENCIES)
    def test_consistency(self, size: int, later: int) -> None:
        found = consistency(size, later, Stored(LEAVES).read)  # type: ignore[arg-type]

        assert CONSISTENCIES[size, later] == [one.hex() for one in found]


@given(st.integers(1, 70), st.data())
def test_every_proof_leads_to_the_root(size: int, data: st.DataObject) -> None:
    """Inclusion and consistency hold in a tree that has grown on since, and in no other."""
    leaves = [base64.b64encode(bytes([one])) for one in range(70)]
    stored = Stored(leaves)
    place = data.draw(st.integers(0, size - 1))
    later = data.draw(st.integers(size, 70))
    root, grown = defined(leaves[:size]), defined(leaves[:later])

    path = inclusion(place, size, stored.read)  # type: ignore[arg-type]
    assert root == holds(leaves[place], place, size, path)
    assert len(path) <= size.bit_length()
    assert (root, grown) == leads(size, later, root, consistency(size, later, stored.read))  # type: ignore[arg-type]
    assert root != holds(b"another", place, size, path)


@given(st.integers(0, 200), st.integers(0, 200))
def test_spans_are_covered_by_the_fewest_full_subtrees(one: int, other: int) -> None:
    first, end = sorted((one, other))
    nodes = nodes_of((first, end))

    covered = [
        place for node in nodes for place in range(node.number << node.level, (node.number + 1) << node.level)
    ]
    assert list(range(first, end)) == covered
    assert not any(
        left.level == right.level and left.number % 2 == 0 and right.number == left.number + 1
        for left, right in itertools.pairwise(nodes)
    )
