"""A twin of the product's database, into which bare SQL writes the very rows that the product wrote.

What is timed is nothing but the statements: rows are read beforehand, each transaction has as many
entries of the log as the product's had on the average, and there are as many transactions, so as many
times that the disk is waited for.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any, Final, NamedTuple

from bench.raw import Raw, Row, insert, replacing

Entry = dict[str, Any]
Added = dict[str, list[Row]]
"""New rows by table."""

Statements = list[tuple[str, list[Row]]]
"""Statements, each with the rows to run it for."""

_PAGE: Final = 50_000
_FOLLOWING: Final = ("decision", "outcome", "ledger_entry", "coupon", "outbox_message")
_NUMBERED: Final = {"outcome"}
"""Tables whose rows the database numbers by itself."""

_COUNTED: Final = ("event", *_FOLLOWING, "member", "hold")


class Repeated(NamedTuple):
    """What the twin has written.

    Attributes:
        entries: Entries of the log.
        transactions: How many transactions they shared.
        seconds: How long the statements and commits took.
    """

    entries: int
    transactions: int
    seconds: float


class Twin:
    """Follows the product's database."""

    def __init__(
        self, product: str, twin: str, more: Callable[[Sequence[Entry]], Statements] | None = None
    ) -> None:
        """Begin where the two are equal.

        Args:
            product: URL of the product's database.
            twin: URL of the copy.
            more: Gives what else the product does on entries, beside inserting what names them.
        """
        self._product, self.raw = Raw(product), Raw(twin)
        self._columns = {
            table: [name for name in self._product.columns(table) if table not in _NUMBERED or name != "id"]
            for table in ("event", *_FOLLOWING, "member")
        }
        columns = self._columns["member"]
        self._upsert = insert("member", columns, replacing("key", columns))
        self._more = more
        self._upto = self._last()

    def repeat(self) -> Repeated:
        """Write what the product has written since the last time."""
        ((entries, transactions),) = self._product.ask(
            "SELECT count(*), count(DISTINCT recorded_at) FROM event WHERE sequence > ?", (self._upto,)
        )
        if not entries:
            return Repeated(0, 0, 0)
        seconds = 0.0
        for added, statements in self._transactions(entries / transactions):
            start = time.perf_counter()
            with self.raw.transaction():
                for table, rows in added.items():
                    self.raw.add(table, self._columns[table], rows)
                for statement, rows in statements:
                    self.raw.many(statement, rows)
            seconds += time.perf_counter() - start
        return Repeated(entries, transactions, seconds)

    def check(self) -> None:
        """Require the two to hold equally many rows, and the same books."""
        queries = [f"SELECT count(*) FROM {table}" for table in _COUNTED]  # noqa: S608  our own names
        queries.append("SELECT coupon, state, count(*) FROM coupon GROUP BY coupon, state ORDER BY 1, 2")
        queries.append("SELECT credit, sum(amount) FROM ledger_entry GROUP BY credit ORDER BY 1")
        for query in queries:
            ours, theirs = self._product.ask(query), self.raw.ask(query)
            assert ours == theirs, f"{query}: {ours[:5]} and {theirs[:5]}"

    def close(self) -> None:
        """Let go of both."""
        self._product.close()
        self.raw.close()

    def _last(self) -> int:
        ((last,),) = self._product.ask("SELECT coalesce(max(sequence), 0) FROM event")
        return int(last)

    def _transactions(self, size: float) -> Iterator[tuple[Added, Statements]]:
        """Yield what each transaction does; rows are read some thousands of entries at a time."""
        last, done = self._last(), 0
        while self._upto < last:
            entries = self._read("event", "sequence > ? ORDER BY sequence LIMIT ?", (self._upto, _PAGE))
            first, self._upto = self._upto, entries[-1]["sequence"]
            rows = {table: self._by_entry(table, first) for table in _FOLLOWING}
            members = self._members(first)
            numbered = enumerate(entries, start=done)
            for _, some in groupby(numbered, lambda one: int(one[0] / size)):
                yield self._transaction([entry for _, entry in some], rows, members)
            done += len(entries)

    def _transaction(
        self, entries: Sequence[Entry], rows: dict[str, dict[int, list[Row]]], members: dict[str, Row]
    ) -> tuple[Added, Statements]:
        added: Added = {"event": [tuple(one.values()) for one in entries]}
        for table, by_entry in rows.items():
            added[table] = [row for one in entries for row in by_entry.get(one["sequence"], ())]
        keys = sorted({one["member"] for one in entries})
        changed = (self._upsert, [members[key] for key in keys])
        return added, [changed, *(self._more(entries) if self._more is not None else ())]

    def _by_entry(self, table: str, first: int) -> dict[int, list[Row]]:
        found: dict[int, list[Row]] = defaultdict(list)
        for row in self._read(table, "sequence > ? AND sequence <= ?", (first, self._upto)):
            # A coupon that was issued is written as it was then.
            issued = {"state": "issued", "order_id": None, "ended_at": None, "hold": None}
            found[row["sequence"]].append(tuple((row | issued if table == "coupon" else row).values()))
        return found

    def _members(self, first: int) -> dict[str, Row]:
        touched = "key IN (SELECT member FROM event WHERE sequence > ? AND sequence <= ?)"
        return {row["key"]: tuple(row.values()) for row in self._read("member", touched, (first, self._upto))}

    def _read(self, table: str, where: str, values: Row) -> list[Entry]:
        columns = self._columns[table]
        query = f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"  # noqa: S608  our own names
        return [dict(zip(columns, row, strict=True)) for row in self._product.ask(query, values)]
