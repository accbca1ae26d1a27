"""The product's tables as the bare pipeline writes them, and what the product put into them."""

from collections.abc import Callable
from typing import Any, Final

import msgspec
from sqlalchemy import create_engine, text

from bench.raw import Raw, Row, insert, replacing

_STATE: Final = ("joined_at", "sequence", "next_due_at", "revision", "state")
TABLES: Final[dict[str, str]] = {
    "event": "sequence source message_id member member_sequence kind name occurred_at recorded_at as_of mode "
    "zone revision properties content digest",
    "decision": "sequence member member_sequence as_of body",
    "outcome": "sequence member rule version result",
    "member": "key partition joined_at sequence next_due_at revision state",
    "member_identity": "kind token member",
    "member_tag": "member tag holder since until",
    "ledger_entry": "id kind unit debit credit amount lot reverses member as_of sequence",
    "coupon": "code coupon member state issued_at expires_at sequence",
    "outbox_message": "id sequence member rule kind channel target status attempts next_attempt_at "
    "last_error as_of",
}
"""Columns by table."""

_CONFLICTS: Final = {
    "member": replacing("key", _STATE),
    "member_identity": "(kind, token) DO NOTHING",
}
_FOLLOWING: Final = ("decision", "outcome", "member_tag", "ledger_entry", "coupon", "outbox_message")
_DRAW: Final = "SELECT nextval(pg_get_serial_sequence('event', 'sequence')) FROM generate_series(1, ?)"


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

    def rows(self, query: str) -> list[Row]:
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
        self._raw = Raw(url)
        self._statements = {
            name: insert(name, columns.split(), _CONFLICTS.get(name, "")) for name, columns in TABLES.items()
        }

    def write(self, count: int, rows: Callable[[list[int]], dict[str, list[Row]]]) -> list[int]:
        """Insert the rows of so many events in one transaction; return the numbers of the events."""
        with self._raw.transaction():
            drawn = self._draw(count)
            for name, some in rows(drawn).items():
                self._raw.many(self._statements[name], some)
        return drawn

    def _draw(self, count: int) -> list[int]:
        if not self._raw.is_sqlite:
            return [number for (number,) in self._raw.ask(_DRAW, (count,))]
        ((last,),) = self._raw.ask("SELECT coalesce(max(sequence), 0) FROM event")
        return list(range(last + 1, last + count + 1))
