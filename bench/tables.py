"""The product's tables as the bare pipeline writes them, and what the product put into them."""

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec
import psycopg
from sqlalchemy import create_engine, text

_STATE: Final = ("joined_at", "sequence", "next_due_at", "revision", "state")
TABLES: Final[dict[str, str]] = {
    "event": "sequence source message_id member member_sequence kind name occurred_at recorded_at as_of mode "
    "zone revision properties content digest",
    "decision": "sequence member member_sequence as_of body",
    "outcome": "sequence member rule version result",
    "member": "key partition joined_at sequence next_due_at revision state",
    "member_identity": "kind token member",
    "member_tag": "member tag holder since until",
    "ledger_entry": "id debit credit amount as_of sequence",
    "coupon": "code coupon member state issued_at expires_at sequence",
    "outbox_message": "id sequence member rule kind channel target status attempts next_attempt_at "
    "last_error as_of",
}
"""Columns by table."""

_CONFLICTS: Final = {
    "member": "(key) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in _STATE),
    "member_identity": "(kind, token) DO NOTHING",
}
_FOLLOWING: Final = ("decision", "outcome", "member_tag", "ledger_entry", "coupon", "outbox_message")
_DRAW: Final = "SELECT nextval(pg_get_serial_sequence('event', 'sequence')) FROM generate_series(1, %s)"


class Shape(msgspec.Struct, frozen=True):
    """What the product writes for an event.

    Attributes:
        rows: Rows an event, by table; beside them each event has a row of its own, and each member of a
            transaction one that is upserted.
        state_bytes: Size of a member's state.
        decision_bytes: Size of a decision's body.
    """

    rows: dict[str, float]
    state_bytes: int
    decision_bytes: int


class Written:
    """Counts what the product has put into a database."""

    def __init__(self, url: str) -> None:
        """Look into a database; others may go on writing."""
        self._engine = create_engine(url)

    def counts(self) -> dict[str, int]:
        """Return how many rows each table has."""
        return {name: int(self.ask(f"SELECT count(*) FROM {name}")) for name in TABLES}  # noqa: S608

    def shape(self, before: dict[str, int], after: dict[str, int]) -> Shape:
        """Return what was written for an event between two counts."""
        events = after["event"] - before["event"]
        return Shape(
            rows={name: (after[name] - before[name]) / events for name in _FOLLOWING},
            state_bytes=int(self.ask("SELECT avg(length(state)) FROM member WHERE sequence > 0")),
            decision_bytes=int(self.ask("SELECT coalesce(avg(length(body)), 0) FROM decision")),
        )

    def ask(self, query: str) -> Any:
        """Return the one value that a query gives."""
        with self._engine.connect() as connection:
            return connection.execute(text(query)).scalar_one()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows that a query gives."""
        with self._engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


class Store:
    """One connection that inserts rows, durably, many in a transaction."""

    def __init__(self, url: str) -> None:
        """Connect, to SQLite with `synchronous = FULL` or to PostgreSQL as it is."""
        self._sqlite: sqlite3.Connection | None = None
        self._postgresql: psycopg.Connection[Any] | None = None
        if url.startswith("sqlite:///"):
            self._sqlite = sqlite3.connect(
                url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False
            )
            for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._sqlite.execute(f"PRAGMA {setting}")
        else:
            self._postgresql = psycopg.connect(url.replace("+psycopg", ""))
        mark = "?" if self._sqlite is not None else "%s"
        self._statements = {name: _insert(name, columns.split(), mark) for name, columns in TABLES.items()}

    def write(self, count: int, rows: Callable[[list[int]], dict[str, list[tuple[Any, ...]]]]) -> list[int]:
        """Insert the rows of so many events in one transaction; return the numbers of the events."""
        if self._sqlite is not None:
            self._sqlite.execute("BEGIN IMMEDIATE")
            last: int = self._sqlite.execute("SELECT coalesce(max(sequence), 0) FROM event").fetchone()[0]
            drawn = list(range(last + 1, last + count + 1))
            self._insert(self._sqlite.executemany, rows(drawn))
            self._sqlite.execute("COMMIT")
            return drawn
        assert self._postgresql is not None
        with self._postgresql.transaction(), self._postgresql.cursor() as cursor:
            drawn = [number for (number,) in cursor.execute(_DRAW, (count,))]
            self._insert(cursor.executemany, rows(drawn))
        return drawn

    def _insert(
        self, executemany: Callable[[str, Sequence[Any]], Any], rows: dict[str, list[tuple[Any, ...]]]
    ) -> None:
        for name, some in rows.items():
            if some:
                executemany(self._statements[name], some)


def _insert(table: str, columns: Sequence[str], mark: str) -> str:
    marks = ", ".join([mark] * len(columns))
    conflict = f" ON CONFLICT {_CONFLICTS[table]}" if table in _CONFLICTS else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){conflict}"  # noqa: S608  our own names
