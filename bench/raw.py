"""One connection of the database's own driver, with nothing of the product around it."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

Row = tuple[Any, ...]


class Raw:
    """A connection: to SQLite with `synchronous = FULL`, or to PostgreSQL as it is.

    Statements are told with `?` for each value.
    """

    def __init__(self, url: str) -> None:
        """Connect to the database of an SQLAlchemy URL."""
        self._connection: sqlite3.Connection | psycopg.Connection[Row]
        self.is_sqlite = url.startswith("sqlite:///")
        if self.is_sqlite:
            file = url.removeprefix("sqlite:///")
            self._connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
            for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {setting}")
        else:
            self._connection = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)

    def ask(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """Return the rows that a query gives."""
        return self._connection.execute(self._marked(query), values).fetchall()

    def columns(self, table: str) -> list[str]:
        """Return the names of a table's columns, in order."""
        told = self._connection.execute(f"SELECT * FROM {table} LIMIT 0").description  # noqa: S608  our own names
        assert told is not None
        return [column[0] for column in told]

    def many(self, statement: str, rows: Sequence[Row]) -> None:
        """Run a statement once for each row, if there are any."""
        if rows:
            self._connection.cursor().executemany(self._marked(statement), rows)

    def add(self, table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
        """Insert new rows in the way that is quickest, if there are any: by `executemany`, or by COPY."""
        if isinstance(self._connection, sqlite3.Connection):
            self.many(insert(table, columns), rows)
        elif rows:
            with (
                self._connection.cursor() as cursor,
                cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
            ):
                for row in rows:
                    copy.write_row(row)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit at the end what is done inside."""
        self._connection.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        yield
        self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the database."""
        self._connection.close()

    def _marked(self, statement: str) -> str:
        return statement if self.is_sqlite else statement.replace("?", "%s")


def insert(table: str, columns: Sequence[str], conflict: str = "") -> str:
    """Return the statement that inserts a row.

    Args:
        table: Where to.
        columns: Which values a row has.
        conflict: What follows `ON CONFLICT`, or empty.
    """
    marks = ", ".join("?" * len(columns))
    upsert = f" ON CONFLICT {conflict}" if conflict else ""
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}){upsert}"  # noqa: S608  our own names


def replacing(key: str, columns: Sequence[str]) -> str:
    """Return what follows `ON CONFLICT` for the new values to take the place of the old."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name != key)
    return f"({key}) DO UPDATE SET {changes}"
