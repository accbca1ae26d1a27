"""What must be remembered while much is worked out, and then forgotten: a file that nobody else sees.

However many members there are, few of them are in memory.
"""

import sqlite3
import tempfile
from collections import OrderedDict
from collections.abc import Iterator, MutableMapping, MutableSet
from hashlib import blake2b
from types import TracebackType
from typing import Final, Self

from engine.state import MemberState, pack, unpack

_MADE: Final = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "CREATE TABLE state (member TEXT PRIMARY KEY, packed BLOB NOT NULL) WITHOUT ROWID",
    "CREATE TABLE name (digest BLOB PRIMARY KEY) WITHOUT ROWID",
)
_READY: Final = 5_000


class Scratch:
    """A file of states and of names, gone when it is closed.

    Attributes:
        states: Members by key.
        names: Names that were claimed.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._connection = sqlite3.connect(f"{self._folder.name}/scratch.db", isolation_level=None)
        for statement in _MADE:
            self._connection.execute(statement)
        self.states = States(self._connection)
        self.names = Names(self._connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()
        self._folder.cleanup()


class States(MutableMapping[str, MemberState]):
    """Members by key; those that were asked for last are ready."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._ready: OrderedDict[str, MemberState] = OrderedDict()

    def __getitem__(self, member: str) -> MemberState:
        state = self._ready.get(member)
        if state is None:
            row = self._connection.execute("SELECT packed FROM state WHERE member = ?", (member,)).fetchone()
            if row is None:
                raise KeyError(member)
            state = unpack(row[0])
            self._keep(member, state)
        else:
            self._ready.move_to_end(member)
        return state

    def __setitem__(self, member: str, state: MemberState) -> None:
        self._keep(member, state)

    def __delitem__(self, member: str) -> None:
        self._ready.pop(member, None)
        self._connection.execute("DELETE FROM state WHERE member = ?", (member,))

    def __iter__(self) -> Iterator[str]:
        self._write(len(self._ready))
        for (member,) in self._connection.execute("SELECT member FROM state ORDER BY member"):
            yield str(member)

    def __len__(self) -> int:
        self._write(len(self._ready))
        return int(self._connection.execute("SELECT count(*) FROM state").fetchone()[0])

    def _keep(self, member: str, state: MemberState) -> None:
        self._ready[member] = state
        self._ready.move_to_end(member)
        if len(self._ready) > _READY:
            self._write(_READY // 5)

    def _write(self, count: int) -> None:
        """Write the members that weren't asked for for longest, and forget them."""
        rows = [(one[0], pack(one[1])) for one in (self._ready.popitem(last=False) for _ in range(count))]
        self._connection.execute("BEGIN")
        self._connection.executemany("INSERT OR REPLACE INTO state VALUES (?, ?)", rows)
        self._connection.execute("COMMIT")


class Names(MutableSet[str]):
    """Names, by 16 bytes of their digest."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __contains__(self, name: object) -> bool:
        asked = "SELECT 1 FROM name WHERE digest = ?"
        return self._connection.execute(asked, (_digest(name),)).fetchone() is not None

    def __iter__(self) -> Iterator[str]:
        raise TypeError("only digests of the names are kept")

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM name").fetchone()[0])

    def add(self, value: str) -> None:
        """Add a name."""
        self._connection.execute("INSERT OR IGNORE INTO name VALUES (?)", (_digest(value),))

    def discard(self, value: str) -> None:
        """Take a name out, if it is there."""
        self._connection.execute("DELETE FROM name WHERE digest = ?", (_digest(value),))


def _digest(name: object) -> bytes:
    return blake2b(str(name).encode(), digest_size=16).digest()
