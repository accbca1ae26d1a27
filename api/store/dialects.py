"""Writing many rows at once, in the way that each database is quickest at.

SQLite runs a prepared statement once for each row. PostgreSQL gets one array
for each column and makes the rows itself: one message instead of hundreds.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Executable, Table, make_url, text
from sqlalchemy.dialects import sqlite

_POSTGRESQL: Final[Dialect] = make_url("postgresql+psycopg://").get_dialect()()


class RowInsert:
    """An insert of rows that all give the same columns."""

    def __init__(
        self, table: Table, columns: Sequence[str], *, keys: Sequence[str] = (), changes: Sequence[str] = ()
    ) -> None:
        """Make the statement for either database.

        Args:
            table: Where to write.
            columns: What each row gives.
            keys: Columns of which a row that exists already may hold the same
                values; by default that is an error.
            changes: Columns that such a row then takes over; by default it stays as it is.
        """
        self._columns = tuple(columns)
        self._sqlite = _row_by_row(table, columns, keys, changes)
        self._postgresql = _from_arrays(table, columns, keys, changes)

    def execute(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Insert the rows, in their order; do nothing for none.

        Args:
            connection: A write transaction.
            rows: Values by column. With `keys`, no two rows may have the same.

        Raises:
            sqlalchemy.exc.IntegrityError: If a row breaks a constraint.
        """
        if not rows:
            return
        if connection.dialect.name == "sqlite":
            connection.execute(self._sqlite, rows)
        else:
            arrays = {name: [row[name] for row in rows] for name in self._columns}
            connection.execute(self._postgresql, arrays)


def _row_by_row(
    table: Table, columns: Sequence[str], keys: Sequence[str], changes: Sequence[str]
) -> Executable:
    insert = sqlite.insert(table).values(dict.fromkeys(columns))
    if changes:
        taken_over = {name: insert.excluded[name] for name in changes}
        return insert.on_conflict_do_update(index_elements=keys, set_=taken_over)
    return insert.on_conflict_do_nothing(index_elements=keys) if keys else insert


def _from_arrays(
    table: Table, columns: Sequence[str], keys: Sequence[str], changes: Sequence[str]
) -> Executable:
    quoted = _POSTGRESQL.identifier_preparer.quote
    types = {name: table.c[name].type.compile(dialect=_POSTGRESQL) for name in columns}
    arrays = ", ".join(f"CAST(:{name} AS {types[name]}[])" for name in columns)
    statement = (
        f"INSERT INTO {quoted(table.name)} ({', '.join(map(quoted, columns))}) "  # noqa: S608 - our own names
        f"SELECT * FROM unnest({arrays})"
    )
    if keys:
        taken_over = ", ".join(f"{quoted(name)} = excluded.{quoted(name)}" for name in changes)
        action = f"UPDATE SET {taken_over}" if changes else "NOTHING"
        statement += f" ON CONFLICT ({', '.join(map(quoted, keys))}) DO {action}"
    return text(statement)
