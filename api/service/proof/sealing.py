"""Seals the log: entries become leaves of a tree, in their order, and checkpoints of it are signed.

Sealing follows the log some way behind, so that ingest pays nothing. Several
processes may seal: each slice begins where the rows end, under a lock, and a
place or an entry can be in the tree but once, so the tree never forks.
"""

import math
from collections.abc import Sequence
from typing import Final

from api.clock import Clock
from api.crypto import Keyring
from api.service.counting import settled_end
from api.service.proof.note import Checkpoint, Key, signed
from api.service.proof.record import event_bytes, leaf_bytes
from api.service.proof.tree import HASH_BYTES, Growing, Node, leaf_hash, nodes_of
from api.service.running import Run
from api.store import seals
from api.store.connection import Connection
from engine.values import MICROSECONDS, Instant

_SLICE: Final = 500
_SLICES_A_TURN: Final = 10


class Sealing:
    """Makes leaves of finished entries, and signs."""

    def __init__(self, run: Run, keyring: Keyring, clock: Clock, *, origin: str, every: float) -> None:
        """Make the use case of its parts.

        Args:
            run: Runs work in a write transaction and returns its result.
            keyring: Signs.
            clock: Our clock.
            origin: Name of the log in its checkpoints.
            every: Seconds between two looks at the log.
        """
        self._run = run
        self._keyring = keyring
        self._clock = clock
        self._origin = origin
        self._pause = int(every * MICROSECONDS)
        self._next: Instant = 0

    @property
    def key(self) -> Key:
        """The public key of the checkpoints."""
        return Key(self._origin, self._keyring.sealing_key)

    def work(self) -> int:
        """Seal some of what is new, and sign once all of it is sealed; return how much was done."""
        now = self._clock.now()
        if now < self._next:
            return 0
        made, ended = self._seal(_SLICES_A_TURN)
        if ended:
            self._next = now + self._pause
        return made

    def seal(self) -> tuple[int, str | None]:
        """Seal everything that was committed before the call.

        Returns:
            How many entries were sealed, and the newest checkpoint; None where the log is empty.
        """
        made, _ = self._seal(math.inf)
        return made, self._run(seals.checkpoint)

    def _seal(self, slices: float) -> tuple[int, bool]:
        """Return how many entries were sealed, and whether none is left."""
        end = self._run(settled_end)
        made, taken = 0, 0.0
        while taken < slices:
            found = self._run(lambda connection: _slice(connection, end))
            made += found
            taken += 1
            if found < _SLICE:
                self._run(self._sign)
                return made, True
        return made, False

    def _sign(self, connection: Connection) -> None:
        seals.lock(connection)
        size = seals.sealed(connection).size
        if size and seals.checkpoint(connection, size) is None:
            checkpoint = Checkpoint(self._origin, size, grown(connection, size).root(), self._clock.now())
            seals.add_checkpoint(connection, size, signed(checkpoint, self._keyring))


def grown(connection: Connection, size: int) -> Growing:
    """Return the tree of a size, ready to grow."""
    return Growing(size, hashes_in(connection, nodes_of((0, size))))


def hashes_in(connection: Connection, nodes: Sequence[Node]) -> list[bytes]:
    """Return the hashes of full subtrees, as the rows have them, in the order in which they are asked for.

    Raises:
        KeyError: If one isn't in the tree.
    """
    rows = seals.rows_at(connection, [one.completed_by for one in nodes])
    return [rows[one.completed_by][one.level * HASH_BYTES : (one.level + 1) * HASH_BYTES] for one in nodes]


def _slice(connection: Connection, end: int) -> int:
    """Seal the next entries up to one, and return how many."""
    seals.lock(connection)
    size, last = seals.sealed(connection)
    entries = seals.entries_between(connection, last, end, _SLICE)
    if entries:
        tree = grown(connection, size)
        rows: list[tuple[int, int, bytes]] = []
        for entry in entries:
            hashed = leaf_hash(leaf_bytes(entry, event_bytes(entry)))
            place = tree.size
            rows.append((place, entry.sequence, b"".join(tree.add(hashed))))
        seals.append(connection, rows)
    return len(entries)
